/* SPDX-License-Identifier: MIT */
/* The tick against another clock of the machine. */
#include "kernel/tick.h"

#include "drivers/pit8254.h"
#include "drivers/rtc.h"
#include "kernel/irq.h"
#include "lib/x86/cpu.h"
#include "tests/ktest.h"

#define RTC_PERIODS 256 /* a quarter of a second at 1024 Hz */
#define WAIT_LOOKS  5000000 /* for one period, a millisecond */
#define WAIT_HALTS  1000 /* until other interrupts cannot have been all that came */

/* Wait for the end of an RTC period. Returns false when none comes. */
static bool rtc_wait_period(void)
{
    for (unsigned looks = 0; looks < WAIT_LOOKS; looks++) {
        if (rtc_acknowledge()) {
            return true;
        }
    }
    return false;
}

/* Wait for the next tick, halted. */
static void wait_tick(void)
{
    uint64_t before = tick_count();

    for (unsigned halts = 0; halts < WAIT_HALTS; halts++) {
        irq_disable();
        if (tick_count() != before) {
            break;
        }
        irq_enable_and_halt();
    }
    irq_enable();
}

KTEST(tick, pit_runs_at_1000_hz_measured_by_the_rtc)
{
    uint64_t ticks;
    bool periods_came = true;

    if (tick_source() != TICK_PIT || !rtc_is_present()) {
        SKIP("needs the PIT as tick, and an RTC beside it");
    }
    rtc_start_periodic();
    rtc_acknowledge();
    periods_came = rtc_wait_period();
    ticks = tick_count();
    for (unsigned period = 0; period < RTC_PERIODS && periods_came; period++) {
        periods_came = rtc_wait_period();
    }
    ticks = tick_count() - ticks;
    rtc_stop_periodic();
    REQUIRE(periods_came);
    /* 256 periods of 1/1024 s are 250 ticks; the ends may fall just inside or outside of one. */
    CHECK_GE(ticks, 248);
    CHECK_LE(ticks, 252);
}

KTEST(tick, pit_counter_moves_within_its_divisor)
{
    if (tick_source() != TICK_PIT) {
        SKIP("the PIT does not tick");
    }
    CHECK(pit_is_counting());
    for (unsigned i = 0; i < 1000; i++) {
        uint16_t counter = pit_read_counter();

        CHECK_GE(counter, 1);
        CHECK_LE(counter, 1193);
    }
}

KTEST(tick, every_tick_is_an_interrupt_of_its_line)
{
    if (tick_source() == TICK_NONE) {
        SKIP("nothing ticks");
    }
    unsigned irq = tick_source() == TICK_PIT ? IRQ_TIMER : IRQ_RTC;

    wait_tick();
    uint64_t flags = irq_save();
    uint64_t ticks = tick_count();
    uint64_t handled = irq_counts(irq).handled;
    irq_restore(flags);

    while (tick_count() < ticks + 50) {
        wait_tick();
    }
    flags = irq_save();
    ticks = tick_count() - ticks;
    handled = irq_counts(irq).handled - handled;
    irq_restore(flags);
    CHECK_EQ(handled, ticks);
}

KTEST(tick, tsc_is_measured_across_a_hundred_ticks)
{
    if (tick_source() == TICK_NONE) {
        SKIP("nothing ticks");
    }
    uint64_t enough = tick_count() + 110;

    while (tick_tsc_hz() == 0 && tick_count() < enough) {
        wait_tick();
    }
    /* Any CPU with long mode runs between these. */
    CHECK_GE(tick_tsc_hz(), 5000000);
    CHECK_LE(tick_tsc_hz(), 20000000000);
}

KTEST(tick, tsc_measured_rate_agrees_with_the_rtc)
{
    uint64_t cycles;
    bool periods_came;

    if (tick_source() != TICK_PIT || tick_tsc_hz() == 0 || !rtc_is_present()) {
        SKIP("needs the PIT as tick, and an RTC beside it");
    }
    rtc_start_periodic();
    rtc_acknowledge();
    periods_came = rtc_wait_period();
    cycles = tsc_read();
    for (unsigned period = 0; period < RTC_PERIODS && periods_came; period++) {
        periods_came = rtc_wait_period();
    }
    cycles = tsc_read() - cycles;
    rtc_stop_periodic();
    REQUIRE(periods_came);
    /* A quarter of a second of it, to half a percent. */
    CHECK_GE(cycles * 4 * 1000 / tick_tsc_hz(), 995);
    CHECK_LE(cycles * 4 * 1000 / tick_tsc_hz(), 1005);
}
