/* SPDX-License-Identifier: MIT */
/*
 * Events. is_signalled is written with interrupts masked, or by the executor
 * before it delivers: a signal that comes after that is delivered once more.
 */
#include "kernel/event.h"

#include <stddef.h>

#include "kernel/cpu.h"
#include "kernel/executor.h"
#include "kernel/wait.h"
#include "lib/x86/cpu.h"

void event_set(struct event *event)
{
    uint64_t flags = irq_save();

    if (!event->is_signalled) {
        struct executor *executor = executor_this();

        event->is_signalled = true;
        event->next_signalled = NULL;
        *executor->signalled_end = event;
        executor->signalled_end = &event->next_signalled;
        executor->attention |= ATTENTION_SIGNAL;
    }
    irq_restore(flags);
}

void event_deliver(struct event *event)
{
    __atomic_store_n(&event->is_signalled, false, __ATOMIC_RELAXED);
    if (event->waiters.first != NULL) {
        wait_end(event->waiters.first, OK);
    } else {
        event->is_set = true;
    }
}

bool event_try_wait(struct event *event, enum status *status)
{
    if (event->is_closed) {
        *status = ERR_CLOSED;
        return true;
    }
    if (event->is_set) {
        event->is_set = false;
        *status = OK;
        return true;
    }
    return false;
}

enum status event_wait(struct event *event, uint64_t deadline_ns)
{
    enum status status = wait_enter();

    if (status != OK || event_try_wait(event, &status)) {
        return status;
    }
    return wait_in(&event->waiters, NULL, deadline_ns);
}

void event_close(struct event *event)
{
    executor_attend(executor_this()); /* it may be in the list of those signalled */
    event->is_closed = true;
    wait_end_all(&event->waiters, ERR_CLOSED);
}
