/* SPDX-License-Identifier: MIT */
/* Memory as text, a line for every sixteen bytes. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define HEX_DUMP_WIDTH 16UL

/* Bytes that hold any line, its terminator included. */
#define HEX_DUMP_LINE_SIZE (sizeof("0x0123456789abcdef ") + 3 * HEX_DUMP_WIDTH + 4 + HEX_DUMP_WIDTH)

/*
 * Write a line: address, bytes in hexadecimal, and as characters where they
 * are printable ASCII. Bytes that are left out leave a gap.
 *
 *     0xffffffff80100000  ...  41 42 00 ...  |AB.
 *
 * address  of the line, a multiple of HEX_DUMP_WIDTH
 * bytes    what is at `address + first` and so on
 * first    the first byte's place in the line
 * count    of bytes; first + count is HEX_DUMP_WIDTH at the most
 *
 * Returns buffer. Context: any.
 */
const char *hex_dump_line(char buffer[HEX_DUMP_LINE_SIZE], uint64_t address, const uint8_t *bytes,
                          size_t first, size_t count);
