/* SPDX-License-Identifier: MIT */
/* The tick: its sources, and the clock made of it. */
#include "kernel/tick.h"

#include "drivers/pit8254.h"
#include "drivers/rtc.h"
#include "kernel/irq.h"
#include "kernel/log.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"

#define NS_PER_SECOND 1000000000UL

#define TICK_PIT_DIVISOR   1193 /* 1000.15 Hz, the nearest to 1000 */
#define TICK_PIT_PERIOD_NS (TICK_PIT_DIVISOR * NS_PER_SECOND / PIT_HZ)
#define TICK_RTC_PERIOD_NS (NS_PER_SECOND / RTC_PERIODIC_HZ)

/*
 * Ticks until a source is believed in: the first may be one that was latched
 * long before, by another's doing, and comes at no particular time.
 */
#define SETTLING_TICKS 3

/* The TSC is measured from the first tick over this many. */
#define TSC_SAMPLE_TICKS 100

/*
 * How long a source may stay silent, in TSC cycles: 50 ms at 5 GHz, a quarter
 * of a second at 1 GHz. Its rate is not known yet, and need not be.
 */
#define SILENCE_CYCLES (1UL << 28)

static struct {
    enum tick_source source;
    uint64_t period_ns;
    uint64_t count;
    uint64_t ns; /* time at the last tick */
    uint64_t tsc; /* TSC at the last tick */
    uint64_t tsc_first; /* TSC at the tick the sample began with */
    uint64_t sample_from; /* that tick's number */
    uint64_t tsc_hz;
    uint64_t started_tsc; /* when the present source was started */
    bool settled;
    bool ignore_tsc;
} tick;

static void tsc_sample(void)
{
    if (tick.count == tick.sample_from) {
        tick.tsc_first = tick.tsc;
    } else if (tick.count == tick.sample_from + TSC_SAMPLE_TICKS) {
        uint64_t sample_us = TSC_SAMPLE_TICKS * tick.period_ns / 1000;

        tick.tsc_hz = (tick.tsc - tick.tsc_first) * 1000000 / sample_us;
    }
}

static void tick_advance(void)
{
    tick.count++;
    tick.ns += tick.period_ns;
    tick.tsc = tsc_read();
    if (UNLIKELY(tick.tsc_hz == 0)) {
        tsc_sample();
    }
}

static void rtc_tick(void)
{
    rtc_acknowledge();
    tick_advance();
}

static void source_start(enum tick_source source, uint64_t period_ns)
{
    tick.source = source;
    tick.period_ns = period_ns;
    tick.sample_from = tick.count + SETTLING_TICKS;
    tick.started_tsc = tsc_read();
}

static bool pit_start_ticking(void)
{
    pit_start(TICK_PIT_DIVISOR);
    if (!pit_is_counting()) {
        log_warn("pit8254", "channel 0 does not count");
        return false;
    }
    if (irq_attach(IRQ_TIMER, tick_advance) != OK) {
        return false;
    }
    source_start(TICK_PIT, TICK_PIT_PERIOD_NS);
    log_info("tick", "PIT channel 0 at %u Hz", 1000);
    return true;
}

static bool rtc_start_ticking(void)
{
    if (!rtc_is_present() || irq_attach(IRQ_RTC, rtc_tick) != OK) {
        return false;
    }
    rtc_start_periodic();
    source_start(TICK_RTC, TICK_RTC_PERIOD_NS);
    log_info("tick", "RTC periodic interrupt at %u Hz", RTC_PERIODIC_HZ);
    return true;
}

static void give_up(void)
{
    source_start(TICK_NONE, 0);
    tick.settled = true;
    log_warn("tick", "nothing ticks on this machine: time stands still");
}

void tick_init(void)
{
    if (!irq_is_available() || (!pit_start_ticking() && !rtc_start_ticking())) {
        give_up();
    }
}

void tick_ignore_tsc(void)
{
    tick.ignore_tsc = true;
}

bool tick_is_settled(void)
{
    if (tick.settled) {
        return true;
    }
    if (tick_count() >= tick.sample_from) {
        tick.settled = true;
        return true;
    }
    if (tsc_read() - tick.started_tsc < SILENCE_CYCLES) {
        return false;
    }
    if (tick.source == TICK_PIT) {
        irq_detach(IRQ_TIMER);
        log_warn("tick", "the PIT counts, but its interrupt does not come");
        if (rtc_start_ticking()) {
            return false;
        }
    } else {
        rtc_stop_periodic();
        irq_detach(IRQ_RTC);
        log_warn("tick", "the RTC's interrupt does not come");
    }
    give_up();
    return true;
}

enum tick_source tick_source(void)
{
    return tick.source;
}

uint64_t tick_count(void)
{
    return __atomic_load_n(&tick.count, __ATOMIC_RELAXED);
}

uint64_t tick_period_ns(void)
{
    return tick.period_ns;
}

uint64_t tick_tsc_hz(void)
{
    return __atomic_load_n(&tick.tsc_hz, __ATOMIC_RELAXED);
}

uint64_t tick_uptime_us(void)
{
    uint64_t flags = irq_save();
    uint64_t ns = tick.ns;

    if (tick.tsc_hz != 0 && !tick.ignore_tsc) {
        /* A late tick must not let the time run ahead of the next one. */
        uint64_t since = (tsc_read() - tick.tsc) * 1000 / (tick.tsc_hz / 1000000 + 1);

        ns += MIN(since, tick.period_ns - 1);
    }
    irq_restore(flags);
    return ns / 1000;
}
