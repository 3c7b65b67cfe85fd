/* SPDX-License-Identifier: MIT */
/*
 * How the real-time clock writes a number: in binary or in two decimal digits
 * (BCD), as its register B says. Pure; also tested on the host.
 * Source: Motorola MC146818 datasheet, "Time, Calendar, and Alarm Locations".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Decode a time register.
 *
 * limit   one more than the greatest number it may hold
 * number  out: untouched on failure
 *
 * Returns whether it holds such a number. Context: any.
 */
static inline bool rtc_decode(uint8_t value, bool is_binary, unsigned limit, uint8_t *number)
{
    unsigned tens = value >> 4;
    unsigned ones = value & 0x0f;
    unsigned decoded = is_binary ? value : tens * 10 + ones;

    if ((!is_binary && (tens > 9 || ones > 9)) || decoded >= limit) {
        return false;
    }
    *number = (uint8_t)decoded;
    return true;
}
