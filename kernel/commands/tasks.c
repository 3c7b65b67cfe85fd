/* SPDX-License-Identifier: MIT */
/* tasks and kill: what runs, and ending it. */
#include "kernel/console.h"
#include "kernel/cpu.h"
#include "kernel/executor.h"
#include "kernel/shell/command.h"
#include "kernel/task_report.h"
#include "kernel/task_stack.h"
#include "lib/number.h"

#define PERMILLE 1000U

static uint64_t cycles_of_all(const struct executor *executor)
{
    uint64_t sum = executor_task_cycles(&executor->idle);

    for (const struct task *task = executor->listed; task != NULL; task = task->listed_next) {
        sum += executor_task_cycles(task);
    }
    return sum;
}

static void print_task(const struct task *task, uint64_t all_cycles)
{
    uint64_t share = executor_task_cycles(task) / (all_cycles / PERMILLE + 1);
    size_t used = task_stack_high_water(task->stack);
    char state[64];

    kprintf("%4lu  %-12s %3lu.%lu  %5zu of %-6lu  %s\n", task->id, task->name, share / 10,
            share % 10, used, task->stack->range.top - task->stack->range.bottom,
            task_describe(task, state, sizeof(state)));
}

SHELL_COMMAND(tasks, .summary = "tasks and their states",
              .help = "CPU: of the time since boot. Stack: bytes ever used, of its size.\n")
{
    const struct executor *executor = executor_this();
    uint64_t all_cycles = cycles_of_all(executor);
    uint64_t idle = executor_task_cycles(&executor->idle) / (all_cycles / PERMILLE + 1);

    (void)words;
    kprintf("%4s  %-12s %5s  %-15s  %s\n", "id", "name", "cpu %", "stack used", "state");
    for (const struct task *task = executor->listed; task != NULL; task = task->listed_next) {
        print_task(task, all_cycles);
    }
    kprintf("idle: %lu.%lu %%\n", idle / 10, idle % 10);
    return OK;
}

SHELL_COMMAND(kill, .arguments = "ID", .least = 1, .most = 1, .summary = "end a task",
              .help = "It ends at its next wait; tasks shows the ids.\n")
{
    uint64_t id;
    struct task *task;

    if (!number_parse_count(words->at[1], &id)) {
        return ERR_BAD_ARG;
    }
    task = executor_find_task(id);
    if (task == NULL) {
        kprintf("kill: no task %lu\n", id);
    } else {
        task_cancel(task);
    }
    return OK;
}
