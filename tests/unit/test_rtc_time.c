/* SPDX-License-Identifier: MIT */
/* The clock's registers in all four ways of writing, and every day of three centuries. */
#include "drivers/rtc_time.h"

#include "lib/bits.h"
#include "tests/ktest.h"

#define DAY_SECONDS 86400

static uint8_t bcd(unsigned number)
{
    return (uint8_t)(number / 10 << 4 | number % 10);
}

static bool same(const struct rtc_time *a, const struct rtc_time *b)
{
    return a->year == b->year && a->month == b->month && a->day == b->day && a->hour == b->hour &&
           a->minute == b->minute && a->second == b->second;
}

/* How a clock of this make writes a time. */
static struct rtc_registers written(const struct rtc_time *time, bool is_binary, bool is_24_hours)
{
    unsigned hour = time->hour;
    uint8_t after_noon = 0;

    if (!is_24_hours) {
        after_noon = hour >= 12 ? 0x80 : 0;
        hour = hour % 12 == 0 ? 12 : hour % 12;
    }
    struct rtc_registers registers = {.is_binary = is_binary, .is_24_hours = is_24_hours};

    registers.second = is_binary ? time->second : bcd(time->second);
    registers.minute = is_binary ? time->minute : bcd(time->minute);
    registers.hour = (uint8_t)((is_binary ? hour : bcd(hour)) | after_noon);
    registers.day = is_binary ? time->day : bcd(time->day);
    registers.month = is_binary ? time->month : bcd(time->month);
    registers.year = (uint8_t)(is_binary ? time->year % 100 : bcd(time->year % 100));
    registers.century = (uint8_t)(is_binary ? time->year / 100 : bcd(time->year / 100));
    return registers;
}

KTEST(rtc_time, every_hour_is_read_in_all_four_ways_of_writing)
{
    for (uint8_t hour = 0; hour < 24; hour++) {
        struct rtc_time time = {2026, 12, 31, hour, 59, 58};

        for (int make = 0; make < 4; make++) {
            struct rtc_registers registers = written(&time, make & 1, make & 2);
            struct rtc_time got = {0};

            CHECK(rtc_time_decode(&registers, &got));
            CHECK(same(&got, &time));
        }
    }
}

KTEST(rtc_time, twelve_is_midnight_before_noon_and_noon_after)
{
    struct rtc_registers registers = written(&(struct rtc_time){2026, 1, 1, 0, 0, 0}, false, false);
    struct rtc_time time;

    CHECK_EQ(registers.hour, 0x12);
    CHECK(rtc_time_decode(&registers, &time));
    CHECK_EQ(time.hour, 0);
    registers.hour = 0x92;
    CHECK(rtc_time_decode(&registers, &time));
    CHECK_EQ(time.hour, 12);
    registers.hour = 0x00; /* no hour of a twelve-hour clock */
    CHECK(!rtc_time_decode(&registers, &time));
    registers.hour = 0x13;
    CHECK(!rtc_time_decode(&registers, &time));
}

KTEST(rtc_time, century_that_is_none_is_guessed)
{
    static const uint8_t none[] = {0x00, 0x18, 0x22, 0x99, 0xff};
    struct rtc_registers registers = written(&(struct rtc_time){2026, 1, 1, 0, 0, 0}, false, true);
    struct rtc_time time;

    for (size_t i = 0; i < sizeof(none); i++) {
        registers.century = none[i];
        registers.year = 0x69;
        CHECK(rtc_time_decode(&registers, &time));
        CHECK_EQ(time.year, 2069);
        registers.year = 0x70;
        CHECK(rtc_time_decode(&registers, &time));
        CHECK_EQ(time.year, 1970);
    }
}

KTEST(rtc_time, dates_that_there_are_not_are_refused_and_nothing_touched)
{
    static const struct rtc_time impossible[] = {
        {2026, 0, 1, 0, 0, 0},  {2026, 13, 1, 0, 0, 0}, {2026, 1, 0, 0, 0, 0},
        {2026, 1, 32, 0, 0, 0}, {2026, 4, 31, 0, 0, 0}, {2025, 2, 29, 0, 0, 0},
        {2100, 2, 29, 0, 0, 0}, {2026, 1, 1, 24, 0, 0}, {2026, 1, 1, 0, 60, 0},
        {2026, 1, 1, 0, 0, 60},
    };
    const struct rtc_time untouched = {1, 2, 3, 4, 5, 6};

    for (size_t i = 0; i < ARRAY_SIZE(impossible); i++) {
        struct rtc_registers registers = written(&impossible[i], false, true);
        struct rtc_time time = untouched;

        CHECK(!rtc_time_decode(&registers, &time));
        CHECK(same(&time, &untouched));
    }
}

KTEST(rtc_time, known_seconds)
{
    CHECK_EQ(rtc_time_to_seconds(&(struct rtc_time){1970, 1, 1, 0, 0, 0}), 0);
    CHECK_EQ(rtc_time_to_seconds(&(struct rtc_time){2000, 2, 29, 12, 0, 0}), 951825600);
    CHECK_EQ(rtc_time_to_seconds(&(struct rtc_time){2038, 1, 19, 3, 14, 8}), 2147483648);
    CHECK_EQ(rtc_time_to_seconds(&(struct rtc_time){1969, 12, 31, 23, 59, 59}), -1);
}

KTEST(rtc_time, every_day_from_1900_to_2199_follows_the_one_before)
{
    static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t seconds = rtc_time_to_seconds(&(struct rtc_time){1900, 1, 1, 23, 59, 59});
    unsigned wrong = 0;

    for (uint16_t year = 1900; year < 2200; year++) {
        bool is_leap = year % 4 == 0 && (year % 100 != 0 || year == 2000);

        for (uint8_t month = 1; month <= 12; month++) {
            unsigned length = lengths[month - 1] + (unsigned)(month == 2 && is_leap);

            for (unsigned day = 1; day <= length; day++) {
                struct rtc_time time = {year, month, (uint8_t)day, 23, 59, 59};
                struct rtc_time back = rtc_time_from_seconds(seconds);

                wrong += rtc_time_to_seconds(&time) != seconds || !same(&back, &time);
                seconds += DAY_SECONDS;
            }
        }
    }
    CHECK_EQ(wrong, 0);
}
