/* SPDX-License-Identifier: MIT */
/*
 * Waiting for whichever of several things comes first. Invariant: exactly one
 * case takes place, or none: the others take nothing and send nothing.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernel/channel.h"
#include "kernel/event.h"
#include "kernel/task.h"
#include "lib/compiler.h"
#include "lib/status.h"

enum select_kind { SELECT_KIND_EVENT, SELECT_KIND_SEND, SELECT_KIND_RECEIVE, SELECT_KIND_JOIN };

struct select_case {
    enum select_kind kind;
    union {
        struct event *event;
        struct channel *channel;
        struct task *task;
    };
    void *item; /* where to, or from where: as the single call takes it */
    struct waiter waiter; /* select_wait()'s */
};

/* The cases, each in place of the call of the same name. */
#define SELECT_EVENT(event_)       \
    {                              \
        .kind = SELECT_KIND_EVENT, \
        {                          \
            .event = (event_)      \
        }                          \
    }
#define SELECT_SEND(channel_, item_)                                               \
    {                                                                              \
        .kind = SELECT_KIND_SEND, {.channel = (channel_)}, .item = (void *)(item_) \
    }
#define SELECT_RECEIVE(channel_, item_)                                       \
    {                                                                         \
        .kind = SELECT_KIND_RECEIVE, {.channel = (channel_)}, .item = (item_) \
    }
#define SELECT_JOIN(task_, result_)                                    \
    {                                                                  \
        .kind = SELECT_KIND_JOIN, {.task = (task_)}, .item = (result_) \
    }

/*
 * Wait for the first of several cases. When more than one needs no wait, the
 * first in the array takes place.
 *
 * cases, count  on the caller's stack, say; 1 or more
 * chosen        out: the index of the case that ended the wait; untouched when
 *               none did
 *
 * Returns OK             the case took place
 *         ERR_CLOSED     the case can never take place: its channel or event is closed
 *         ERR_TIMED_OUT, ERR_CANCELLED
 * Context: a task.
 */
MUST_CHECK enum status select_wait(struct select_case *cases, size_t count, uint64_t deadline_ns,
                                   size_t *chosen);
