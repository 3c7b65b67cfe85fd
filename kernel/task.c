/* SPDX-License-Identifier: MIT */
/*
 * A task's life: its memory is gone when it has finished, its last switch is
 * over, and the handle has been given back. It cannot free the stack it runs
 * on: one that runs later does.
 */
#include "kernel/task.h"

#include <stddef.h>

#include "kernel/clock.h"
#include "kernel/context.h"
#include "kernel/cpu.h"
#include "kernel/executor.h"
#include "kernel/task_stack.h"
#include "kernel/wait.h"
#include "lib/assert.h"
#include "mm/kmalloc.h"

static void enlist(struct executor *executor, struct task *task)
{
    task->listed_next = executor->listed;
    task->listed_previous = NULL;
    if (executor->listed != NULL) {
        executor->listed->listed_previous = task;
    }
    executor->listed = task;
    executor->task_count++;
}

static void delist(struct executor *executor, struct task *task)
{
    if (task->listed_previous != NULL) {
        task->listed_previous->listed_next = task->listed_next;
    } else {
        executor->listed = task->listed_next;
    }
    if (task->listed_next != NULL) {
        task->listed_next->listed_previous = task->listed_previous;
    }
    executor->task_count--;
}

static void drop_reference(struct task *task)
{
    ASSERT_CMP(task->references, >, 0);
    if (--task->references == 0) {
        kfree(task);
    }
}

void executor_bury(struct executor *executor)
{
    struct task *task = executor->finished;

    executor->finished = NULL;
    task_stack_free(task->stack);
    task->stack = NULL;
    drop_reference(task);
}

NORETURN static void finish(struct executor *executor, struct task *task, intptr_t result)
{
    task->result = result;
    task->state = TASK_FINISHED;
    for (struct waiter *joiner = task->joiners.first; joiner != NULL; joiner = joiner->next) {
        if (joiner->item != NULL) {
            *(intptr_t *)joiner->item = result;
        }
    }
    wait_end_all(&task->joiners, OK);
    delist(executor, task);
    if (executor->finished != NULL) {
        executor_bury(executor);
    }
    executor_leave(executor);
}

/* Where every task begins. */
static void task_start(void)
{
    struct executor *executor = executor_this();
    struct task *task = executor->current;

    finish(executor, task, task->entry(task->argument));
}

enum status task_spawn(const char *name, task_entry *entry, void *argument, size_t stack_bytes,
                       struct task **task)
{
    struct executor *executor = executor_this();
    struct task *new_task;
    struct task_stack *stack;
    enum status status;

    if (executor->finished != NULL) {
        executor_bury(executor);
    }
    new_task = kmalloc(sizeof(*new_task));
    if (new_task == NULL) {
        return ERR_NO_MEMORY;
    }
    status = task_stack_alloc(stack_bytes, name, &stack);
    if (status != OK) {
        kfree(new_task);
        return status;
    }
    /* Member by member: most of the rest is written before it is read. */
    new_task->stack_pointer = context_prepare(task_stack_top(stack), task_start);
    new_task->cycles = 0;
    new_task->state = TASK_RUNNABLE;
    new_task->is_cancelled = false;
    new_task->waiters = NULL;
    new_task->timer.link.next = NULL;
    new_task->id = ++executor->last_id;
    new_task->name = name;
    new_task->entry = entry;
    new_task->argument = argument;
    wait_queue_init(&new_task->joiners, WAIT_FOR_TASK, name, false);
    new_task->stack = stack;
    new_task->references = task != NULL ? 2 : 1;
    enlist(executor, new_task);
    executor_append(executor, new_task);
    if (task != NULL) {
        *task = new_task;
    }
    return OK;
}

void task_release(struct task *task)
{
    drop_reference(task);
}

struct task *task_current(void)
{
    return executor_this()->current;
}

enum status task_sleep_until(uint64_t deadline_ns)
{
    enum status status = wait_enter();

    if (status == OK && deadline_ns > clock_now_ns()) {
        status = wait_block(deadline_ns, NULL);
    }
    return status == ERR_TIMED_OUT ? OK : status;
}

enum status task_sleep_for(uint64_t ns)
{
    return task_sleep_until(deadline_after(ns));
}

bool task_try_join(struct task *task, intptr_t *result, enum status *status)
{
    if (task->state != TASK_FINISHED) {
        return false;
    }
    if (result != NULL) {
        *result = task->result;
    }
    *status = OK;
    return true;
}

enum status task_join(struct task *task, uint64_t deadline_ns, intptr_t *result)
{
    enum status status = wait_enter();

    ASSERT_CMP(task, !=, task_current());
    if (status != OK || task_try_join(task, result, &status)) {
        return status;
    }
    return wait_in(&task->joiners, result, deadline_ns);
}

void task_cancel(struct task *task)
{
    task->is_cancelled = true;
    if (task->state == TASK_WAITING) {
        wait_end_task(executor_this(), task, NULL, ERR_CANCELLED);
    }
}

bool task_is_cancelled(void)
{
    return task_current()->is_cancelled;
}

bool task_accept_cancel(void)
{
    struct task *task = task_current();
    bool was_cancelled = task->is_cancelled;

    task->is_cancelled = false;
    return was_cancelled;
}
