/* SPDX-License-Identifier: MIT */
/* Cancelling: in every kind of wait, before the first turn, after the end. */
#include "kernel/clock.h"
#include "kernel/select.h"
#include "lib/bits.h"
#include "tests/unit/task_fixture.h"

static uint32_t room[1];
static struct channel channel;
static struct event event;
static struct task *target; /* of those that join */

static void things_init(void)
{
    uint32_t item = 1;

    channel_init(&channel, "channel", room, 1, sizeof(uint32_t));
    CHECK_OK(channel_send(&channel, &item, DEADLINE_NOW));
    event = (struct event)EVENT_INIT("event", false);
}

static intptr_t in_sleep(void *argument)
{
    (void)argument;
    return task_sleep_for(NS_PER_SECOND);
}

static intptr_t in_event_wait(void *argument)
{
    (void)argument;
    return event_wait(&event, DEADLINE_NEVER);
}

static intptr_t in_event_wait_with_deadline(void *argument)
{
    (void)argument;
    return event_wait(&event, deadline_after(NS_PER_SECOND));
}

static intptr_t in_send(void *argument)
{
    uint32_t item = 2;

    (void)argument;
    return channel_send(&channel, &item, DEADLINE_NEVER);
}

static intptr_t in_receive(void *argument)
{
    uint32_t item;
    struct channel empty;

    (void)argument;
    channel_init(&empty, "empty", NULL, 0, sizeof(uint32_t));
    return channel_receive(&empty, &item, DEADLINE_NEVER);
}

static intptr_t in_join(void *argument)
{
    (void)argument;
    return task_join(target, DEADLINE_NEVER, NULL);
}

static intptr_t in_select(void *argument)
{
    uint32_t item = 3;
    struct select_case cases[] = {SELECT_EVENT(&event), SELECT_SEND(&channel, &item),
                                  SELECT_JOIN(target, NULL)};
    size_t chosen;

    (void)argument;
    return select_wait(cases, 3, deadline_after(NS_PER_SECOND), &chosen);
}

static task_entry *const kinds[] = {
    in_sleep, in_event_wait, in_event_wait_with_deadline, in_send, in_receive, in_join, in_select};

#define KINDS (ARRAY_SIZE(kinds))

TASK_TEST(cancel, ends_every_kind_of_wait_at_once)
{
    things_init();
    target = task_fixture_spawn("target", in_event_wait, NULL);
    for (size_t i = 0; i < KINDS; i++) {
        struct task *task = task_fixture_spawn("waiting", kinds[i], NULL);

        task_yield();
        task_cancel(task);
        CHECK_EQ(task_fixture_join(task), ERR_CANCELLED);
        CHECK_EQ(clock_now_ns(), 0);
    }
    CHECK_EQ(channel.senders.first, NULL);
    event_set(&event); /* for the target: all others have left the queue */
    CHECK_EQ(task_fixture_join(target), OK);
}

TASK_TEST(cancel, before_the_first_turn_ends_the_first_wait)
{
    things_init();
    target = task_fixture_spawn("target", in_event_wait, NULL);
    for (size_t i = 0; i < KINDS; i++) {
        struct task *task = task_fixture_spawn("new", kinds[i], NULL);

        task_cancel(task);
        CHECK_EQ(task_fixture_join(task), ERR_CANCELLED);
    }
    task_yield();
    event_set(&event);
    CHECK_EQ(task_fixture_join(target), OK);
}

static intptr_t take_what_is_there(void *argument)
{
    uint32_t item = 0;

    (void)argument;
    task_yield();
    enum status first = channel_receive(&channel, &item, DEADLINE_NOW);
    enum status second = event_wait(&event, DEADLINE_NOW);

    return first == ERR_CANCELLED && second == ERR_CANCELLED && item == 0;
}

TASK_TEST(cancel, wins_over_what_could_be_had_without_waiting)
{
    uint32_t item = 0;

    things_init();
    event_set(&event);
    struct task *task = task_fixture_spawn("taker", take_what_is_there, NULL);

    task_yield();
    task_cancel(task);
    CHECK(task_fixture_join(task));
    CHECK_OK(channel_receive(&channel, &item, DEADLINE_NOW)); /* still there */
    CHECK_OK(event_wait(&event, DEADLINE_NOW));
}

static intptr_t wait_again_and_again(void *argument)
{
    intptr_t cancelled = 0;

    (void)argument;
    for (int i = 0; i < 3; i++) {
        cancelled += task_sleep_for(1) == ERR_CANCELLED;
    }
    CHECK(task_is_cancelled());
    CHECK(task_accept_cancel());
    CHECK(!task_is_cancelled());
    CHECK(!task_accept_cancel());
    CHECK_OK(task_sleep_for(NS_PER_SECOND)); /* cleaning up takes time */
    return cancelled;
}

TASK_TEST(cancel, stays_until_it_is_accepted)
{
    struct task *task = task_fixture_spawn("stubborn", wait_again_and_again, NULL);

    task_cancel(task);
    CHECK_EQ(task_fixture_join(task), 3);
    CHECK_EQ(clock_now_ns(), NS_PER_SECOND);
}

TASK_TEST(cancel, of_a_finished_task_changes_nothing)
{
    struct task *task = task_fixture_spawn("sleeper", in_sleep, NULL);

    CHECK_OK(task_join(task, DEADLINE_NEVER, NULL));
    task_cancel(task);
    task_cancel(task);
    CHECK_EQ(task_fixture_join(task), OK);
}

TASK_TEST(cancel, after_the_wake_up_does_not_take_the_item_back)
{
    static struct channel empty;
    uint32_t item = 6;

    channel_init(&empty, "empty", NULL, 0, sizeof(uint32_t));
    things_init();
    CHECK_OK(channel_receive(&channel, &item, DEADLINE_NOW));
    item = 6;
    struct task *task = task_fixture_spawn("receiver", in_event_wait, NULL);

    task_yield();
    event_set(&event);
    CHECK_STATUS(event_wait(&event, DEADLINE_NOW), ERR_TIMED_OUT); /* delivers: it is the task's */
    task_cancel(task);
    CHECK_EQ(task_fixture_join(task), OK);
}

static intptr_t leave_line(void *argument)
{
    return event_wait(argument, deadline_after(5));
}

TASK_TEST(cancel, timer_of_a_cancelled_wait_never_fires)
{
    things_init();
    struct task *task = task_fixture_spawn("first", leave_line, &event);

    task_yield();
    task_cancel(task);
    CHECK_EQ(task_fixture_join(task), ERR_CANCELLED);
    CHECK_OK(task_sleep_for(10)); /* the task's memory is long gone when its deadline comes */
    CHECK_EQ(clock_now_ns(), 10);
}
