/* SPDX-License-Identifier: MIT */
/* Tasks under real interrupts and real time: sleep, accounting, the watchdog, reports, input. */
#include "kernel/clock.h"
#include "kernel/cpu.h"
#include "kernel/event.h"
#include "kernel/executor.h"
#include "kernel/irq.h"
#include "kernel/task_report.h"
#include "kernel/tick.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/x86/cpu.h"
#include "tests/kernel/log_search.h"
#include "tests/ktest.h"

#define SPARE_IRQ 5

KTEST(tasks, sleep_lasts_as_long_as_the_clock_says)
{
    uint64_t start = clock_now_ns();

    CHECK_OK(task_sleep_for(20 * NS_PER_MS));
    uint64_t slept = clock_now_ns() - start;

    CHECK_GE(slept, 20 * NS_PER_MS);
    CHECK_LE(slept, 40 * NS_PER_MS);
}

KTEST(tasks, idle_time_is_the_idle_tasks)
{
    struct executor *executor = executor_this();
    uint64_t idle = executor_task_cycles(&executor->idle);
    uint64_t mine = executor_task_cycles(executor->current);
    uint64_t start = tsc_read();

    CHECK_OK(task_sleep_for(20 * NS_PER_MS));
    uint64_t passed = tsc_read() - start;

    idle = executor_task_cycles(&executor->idle) - idle;
    mine = executor_task_cycles(executor->current) - mine;
    CHECK_GE(idle, passed * 8 / 10);
    CHECK_LE(mine, passed * 2 / 10);
    CHECK_LE(idle + mine, passed + passed / 100);
    CHECK_GE(idle + mine, passed - passed / 100);
}

static intptr_t work(void *argument)
{
    uint64_t cycles = (uint64_t)argument;
    uint64_t start = tsc_read();

    while (tsc_read() - start < cycles) {
    }
    return (intptr_t)executor_task_cycles(task_current());
}

KTEST(tasks, cpu_time_is_charged_to_the_task_that_used_it)
{
    const uint64_t cycles = 3000000;
    struct task *busy;
    struct task *brief;
    intptr_t busy_cycles = 0;
    intptr_t brief_cycles = 0;

    REQUIRE_OK(task_spawn("busy", work, (void *)cycles, TASK_STACK_DEFAULT, &busy));
    REQUIRE_OK(task_spawn("brief", work, NULL, TASK_STACK_DEFAULT, &brief));
    CHECK_OK(task_join(busy, DEADLINE_NEVER, &busy_cycles));
    CHECK_OK(task_join(brief, DEADLINE_NEVER, &brief_cycles));
    task_release(busy);
    task_release(brief);
    CHECK_GE((uint64_t)busy_cycles, cycles);
    CHECK_LE((uint64_t)busy_cycles, cycles * 2);
    CHECK_LE((uint64_t)brief_cycles, cycles / 2);
}

static struct event struck = EVENT_INIT("struck", true);

static void strike(void)
{
    event_set(&struck);
}

static intptr_t wait_until_struck(void *argument)
{
    (void)argument;
    return event_wait(&struck, DEADLINE_NEVER);
}

KTEST(tasks, interrupt_wakes_a_waiting_task)
{
    struct task *task;

    if (!irq_is_available()) {
        SKIP("no PIC");
    }
    REQUIRE_OK(irq_attach(SPARE_IRQ, strike));
    REQUIRE_OK(task_spawn("waiting", wait_until_struck, NULL, TASK_STACK_DEFAULT, &task));
    task_yield();
    CHECK_STATUS(task_join(task, DEADLINE_NOW, NULL), ERR_TIMED_OUT);
    __asm__ volatile("int %0" : : "i"(IRQ_VECTOR_BASE + SPARE_IRQ) : "memory");
    intptr_t result = -1;

    CHECK_OK(task_join(task, deadline_after(NS_PER_SECOND), &result));
    CHECK_EQ(result, OK);
    task_release(task);
    irq_detach(SPARE_IRQ);
}

KTEST(tasks, watchdog_names_a_task_that_keeps_the_cpu)
{
    struct executor *executor = executor_this();

    if (tick_source() == TICK_NONE) {
        SKIP("nothing ticks");
    }
    task_yield();
    watchdog_set_period(&executor->watchdog, tick_period_ns());
    uint64_t ticks = tick_count();

    while (tick_count() < ticks + 2100) {
    }
    watchdog_set_period(&executor->watchdog, 0);
    CHECK(log_has("task `main` has not given way for 2 seconds"));
}

static intptr_t wait_for_main(void *argument)
{
    return task_join(argument, DEADLINE_NEVER, NULL);
}

static void report_and_cancel(struct executor *executor)
{
    task_report_deadlock(executor);
    for (struct task *task = executor->listed; task != NULL; task = task->listed_next) {
        task_cancel(task);
    }
}

KTEST(tasks, deadlock_report_says_what_each_task_waits_for)
{
    struct executor *executor = executor_this();
    const struct executor_hooks *own_hooks = executor->hooks;
    struct executor_hooks hooks = *own_hooks;
    struct task *task;

    hooks.deadlocked = report_and_cancel;
    executor->hooks = &hooks;
    REQUIRE_OK(task_spawn("child", wait_for_main, task_current(), TASK_STACK_DEFAULT, &task));
    CHECK_STATUS(task_join(task, DEADLINE_NEVER, NULL), ERR_CANCELLED);
    CHECK(task_accept_cancel());
    executor->hooks = own_hooks;
    CHECK_OK(task_join(task, DEADLINE_NEVER, NULL));
    task_release(task);
    CHECK(log_has("deadlock: nothing can wake any of 2 tasks"));
    CHECK(log_has("deadlock: task `child` waits for the end of task `main`"));
    CHECK(log_has("deadlock: task `main` waits for the end of task `child`"));
}

static struct event never = EVENT_INIT("never", false);

static intptr_t wait_until_cancelled(void *argument)
{
    (void)argument;
    return event_wait(&never, DEADLINE_NEVER);
}

KTEST(tasks, report_of_a_deadlock_is_cut_and_says_of_how_many_tasks)
{
    enum { MORE_THAN_ARE_LISTED = 35 };
    struct task *tasks[MORE_THAN_ARE_LISTED];
    struct executor *executor = executor_this();
    char last[64];

    for (size_t i = 0; i < ARRAY_SIZE(tasks); i++) {
        REQUIRE_OK(task_spawn("stuck", wait_until_cancelled, NULL, TASK_STACK_DEFAULT, &tasks[i]));
    }
    task_yield();
    task_report_deadlock(executor);
    ksnprintf(last, sizeof(last), "deadlock: and %zu tasks more", executor->task_count - 32);
    for (size_t i = 0; i < ARRAY_SIZE(tasks); i++) {
        task_cancel(tasks[i]);
        CHECK_OK(task_join(tasks[i], DEADLINE_NEVER, NULL));
        task_release(tasks[i]);
    }
    CHECK(log_has("deadlock: task `stuck` waits for event `never`"));
    CHECK(log_has(last));
}

KTEST(tasks, description_says_what_a_task_does)
{
    struct task *task;
    char text[64];

    REQUIRE_OK(task_spawn("waiting", wait_until_struck, NULL, TASK_STACK_DEFAULT, &task));
    CHECK_STR_EQ(task_describe(task, text, sizeof(text)), "ready");
    CHECK_STR_EQ(task_describe(task_current(), text, sizeof(text)), "running");
    task_yield();
    CHECK_STR_EQ(task_describe(task, text, sizeof(text)), "waits for event `struck`");
    event_set(&struck);
    CHECK_OK(task_join(task, DEADLINE_NEVER, NULL));
    CHECK_STR_EQ(task_describe(task, text, sizeof(text)), "finished");
    task_release(task);
}
