/* SPDX-License-Identifier: MIT */
/* The tick with a TSC and a PIT made of variables: what is taken for the TSC's rate. */
#include "kernel/tick.h"

#include "drivers/pit8254.h"
#include "drivers/rtc.h"
#include "kernel/cpu.h"
#include "kernel/executor.h"
#include "kernel/irq.h"
#include "kernel/log.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "tests/ktest.h"

#define CYCLES_PER_TICK 999847U /* the PIT's period in nanoseconds: 1 GHz */
#define HZ              1000000000U
#define TICKS_TO_KNOW   103 /* three until the PIT is believed in, then a hundred */

static struct {
    uint64_t tsc;
    void (*handler)(void);
    struct executor executor;
} model;

static uint64_t model_tsc_read(void)
{
    return model.tsc;
}

static struct executor *model_executor_this(void)
{
    return &model.executor;
}

static enum status model_irq_attach(unsigned irq, void (*handler)(void))
{
    CHECK_EQ(irq, IRQ_TIMER);
    model.handler = handler;
    return OK;
}

#define tsc_read                         model_tsc_read
#define executor_this                    model_executor_this
#define executor_tick_from_irq(executor) ((void)(executor))
#define irq_is_available()               true
#define irq_attach                       model_irq_attach
#define irq_detach(irq)                  ((void)(irq))
#define log_write(...)                   ((void)0)
#define pit_start(divisor)               CHECK_EQ(divisor, TICK_PIT_DIVISOR)
#define rtc_is_present()                 false
#define rtc_start_periodic()             ((void)0)
#define rtc_stop_periodic()              ((void)0)
#define rtc_acknowledge()                ((void)0)

#include "kernel/tick.c"

static void start(void)
{
    tick = (typeof(tick)){0};
    model.tsc = 12345;
    tick_init(true);
    REQUIRE(model.handler != NULL);
}

static void pass(unsigned ticks, uint64_t cycles_each)
{
    while (ticks-- > 0) {
        model.tsc += cycles_each;
        model.handler();
    }
}

static void check_rate(void)
{
    CHECK_GE(tick_tsc_hz(), HZ - HZ / 100000);
    CHECK_LE(tick_tsc_hz(), HZ + HZ / 100000);
}

KTEST(tick_model, rate_is_known_after_a_hundred_ticks)
{
    start();
    pass(TICKS_TO_KNOW - 1, CYCLES_PER_TICK);
    CHECK_EQ(tick_tsc_hz(), 0);
    pass(1, CYCLES_PER_TICK);
    check_rate();
}

/* As an emulator does it that was kept waiting: nothing, then many at once. */
KTEST(tick_model, ticks_in_a_bunch_are_no_rate)
{
    static const unsigned regular[] = {10, 50, 100};

    for (size_t i = 0; i < ARRAY_SIZE(regular); i++) {
        start();
        pass(regular[i], CYCLES_PER_TICK);
        pass(1, 2000UL * CYCLES_PER_TICK);
        pass(TICKS_TO_KNOW - 1 - regular[i], CYCLES_PER_TICK / 1000);
        CHECK_EQ(tick_tsc_hz(), 0);
        pass(TICKS_TO_KNOW, CYCLES_PER_TICK);
        check_rate();
    }
}

KTEST(tick_model, rate_is_measured_anew_when_ticks_were_lost)
{
    start();
    pass(TICKS_TO_KNOW, CYCLES_PER_TICK);
    pass(1, 50UL * CYCLES_PER_TICK);
    pass(299, CYCLES_PER_TICK);
    check_rate();
    pass(2 * TICKS_TO_KNOW, CYCLES_PER_TICK);
    check_rate();
}
