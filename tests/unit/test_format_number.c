/* SPDX-License-Identifier: MIT */
/*
 * The formatter's integer conversions: each with each flag, width, precision
 * and length it takes. The wanted texts are glibc's too, except where a line
 * says what glibc does.
 */
#include <stdint.h>

#include "tests/unit/format_check.h"

KTEST(format, signed_prints_every_magnitude)
{
    CHECK_FORMAT("0", "%d", 0);
    CHECK_FORMAT("7", "%d", 7);
    CHECK_FORMAT("9 10", "%d %d", 9, 10);
    CHECK_FORMAT("99 100", "%d %d", 99, 100);
    CHECK_FORMAT("101 999 1000", "%d %d %d", 101, 999, 1000);
    CHECK_FORMAT("-1 -10 -100", "%d %i %d", -1, -10, -100);
    CHECK_FORMAT("2147483647", "%d", INT32_MAX);
    CHECK_FORMAT("-2147483648", "%i", INT32_MIN);
    CHECK_FORMAT("9223372036854775807", "%ld", INT64_MAX);
    CHECK_FORMAT("-9223372036854775808", "%li", INT64_MIN);
}

KTEST(format, signed_takes_every_flag)
{
    CHECK_FORMAT("+42", "%+d", 42);
    CHECK_FORMAT("+0", "%+d", 0);
    CHECK_FORMAT("-42", "%+d", -42);
    CHECK_FORMAT(" 42", "% d", 42);
    CHECK_FORMAT("-42", "% d", -42);
    CHECK_FORMAT("+42", "%+ d", 42);
    CHECK_FORMAT("+42", "% +i", 42);
    CHECK_FORMAT("42", "%#d", 42);
    CHECK_FORMAT("42", "%-d", 42);
    CHECK_FORMAT("42", "%0d", 42);
}

KTEST(format, signed_fills_its_width)
{
    CHECK_FORMAT("   42", "%5d", 42);
    CHECK_FORMAT("  -42", "%5d", -42);
    CHECK_FORMAT("42   |", "%-5d|", 42);
    CHECK_FORMAT("-42  |", "%-5d|", -42);
    CHECK_FORMAT("00042", "%05d", 42);
    CHECK_FORMAT("-0042", "%05d", -42);
    CHECK_FORMAT("+0042", "%+05d", 42);
    CHECK_FORMAT(" 0042", "% 05d", 42);
    CHECK_FORMAT("  +42", "%+5d", 42);
    CHECK_FORMAT("+42  |", "%-+5d|", 42);
    CHECK_FORMAT("42   |", "%-05d|", 42); /* '-' overrides '0' */
    CHECK_FORMAT("42   |", "%0-5d|", 42);
    CHECK_FORMAT("12345", "%5d", 12345);
    CHECK_FORMAT("123456", "%5d", 123456);
    CHECK_FORMAT("-12345", "%05d", -12345);
    CHECK_FORMAT("                                       1", "%40d", 1);
    CHECK_FORMAT("0000000000000000000000000000000000000001", "%040d", 1);
    CHECK_FORMAT("1                                       |", "%-40d|", 1);
}

KTEST(format, signed_keeps_its_precision)
{
    CHECK_FORMAT("00042", "%.5d", 42);
    CHECK_FORMAT("-00042", "%.5d", -42);
    CHECK_FORMAT("+00042", "%+.5d", 42);
    CHECK_FORMAT(" 00042", "% .5i", 42);
    CHECK_FORMAT("123456", "%.5d", 123456);
    CHECK_FORMAT("     042", "%8.3d", 42);
    CHECK_FORMAT("    -042", "%8.3d", -42);
    CHECK_FORMAT("-042    |", "%-8.3d|", -42);
    CHECK_FORMAT("     042", "%08.3d", 42); /* a precision overrides '0' */
    CHECK_FORMAT("00000042", "%3.8d", 42);
    CHECK_FORMAT("0000000000000000000000000000000000000042", "%.40d", 42);
}

KTEST(format, zero_with_precision_zero_has_no_digits)
{
    CHECK_FORMAT("", "%.0d", 0);
    CHECK_FORMAT("", "%.d", 0);
    CHECK_FORMAT("", "%.0u", 0U);
    CHECK_FORMAT("", "%.0o", 0U);
    CHECK_FORMAT("", "%.0x", 0U);
    CHECK_FORMAT("", "%#.0X", 0U);
    CHECK_FORMAT("0", "%#.0o", 0U); /* '#' of %o wants a 0 */
    CHECK_FORMAT("+", "%+.0d", 0);
    CHECK_FORMAT(" ", "% .0d", 0);
    CHECK_FORMAT("     ", "%5.0d", 0);
    CHECK_FORMAT("     ", "%05.0x", 0U);
    CHECK_FORMAT("+    |", "%-+5.0d|", 0);
    CHECK_FORMAT("1", "%.0d", 1);
    CHECK_FORMAT("0", "%.1d", 0);
}

KTEST(format, unsigned_prints_every_magnitude)
{
    CHECK_FORMAT("0", "%u", 0U);
    CHECK_FORMAT("10", "%u", 10U);
    CHECK_FORMAT("4294967295", "%u", UINT32_MAX);
    CHECK_FORMAT("18446744073709551615", "%lu", UINT64_MAX);
    CHECK_FORMAT("10000000000000000000", "%lu", 10000000000000000000UL);
    CHECK_FORMAT("9999999999999999999", "%lu", 9999999999999999999UL);
    CHECK_FORMAT("1020304050607080900", "%lu", 1020304050607080900UL);
}

KTEST(format, unsigned_takes_flags_width_and_precision)
{
    CHECK_FORMAT("42", "%+u", 42U); /* no sign, ever */
    CHECK_FORMAT("42", "% u", 42U);
    CHECK_FORMAT("42", "%#u", 42U);
    CHECK_FORMAT("   42", "%5u", 42U);
    CHECK_FORMAT("42   |", "%-5u|", 42U);
    CHECK_FORMAT("00042", "%05u", 42U);
    CHECK_FORMAT("042", "%.3u", 42U);
    CHECK_FORMAT("  042", "%05.3u", 42U);
    CHECK_FORMAT("042  |", "%-5.3u|", 42U);
}

KTEST(format, octal_takes_flags_width_and_precision)
{
    CHECK_FORMAT("0", "%o", 0U);
    CHECK_FORMAT("7 10", "%o %o", 7U, 8U);
    CHECK_FORMAT("37777777777", "%o", UINT32_MAX);
    CHECK_FORMAT("1777777777777777777777", "%lo", UINT64_MAX);
    CHECK_FORMAT("01777777777777777777777", "%#lo", UINT64_MAX);
    CHECK_FORMAT("0", "%#o", 0U);
    CHECK_FORMAT("052", "%#o", 42U);
    CHECK_FORMAT("52", "%+o", 42U);
    CHECK_FORMAT("52", "% o", 42U);
    CHECK_FORMAT("  052", "%#5o", 42U);
    CHECK_FORMAT("00052", "%#05o", 42U);
    CHECK_FORMAT("00052", "%05o", 42U);
    CHECK_FORMAT("052  |", "%-#5o|", 42U);
    CHECK_FORMAT("052", "%#.2o", 42U);
    CHECK_FORMAT("052", "%#.3o", 42U); /* the precision's own 0 is enough */
    CHECK_FORMAT("0052", "%#.4o", 42U);
    CHECK_FORMAT("000", "%#.3o", 0U);
    CHECK_FORMAT("  0052", "%#6.4o", 42U);
}

KTEST(format, hex_takes_flags_width_and_precision)
{
    CHECK_FORMAT("0 9 a f 10", "%x %x %x %x %x", 0U, 9U, 10U, 15U, 16U);
    CHECK_FORMAT("0 9 A F 10", "%X %X %X %X %X", 0U, 9U, 10U, 15U, 16U);
    CHECK_FORMAT("deadbeef", "%x", 0xdeadbeefU);
    CHECK_FORMAT("DEADBEEF", "%X", 0xdeadbeefU);
    CHECK_FORMAT("123456789abcdef0", "%lx", 0x123456789abcdef0UL);
    CHECK_FORMAT("FEDCBA9876543210", "%lX", 0xfedcba9876543210UL);
    CHECK_FORMAT("0x2a 0X2A", "%#x %#X", 42U, 42U);
    CHECK_FORMAT("0 0", "%#x %#X", 0U, 0U); /* zero has no prefix */
    CHECK_FORMAT("2a", "%+x", 42U);
    CHECK_FORMAT("2A", "% X", 42U);
    CHECK_FORMAT("   2a", "%5x", 42U);
    CHECK_FORMAT(" 0x2a", "%#5x", 42U);
    CHECK_FORMAT("0002a", "%05x", 42U);
    CHECK_FORMAT("0x02a", "%#05x", 42U);
    CHECK_FORMAT("0X02A", "%#05X", 42U);
    CHECK_FORMAT("00000", "%#05x", 0U);
    CHECK_FORMAT("0x2a |", "%-#5x|", 42U);
    CHECK_FORMAT("0x2a |", "%-#05x|", 42U);
    CHECK_FORMAT("002a", "%.4x", 42U);
    CHECK_FORMAT("0x002a", "%#.4x", 42U);
    CHECK_FORMAT("  0x002a", "%#8.4x", 42U);
    CHECK_FORMAT("  0x002a", "%#08.4x", 42U);
    CHECK_FORMAT("0x002a  |", "%-#8.4x|", 42U);
    CHECK_FORMAT("ffffffff80101234", "%016lx", 0xffffffff80101234UL);
    CHECK_FORMAT("0000000000001234", "%016lx", 0x1234UL);
    CHECK_FORMAT("0x00000000001234", "%#016lx", 0x1234UL);
}

/* One value through every integer conversion of a length. */
#define CHECK_LENGTH(length, value, d, u, o, x, X)                             \
    do {                                                                       \
        CHECK_FORMAT(d " " d "|", "%" length "d %" length "i|", value, value); \
        CHECK_FORMAT(u " " o "|", "%" length "u %" length "o|", value, value); \
        CHECK_FORMAT(x " " X "|", "%" length "x %" length "X|", value, value); \
    } while (0)

KTEST(format, short_length_cuts_its_argument)
{
    CHECK_LENGTH("hh", 0x123c, "60", "60", "74", "3c", "3C");
    CHECK_LENGTH("hh", 0x1280, "-128", "128", "200", "80", "80");
    CHECK_LENGTH("hh", -1, "-1", "255", "377", "ff", "FF");
    CHECK_LENGTH("h", 0x1234567c, "22140", "22140", "53174", "567c", "567C");
    CHECK_LENGTH("h", 0x18000, "-32768", "32768", "100000", "8000", "8000");
    CHECK_LENGTH("h", -1, "-1", "65535", "177777", "ffff", "FFFF");
}

KTEST(format, no_length_is_an_int)
{
    CHECK_LENGTH("", INT32_MAX, "2147483647", "2147483647", "17777777777", "7fffffff", "7FFFFFFF");
    CHECK_LENGTH("", INT32_MIN, "-2147483648", "2147483648", "20000000000", "80000000", "80000000");
    CHECK_LENGTH("", -1, "-1", "4294967295", "37777777777", "ffffffff", "FFFFFFFF");
}

KTEST(format, long_length_takes_64_bits)
{
    CHECK_LENGTH("l", INT64_MIN, "-9223372036854775808", "9223372036854775808",
                 "1000000000000000000000", "8000000000000000", "8000000000000000");
    CHECK_LENGTH("ll", -2L, "-2", "18446744073709551614", "1777777777777777777776",
                 "fffffffffffffffe", "FFFFFFFFFFFFFFFE");
    CHECK_LENGTH("j", 0x123456789aL, "78187493530", "78187493530", "1106425474232", "123456789a",
                 "123456789A");
    CHECK_LENGTH("z", 0x123456789aL, "78187493530", "78187493530", "1106425474232", "123456789a",
                 "123456789A");
    CHECK_LENGTH("t", 0x123456789aL, "78187493530", "78187493530", "1106425474232", "123456789a",
                 "123456789A");
}

KTEST(format, length_goes_with_flags_width_and_precision)
{
    CHECK_FORMAT("+0052", "%+05hhd", 0x134);
    CHECK_FORMAT("   -001", "%7.3hd", 0xffff);
    CHECK_FORMAT("0xff  |", "%#-6hhx|", -1);
    CHECK_FORMAT("    0000000000000000007f", "%24.20lx", 0x7fUL);
    CHECK_FORMAT("-00009223372036854775808", "%024ld", INT64_MIN);
    CHECK_FORMAT(" 0000000000000000000000000000001", "% .31lld", 1LL);
    CHECK_FORMAT("01777777777777777777777 |", "%-#24zo|", UINT64_MAX);
}

KTEST(format, pointer_is_prefixed_hex)
{
    CHECK_FORMAT("0xffffffff80101abc", "%p", (void *)0xffffffff80101abcUL);
    CHECK_FORMAT("0x1", "%p", (void *)1);
    CHECK_FORMAT("0x0", "%p", NULL); /* glibc: "(nil)" */
    CHECK_FORMAT("      0x1000", "%12p", (void *)0x1000);
    CHECK_FORMAT("0x1000      |", "%-12p|", (void *)0x1000);
    CHECK_FORMAT("0x0000001000", "%012p", (void *)0x1000);
    CHECK_FORMAT("0x00001000", "%.8p", (void *)0x1000);
    CHECK_FORMAT("  0x00001000", "%12.8p", (void *)0x1000);
    CHECK_FORMAT("0x1000", "%#p", (void *)0x1000);
    CHECK_FORMAT("0x1000 0x1000", "%+p % p", (void *)0x1000, (void *)0x1000); /* glibc: signs */
}
