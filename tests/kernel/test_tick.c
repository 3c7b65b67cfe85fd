/* SPDX-License-Identifier: MIT */
/* The tick against another clock of the machine. */
#include "kernel/tick.h"

#include "drivers/pit8254.h"
#include "drivers/rtc.h"
#include "kernel/irq.h"
#include "lib/x86/cpu.h"
#include "tests/ktest.h"

#define RTC_PERIODS 256 /* a quarter of a second at 1024 Hz */
/* QEMU's RTC makes up in a burst for periods that a busy host let it miss. A rate that is wrong is
 * wrong each time. */
#define MEASUREMENTS 5
#define WAIT_LOOKS   5000000 /* for one period, a millisecond */
#define WAIT_HALTS   1000 /* until other interrupts cannot have been all that came */

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

/*
 * A quarter of a second of the RTC, in ticks and in TSC cycles.
 *
 * Returns false when its periods do not come.
 */
static bool measure_quarter_second(uint64_t *ticks, uint64_t *cycles)
{
    bool periods_came;

    rtc_start_periodic();
    rtc_acknowledge();
    periods_came = rtc_wait_period();
    *ticks = tick_count();
    *cycles = tsc_read();
    for (unsigned period = 0; period < RTC_PERIODS && periods_came; period++) {
        periods_came = rtc_wait_period();
    }
    *ticks = tick_count() - *ticks;
    *cycles = tsc_read() - *cycles;
    rtc_stop_periodic();
    return periods_came;
}

static bool is_within(uint64_t value, uint64_t wanted, uint64_t by)
{
    return value + by >= wanted && value <= wanted + by;
}

KTEST(tick, pit_runs_at_1000_hz_measured_by_the_rtc)
{
    uint64_t ticks = 0;
    uint64_t cycles;

    if (tick_source() != TICK_PIT || !rtc_is_present()) {
        SKIP("needs the PIT as tick, and an RTC beside it");
    }
    /* 256 periods of 1/1024 s are 250 ticks; the ends may fall just inside or outside of one. */
    for (unsigned i = 0; i < MEASUREMENTS && !is_within(ticks, 250, 2); i++) {
        REQUIRE(measure_quarter_second(&ticks, &cycles));
    }
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
    uint64_t enough = tick_count() + 1100; /* it begins anew where ticks came in a bunch */

    while (tick_tsc_hz() == 0 && tick_count() < enough) {
        wait_tick();
    }
    /* Any CPU with long mode runs between these. */
    CHECK_GE(tick_tsc_hz(), 5000000);
    CHECK_LE(tick_tsc_hz(), 20000000000);
}

KTEST(tick, tsc_measured_rate_agrees_with_the_rtc)
{
    uint64_t permille = 0;
    uint64_t ticks;
    uint64_t cycles;

    if (tick_source() != TICK_PIT || tick_tsc_hz() == 0 || !rtc_is_present()) {
        SKIP("needs the PIT as tick, and an RTC beside it");
    }
    for (unsigned i = 0; i < MEASUREMENTS && !is_within(permille, 1000, 5); i++) {
        REQUIRE(measure_quarter_second(&ticks, &cycles));
        permille = cycles * 4 * 1000 / tick_tsc_hz();
    }
    CHECK_GE(permille, 995);
    CHECK_LE(permille, 1005);
}
