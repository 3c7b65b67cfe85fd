/* SPDX-License-Identifier: MIT */
/*
 * A wake-up between any two instructions of a wait: the real code is run step
 * by step, and at one step after the other the event is set as an interrupt
 * would. tests/e2e/test_idle.py does the same around the halt itself.
 */
#include "kernel/clock.h"
#include "kernel/cpu.h"
#include "kernel/event.h"
#include "kernel/executor.h"
#include "kernel/trap.h"
#include "lib/x86/cpu.h"
#include "tests/kernel/stepping.h"
#include "tests/ktest.h"

#define STEPS_MAX 10000

/* Longer waits are not swept, since that takes the square of it: a compiler's checks are in them.
 */
#define SWEPT_STEPS_MAX 3000

static struct {
    struct event event;
    uint64_t steps; /* instructions since stepping began */
    uint64_t set_at; /* the step at which the event is set */
    bool was_set;
    bool was_lost; /* the executor halted with the event set and nobody woken */
} stepped;

/* After each instruction; an interrupt could come where they are enabled. */
static bool step(struct trap_frame *frame)
{
    if (++stepped.steps >= stepped.set_at && (frame->rflags & RFLAGS_IF) != 0 && !stepped.was_set) {
        stepped.was_set = true;
        event_set(&stepped.event);
    }
    return true;
}

/* Nothing is ready: the event is set now if its step has not come, else the wake-up was lost. */
static void halt(struct executor *executor)
{
    (void)executor;
    stepped.was_lost = stepped.was_set;
    stepped.was_set = true;
    event_set(&stepped.event);
    irq_enable();
}

static void nothing(struct executor *executor)
{
    (void)executor;
}

/* Wait once, with the event set at that step. Returns the steps the wait took. */
static uint64_t wait_with_set_at(uint64_t set_at, enum status *status)
{
    stepped.event = (struct event)EVENT_INIT("stepped", true);
    stepped.steps = 0;
    stepped.set_at = set_at;
    stepped.was_set = false;
    stepped.was_lost = false;
    stepping_begin();
    *status = event_wait(&stepped.event, DEADLINE_NEVER);
    stepping_end();
    return stepped.steps;
}

KTEST(lost_wakeup, set_at_every_instruction_of_a_wait_ends_it)
{
    static const struct executor_hooks hooks = {
        .halt = halt, .deadlocked = nothing, .stuck = nothing};
    struct executor *executor = executor_this();
    const struct executor_hooks *own_hooks = executor->hooks;
    trap_handler *previous = trap_set_handler(TRAP_DEBUG, step);
    uint64_t swept = 0;
    uint64_t steps;
    bool was_lost = false;
    enum status status = OK;

    executor->hooks = &hooks;
    steps = wait_with_set_at(STEPS_MAX, &status);
    bool is_swept = steps <= SWEPT_STEPS_MAX;

    /* A wait is as long as its sweep goes: the last steps lie behind the halt. */
    for (uint64_t set_at = 1; is_swept && set_at < steps && !was_lost && status == OK; set_at++) {
        steps = wait_with_set_at(set_at, &status);
        was_lost = stepped.was_lost;
        swept++;
    }
    trap_set_handler(TRAP_DEBUG, previous);
    executor->hooks = own_hooks;
    if (!is_swept) {
        SKIP("a wait has too many instructions to stop at each of them");
    }
    ktest_note("%lu instructions", swept);
    CHECK(!was_lost);
    CHECK_OK(status);
    CHECK_GT(swept, 100);
    CHECK_LT(swept, SWEPT_STEPS_MAX);
}
