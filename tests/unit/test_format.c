/* SPDX-License-Identifier: MIT */
/*
 * The formatter, all but integers: text, characters, `*`, cutting, and how text
 * reaches a sink. The wanted texts are glibc's too, but for directives that are
 * unknown, unfinished or huge, for %n, and where a line says what glibc does.
 */
#include "lib/format.h"

#include <stdint.h>

#include "lib/bits.h"
#include "lib/string.h"
#include "tests/unit/format_check.h"

KTEST(format, literal_text_is_copied)
{
    CHECK_FORMAT("", "");
    CHECK_FORMAT("a", "a");
    CHECK_FORMAT("Hello from ODYSSEY OS!\n", "Hello from ODYSSEY OS!\n");
    /* Bytes that look like '%' or NUL to a hasty test for both, at each place in a group of four.
     */
    CHECK_FORMAT("\x01\x04\x05 !$\x20\x21\x24\x25", "\x01\x04\x05 !$\x20\x21\x24%%");
    CHECK_FORMAT("\x80\xa5\xff\xda", "\x80\xa5\xff\xda");
    CHECK_FORMAT("1", "%d", 1);
    CHECK_FORMAT("a1", "a%d", 1);
    CHECK_FORMAT("ab1", "ab%d", 1);
    CHECK_FORMAT("abc1", "abc%d", 1);
    CHECK_FORMAT("abcd1efgh", "abcd%defgh", 1);
}

KTEST(format, percent_is_doubled)
{
    CHECK_FORMAT("%", "%%");
    CHECK_FORMAT("100% of 5", "%d%% of %d", 100, 5);
    CHECK_FORMAT("%%%", "%%%%%%");
    CHECK_FORMAT("%", "%-5%"); /* never padded */
}

KTEST(format, string_takes_width_and_precision)
{
    CHECK_FORMAT("hello", "%s", "hello");
    CHECK_FORMAT("", "%s", "");
    CHECK_FORMAT("     hello", "%10s", "hello");
    CHECK_FORMAT("hello     |", "%-10s|", "hello");
    CHECK_FORMAT("hello", "%5s", "hello");
    CHECK_FORMAT("hello", "%3s", "hello");
    CHECK_FORMAT("   ", "%3s", "");
    CHECK_FORMAT("hel", "%.3s", "hello");
    CHECK_FORMAT("hello", "%.5s", "hello");
    CHECK_FORMAT("hello", "%.9s", "hello");
    CHECK_FORMAT("", "%.0s", "hello");
    CHECK_FORMAT("", "%.s", "hello");
    CHECK_FORMAT("     hel", "%8.3s", "hello");
    CHECK_FORMAT("hel     |", "%-8.3s|", "hello");
    CHECK_FORMAT("   hello", "%08s", "hello"); /* '0', '+', ' ' and '#' are for numbers */
    CHECK_FORMAT("hello", "%+ #s", "hello");
    CHECK_FORMAT("[a][bc][]", "[%s][%s][%s]", "a", "bc", "");
}

KTEST(format, string_stops_at_its_precision)
{
    /* The sanitizer sees a read behind the array; the kernel a digit that does not belong. */
    struct {
        char unterminated[4];
        char behind[4];
    } text = {{'a', 'b', 'c', 'd'}, {'1', '2', '3', '4'}};

    CHECK_FORMAT("abcd", "%.4s", text.unterminated);
    CHECK_FORMAT("abc", "%.3s", text.unterminated);
    CHECK_FORMAT("  abcd", "%6.4s", text.unterminated);
    CHECK_FORMAT("abcd", "%.*s", 4, text.unterminated);
}

KTEST(format, string_at_the_end_of_its_array_is_not_overread)
{
    char unterminated[5] = {'v', 'w', 'x', 'y', 'z'};

    CHECK_FORMAT("vwxyz", "%.5s", unterminated);
    CHECK_FORMAT("yz", "%.2s", unterminated + 3);
    CHECK_FORMAT("", "%.0s", unterminated + 5);
}

KTEST(format, null_string_is_named)
{
    CHECK_FORMAT("(null)", "%s", NULL);
    CHECK_FORMAT("  (null)", "%8s", NULL);
    CHECK_FORMAT("(null)", "%.6s", NULL);
    CHECK_FORMAT("(nu", "%.3s", NULL); /* glibc: nothing, when it does not fit */
}

KTEST(format, character_takes_width)
{
    CHECK_FORMAT("x", "%c", 'x');
    CHECK_FORMAT("    x", "%5c", 'x');
    CHECK_FORMAT("x    |", "%-5c|", 'x');
    CHECK_FORMAT("    x", "%05c", 'x');
    CHECK_FORMAT("x", "%.0c", 'x'); /* a precision means nothing here */
    CHECK_FORMAT("\xff", "%c", 0xff);
    CHECK_FORMAT("A", "%c", 0x141); /* cut to a byte */
    CHECK_FORMAT("a\0b", "a%cb", '\0');
    CHECK_MEM_EQ(format_text, "a\0b", 4);
}

KTEST(format, star_takes_width_and_precision_from_the_arguments)
{
    CHECK_FORMAT("   42", "%*d", 5, 42);
    CHECK_FORMAT("42   |", "%*d|", -5, 42); /* negative: left-justified */
    CHECK_FORMAT("42   |", "%-*d|", -5, 42);
    CHECK_FORMAT("42   |", "%0*d|", -5, 42);
    CHECK_FORMAT("42", "%*d", 0, 42);
    CHECK_FORMAT("00042", "%0*d", 5, 42);
    CHECK_FORMAT("00042", "%.*d", 5, 42);
    CHECK_FORMAT("", "%.*d", 0, 0);
    CHECK_FORMAT("0", "%.*d", -1, 0); /* negative: as if absent */
    CHECK_FORMAT("00042", "%05.*d", -3, 42);
    CHECK_FORMAT("hello", "%.*s", -1, "hello");
    CHECK_FORMAT("hello", "%.*s", INT32_MIN, "hello");
    CHECK_FORMAT("   007", "%*.*d", 6, 3, 7);
    CHECK_FORMAT("007   |", "%*.*d|", -6, 3, 7);
    CHECK_FORMAT("   hel", "%*.*s", 6, 3, "hello");
    CHECK_FORMAT("  x|y  |", "%*c|%*c|", 3, 'x', -3, 'y');
}

KTEST(format, arguments_beyond_the_registers_are_found)
{
    CHECK_FORMAT("1 2 3 4 5 6 7 eight 9 a 0xb", "%d %u %ld %hhd %x %o %c %s %zu %x %p", 1, 2U, 3L,
                 4, 5U, 6U, '7', "eight", (size_t)9, 10U, (void *)11);
}

KTEST(format, unknown_conversion_is_copied)
{
    CHECK_FORMAT("%y", "%y");
    CHECK_FORMAT("a%qb 1", "a%qb %d", 1);
    CHECK_FORMAT("%-+ #012.5y", "%-+ #012.5y");
    CHECK_FORMAT("%llk|", "%llk|");
    CHECK_FORMAT("%f %e %g %a", "%f %e %g %a");
    CHECK_FORMAT("%Lu", "%Lu"); /* L is no length of integers */
    CHECK_FORMAT("%.-3d", "%.-3d");
    CHECK_FORMAT("%\xff", "%\xff");
    CHECK_FORMAT("%*y 7", "%*y %d", 5, 7); /* its `*` is spent all the same */
}

KTEST(format, unfinished_directive_is_copied_when_format_ends)
{
    CHECK_FORMAT("%", "%");
    CHECK_FORMAT("100%", "%d%", 100);
    CHECK_FORMAT("%-", "%-");
    CHECK_FORMAT("%5", "%5");
    CHECK_FORMAT("%5.", "%5.");
    CHECK_FORMAT("%5.2l", "%5.2l");
    CHECK_FORMAT("%hh", "%hh");
}

KTEST(format, n_writes_nothing)
{
    int target = 77;

    CHECK_FORMAT("ab%n5", "ab%n%d", &target, 5);
    CHECK_FORMAT("%hhn%ln", "%hhn%ln", &target, &target);
    CHECK_EQ(target, 77);
}

KTEST(format, text_is_cut_and_terminated_at_every_size)
{
    static const char whole[] = "ab      -42 00ff hello|";
    char buffer[sizeof(whole) + 2];

    for (size_t size = 1; size <= sizeof(whole) + 1; size++) {
        size_t kept = MIN(size - 1, sizeof(whole) - 1);

        memset(buffer, 0x5a, sizeof(buffer));
        CHECK_EQ(format_print(buffer, size, "ab%9d %04x %s|", -42, 0xff, "hello"),
                 sizeof(whole) - 1);
        CHECK_MEM_EQ(buffer, whole, kept);
        CHECK_EQ(buffer[kept], '\0');
        CHECK_EQ(buffer[kept + 1], 0x5a);
    }
}

KTEST(format, buffer_is_untouched_when_size_is_zero)
{
    char byte = 0x5a;

    CHECK_EQ(format_print(&byte, 0, "%d and %s", 12, "more"), 11);
    CHECK_EQ(byte, 0x5a);
    CHECK_EQ(format_print(NULL, 0, "%d and %s", 12, "more"), 11);
    CHECK_EQ(format_print(NULL, 0, ""), 0);
}

KTEST(format, ksnprintf_is_kvsnprintf_with_arguments)
{
    char buffer[8];

    CHECK_EQ(ksnprintf(buffer, sizeof(buffer), "%s-%d", "abc", 12345), 9);
    CHECK_STR_EQ(buffer, "abc-123");
}

KTEST(format, huge_widths_are_counted_not_stored)
{
    char buffer[16];

    CHECK_EQ(format_print(buffer, sizeof(buffer), "%2000000000d", 7), 2000000000);
    CHECK_STR_EQ(buffer, "               ");
    CHECK_EQ(format_print(buffer, sizeof(buffer), "%.2000000000d", -7), 2000000001);
    CHECK_STR_EQ(buffer, "-00000000000000");
    CHECK_EQ(format_print(buffer, sizeof(buffer), "%-2147483647c|", 'x'), 2147483648);
    CHECK_STR_EQ(buffer, "x              ");
    CHECK_EQ(format_print(buffer, sizeof(buffer), "%*d", INT32_MIN, 7), 2147483648);
    CHECK_STR_EQ(buffer, "7              ");
    CHECK_EQ(format_print(buffer, sizeof(buffer), "%2147483647s%2147483647s", "", ""), 4294967294);
    /* More digits than any integer holds: as much as an int can be. */
    CHECK_EQ(format_print(NULL, 0, "%99999999999999999999999999d", 7), INT32_MAX);
    CHECK_EQ(format_print(NULL, 0, "%.18446744073709551617x", 7), INT32_MAX);
    CHECK_FORMAT("hello", "%.99999999999999999999999999s", "hello");
}

/* What a sink was given: the text, and where each run ended. */
struct runs {
    char text[160];
    size_t length;
    size_t ends[16];
    size_t count;
};

static void note_run(void *context, const char *text, size_t length)
{
    struct runs *runs = context;

    CHECK_GT(length, 0);
    for (size_t i = 0; i < length && runs->length < sizeof(runs->text) - 1; i++) {
        runs->text[runs->length++] = text[i];
    }
    if (runs->count < ARRAY_SIZE(runs->ends)) {
        runs->ends[runs->count++] = runs->length;
    }
}

static size_t print_runs(struct runs *runs, const char *format, ...)
{
    va_list arguments;
    size_t length;

    *runs = (struct runs){0};
    va_start(arguments, format);
    length = format_to_sink(note_run, runs, format, arguments);
    va_end(arguments);
    return length;
}

KTEST(format, sink_gets_text_in_runs)
{
    struct runs runs;

    CHECK_EQ(print_runs(&runs, "memory: %d KiB, %s", -130048, "free"), 25);
    CHECK_STR_EQ(runs.text, "memory: -130048 KiB, free");
    CHECK_EQ(runs.count, 4);
    CHECK_EQ(runs.ends[0], 8);
    CHECK_EQ(runs.ends[1], 15);
    CHECK_EQ(runs.ends[2], 21);

    /* Padding is a run too. */
    CHECK_EQ(print_runs(&runs, "%8s%-4d", "abc", 5), 12);
    CHECK_STR_EQ(runs.text, "     abc5   ");
    CHECK_EQ(runs.count, 4);
    CHECK_EQ(runs.ends[0], 5);
    CHECK_EQ(runs.ends[1], 8);
    CHECK_EQ(runs.ends[2], 9);
}

KTEST(format, sink_is_not_called_when_there_is_no_text)
{
    struct runs runs;

    CHECK_EQ(print_runs(&runs, ""), 0);
    CHECK_EQ(runs.count, 0);
    CHECK_EQ(print_runs(&runs, "%s%.0d%.0s", "", 0, "x"), 0);
    CHECK_EQ(runs.count, 0);
}

KTEST(format, sink_gets_long_padding_whole)
{
    static const size_t widths[] = {31, 32, 33, 63, 64, 65, 96, 150};

    for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
        struct runs runs;

        CHECK_EQ(print_runs(&runs, "%*s", (int)widths[i], ""), widths[i]);
        CHECK_EQ(runs.length, widths[i]);
        for (size_t j = 0; j < runs.length; j++) {
            CHECK_EQ(runs.text[j], ' ');
        }
    }
}
