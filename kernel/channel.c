/* SPDX-License-Identifier: MIT */
/* Channels: an item goes from sender to receiver by way of the ring, or straight. */
#include "kernel/channel.h"

#include "kernel/wait.h"
#include "lib/assert.h"
#include "lib/string.h"

void channel_init(struct channel *channel, const char *name, void *items, size_t capacity,
                  size_t item_size)
{
    ASSERT_CMP(item_size, >, 0);
    *channel = (struct channel){
        .items = items,
        .item_size = item_size,
        .capacity = capacity,
        .senders = WAIT_QUEUE_INIT(WAIT_TO_SEND, name, false),
        .receivers = WAIT_QUEUE_INIT(WAIT_TO_RECEIVE, name, false),
    };
}

/* Copy an item. Most are as large as a pointer: that is one move, without a call. */
static inline void copy(void *to, const void *from, size_t size)
{
    if (LIKELY(size == sizeof(uint64_t))) {
        __builtin_memcpy(to, from, sizeof(uint64_t));
    } else {
        memcpy(to, from, size);
    }
}

/* Put an item behind the others, where there is room. */
static void put(struct channel *channel, const void *item)
{
    size_t place = channel->first + channel->count;

    if (place >= channel->capacity) {
        place -= channel->capacity;
    }
    copy(channel->items + place * channel->item_size, item, channel->item_size);
    channel->count++;
}

static void take(struct channel *channel, void *item)
{
    copy(item, channel->items + channel->first * channel->item_size, channel->item_size);
    channel->count--;
    if (++channel->first == channel->capacity) {
        channel->first = 0;
    }
}

static ALWAYS_INLINE bool try_send(struct channel *channel, const void *item, enum status *status)
{
    struct waiter *receiver = channel->receivers.first;

    if (channel->is_closed) {
        *status = ERR_CLOSED;
    } else if (receiver != NULL) {
        copy(receiver->item, item, channel->item_size);
        wait_end(receiver, OK);
        *status = OK;
    } else if (channel->count < channel->capacity) {
        put(channel, item);
        *status = OK;
    } else {
        return false;
    }
    return true;
}

static ALWAYS_INLINE bool try_receive(struct channel *channel, void *item, enum status *status)
{
    struct waiter *sender = channel->senders.first;

    if (channel->count > 0) {
        take(channel, item);
        if (sender != NULL) {
            put(channel, sender->item);
            wait_end(sender, OK);
        }
        *status = OK;
    } else if (sender != NULL) {
        copy(item, sender->item, channel->item_size);
        wait_end(sender, OK);
        *status = OK;
    } else if (channel->is_closed) {
        *status = ERR_CLOSED;
    } else {
        return false;
    }
    return true;
}

enum status channel_send(struct channel *channel, const void *item, uint64_t deadline_ns)
{
    enum status status = wait_enter();

    if (status != OK || try_send(channel, item, &status)) {
        return status;
    }
    return wait_in(&channel->senders, (void *)item, deadline_ns);
}

enum status channel_receive(struct channel *channel, void *item, uint64_t deadline_ns)
{
    enum status status = wait_enter();

    if (status != OK || try_receive(channel, item, &status)) {
        return status;
    }
    return wait_in(&channel->receivers, item, deadline_ns);
}

bool channel_try_send(struct channel *channel, const void *item, enum status *status)
{
    return try_send(channel, item, status);
}

bool channel_try_receive(struct channel *channel, void *item, enum status *status)
{
    return try_receive(channel, item, status);
}

void channel_close(struct channel *channel)
{
    channel->is_closed = true;
    wait_end_all(&channel->senders, ERR_CLOSED);
    wait_end_all(&channel->receivers, ERR_CLOSED);
}
