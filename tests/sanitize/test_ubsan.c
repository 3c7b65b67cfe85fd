/* SPDX-License-Identifier: MIT */
/*
 * Each kind of undefined behaviour, once: it is found, at this line, and the
 * report says what it was. What is broken comes out of volatile objects, so
 * that the compiler does not see it coming.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/trap.h"
#include "lib/compiler.h"
#include "lib/format.h"
#include "lib/string.h"
#include "tests/ktest.h"
#include "tests/sanitize/sanitizer_expect.h"

static volatile int most = INT32_MAX;
static volatile int least = INT32_MIN;
static volatile int one = 1;
static volatile int none = 0;
static volatile int forty = 40;
static volatile unsigned char two = 2;
static volatile int result;

static struct {
    int before;
    int four[4];
    int behind;
} row;
static _Alignas(8) char bytes[16];
/* How each compiler writes the types of row.four, of bool, and of what lies behind an object. */
#ifdef __clang__
#define BEHIND "'unsigned char'"
#define BOOL   "'bool'"
#define INT_4  "'int[4]'"
#else
#define BEHIND "'struct <unknown>'"
#define BOOL   "'_Bool'"
#define INT_4  "'int [4]'"
#endif

static void *volatile nothing = NULL;
static void *volatile given;
static char *volatile high = (char *)(UINT64_MAX - 15);

__attribute__((nonnull)) NOINLINE static void take(const void *object)
{
    __asm__ volatile("" : : "r"(object));
}

enum { GIVE_LINE = __LINE__ + 3 }; /* of the return */
__attribute__((returns_nonnull)) NOINLINE static void *give(void)
{
    return nothing;
}

static int number_read(const char **text)
{
    int number = 0;

    while (**text >= '0' && **text <= '9') {
        number = number * 10 + (*(*text)++ - '0');
    }
    return number;
}

/*
 * "ubsan: FILE:LINE:COLUMN: words". Of a test that takes two lines, GCC and
 * Clang mean different ones.
 */
static void check_findings(const struct sanitizer_findings *findings, int last_line,
                           const char *format, ...) PRINTF_LIKE(3, 4);

static void check_findings(const struct sanitizer_findings *findings, int last_line,
                           const char *format, ...)
{
    static const char begin[] = "ubsan: " __FILE__ ":";
    const char *rest = findings->sentence + strlen(begin);
    char words[160];
    va_list arguments;

    REQUIRE_EQ(findings->count, 1);
    REQUIRE(strncmp(findings->sentence, begin, strlen(begin)) == 0);
    int line = number_read(&rest);

    CHECK_LE(line, last_line);
    CHECK_GE(line, last_line - 1);
    REQUIRE(*rest++ == ':');
    CHECK_GT(number_read(&rest), 0);
    REQUIRE(strncmp(rest, ": ", 2) == 0);
    va_start(arguments, format);
    kvsnprintf(words, sizeof(words), format, arguments);
    va_end(arguments);
    CHECK_STR_EQ(rest + 2, words);
}

#define FINDS(name, statement, ...)                       \
    static void break_##name(void)                        \
    {                                                     \
        statement;                                        \
    }                                                     \
    KTEST(ubsan, name)                                    \
    {                                                     \
        struct sanitizer_findings findings;               \
                                                          \
        sanitizer_expect(break_##name, &findings);        \
        check_findings(&findings, __LINE__, __VA_ARGS__); \
    }

/* The same where the CPU does not go on either. */
#define FINDS_AND_TRAPS(name, vector, statement, ...)                    \
    static void break_##name(void)                                       \
    {                                                                    \
        statement;                                                       \
    }                                                                    \
    KTEST(ubsan, name)                                                   \
    {                                                                    \
        struct sanitizer_findings findings;                              \
                                                                         \
        CHECK(sanitizer_expect_trap((vector), break_##name, &findings)); \
        check_findings(&findings, __LINE__, __VA_ARGS__);                \
    }

/* The compiler may see these two coming. */
#pragma GCC diagnostic ignored "-Wvla"
#pragma GCC diagnostic ignored "-Warray-bounds"

FINDS(addition, result = most + 1, "2147483647 + 1 does not fit 'int'")
FINDS(subtraction, result = least - one, "-2147483648 - 1 does not fit 'int'")
FINDS(multiplication, result = most * forty, "2147483647 * 40 does not fit 'int'")
FINDS(negation, result = -least, "-(-2147483648) does not fit 'int'")
FINDS_AND_TRAPS(division_by_zero, 0, result = most / none, "2147483647 divided by 0, of 'int'")
FINDS_AND_TRAPS(division_that_overflows, 0, result = least / -one,
                "-2147483648 / -1 does not fit 'int'")
FINDS(shift_too_wide, result = one << forty, "1 shifted by 40, and 'int' has 32 bits")
FINDS(shift_backwards, result = one >> -one, "1 shifted by -1, and 'int' has 32 bits")
FINDS(shift_out_of_the_sign, result = most << one, "2147483647 << 1 does not fit 'int'")
FINDS(index_behind_the_array, result = row.four[one * 4], "index 4 is outside of " INT_4)
FINDS(index_before_the_array, row.four[-one] = result, "index -1 is outside of " INT_4)
FINDS(bool_that_is_neither, result = *(bool *)&two, "2 is no value of " BOOL)
FINDS(pointer_that_wraps, given = high + (forty << 4),
      "a pointer wraps round: from 0xfffffffffffffff0 to 0x270")
FINDS(count_of_trailing_zeros, result = __builtin_ctz((unsigned)none),
      "trailing zeros of 0 counted")
FINDS(count_of_leading_zeros, result = __builtin_clz((unsigned)none), "leading zeros of 0 counted")
FINDS_AND_TRAPS(unreachable, 6, if (one == 1) __builtin_unreachable(),
                "a place reached that was said to be unreachable")
FINDS_AND_TRAPS(load_from_null, 14, result = *(int *)nothing, "load of 'int' at a null pointer")
FINDS_AND_TRAPS(store_to_null, 14, *(int *)nothing = one, "store to 'int' at a null pointer")
FINDS(misaligned_load, result = *(int *)(bytes + one),
      "load of 'int' at 0x%lx, which is not a multiple of 4", (uintptr_t)bytes + 1)
FINDS(misaligned_store, *(int *)(bytes + one) = result,
      "store to 'int' at 0x%lx, which is not a multiple of 4", (uintptr_t)bytes + 1)
FINDS(load_behind_its_object, result = *((unsigned char *)&row + 40),
      "load of " BEHIND " at 0x%lx, where its object has ended", (uintptr_t)&row + 40)
FINDS(null_for_nonnull, take(nothing), "argument 1 is null, and declared not to be")
FINDS(array_of_no_elements, char array[none]; result = (int)sizeof(array), "an array of 0 elements")
#ifdef __clang__ /* GCC takes the promise for granted */
FINDS(broken_promise_of_alignment, given = __builtin_assume_aligned(bytes + one, 8),
      "'char *' 0x%lx was said to be a multiple of 8", (uintptr_t)bytes + 1)
#endif

static void break_null_returned(void)
{
    given = give();
}

KTEST(ubsan, null_returned)
{
    struct sanitizer_findings findings;

    sanitizer_expect(break_null_returned, &findings);
    check_findings(&findings, GIVE_LINE, "null returned, where that is declared not to be");
}

NOINLINE static int load(const void *pointer)
{
    return *(const int *)pointer;
}

static void break_one_place(void)
{
    result = load(bytes + one) + load(bytes + 2 * one);
}

KTEST(ubsan, place_is_reported_once)
{
    struct sanitizer_findings findings;

    sanitizer_expect(break_one_place, &findings);
    CHECK_EQ(findings.count, 1);
    sanitizer_expect(break_one_place, &findings);
    CHECK_EQ(findings.count, 0);
}
