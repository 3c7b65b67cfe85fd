/* SPDX-License-Identifier: MIT */
/*
 * Waiting and waking in all interleavings of a few operations: each interrupt
 * at each place where it can come, each task doing each thing it can do.
 */
#include "kernel/channel.h"
#include "kernel/clock.h"
#include "kernel/event.h"
#include "lib/string.h"
#include "tests/host/executor_model.h"
#include "tests/unit/task_fixture.h"

/* --- A consumer and the interrupts that feed it -------------------------------------- */

#define PRODUCED_MAX 3

static struct event arrived;
static unsigned produced;

static void produce(void)
{
    produced++;
    event_set(&arrived);
}

/* Take what interrupts bring, as a driver's reader does; a lost wake-up would halt for ever. */
static void consume_all(void)
{
    unsigned consumed = 0;

    produced = 0;
    arrived = (struct event)EVENT_INIT("arrived", true);
    for (int i = 0; i < PRODUCED_MAX; i++) {
        model_interrupt(produce);
    }
    while (consumed < PRODUCED_MAX) {
        if (consumed < produced) {
            consumed++;
        } else {
            model_check(event_wait(&arrived, DEADLINE_NEVER) == OK, "the wait is done");
        }
    }
}

KTEST(interleavings, no_wake_up_from_an_interrupt_is_lost)
{
    size_t runs = model_explore(consume_all);

    CHECK_GT(runs, 100);
    ktest_note("%zu interleavings", runs);
}

static intptr_t spin(void *argument)
{
    (void)argument;
    for (int i = 0; i < 3; i++) {
        task_yield();
    }
    return 0;
}

/* The same with another task ready at times, so that the idle task is not always the next. */
static void consume_beside_another(void)
{
    struct task *other = task_fixture_spawn("other", spin, NULL);

    consume_all();
    task_fixture_join(other);
}

KTEST(interleavings, no_wake_up_is_lost_beside_a_busy_task)
{
    CHECK_GT(model_explore(consume_beside_another), 100);
}

/* --- A deadline and a wake-up at the same time ----------------------------------------- */

static void tick_past_deadline(void)
{
    model_tick(100);
}

static void set_once(void)
{
    event_set(&arrived);
}

/* Whichever comes first ends the wait, and the set is there for the next wait, or was taken. */
static void wait_with_deadline(void)
{
    unsigned taken = 0;

    arrived = (struct event)EVENT_INIT("arrived", true);
    model_interrupt(set_once);
    model_interrupt(tick_past_deadline);
    enum status status = event_wait(&arrived, 50);

    model_check(status == OK || status == ERR_TIMED_OUT, "done or timed out");
    model_check(status == OK || clock_now_ns() >= 50, "timed out not before the deadline");
    taken += status == OK;
    model_check(task_sleep_until(1000) == OK, "slept, and all interrupts have come");
    taken += event_wait(&arrived, DEADLINE_NOW) == OK;
    model_check(taken == 1, "one set lets one wait through");
}

KTEST(interleavings, deadline_and_wake_up_end_one_wait_once)
{
    CHECK_GT(model_explore(wait_with_deadline), 10);
}

/* --- Two waiting tasks, two sets ----------------------------------------------------------- */

static unsigned woken;

static intptr_t wait_once(void *argument)
{
    (void)argument;
    woken += event_wait(&arrived, DEADLINE_NEVER) == OK;
    return 0;
}

static void two_wait(void)
{
    arrived = (struct event)EVENT_INIT("arrived", true);
    woken = 0;
    struct task *first = task_fixture_spawn("first", wait_once, NULL);
    struct task *second = task_fixture_spawn("second", wait_once, NULL);

    task_yield();
    /* The second set comes once the first has been taken: sets do not add up. */
    model_interrupt(set_once);
    task_fixture_join(first);
    model_check(woken == 1, "one set wakes one");
    model_interrupt(set_once);
    task_fixture_join(second);
    model_check(woken == 2, "the second set wakes the other");
}

KTEST(interleavings, each_set_wakes_one_of_two)
{
    CHECK_GT(model_explore(two_wait), 5);
}

/* --- A channel under every sequence of operations ------------------------------------------- */

#define CHANNEL_TASKS 3
#define CHANNEL_TURNS 2
#define ITEMS_MAX     16

enum operation {
    OPERATION_SEND,
    OPERATION_RECEIVE,
    OPERATION_SEND_BRIEFLY, /* with a deadline */
    OPERATION_RECEIVE_BRIEFLY,
    OPERATION_CANCEL, /* the next task */
    OPERATION_CLOSE,
    OPERATION_COUNT,
};

static struct {
    struct channel channel;
    uint32_t room[2];
    struct task *tasks[CHANNEL_TASKS];
    uint32_t next_item;
    bool was_sent[ITEMS_MAX]; /* the send said OK */
    bool was_received[ITEMS_MAX];
    uint32_t next_of[CHANNEL_TASKS][CHANNEL_TASKS]; /* least number from a sender to a receiver */
    unsigned sender_of[ITEMS_MAX];
} played;

static void play_send(unsigned who, uint64_t deadline_ns)
{
    uint32_t item = played.next_item++;

    played.sender_of[item] = who;
    played.was_sent[item] = channel_send(&played.channel, &item, deadline_ns) == OK;
}

static void play_receive(unsigned who, uint64_t deadline_ns)
{
    uint32_t item = UINT32_MAX;

    if (channel_receive(&played.channel, &item, deadline_ns) != OK) {
        model_check(item == UINT32_MAX, "no item without OK");
        return;
    }
    model_check(item < played.next_item && !played.was_received[item], "each item once");
    if (item < ITEMS_MAX) {
        uint32_t *next = &played.next_of[played.sender_of[item]][who];

        played.was_received[item] = true;
        model_check(*next <= item, "a sender's items in order");
        *next = item + 1;
    }
}

/* What must hold of the queues whenever a task runs. */
static void check_channel(void)
{
    const struct channel *channel = &played.channel;

    model_check(channel->count <= channel->capacity, "no more items than room");
    model_check(channel->receivers.first == NULL || channel->count == 0,
                "nobody waits to receive while there is an item");
    model_check(channel->senders.first == NULL || channel->count == channel->capacity,
                "nobody waits to send while there is room");
    model_check(channel->receivers.first == NULL || channel->senders.first == NULL,
                "sender and receiver do not both wait");
    model_check(!channel->is_closed ||
                    (channel->receivers.first == NULL && channel->senders.first == NULL),
                "nobody waits at a closed channel");
}

static intptr_t play(void *argument)
{
    unsigned who = (unsigned)(uintptr_t)argument;

    for (int turn = 0; turn < CHANNEL_TURNS; turn++) {
        switch ((enum operation)model_choose(OPERATION_COUNT)) {
        case OPERATION_SEND:
            play_send(who, DEADLINE_NEVER);
            break;
        case OPERATION_RECEIVE:
            play_receive(who, DEADLINE_NEVER);
            break;
        case OPERATION_SEND_BRIEFLY:
            play_send(who, deadline_after(10));
            break;
        case OPERATION_RECEIVE_BRIEFLY:
            play_receive(who, deadline_after(10));
            break;
        case OPERATION_CANCEL:
            task_cancel(played.tasks[(who + 1) % CHANNEL_TASKS]);
            break;
        case OPERATION_CLOSE:
            channel_close(&played.channel);
            break;
        case OPERATION_COUNT:
            break;
        }
        task_accept_cancel();
        check_channel();
    }
    return 0;
}

/* Those who wait for what nobody will do are let go, as a closing kernel would. */
static void let_all_go(void)
{
    channel_close(&played.channel);
}

static void play_with_capacity(size_t capacity)
{
    played.next_item = 0;
    for (size_t i = 0; i < ITEMS_MAX; i++) {
        played.was_sent[i] = false;
        played.was_received[i] = false;
    }
    task_fixture_on_deadlock(let_all_go);
    channel_init(&played.channel, "played", played.room, capacity, sizeof(uint32_t));
    for (size_t i = 0; i < CHANNEL_TASKS; i++) {
        memset(played.next_of[i], 0, sizeof(played.next_of[i]));
        played.tasks[i] = task_fixture_spawn("player", play, (void *)i);
    }
    for (size_t i = 0; i < CHANNEL_TASKS; i++) {
        model_check(task_join(played.tasks[i], DEADLINE_NEVER, NULL) == OK, "every task ends");
    }
    for (size_t i = 0; i < CHANNEL_TASKS; i++) {
        task_release(played.tasks[i]); /* not earlier: the others cancel it */
    }
    channel_close(&played.channel);
    while (played.channel.count > 0) {
        play_receive(0, DEADLINE_NOW);
    }
    for (size_t i = 0; i < ITEMS_MAX; i++) {
        model_check(played.was_sent[i] == played.was_received[i],
                    "sent is received, unsent is not");
    }
}

static void play_without_room(void)
{
    play_with_capacity(0);
}

static void play_with_room_for_one(void)
{
    play_with_capacity(1);
}

static void play_with_room_for_two(void)
{
    play_with_capacity(2);
}

KTEST(interleavings, channel_keeps_its_promises_in_every_sequence_of_operations)
{
    size_t runs = model_explore(play_without_room);

    runs += model_explore(play_with_room_for_one);
    runs += model_explore(play_with_room_for_two);
    CHECK_GE(runs, 3 * 46656); /* six operations, three tasks, two turns */
    ktest_note("%zu sequences", runs);
}
