/* SPDX-License-Identifier: MIT */
/* Select: look at each case; where none needs no wait, be in line at all at once. */
#include "kernel/select.h"

#include "kernel/clock.h"
#include "kernel/wait.h"
#include "lib/assert.h"

/* Let a case take place if that needs no wait. */
static bool try_case(struct select_case *select_case, enum status *status)
{
    switch (select_case->kind) {
    case SELECT_KIND_EVENT:
        return event_try_wait(select_case->event, status);
    case SELECT_KIND_SEND:
        return channel_try_send(select_case->channel, select_case->item, status);
    case SELECT_KIND_RECEIVE:
        return channel_try_receive(select_case->channel, select_case->item, status);
    case SELECT_KIND_JOIN:
        return task_try_join(select_case->task, select_case->item, status);
    }
    return false;
}

static struct wait_queue *queue_of(struct select_case *select_case)
{
    switch (select_case->kind) {
    case SELECT_KIND_EVENT:
        return &select_case->event->waiters;
    case SELECT_KIND_SEND:
        return &select_case->channel->senders;
    case SELECT_KIND_RECEIVE:
        return &select_case->channel->receivers;
    case SELECT_KIND_JOIN:
        break;
    }
    return &select_case->task->joiners;
}

enum status select_wait(struct select_case *cases, size_t count, uint64_t deadline_ns,
                        size_t *chosen)
{
    enum status status = wait_enter();
    struct waiter *ended_by;

    ASSERT_CMP(count, >, 0);
    if (status != OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        if (try_case(&cases[i], &status)) {
            *chosen = i;
            return status;
        }
    }
    if (deadline_ns == DEADLINE_NOW) {
        return ERR_TIMED_OUT;
    }
    for (size_t i = 0; i < count; i++) {
        wait_join_queue(&cases[i].waiter, queue_of(&cases[i]), cases[i].item);
    }
    status = wait_block(deadline_ns, &ended_by);
    for (size_t i = 0; i < count; i++) {
        if (ended_by == &cases[i].waiter) {
            *chosen = i;
        }
    }
    return status;
}
