/* SPDX-License-Identifier: MIT */
/* The real-time clock, polled and periodic. Source: Motorola MC146818 datasheet. */
#include "drivers/rtc.h"

#include "drivers/rtc_decode.h"
#include "drivers/rtc_registers.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"

/* 32,768 Hz >> (6 - 1) is RTC_PERIODIC_HZ. */
#define RATE_1024_HZ 6

/* An update takes 2 ms, a look no less than 0.1 us on any machine. */
#define UPDATE_LOOKS_MAX 100000

#define SECONDS_PER_MINUTE 60

static void select(uint8_t index)
{
    port_write8(RTC_INDEX, index & (uint8_t)~RTC_INDEX_NMI_OFF);
}

static uint8_t reg_read(uint8_t index)
{
    uint64_t flags = irq_save();

    select(index);
    uint8_t value = port_read8(RTC_DATA);

    irq_restore(flags);
    return value;
}

/* Replace the bits of `mask` by those of `value`, as one step. */
static void reg_change(uint8_t index, uint8_t mask, uint8_t value)
{
    uint64_t flags = irq_save();
    uint8_t old = reg_read(index);

    select(index);
    port_write8(RTC_DATA, (uint8_t)((old & ~mask) | value));
    irq_restore(flags);
}

bool rtc_is_present(void)
{
    /* An absent chip reads as all ones, which is no divider setting in use. */
    return (reg_read(RTC_REG_A) & RTC_REG_A_DIVIDER_MASK) == RTC_REG_A_DIVIDER_32K;
}

void rtc_start_periodic(void)
{
    reg_change(RTC_REG_A, RTC_REG_A_UIP | RTC_REG_A_RATE_MASK, RATE_1024_HZ);
    /* What is pending from before would hold the line, and no edge would come. */
    (void)rtc_acknowledge();
    reg_change(RTC_REG_B, RTC_REG_B_PIE, RTC_REG_B_PIE);
}

void rtc_stop_periodic(void)
{
    reg_change(RTC_REG_B, RTC_REG_B_PIE, 0);
    /* On the chip that releases the line; an emulation may hold it until register C is read. */
    (void)rtc_acknowledge();
}

bool rtc_acknowledge(void)
{
    return (reg_read(RTC_REG_C) & RTC_REG_C_PF) != 0;
}

static bool update_is_near(void)
{
    return (reg_read(RTC_REG_A) & RTC_REG_A_UIP) != 0;
}

/* Read the seconds register twice alike with no update before, between or after. */
static bool read_settled_seconds(uint8_t *value)
{
    if (update_is_near()) {
        return false;
    }

    uint8_t seconds = reg_read(RTC_SECONDS);

    if (update_is_near() || reg_read(RTC_SECONDS) != seconds) {
        return false;
    }
    *value = seconds;
    return true;
}

enum status rtc_seconds(uint8_t *seconds)
{
    uint8_t value;
    int looks = UPDATE_LOOKS_MAX;

    while (!read_settled_seconds(&value)) {
        if (--looks == 0) {
            return ERR_TIMED_OUT;
        }
        cpu_relax();
    }

    bool is_binary = (reg_read(RTC_REG_B) & RTC_REG_B_BINARY) != 0;

    return rtc_decode(value, is_binary, SECONDS_PER_MINUTE, seconds) ? OK : ERR_CORRUPT;
}

static struct rtc_registers registers_read(void)
{
    uint8_t reg_b = reg_read(RTC_REG_B);

    return (struct rtc_registers){.second = reg_read(RTC_SECONDS),
                                  .minute = reg_read(RTC_MINUTES),
                                  .hour = reg_read(RTC_HOURS),
                                  .day = reg_read(RTC_DAY),
                                  .month = reg_read(RTC_MONTH),
                                  .year = reg_read(RTC_YEAR),
                                  .century = reg_read(RTC_CENTURY),
                                  .is_binary = (reg_b & RTC_REG_B_BINARY) != 0,
                                  .is_24_hours = (reg_b & RTC_REG_B_24H) != 0};
}

/*
 * An update may begin at any moment: what was read counts if none was near
 * before, and no second has ended when all has been read.
 */
enum status rtc_read_time(struct rtc_time *time)
{
    struct rtc_registers registers;
    uint8_t second;
    bool was_near;
    int looks = UPDATE_LOOKS_MAX;

    do {
        if (--looks == 0) {
            return ERR_TIMED_OUT;
        }
        was_near = update_is_near();
        registers = registers_read();
    } while (was_near || !read_settled_seconds(&second) || second != registers.second);
    return rtc_time_decode(&registers, time) ? OK : ERR_CORRUPT;
}
