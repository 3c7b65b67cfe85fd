/* SPDX-License-Identifier: MIT */
/*
 * The real-time clock, polled: its line stays masked at the PIC. Where it is
 * the kernel's tick it is not ours to stop, and these tests are left out.
 */
#include "drivers/rtc.h"
#include "drivers/rtc_decode.h"
#include "drivers/rtc_registers.h"
#include "kernel/tick.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"
#include "tests/ktest.h"

/* Longer than a second lasts in looks at the clock, on any machine. */
#define LOOKS_MAX 100000000UL

/* Longer than some periods of a millisecond: a delay takes 0.1 to 1 us. */
#define PERIODS_PASS_DELAYS 50000

#define ATTEMPTS 10

static struct {
    uint8_t reg_a;
    uint8_t reg_b;
} borrowed;

static uint8_t reg_read(uint8_t index)
{
    uint64_t flags = irq_save();

    port_write8(RTC_INDEX, index);
    uint8_t value = port_read8(RTC_DATA);

    irq_restore(flags);
    return value;
}

static void reg_write(uint8_t index, uint8_t value)
{
    uint64_t flags = irq_save();

    port_write8(RTC_INDEX, index);
    port_write8(RTC_DATA, value);
    irq_restore(flags);
}

/* Whether there is a clock to test, its periodic interrupt now off: then rtc_give_back(). */
static bool rtc_borrow(void)
{
    if (!rtc_is_present() || tick_source() == TICK_RTC) {
        return false;
    }
    borrowed.reg_a = reg_read(RTC_REG_A) & (uint8_t)~RTC_REG_A_UIP;
    borrowed.reg_b = reg_read(RTC_REG_B);
    reg_write(RTC_REG_B, borrowed.reg_b & (uint8_t)~RTC_REG_B_PIE);
    return true;
}

static void rtc_give_back(void)
{
    reg_write(RTC_REG_A, borrowed.reg_a);
    reg_write(RTC_REG_B, borrowed.reg_b);
    (void)rtc_acknowledge();
}

static bool wait_for_period(void)
{
    for (unsigned long look = 0; look < LOOKS_MAX; look++) {
        if (rtc_acknowledge()) {
            return true;
        }
    }
    return false;
}

/* Let some periods end and acknowledge none. */
static void periods_pass(void)
{
    for (int i = 0; i < PERIODS_PASS_DELAYS; i++) {
        port_delay();
    }
}

struct second {
    uint8_t from;
    uint8_t to;
    unsigned periods;
};

/* Wait until the seconds change, counting periods on the way. */
static bool wait_for_second(struct second *second)
{
    *second = (struct second){0};
    if (rtc_seconds(&second->from) != OK) {
        return false;
    }
    for (unsigned long look = 0; look < LOOKS_MAX; look++) {
        second->periods += rtc_acknowledge();
        if (rtc_seconds(&second->to) != OK) {
            return false;
        }
        if (second->to != second->from) {
            return true;
        }
    }
    return false;
}

KTEST(rtc, start_and_stop_change_only_rate_and_enable)
{
    if (!rtc_borrow()) {
        SKIP("no RTC, or it is the tick");
    }
    reg_write(RTC_REG_A, RTC_REG_A_DIVIDER_32K | 0x0f);
    rtc_start_periodic();
    CHECK_EQ(reg_read(RTC_REG_A) & ~RTC_REG_A_UIP, RTC_REG_A_DIVIDER_32K | 6);
    CHECK_EQ(reg_read(RTC_REG_B), borrowed.reg_b | RTC_REG_B_PIE);
    rtc_stop_periodic();
    CHECK_EQ(reg_read(RTC_REG_A) & ~RTC_REG_A_UIP, RTC_REG_A_DIVIDER_32K | 6);
    CHECK_EQ(reg_read(RTC_REG_B), borrowed.reg_b & ~RTC_REG_B_PIE);
    rtc_give_back();
}

/*
 * Between two looks a period may end, the more so on an emulator that is short
 * of time: what must not be there a moment later is looked for several times.
 */
KTEST(rtc, acknowledge_takes_a_period_once)
{
    bool came = true;
    bool again = true;

    if (!rtc_borrow()) {
        SKIP("no RTC, or it is the tick");
    }
    rtc_start_periodic();
    for (int attempt = 0; attempt < ATTEMPTS && came && again; attempt++) {
        came = wait_for_period();
        again = rtc_acknowledge();
    }
    rtc_stop_periodic();
    rtc_give_back();
    CHECK(came);
    CHECK(!again);
}

KTEST(rtc, start_forgets_what_was_pending)
{
    bool pending = true;

    if (!rtc_borrow()) {
        SKIP("no RTC, or it is the tick");
    }
    for (int attempt = 0; attempt < ATTEMPTS && pending; attempt++) {
        rtc_start_periodic();
        periods_pass();
        reg_write(RTC_REG_B, borrowed.reg_b & (uint8_t)~RTC_REG_B_PIE);
        rtc_start_periodic();
        pending = rtc_acknowledge();
    }
    rtc_give_back();
    CHECK(!pending);
}

KTEST(rtc, stop_releases_the_interrupt_line)
{
    if (!rtc_borrow()) {
        SKIP("no RTC, or it is the tick");
    }
    rtc_start_periodic();
    periods_pass();
    rtc_stop_periodic();
    uint8_t causes = reg_read(RTC_REG_C);

    rtc_give_back();
    CHECK_EQ(causes & RTC_REG_C_IRQF, 0);
}

/*
 * Periods are polled, and an emulator that is short of time loses some: the
 * best of a few seconds counts, and a part of the periods is enough. There are
 * never too many, and the rate itself is checked above.
 */
KTEST(rtc, seconds_go_on_by_one_while_1024_periods_pass)
{
    bool went_on_by_one = false;
    unsigned most = 0;
    struct second second;

    if (!rtc_borrow()) {
        SKIP("no RTC, or it is the tick");
    }
    rtc_start_periodic();
    bool came = wait_for_second(&second); /* a part of one */

    for (int i = 0; came && i < 3 && most < RTC_PERIODIC_HZ * 9 / 10; i++) {
        came = wait_for_second(&second);
        most = MAX(most, second.periods);
        went_on_by_one |= second.to == (second.from + 1) % 60;
    }
    rtc_stop_periodic();
    rtc_give_back();
    CHECK(came);
    CHECK(went_on_by_one);
    CHECK_GE(most, RTC_PERIODIC_HZ / 8);
    CHECK_LE(most, RTC_PERIODIC_HZ + 2);
}

KTEST(rtc, seconds_are_what_the_register_holds)
{
    if (!rtc_borrow()) {
        SKIP("no RTC, or it is the tick");
    }
    bool is_binary = (reg_read(RTC_REG_B) & RTC_REG_B_BINARY) != 0;
    uint8_t seconds = UINT8_MAX;
    uint8_t expected = 0;

    /* A second may end between the two reads, but not twice in a row. */
    for (int attempt = 0; attempt < 2 && seconds != expected; attempt++) {
        CHECK_OK(rtc_seconds(&seconds));
        (void)rtc_decode(reg_read(RTC_SECONDS), is_binary, 60, &expected);
    }
    CHECK_EQ(seconds, expected);
    rtc_give_back();
}
