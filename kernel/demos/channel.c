/* SPDX-License-Identifier: MIT */
/*
 * Two tasks and a channel between them, which is theirs together: whoever
 * leaves last frees it. Ended early, either closes it, and the other sees that.
 */
#include "kernel/channel.h"

#include <stddef.h>
#include <stdint.h>

#include "kernel/clock.h"
#include "kernel/console.h"
#include "kernel/demos/demos.h"
#include "kernel/task.h"
#include "mm/kmalloc.h"

#define NUMBERS 5U
#define ROOM    2U
#define PACE_NS (300 * NS_PER_MS)

struct shared {
    struct channel channel;
    uint32_t items[ROOM];
    unsigned users;
};

static void leave(struct shared *shared)
{
    channel_close(&shared->channel);
    if (--shared->users == 0) {
        kfree(shared);
    }
}

static intptr_t produce(void *argument)
{
    struct shared *shared = argument;

    for (uint32_t number = 1; number <= NUMBERS; number++) {
        if (channel_send(&shared->channel, &number, DEADLINE_NEVER) != OK ||
            task_sleep_for(PACE_NS) != OK) {
            break;
        }
    }
    leave(shared);
    return 0;
}

static intptr_t consume(void *argument)
{
    struct shared *shared = argument;
    enum status status;
    uint32_t number;

    while ((status = channel_receive(&shared->channel, &number, DEADLINE_NEVER)) == OK) {
        kprintf("consumer: received %u\n", number);
    }
    if (status == ERR_CLOSED) {
        kprintf("consumer: the channel is closed\n");
    }
    leave(shared);
    return 0;
}

enum status demo_channel(void)
{
    struct shared *shared = kmalloc(sizeof(*shared));
    enum status status;

    if (shared == NULL) {
        return ERR_NO_MEMORY;
    }
    channel_init(&shared->channel, "numbers", shared->items, ROOM, sizeof(shared->items[0]));
    shared->users = 2;
    status = task_spawn("consumer", consume, shared, TASK_STACK_DEFAULT, NULL);
    if (status != OK) {
        kfree(shared);
        return status;
    }
    status = task_spawn("producer", produce, shared, TASK_STACK_DEFAULT, NULL);
    if (status != OK) {
        leave(shared); /* in the producer's place */
    }
    return status;
}
