/* SPDX-License-Identifier: MIT */
/* Select: exactly one case takes place, whichever way it comes about. */
#include "kernel/select.h"

#include "kernel/clock.h"
#include "tests/unit/task_fixture.h"

TASK_TEST(select, first_case_that_needs_no_wait_takes_place_alone)
{
    uint32_t room[2];
    uint32_t item = 7;
    uint32_t got = 0;
    struct channel channel = CHANNEL_INIT("channel", room);
    struct event early = EVENT_INIT("early", false);
    struct event late = EVENT_INIT("late", false);
    struct select_case cases[] = {SELECT_EVENT(&early), SELECT_RECEIVE(&channel, &got),
                                  SELECT_EVENT(&late)};
    size_t chosen = 99;

    CHECK_OK(channel_send(&channel, &item, DEADLINE_NOW));
    event_set(&late);
    CHECK_OK(select_wait(cases, 3, DEADLINE_NEVER, &chosen));
    CHECK_EQ(chosen, 1);
    CHECK_EQ(got, 7);
    CHECK_OK(select_wait(cases, 3, DEADLINE_NEVER, &chosen));
    CHECK_EQ(chosen, 2);
    CHECK_STATUS(select_wait(cases, 3, DEADLINE_NOW, &chosen), ERR_TIMED_OUT);
    event_set(&late);
    event_set(&early);
    CHECK_OK(select_wait(cases, 3, DEADLINE_NOW, &chosen));
    CHECK_EQ(chosen, 0);
}

struct press {
    struct event *event;
    struct channel *channel;
    uint64_t after_ns;
    uint32_t item;
};

static intptr_t press_later(void *argument)
{
    struct press *press = argument;

    CHECK_OK(task_sleep_for(press->after_ns));
    if (press->event != NULL) {
        event_set(press->event);
    }
    if (press->channel != NULL) {
        CHECK_OK(channel_send(press->channel, &press->item, DEADLINE_NEVER));
    }
    return 0;
}

TASK_TEST(select, wait_ends_by_the_case_that_comes_first)
{
    uint32_t room[1];
    uint32_t got = 0;
    struct channel channel = CHANNEL_INIT("channel", room);
    struct event event = EVENT_INIT("event", false);
    struct press second = {.event = &event, .after_ns = 20};
    struct press first = {.channel = &channel, .after_ns = 10, .item = 5};
    struct select_case cases[] = {SELECT_EVENT(&event), SELECT_RECEIVE(&channel, &got)};
    struct task *tasks[] = {task_fixture_spawn("event", press_later, &second),
                            task_fixture_spawn("item", press_later, &first)};
    size_t chosen = 99;

    CHECK_OK(select_wait(cases, 2, DEADLINE_NEVER, &chosen));
    CHECK_EQ(chosen, 1);
    CHECK_EQ(got, 5);
    CHECK_EQ(clock_now_ns(), 10);
    CHECK_OK(select_wait(cases, 2, deadline_after(NS_PER_SECOND), &chosen));
    CHECK_EQ(chosen, 0);
    CHECK_EQ(clock_now_ns(), 20);
    task_fixture_join(tasks[0]);
    task_fixture_join(tasks[1]);
}

TASK_TEST(select, cases_that_did_not_take_place_leave_no_waiter)
{
    uint32_t room[1];
    uint32_t got = 0;
    uint32_t item = 3;
    struct channel channel = CHANNEL_INIT("channel", room);
    struct event event = EVENT_INIT("event", false);
    struct press press = {.event = &event, .after_ns = 10};
    struct task *task = task_fixture_spawn("event", press_later, &press);
    size_t chosen = 99;

    {
        struct select_case cases[] = {SELECT_RECEIVE(&channel, &got), SELECT_EVENT(&event)};

        CHECK_OK(select_wait(cases, 2, DEADLINE_NEVER, &chosen));
    }
    CHECK_EQ(chosen, 1);
    CHECK_EQ(channel.receivers.first, NULL);
    CHECK_OK(channel_send(&channel, &item, DEADLINE_NOW)); /* to nobody who would have gone */
    CHECK_EQ(got, 0);
    CHECK_OK(channel_receive(&channel, &got, DEADLINE_NOW));
    CHECK_EQ(got, 3);
    task_fixture_join(task);
}

static intptr_t receive_later(void *argument)
{
    uint32_t item = 0;

    CHECK_OK(task_sleep_for(10));
    CHECK_OK(channel_receive(argument, &item, DEADLINE_NOW));
    return item;
}

TASK_TEST(select, send_case_takes_place_when_there_is_room)
{
    uint32_t item = 8;
    struct channel channel;
    struct select_case cases[] = {SELECT_SEND(&channel, &item)};
    size_t chosen = 99;

    channel_init(&channel, "none", NULL, 0, sizeof(uint32_t));
    CHECK_STATUS(select_wait(cases, 1, deadline_after(5), &chosen), ERR_TIMED_OUT);
    CHECK_EQ(chosen, 99);
    struct task *task = task_fixture_spawn("receiver", receive_later, &channel);

    CHECK_OK(select_wait(cases, 1, DEADLINE_NEVER, &chosen));
    CHECK_EQ(chosen, 0);
    CHECK_EQ(task_fixture_join(task), 8);
}

static intptr_t return_it(void *argument)
{
    CHECK_OK(task_sleep_for(10));
    return (intptr_t)argument;
}

TASK_TEST(select, end_of_a_task_is_a_case)
{
    struct task *task = task_fixture_spawn("task", return_it, (void *)42);
    struct event event = EVENT_INIT("event", false);
    intptr_t result = 0;
    struct select_case cases[] = {SELECT_EVENT(&event), SELECT_JOIN(task, &result)};
    size_t chosen = 99;

    CHECK_OK(select_wait(cases, 2, DEADLINE_NEVER, &chosen));
    CHECK_EQ(chosen, 1);
    CHECK_EQ(result, 42);
    result = 0;
    CHECK_OK(select_wait(cases, 2, DEADLINE_NEVER, &chosen)); /* it has finished by now */
    CHECK_EQ(result, 42);
    task_release(task);
}

static intptr_t close_later(void *argument)
{
    CHECK_OK(task_sleep_for(10));
    channel_close(argument);
    return 0;
}

TASK_TEST(select, closed_case_is_named)
{
    uint32_t room[1];
    uint32_t got = 0;
    struct channel channel = CHANNEL_INIT("channel", room);
    struct event event = EVENT_INIT("event", false);
    struct select_case cases[] = {SELECT_EVENT(&event), SELECT_RECEIVE(&channel, &got)};
    struct task *task = task_fixture_spawn("closer", close_later, &channel);
    size_t chosen = 99;

    CHECK_STATUS(select_wait(cases, 2, DEADLINE_NEVER, &chosen), ERR_CLOSED);
    CHECK_EQ(chosen, 1);
    chosen = 99;
    CHECK_STATUS(select_wait(cases, 2, DEADLINE_NEVER, &chosen), ERR_CLOSED);
    CHECK_EQ(chosen, 1);
    task_fixture_join(task);
}
