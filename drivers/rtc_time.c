/* SPDX-License-Identifier: MIT */
/*
 * The Gregorian calendar. Years are counted from March: the leap day is then a
 * year's last, and the days before a month follow from its number alone.
 */
#include "drivers/rtc_time.h"

#include "drivers/rtc_decode.h"
#include "lib/bits.h"

#define HOUR_AFTER_NOON BIT(7)

#define SECONDS_PER_DAY 86400
#define DAYS_PER_ERA    146097 /* 400 years */
#define YEARS_PER_ERA   400
#define EPOCH_DAY       719468 /* the first of January 1970, counted from 1 March of the year 0 */

#define YEAR_GUESSED_EARLIER 70 /* from here on a year without a century is 19xx */

static bool is_leap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned days_in_month(unsigned year, unsigned month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (unsigned)(month == 2 && is_leap(year));
}

static bool decode_hour(const struct rtc_registers *registers, uint8_t *hour)
{
    if (registers->is_24_hours) {
        return rtc_decode(registers->hour, registers->is_binary, 24, hour);
    }
    bool is_after_noon = (registers->hour & HOUR_AFTER_NOON) != 0;
    uint8_t of_twelve;

    if (!rtc_decode(registers->hour & (uint8_t)~HOUR_AFTER_NOON, registers->is_binary, 13,
                    &of_twelve) ||
        of_twelve == 0) {
        return false;
    }
    *hour = (uint8_t)(of_twelve % 12 + (is_after_noon ? 12 : 0));
    return true;
}

static bool decode_year(const struct rtc_registers *registers, uint16_t *year)
{
    uint8_t of_century;
    uint8_t century;

    if (!rtc_decode(registers->year, registers->is_binary, 100, &of_century)) {
        return false;
    }
    if (!rtc_decode(registers->century, registers->is_binary, 22, &century) || century < 19) {
        century = of_century >= YEAR_GUESSED_EARLIER ? 19 : 20;
    }
    *year = (uint16_t)(century * 100 + of_century);
    return true;
}

bool rtc_time_decode(const struct rtc_registers *registers, struct rtc_time *time)
{
    struct rtc_time decoded;

    if (!rtc_decode(registers->second, registers->is_binary, 60, &decoded.second) ||
        !rtc_decode(registers->minute, registers->is_binary, 60, &decoded.minute) ||
        !decode_hour(registers, &decoded.hour) ||
        !rtc_decode(registers->day, registers->is_binary, 32, &decoded.day) ||
        !rtc_decode(registers->month, registers->is_binary, 13, &decoded.month) ||
        !decode_year(registers, &decoded.year) || decoded.month == 0 || decoded.day == 0 ||
        decoded.day > days_in_month(decoded.year, decoded.month)) {
        return false;
    }
    *time = decoded;
    return true;
}

int64_t rtc_time_to_seconds(const struct rtc_time *time)
{
    int64_t year = time->month > 2 ? time->year : time->year - 1;
    int64_t month = (time->month + 9) % 12; /* March is 0 */
    int64_t era = year / YEARS_PER_ERA;
    int64_t year_of_era = year % YEARS_PER_ERA;
    int64_t day_of_year = (153 * month + 2) / 5 + time->day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    int64_t day = era * DAYS_PER_ERA + day_of_era - EPOCH_DAY;

    int64_t minute_of_day = time->hour * 60 + time->minute;

    return day * SECONDS_PER_DAY + minute_of_day * 60 + time->second;
}

struct rtc_time rtc_time_from_seconds(int64_t seconds)
{
    /* Positive throughout: 1900 is after the year 0. */
    int64_t total = seconds + (int64_t)EPOCH_DAY * SECONDS_PER_DAY;
    int64_t day = total / SECONDS_PER_DAY;
    int64_t of_day = total % SECONDS_PER_DAY;
    int64_t day_of_era = day % DAYS_PER_ERA;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (DAYS_PER_ERA - 1)) /
        365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153; /* March is 0 */
    int64_t year = day / DAYS_PER_ERA * YEARS_PER_ERA + year_of_era + (month >= 10);

    return (struct rtc_time){.year = (uint16_t)year,
                             .month = (uint8_t)((month + 2) % 12 + 1),
                             .day = (uint8_t)(day_of_year - (153 * month + 2) / 5 + 1),
                             .hour = (uint8_t)(of_day / 3600),
                             .minute = (uint8_t)(of_day / 60 % 60),
                             .second = (uint8_t)(of_day % 60)};
}
