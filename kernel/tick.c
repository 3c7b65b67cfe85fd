/* SPDX-License-Identifier: MIT */
/* The tick: its sources, and the TSC measured against it. */
#include "kernel/tick.h"

#include "drivers/pit8254.h"
#include "drivers/rtc.h"
#include "kernel/counter_clock.h"
#include "kernel/cpu.h"
#include "kernel/executor.h"
#include "kernel/irq.h"
#include "kernel/log.h"
#include "lib/compiler.h"
#include "lib/x86/cpu.h"

#define TICK_PIT_PERIOD_NS (TICK_PIT_DIVISOR * NS_PER_SECOND / PIT_HZ)
#define TICK_RTC_PERIOD_NS (NS_PER_SECOND / TICK_RTC_HZ)

_Static_assert(TICK_RTC_HZ == RTC_PERIODIC_HZ, "the RTC ticks at its own rate");

/*
 * Ticks until a source is believed in: the first may be one that was latched
 * long before, by another's doing, and comes at no particular time.
 */
#define SETTLING_TICKS 3

/*
 * The TSC is measured from the first tick over as many as here, and again each
 * time that four times as many have passed: a tick that comes 10 us late spoils
 * the first result by 100 ppm and the last by 0.1. The trial before the first
 * is not told: it has to agree, or ticks came late and then in a bunch, as they
 * do when an emulator was kept waiting.
 */
#define TSC_SAMPLE_TICKS_TRIAL 25
#define TSC_SAMPLE_TICKS_FIRST 100
#define TSC_SAMPLE_TICKS_LAST  102400
#define TSC_SAMPLE_GROWTH      4

_Static_assert(TSC_SAMPLE_TICKS_FIRST == TSC_SAMPLE_TICKS_TRIAL * TSC_SAMPLE_GROWTH,
               "the first result follows the trial");

/* Results that differ by more than one part in so many: sample anew. */
#define TSC_STRAY_PARTS       500
#define TSC_TRIAL_STRAY_PARTS 8

/*
 * How long a source may stay silent, in TSC cycles: 200 ms at 5 GHz, a second
 * at 1 GHz. Its rate is not known yet, and need not be. A tenth of that is
 * enough for a chip; an emulator on a busy host may be kept waiting longer.
 */
#define SILENCE_CYCLES (1UL << 30)

static struct {
    enum tick_source source;
    uint64_t period_ns;
    uint64_t count;
    uint64_t believed_from; /* the tick from which on the source counts as working */
    uint64_t tsc_first; /* TSC at the tick the sample began with */
    uint64_t sample_from; /* that tick's number */
    uint64_t sample_next; /* the tick at which something is to be read off the TSC */
    uint64_t tsc_trial_hz;
    uint64_t tsc_hz;
    uint32_t generation;
    uint64_t started_tsc; /* when the present source was started */
    bool settled;
} tick;

static void tsc_sample_begin(uint64_t at_tick)
{
    tick.sample_from = at_tick;
    tick.sample_next = at_tick;
}

/* Whether a rate is so far from what was measured before that ticks must have been lost. */
static bool is_astray(uint64_t hz, uint64_t ticks)
{
    bool is_first = ticks <= TSC_SAMPLE_TICKS_FIRST;
    uint64_t before = is_first ? tick.tsc_trial_hz : tick.tsc_hz;
    uint64_t difference = hz > before ? hz - before : before - hz;

    return difference > before / (is_first ? TSC_TRIAL_STRAY_PARTS : TSC_STRAY_PARTS);
}

/* At the ticks where a sample begins or ends. */
static void tsc_sample(void)
{
    uint64_t ticks = tick.count - tick.sample_from;
    uint64_t now = tsc_read();

    if (ticks == 0) {
        tick.tsc_first = now;
        tick.sample_next = tick.sample_from + TSC_SAMPLE_TICKS_TRIAL;
        return;
    }
    /* No overflow: 100 s are 2^39 cycles at 5 GHz. */
    uint64_t hz = (now - tick.tsc_first) * US_PER_SECOND / (ticks * tick.period_ns / NS_PER_US);

    if (ticks > TSC_SAMPLE_TICKS_TRIAL && is_astray(hz, ticks)) {
        tsc_sample_begin(tick.count + 1);
        return;
    }
    tick.sample_next =
        ticks < TSC_SAMPLE_TICKS_LAST ? tick.sample_from + ticks * TSC_SAMPLE_GROWTH : UINT64_MAX;
    if (ticks == TSC_SAMPLE_TICKS_TRIAL) {
        tick.tsc_trial_hz = hz;
    } else {
        tick.tsc_hz = hz;
        tick.generation++;
    }
}

static void tick_advance(void)
{
    tick.count++;
    executor_tick_from_irq(executor_this());
    if (UNLIKELY(tick.count == tick.sample_next)) {
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
    watchdog_set_period(&executor_this()->watchdog, period_ns);
    tick.believed_from = tick.count + SETTLING_TICKS;
    tsc_sample_begin(tick.believed_from);
    tick.generation++;
    tick.started_tsc = tsc_read();
}

static bool pit_start_ticking(void)
{
    pit_start(TICK_PIT_DIVISOR);
    if (irq_attach(IRQ_TIMER, tick_advance) != OK) {
        return false;
    }
    source_start(TICK_PIT, TICK_PIT_PERIOD_NS);
    log_info("tick", "PIT channel 0 at %u Hz", PIT_HZ / TICK_PIT_DIVISOR);
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
    log_warn("tick", "nothing ticks on this machine: all waits are polled");
}

void tick_init(bool pit_counts)
{
    if (!pit_counts) {
        log_warn("pit8254", "channel 0 does not count");
    }
    if (!irq_is_available() || (!(pit_counts && pit_start_ticking()) && !rtc_start_ticking())) {
        give_up();
    }
}

bool tick_is_settled(void)
{
    if (tick.settled) {
        return true;
    }
    if (tick_count() >= tick.believed_from) {
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

uint32_t tick_generation(void)
{
    return __atomic_load_n(&tick.generation, __ATOMIC_RELAXED);
}
