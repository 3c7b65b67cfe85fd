/* SPDX-License-Identifier: MIT */
/*
 * The digits of a number, written backwards: the caller knows where they end,
 * not how many there will be. No leading zeros; zero itself has one digit.
 */
#pragma once

#include <stdint.h>

/* The most digits that a 64-bit value has in any of the bases here: octal, 2^64-1. */
#define DIGITS_MAX 22

/*
 * Write the digits of `value` so that the last lies just before `end`.
 *
 * end      one past the last digit; DIGITS_MAX bytes before it must be writable
 * nibbles  the sixteen hexadecimal digits, in either case
 *
 * Returns the first digit's place. Context: any.
 */
char *digits_decimal(char *end, uint64_t value);
char *digits_octal(char *end, uint64_t value);
char *digits_hex(char *end, uint64_t value, const char *nibbles);
