/* SPDX-License-Identifier: MIT */
/*
 * The functions that the compiler calls where -fsanitize=undefined finds
 * undefined behaviour: they say what it was, with the values, and go on as the
 * machine does. A place is reported once. Names and structures are those of
 * compiler-rt, which GCC follows (lib/ubsan/ubsan_handlers.h).
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/sanitize/report.h"
#include "kernel/sanitize/ubsan_value.h"
#include "lib/bits.h"
#include "lib/compiler.h"
#include "lib/format.h"

#define VALUE_SIZE 40

struct place {
    const char *file;
    uint32_t line;
    uint32_t column; /* PLACE_REPORTED once it was; the compiler makes these writable */
};

#define PLACE_REPORTED UINT32_MAX

/* What was to be at an address; of GCC and Clang those that C has. */
static const char *const accesses[] = {"load of", "store to", "reference to", "member access in"};

struct typed {
    struct place place;
    const struct ubsan_type *type;
};

struct type_mismatch {
    struct place place;
    const struct ubsan_type *type;
    uint8_t alignment_log2;
    uint8_t access; /* an index of accesses */
};

struct alignment_assumption {
    struct place place;
    struct place assumed_at;
    const struct ubsan_type *type;
};

struct two_types {
    struct place place;
    const struct ubsan_type *left; /* what is shifted; the array */
    const struct ubsan_type *right; /* the shift's width; the index */
};

struct invalid_builtin {
    struct place place;
    uint8_t counts_leading; /* of the two: else trailing zeros */
};

struct nonnull_argument {
    struct place place;
    struct place attribute;
    int number; /* from 1 */
};

static void report(struct sanitizer_caller caller, struct place *place, const char *format, ...)
    PRINTF_LIKE(3, 4);

static void report(struct sanitizer_caller caller, struct place *place, const char *format, ...)
{
    char words[160];
    uint32_t column = place->column;
    va_list arguments;

    if (column == PLACE_REPORTED) {
        return;
    }
    place->column = PLACE_REPORTED;
    va_start(arguments, format);
    kvsnprintf(words, sizeof(words), format, arguments);
    va_end(arguments);
    sanitizer_report(caller, SANITIZER_GOES_ON, NULL, "ubsan: %s:%u:%u: %s", place->file,
                     place->line, column, words);
}

static void report_overflow(struct sanitizer_caller caller, struct typed *data, uintptr_t left,
                            const char *operator, uintptr_t right)
{
    char left_text[VALUE_SIZE];
    char right_text[VALUE_SIZE];

    ubsan_value_text(left_text, sizeof(left_text), data->type, left);
    ubsan_value_text(right_text, sizeof(right_text), data->type, right);
    report(caller, &data->place, "%s %s %s does not fit %s", left_text, operator, right_text,
           data->type->name);
}

/* Each handler is one of the compiler's names. */
#define HANDLER(name, ...)                   \
    void __ubsan_handle_##name(__VA_ARGS__); \
    void __ubsan_handle_##name(__VA_ARGS__)

/* In a handler: a report of its caller. */
#define REPORT(place, ...) report(SANITIZER_CALLER(), (place), __VA_ARGS__)

HANDLER(add_overflow, struct typed *data, uintptr_t left, uintptr_t right)
{
    report_overflow(SANITIZER_CALLER(), data, left, "+", right);
}

HANDLER(sub_overflow, struct typed *data, uintptr_t left, uintptr_t right)
{
    report_overflow(SANITIZER_CALLER(), data, left, "-", right);
}

HANDLER(mul_overflow, struct typed *data, uintptr_t left, uintptr_t right)
{
    report_overflow(SANITIZER_CALLER(), data, left, "*", right);
}

HANDLER(negate_overflow, struct typed *data, uintptr_t value)
{
    char text[VALUE_SIZE];

    ubsan_value_text(text, sizeof(text), data->type, value);
    REPORT(&data->place, "-(%s) does not fit %s", text, data->type->name);
}

HANDLER(divrem_overflow, struct typed *data, uintptr_t left, uintptr_t right)
{
    char text[VALUE_SIZE];

    ubsan_value_text(text, sizeof(text), data->type, left);
    if (ubsan_is_negative(data->type, right)) {
        REPORT(&data->place, "%s / -1 does not fit %s", text, data->type->name);
    } else {
        REPORT(&data->place, "%s divided by 0, of %s", text, data->type->name);
    }
}

HANDLER(shift_out_of_bounds, struct two_types *data, uintptr_t value, uintptr_t width)
{
    char value_text[VALUE_SIZE];
    char width_text[VALUE_SIZE];

    ubsan_value_text(value_text, sizeof(value_text), data->left, value);
    ubsan_value_text(width_text, sizeof(width_text), data->right, width);
    if (ubsan_is_negative(data->right, width) ||
        ubsan_value_bits(data->right, width) >= ubsan_type_bits(data->left)) {
        REPORT(&data->place, "%s shifted by %s, and %s has %u bits", value_text, width_text,
               data->left->name, ubsan_type_bits(data->left));
    } else {
        REPORT(&data->place, "%s << %s does not fit %s", value_text, width_text, data->left->name);
    }
}

HANDLER(out_of_bounds, struct two_types *data, uintptr_t index)
{
    char text[VALUE_SIZE];

    ubsan_value_text(text, sizeof(text), data->right, index);
    REPORT(&data->place, "index %s is outside of %s", text, data->left->name);
}

/* Three checks in one: which of them failed is to be told from the address. */
HANDLER(type_mismatch_v1, struct type_mismatch *data, uintptr_t address)
{
    const char *access = data->access < ARRAY_SIZE(accesses) ? accesses[data->access] : "use of";
    uintptr_t alignment = 1UL << data->alignment_log2;

    if (address == 0) {
        REPORT(&data->place, "%s %s at a null pointer", access, data->type->name);
    } else if ((address & (alignment - 1)) != 0) {
        REPORT(&data->place, "%s %s at 0x%lx, which is not a multiple of %lu", access,
               data->type->name, address, alignment);
    } else {
        REPORT(&data->place, "%s %s at 0x%lx, where its object has ended", access, data->type->name,
               address);
    }
}

HANDLER(alignment_assumption, struct alignment_assumption *data, uintptr_t address,
        uintptr_t alignment, uintptr_t offset)
{
    REPORT(&data->place, "%s 0x%lx was said to be a multiple of %lu", data->type->name,
           address - offset, alignment);
}

HANDLER(pointer_overflow, struct place *place, uintptr_t base, uintptr_t result)
{
    REPORT(place, "a pointer wraps round: from 0x%lx to 0x%lx", base, result);
}

HANDLER(load_invalid_value, struct typed *data, uintptr_t value)
{
    char text[VALUE_SIZE];

    ubsan_value_text(text, sizeof(text), data->type, value);
    REPORT(&data->place, "%s is no value of %s", text, data->type->name);
}

HANDLER(vla_bound_not_positive, struct typed *data, uintptr_t bound)
{
    char text[VALUE_SIZE];

    ubsan_value_text(text, sizeof(text), data->type, bound);
    REPORT(&data->place, "an array of %s elements", text);
}

HANDLER(invalid_builtin, struct invalid_builtin *data)
{
    REPORT(&data->place, "%s zeros of 0 counted", data->counts_leading ? "leading" : "trailing");
}

HANDLER(nonnull_arg, struct nonnull_argument *data)
{
    REPORT(&data->place, "argument %d is null, and declared not to be", data->number);
}

HANDLER(nonnull_return_v1, struct place *attribute, struct place *place)
{
    (void)attribute;
    REPORT(place, "null returned, where that is declared not to be");
}

HANDLER(builtin_unreachable, struct place *place)
{
    sanitizer_report(SANITIZER_CALLER(), SANITIZER_ENDS_HERE, NULL,
                     "ubsan: %s:%u:%u: a place reached that was said to be unreachable",
                     place->file, place->line, place->column);
}
