/* SPDX-License-Identifier: MIT */
/* Values as the compiler hands them over: in a register up to 64 bits, else by address. */
#include "kernel/sanitize/ubsan_value.h"

#include "lib/format.h"

unsigned ubsan_type_bits(const struct ubsan_type *type)
{
    return 1U << (type->info >> 1);
}

uint64_t ubsan_value_bits(const struct ubsan_type *type, uintptr_t value)
{
    return ubsan_type_bits(type) <= 64 ? value : *(const uint64_t *)value;
}

static bool is_signed(const struct ubsan_type *type)
{
    return type->kind == UBSAN_INTEGER && (type->info & 1) != 0;
}

/* A signed value of fewer bits comes with any bits above. */
static int64_t signed_value(const struct ubsan_type *type, uintptr_t value)
{
    unsigned unused = 64 - ubsan_type_bits(type);

    return (int64_t)(value << unused) >> unused;
}

bool ubsan_is_negative(const struct ubsan_type *type, uintptr_t value)
{
    if (!is_signed(type)) {
        return false;
    }
    if (ubsan_type_bits(type) > 64) {
        return (int64_t)((const uint64_t *)value)[1] < 0;
    }
    return signed_value(type, value) < 0;
}

size_t ubsan_value_text(char *buffer, size_t size, const struct ubsan_type *type, uintptr_t value)
{
    if (type->kind != UBSAN_INTEGER) {
        return ksnprintf(buffer, size, "a value");
    }
    if (ubsan_type_bits(type) > 64) {
        const uint64_t *words = (const uint64_t *)value;

        return ksnprintf(buffer, size, "0x%lx%016lx", words[1], words[0]);
    }
    if (is_signed(type)) {
        return ksnprintf(buffer, size, "%ld", signed_value(type, value));
    }
    return ksnprintf(buffer, size, "%lu", value);
}
