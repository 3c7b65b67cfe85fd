/* SPDX-License-Identifier: MIT */
/* Channels: order, bounds, hand-over, closing, and items of all sizes. */
#include "kernel/channel.h"

#include "kernel/clock.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "tests/unit/task_fixture.h"

#define ITEMS 100

struct end {
    struct channel *channel;
    uint32_t first; /* numbers to send: from here, so many */
    uint32_t count;
};

static intptr_t send_numbers(void *argument)
{
    const struct end *end = argument;

    for (uint32_t i = 0; i < end->count; i++) {
        uint32_t item = end->first + i;
        enum status status = channel_send(end->channel, &item, DEADLINE_NEVER);

        if (status != OK) {
            return status;
        }
    }
    return OK;
}

/* Receive until the channel is closed. Returns the sum. */
static intptr_t sum_up(void *argument)
{
    uint32_t item;
    intptr_t sum = 0;

    while (channel_receive(argument, &item, DEADLINE_NEVER) == OK) {
        sum += item;
    }
    return sum;
}

/* All numbers arrive, in order, through a channel of any capacity. */
static void check_order(size_t capacity)
{
    uint32_t room[ITEMS];
    struct channel channel;
    struct end end = {&channel, 1, ITEMS};

    channel_init(&channel, "numbers", room, capacity, sizeof(uint32_t));
    struct task *sender = task_fixture_spawn("sender", send_numbers, &end);

    for (uint32_t want = 1; want <= ITEMS; want++) {
        uint32_t got = 0;

        CHECK_OK(channel_receive(&channel, &got, DEADLINE_NEVER));
        CHECK_EQ(got, want);
    }
    CHECK_EQ(task_fixture_join(sender), OK);
}

TASK_TEST(channel, items_arrive_in_order_at_every_capacity)
{
    static const size_t capacities[] = {0, 1, 2, 3, 7, ITEMS};

    for (size_t i = 0; i < ARRAY_SIZE(capacities); i++) {
        check_order(capacities[i]);
    }
}

TASK_TEST(channel, holds_exactly_its_capacity)
{
    uint32_t room[3];
    struct channel channel = CHANNEL_INIT("three", room);
    uint32_t item;

    for (item = 1; item <= 3; item++) {
        CHECK_OK(channel_send(&channel, &item, DEADLINE_NOW));
    }
    CHECK_STATUS(channel_send(&channel, &item, DEADLINE_NOW), ERR_TIMED_OUT);
    for (uint32_t want = 1; want <= 3; want++) {
        CHECK_OK(channel_receive(&channel, &item, DEADLINE_NOW));
        CHECK_EQ(item, want);
    }
    CHECK_STATUS(channel_receive(&channel, &item, DEADLINE_NOW), ERR_TIMED_OUT);
    CHECK_EQ(item, 3);
}

TASK_TEST(channel, many_senders_and_receivers_lose_and_double_nothing)
{
    enum { SENDERS = 3, RECEIVERS = 4 };
    uint32_t room[2];
    struct channel channel = CHANNEL_INIT("numbers", room);
    struct end ends[SENDERS];
    struct task *senders[SENDERS];
    struct task *receivers[RECEIVERS];
    intptr_t sum = 0;

    for (size_t i = 0; i < RECEIVERS; i++) {
        receivers[i] = task_fixture_spawn("receiver", sum_up, &channel);
    }
    for (size_t i = 0; i < SENDERS; i++) {
        ends[i] = (struct end){&channel, (uint32_t)i * ITEMS + 1, ITEMS};
        senders[i] = task_fixture_spawn("sender", send_numbers, &ends[i]);
    }
    for (size_t i = 0; i < SENDERS; i++) {
        CHECK_EQ(task_fixture_join(senders[i]), OK);
    }
    channel_close(&channel);
    for (size_t i = 0; i < RECEIVERS; i++) {
        sum += task_fixture_join(receivers[i]);
    }
    CHECK_EQ(sum, SENDERS * ITEMS * (SENDERS * ITEMS + 1) / 2);
}

static intptr_t receive_one(void *argument)
{
    uint32_t item = 0;
    enum status status = channel_receive(argument, &item, DEADLINE_NEVER);

    return status == OK ? (intptr_t)item : -(intptr_t)status;
}

TASK_TEST(channel, who_waited_longest_receives_first)
{
    uint32_t room[1];
    struct channel channel = CHANNEL_INIT("one", room);
    struct task *first = task_fixture_spawn("first", receive_one, &channel);
    struct task *second = task_fixture_spawn("second", receive_one, &channel);

    task_yield();
    for (uint32_t item = 1; item <= 2; item++) {
        CHECK_OK(channel_send(&channel, &item, DEADLINE_NOW));
    }
    uint32_t item = 3;

    CHECK_OK(channel_send(&channel, &item, DEADLINE_NOW)); /* the two were handed theirs */
    CHECK_EQ(task_fixture_join(first), 1);
    CHECK_EQ(task_fixture_join(second), 2);
}

TASK_TEST(channel, item_handed_to_a_waiting_task_cannot_be_taken_by_another)
{
    uint32_t room[1];
    struct channel channel = CHANNEL_INIT("one", room);
    struct task *waiting = task_fixture_spawn("waiting", receive_one, &channel);
    uint32_t item = 9;

    task_yield();
    CHECK_OK(channel_send(&channel, &item, DEADLINE_NOW));
    CHECK_STATUS(channel_receive(&channel, &item, DEADLINE_NOW), ERR_TIMED_OUT);
    CHECK_EQ(task_fixture_join(waiting), 9);
}

TASK_TEST(channel, send_that_timed_out_sends_nothing)
{
    uint32_t room[1];
    struct channel channel = CHANNEL_INIT("one", room);
    uint32_t item = 1;

    CHECK_OK(channel_send(&channel, &item, DEADLINE_NEVER));
    item = 2;
    CHECK_STATUS(channel_send(&channel, &item, deadline_after(NS_PER_SECOND)), ERR_TIMED_OUT);
    CHECK_EQ(clock_now_ns(), NS_PER_SECOND);
    CHECK_OK(channel_receive(&channel, &item, DEADLINE_NOW));
    CHECK_EQ(item, 1);
    CHECK_STATUS(channel_receive(&channel, &item, DEADLINE_NOW), ERR_TIMED_OUT);
}

TASK_TEST(channel, receive_times_out_at_its_deadline)
{
    uint32_t room[1];
    struct channel channel = CHANNEL_INIT("one", room);
    uint32_t item = 5;

    CHECK_STATUS(channel_receive(&channel, &item, deadline_after(7)), ERR_TIMED_OUT);
    CHECK_EQ(clock_now_ns(), 7);
    CHECK_EQ(item, 5);
}

TASK_TEST(channel, close_under_waiting_receivers_ends_their_waits)
{
    uint32_t room[1];
    struct channel channel = CHANNEL_INIT("one", room);
    struct task *first = task_fixture_spawn("first", receive_one, &channel);
    struct task *second = task_fixture_spawn("second", receive_one, &channel);

    task_yield();
    channel_close(&channel);
    CHECK_EQ(task_fixture_join(first), -(intptr_t)ERR_CLOSED);
    CHECK_EQ(task_fixture_join(second), -(intptr_t)ERR_CLOSED);
}

TASK_TEST(channel, close_under_waiting_senders_drops_what_they_wanted_to_send)
{
    uint32_t room[1];
    struct channel channel = CHANNEL_INIT("one", room);
    struct end end = {&channel, 1, 2};
    struct task *sender = task_fixture_spawn("sender", send_numbers, &end);
    uint32_t item = 0;

    task_yield();
    channel_close(&channel);
    CHECK_EQ(task_fixture_join(sender), ERR_CLOSED);
    CHECK_OK(channel_receive(&channel, &item, DEADLINE_NEVER)); /* what was in it stays */
    CHECK_EQ(item, 1);
    CHECK_STATUS(channel_receive(&channel, &item, DEADLINE_NEVER), ERR_CLOSED);
    CHECK_STATUS(channel_send(&channel, &item, DEADLINE_NEVER), ERR_CLOSED);
}

TASK_TEST(channel, items_of_every_size_are_copied_whole)
{
    static const size_t sizes[] = {1, 2, 7, 8, 9, 16, 100};
    uint8_t room[3 * 100];
    uint8_t sent[100];
    uint8_t got[102];

    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        struct channel channel;

        channel_init(&channel, "bytes", room, 3, sizes[i]);
        for (unsigned round = 0; round < 7; round++) {
            memset(sent, (int)(round + 1), sizeof(sent));
            memset(got, 0xee, sizeof(got));
            CHECK_OK(channel_send(&channel, sent, DEADLINE_NOW));
            CHECK_OK(channel_receive(&channel, got + 1, DEADLINE_NOW));
            CHECK_EQ(got[0], 0xee);
            CHECK_MEM_EQ(got + 1, sent, sizes[i]);
            CHECK_EQ(got[1 + sizes[i]], 0xee);
        }
    }
}
