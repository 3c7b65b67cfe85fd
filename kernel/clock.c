/* SPDX-License-Identifier: MIT */
/*
 * Chooses what the clock follows, each time that tick.c has something new to
 * say: a source that began, failed, or the TSC's rate.
 */
#include "kernel/clock.h"

#include <stddef.h>

#include "drivers/pic8259.h"
#include "drivers/pit8254.h"
#include "kernel/cpu.h"
#include "kernel/irq.h"
#include "kernel/tick.h"
#include "lib/bits.h"
#include "lib/compiler.h"
#include "lib/x86/cpu.h"

/* Where the CPU does not say and nothing can be measured: too slow a guess makes waits long. */
#define TSC_HZ_GUESS 1000000000UL

#define HZ_PER_MHZ 1000000UL

#define CPUID_FREQUENCY              0x16
#define CPUID_FREQUENCY_EAX_BASE_MHZ 0xffffU

/* Polled, the PIT counts as far as it can: 55 ms. */
#define PIT_POLLED_DIVISOR UINT16_MAX

static uint64_t nothing_read(void)
{
    return 0;
}

static struct {
    struct counter_clock own;
    struct counter_clock injected;
    bool is_injected;
    enum clock_preference preference;
    bool pit_counts;
    uint32_t seen; /* tick_generation() when the choice was made */
} clock = {.own.source = {.name = "none", .read = nothing_read}};

static uint64_t pit_polled_read(void)
{
    return PIT_POLLED_DIVISOR - pit_read_counter();
}

/*
 * A period that has ended may not have been counted as a tick yet: the request
 * waits at the PIC. One that appeared only after the look at the counter counts
 * if the counter has just begun anew.
 */
static uint64_t tick_and_pit_read(void)
{
    bool is_pending = (pic_read_requests() & BIT(IRQ_TIMER)) != 0;
    uint64_t left = pit_read_counter();

    if (!is_pending && left > TICK_PIT_DIVISOR / 2) {
        is_pending = (pic_read_requests() & BIT(IRQ_TIMER)) != 0;
    }
    return (tick_count() + is_pending) * TICK_PIT_DIVISOR + (TICK_PIT_DIVISOR - left);
}

static uint64_t tsc_hz_guess(void)
{
    uint64_t mhz = 0;

    if (cpuid(0, 0).eax >= CPUID_FREQUENCY) {
        mhz = cpuid(CPUID_FREQUENCY, 0).eax & CPUID_FREQUENCY_EAX_BASE_MHZ;
    }
    return mhz != 0 ? mhz * HZ_PER_MHZ : TSC_HZ_GUESS;
}

static void follow(const struct clock_source *source)
{
    counter_clock_follow(&clock.own, source);
}

static void follow_unticked(void)
{
    if (clock.pit_counts) {
        pit_start(PIT_POLLED_DIVISOR);
        follow(&(struct clock_source){
            .name = "PIT", .read = pit_polled_read, .hz = PIT_HZ, .period = PIT_POLLED_DIVISOR});
    } else {
        follow(&(struct clock_source){
            .name = "TSC, rate unknown", .read = tsc_read, .hz = tsc_hz_guess()});
    }
}

static bool tsc_is_trusted(void)
{
    return tick_tsc_hz() != 0 &&
           (clock.preference == CLOCK_PREFER_TSC ||
            (clock.preference == CLOCK_PREFER_INVARIANT && cpu_current()->features.invariant_tsc));
}

static void choose(void)
{
    clock.seen = tick_generation();
    if (tsc_is_trusted()) {
        follow(&(struct clock_source){.name = "TSC", .read = tsc_read, .hz = tick_tsc_hz()});
    } else if (tick_source() == TICK_PIT) {
        follow(&(struct clock_source){
            .name = "tick and PIT", .read = tick_and_pit_read, .hz = PIT_HZ});
    } else if (tick_source() == TICK_RTC) {
        follow(&(struct clock_source){.name = "tick", .read = tick_count, .hz = TICK_RTC_HZ});
    } else {
        follow_unticked();
    }
}

void clock_init(void)
{
    pit_start(PIT_POLLED_DIVISOR);
    clock.pit_counts = pit_is_counting();
    choose();
}

void clock_set_preference(enum clock_preference preference)
{
    clock.preference = preference;
}

void clock_start_ticks(void)
{
    (void)clock_now_ns(); /* what the counter has counted until it is set anew */
    tick_init(clock.pit_counts);
    choose();
}

uint64_t clock_now_ns(void)
{
    uint64_t flags = irq_save();
    uint64_t now;

    if (UNLIKELY(clock.is_injected)) {
        now = counter_clock_read(&clock.injected);
    } else {
        now = counter_clock_read(&clock.own);
        if (UNLIKELY(clock.seen != tick_generation())) {
            choose();
        }
    }
    irq_restore(flags);
    return now;
}

uint64_t deadline_after(uint64_t ns)
{
    uint64_t now = clock_now_ns();

    return ns < DEADLINE_NEVER - now ? now + ns : DEADLINE_NEVER;
}

uint64_t clock_cycles_to_ns(uint64_t cycles)
{
    uint64_t hz = tick_tsc_hz();

    return hz == 0 ? 0 : counts_to_ns(cycles, ns_per_count(hz));
}

const char *clock_source_name(void)
{
    return clock.own.source.name;
}

bool clock_pit_counts(void)
{
    return clock.pit_counts;
}

void clock_inject(const struct clock_source *source)
{
    uint64_t flags = irq_save();

    clock.is_injected = source != NULL;
    if (source != NULL) {
        clock.injected = (struct counter_clock){0};
        counter_clock_follow(&clock.injected, source);
    }
    irq_restore(flags);
}
