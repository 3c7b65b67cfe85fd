/* SPDX-License-Identifier: MIT */
/* Tasks in words. */
#include "kernel/task_report.h"

#include "kernel/log.h"
#include "lib/format.h"

#define TEXT_SIZE 80

/* Reports stay readable with ten thousand tasks. */
#define REPORT_TASKS_MAX 32

static const char *const wait_words[] = {
    [WAIT_FOR_EVENT] = "waits for event",
    [WAIT_TO_RECEIVE] = "waits to receive from channel",
    [WAIT_TO_SEND] = "waits to send to channel",
    [WAIT_FOR_TASK] = "waits for the end of task",
};

static const char *describe_wait(const struct task *task, char *buffer, size_t size)
{
    const struct waiter *waiter = task->waiters;

    if (waiter == NULL) {
        ksnprintf(buffer, size, "%s",
                  timer_is_pending(&task->timer) ? "sleeps" : "sleeps for ever");
    } else {
        const struct wait_queue *queue = waiter->queue;

        ksnprintf(buffer, size, "%s `%s`%s", wait_words[queue->kind], queue->name,
                  waiter->sibling != NULL ? ", or more" : "");
    }
    return buffer;
}

const char *task_describe(const struct task *task, char *buffer, size_t size)
{
    switch (task->state) {
    case TASK_RUNNABLE:
        ksnprintf(buffer, size, "%s", task == task_current() ? "running" : "ready");
        break;
    case TASK_WAITING:
        return describe_wait(task, buffer, size);
    case TASK_FINISHED:
        ksnprintf(buffer, size, "finished");
        break;
    }
    return buffer;
}

void task_report_deadlock(struct executor *executor)
{
    char text[TEXT_SIZE];
    size_t count = 0;

    log_error("executor", "deadlock: nothing can wake any of %zu tasks", executor->task_count);
    for (const struct task *task = executor->listed; task != NULL; task = task->listed_next) {
        if (count++ == REPORT_TASKS_MAX) {
            log_error("executor", "deadlock: and %zu tasks more",
                      executor->task_count - REPORT_TASKS_MAX);
            return;
        }
        log_error("executor", "deadlock: task `%s` %s", task->name,
                  task_describe(task, text, sizeof(text)));
    }
}
