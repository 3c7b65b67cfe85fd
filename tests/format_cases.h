/* SPDX-License-Identifier: MIT */
/*
 * What the formatter is measured on: FORMAT_CASE(name, format, arguments...)
 * for each. Counted in the kernel, and beside glibc's on the host.
 */
#pragma once

#define FORMAT_CASES(FORMAT_CASE)                                                              \
    FORMAT_CASE(text, "a line of plain text, without any conversion\n")                        \
    FORMAT_CASE(percent, "%%")                                                                 \
    FORMAT_CASE(character, "%c", 'x')                                                          \
    FORMAT_CASE(string, "%s", "hello world")                                                   \
    FORMAT_CASE(string_padded, "%-20s|", "left")                                               \
    FORMAT_CASE(string_cut, "%.4s", "precisely")                                               \
    FORMAT_CASE(decimal_small, "%d", 42)                                                       \
    FORMAT_CASE(decimal_negative, "%d", -123456)                                               \
    FORMAT_CASE(decimal_padded, "%8u", 4096U)                                                  \
    FORMAT_CASE(decimal_zeros, "%06u", 123U)                                                   \
    FORMAT_CASE(decimal_large, "%lu", 18446744073709551615UL)                                  \
    FORMAT_CASE(hex_small, "%x", 0xffU)                                                        \
    FORMAT_CASE(hex_alternate, "%#lx", 0xffffffff80100000UL)                                   \
    FORMAT_CASE(hex_padded, "%016lx", 0xfeedbeefUL)                                            \
    FORMAT_CASE(octal, "%o", 0755U)                                                            \
    FORMAT_CASE(pointer, "%p", (void *)0x80100000UL)                                           \
    FORMAT_CASE(string_and_number, "hello %s %d\n", "world", 1234)                             \
    FORMAT_CASE(log_line, "[%lu.%06lu] %s %s: %lu KiB free\n", 1UL, 53925UL, "INFO", "memory", \
                128176UL)
