/* SPDX-License-Identifier: MIT */
/*
 * Time of day and date, from the real-time clock's registers to seconds. Pure;
 * also tested on the host. Source: Motorola MC146818 datasheet, "Time,
 * Calendar, and Alarm Locations"; the century's register is the PC's own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The registers as they were read, all in one second. */
struct rtc_registers {
    uint8_t second;
    uint8_t minute;
    uint8_t hour; /* bit 7: after noon, where the clock counts to twelve */
    uint8_t day;
    uint8_t month;
    uint8_t year; /* of the century */
    uint8_t century; /* anything, where the clock has no such register */
    bool is_binary; /* else in two decimal digits */
    bool is_24_hours;
};

/* A time as people write it; by which zone, the clock does not know. */
struct rtc_time {
    uint16_t year; /* 1900 to 2199 */
    uint8_t month; /* 1 to 12 */
    uint8_t day; /* 1 to 31, as the month has them */
    uint8_t hour; /* 0 to 23 */
    uint8_t minute;
    uint8_t second; /* 0 to 59 */
};

/*
 * Decode the registers. A century that is none is guessed: years from 70 on are
 * of the 20th, those below of the 21st.
 *
 * time  out: untouched on failure
 *
 * Returns whether they hold a date and time that there can be. Context: any.
 */
bool rtc_time_decode(const struct rtc_registers *registers, struct rtc_time *time);

/* Seconds since the first of January 1970, negative before. Context: any. */
int64_t rtc_time_to_seconds(const struct rtc_time *time);

/* The time that many seconds after it, from 1900 to 2199. Context: any. */
struct rtc_time rtc_time_from_seconds(int64_t seconds);
