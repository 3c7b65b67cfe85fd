/* SPDX-License-Identifier: MIT */
/*
 * Channels: a bounded queue of equal items between any number of sending and
 * receiving tasks. Invariants: items come out in the order in which their sends
 * began to wait or ended; nobody waits to receive while there is an item, and
 * nobody to send while there is room. Who waits is handed the item, or its
 * room, by who ends the wait: no third task can come in between.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/wait_queue.h"
#include "lib/compiler.h"
#include "lib/status.h"

struct channel {
    uint8_t *items; /* a ring of `capacity` items */
    size_t item_size; /* bytes */
    size_t capacity;
    size_t first; /* the oldest item's place */
    size_t count;
    bool is_closed;
    struct wait_queue senders;
    struct wait_queue receivers;
};

/*
 * A channel over an array.
 *
 * name   for reports
 * array  of items of any type; its length is the channel's capacity
 */
#define CHANNEL_INIT(name, array)                                     \
    {                                                                 \
        .items = (uint8_t *)(array), .item_size = sizeof((array)[0]), \
        .capacity = sizeof(array) / sizeof((array)[0]),               \
        .senders = WAIT_QUEUE_INIT(WAIT_TO_SEND, (name), false),      \
        .receivers = WAIT_QUEUE_INIT(WAIT_TO_RECEIVE, (name), false)  \
    }

/*
 * Set up a channel.
 *
 * items      room for capacity * item_size bytes; NULL when that is 0
 * capacity   items that may wait; 0: each send waits for its receive
 * item_size  bytes, 1 or more
 */
void channel_init(struct channel *channel, const char *name, void *items, size_t capacity,
                  size_t item_size);

/*
 * Send an item, waiting while there is no room.
 *
 * item  item_size bytes, copied
 *
 * Returns OK, ERR_TIMED_OUT, ERR_CANCELLED or ERR_CLOSED; unless OK the item
 * has not been sent and will not be. Context: a task.
 */
MUST_CHECK enum status channel_send(struct channel *channel, const void *item,
                                    uint64_t deadline_ns);

/*
 * Receive the oldest item, waiting while there is none.
 *
 * item  out: item_size bytes; untouched unless OK
 *
 * Returns OK, ERR_TIMED_OUT or ERR_CANCELLED; ERR_CLOSED when the channel is
 * closed and empty. Context: a task.
 */
MUST_CHECK enum status channel_receive(struct channel *channel, void *item, uint64_t deadline_ns);

/*
 * Close a channel: sends answer ERR_CLOSED, those that wait too; receives go on
 * until it is empty. Closing it again changes nothing. Context: a task.
 */
void channel_close(struct channel *channel);

/* --- For select -------------------------------------------------------------------- */

/* Send or receive if that needs no wait. Returns false, status untouched, when it does. */
bool channel_try_send(struct channel *channel, const void *item, enum status *status);
bool channel_try_receive(struct channel *channel, void *item, enum status *status);
