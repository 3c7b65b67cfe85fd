/* SPDX-License-Identifier: MIT */
/* Lines of a hex dump: whole ones and those that begin or end within. */
#include "lib/hex_dump.h"

#include "lib/string.h"
#include "tests/ktest.h"

static char line[HEX_DUMP_LINE_SIZE + 1];

KTEST(hex_dump, whole_line_fills_the_buffer_exactly)
{
    static const uint8_t bytes[] = "0123\x1f ~\x7f\x80\xff"
                                   "abcde";

    line[HEX_DUMP_LINE_SIZE] = 'Z';
    CHECK_STR_EQ(hex_dump_line(line, 0xffffffff80100000, bytes, 0, 16),
                 "0xffffffff80100000  30 31 32 33 1f 20 7e 7f 80 ff 61 62 63 64 65 00"
                 "  |0123. ~...abcde.|");
    CHECK_EQ(strlen(line) + 1, HEX_DUMP_LINE_SIZE);
    CHECK_EQ(line[HEX_DUMP_LINE_SIZE], 'Z');
}

KTEST(hex_dump, bytes_that_are_left_out_leave_a_gap)
{
    CHECK_STR_EQ(hex_dump_line(line, 0x10, (const uint8_t *)"AB", 3, 2),
                 "0x0000000000000010           41 42                                 "
                 "  |   AB|");
    CHECK_STR_EQ(hex_dump_line(line, 0, (const uint8_t *)"Z", 15, 1),
                 "0x0000000000000000                                               5a"
                 "  |               Z|");
}
