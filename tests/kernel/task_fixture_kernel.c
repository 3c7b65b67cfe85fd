/* SPDX-License-Identifier: MIT */
/* The fixture on the kernel's own executor: other hooks, and a clock that the idle task moves. */
#include <stddef.h>

#include "kernel/clock.h"
#include "kernel/cpu.h"
#include "kernel/executor.h"
#include "lib/x86/cpu.h"
#include "tests/kernel/tasks_settle.h"
#include "tests/unit/task_fixture.h"

static struct {
    uint64_t now_ns;
    void (*deadlocked)(void);
    struct task *main;
} fixture;

static uint64_t virtual_now(void)
{
    return fixture.now_ns;
}

/* Nothing is ready: be at the next deadline, or where there is none wait for a real interrupt. */
static void virtual_halt(struct executor *executor)
{
    uint64_t next_ns = timer_next_deadline(&executor->timers);

    if (next_ns == TIMER_NEVER) {
        irq_enable_and_halt();
        return;
    }
    fixture.now_ns = next_ns;
    executor->attention |= ATTENTION_TIME;
    irq_enable();
}

static void deadlocked(struct executor *executor)
{
    bool is_expected = fixture.deadlocked != NULL;

    (void)executor;
    CHECK(is_expected);
    if (is_expected) {
        fixture.deadlocked();
    } else {
        task_cancel(fixture.main);
    }
}

static void stuck(struct executor *executor)
{
    (void)executor;
}

void task_fixture_on_deadlock(void (*function)(void))
{
    fixture.deadlocked = function;
}

void task_fixture_run(void (*body)(void))
{
    static const struct executor_hooks hooks = {
        .halt = virtual_halt, .deadlocked = deadlocked, .stuck = stuck};
    static const struct clock_source source = {
        .name = "virtual", .read = virtual_now, .hz = NS_PER_SECOND};
    struct executor *executor = executor_this();
    const struct executor_hooks *own_hooks = executor->hooks;
    size_t tasks = executor->task_count;

    CHECK_EQ(executor->timers.count, 0);
    timer_queue_init(&executor->timers); /* its base is of the other timeline */
    fixture.now_ns = 0;
    fixture.deadlocked = NULL;
    fixture.main = task_current();
    executor->hooks = &hooks;
    clock_inject(&source);
    journal_clear();
    body();
    tasks_settle();
    CHECK_EQ(executor->task_count, tasks);
    CHECK_EQ(executor->timers.count, 0);
    task_accept_cancel();
    clock_inject(NULL);
    executor->hooks = own_hooks;
    timer_queue_init(&executor->timers);
}
