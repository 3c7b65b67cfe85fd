/* SPDX-License-Identifier: MIT */
/* Events: what a set lets through, and every way a wait for one ends. */
#include "kernel/event.h"

#include "kernel/clock.h"
#include "tests/unit/task_fixture.h"

static intptr_t wait_and_note(void *argument)
{
    enum status status = event_wait(argument, DEADLINE_NEVER);

    journal_note(status == OK ? 'w' : 'c');
    return status;
}

TASK_TEST(event, set_before_the_wait_is_not_lost)
{
    struct event event = EVENT_INIT("event", false);

    event_set(&event);
    CHECK_OK(event_wait(&event, DEADLINE_NEVER));
    CHECK_STATUS(event_wait(&event, DEADLINE_NOW), ERR_TIMED_OUT);
}

TASK_TEST(event, setting_twice_lets_one_wait_through)
{
    struct event event = EVENT_INIT("event", false);

    event_set(&event);
    event_set(&event);
    task_yield();
    event_set(&event);
    CHECK_OK(event_wait(&event, DEADLINE_NOW));
    CHECK_STATUS(event_wait(&event, DEADLINE_NOW), ERR_TIMED_OUT);
}

TASK_TEST(event, each_set_wakes_the_first_in_line_alone)
{
    struct event event = EVENT_INIT("event", false);
    struct task *first = task_fixture_spawn("first", wait_and_note, &event);
    struct task *second = task_fixture_spawn("second", wait_and_note, &event);

    task_yield();
    event_set(&event);
    task_yield();
    CHECK_STR_EQ(journal_text(), "w");
    CHECK_OK(task_join(first, DEADLINE_NOW, NULL));
    CHECK_STATUS(task_join(second, DEADLINE_NOW, NULL), ERR_TIMED_OUT);
    event_set(&event);
    CHECK_EQ(task_fixture_join(first), OK);
    CHECK_EQ(task_fixture_join(second), OK);
    CHECK_STR_EQ(journal_text(), "ww");
}

TASK_TEST(event, wait_times_out_at_its_deadline)
{
    struct event event = EVENT_INIT("event", false);

    CHECK_STATUS(event_wait(&event, deadline_after(5 * NS_PER_SECOND)), ERR_TIMED_OUT);
    CHECK_EQ(clock_now_ns(), 5 * NS_PER_SECOND);
    event_set(&event); /* nobody is in line any more: it stays set */
    CHECK_OK(event_wait(&event, DEADLINE_NOW));
}

static intptr_t set_after_a_second(void *argument)
{
    CHECK_OK(task_sleep_for(NS_PER_SECOND));
    event_set(argument);
    return 0;
}

TASK_TEST(event, wait_that_ends_before_its_deadline_leaves_no_timer)
{
    struct event event = EVENT_INIT("event", false);
    struct task *setter = task_fixture_spawn("setter", set_after_a_second, &event);

    CHECK_OK(event_wait(&event, deadline_after(5 * NS_PER_SECOND)));
    CHECK_EQ(clock_now_ns(), NS_PER_SECOND);
    CHECK_OK(task_sleep_for(10 * NS_PER_SECOND)); /* over the deadline that there was */
    CHECK_EQ(clock_now_ns(), 11 * NS_PER_SECOND);
    task_fixture_join(setter);
}

TASK_TEST(event, close_ends_all_waits_and_every_later_one)
{
    struct event event = EVENT_INIT("event", false);
    struct task *first = task_fixture_spawn("first", wait_and_note, &event);
    struct task *second = task_fixture_spawn("second", wait_and_note, &event);

    task_yield();
    event_close(&event);
    CHECK_EQ(task_fixture_join(first), ERR_CLOSED);
    CHECK_EQ(task_fixture_join(second), ERR_CLOSED);
    CHECK_STATUS(event_wait(&event, DEADLINE_NEVER), ERR_CLOSED);
}

TASK_TEST(event, close_takes_it_out_of_the_list_of_those_signalled)
{
    {
        struct event event = EVENT_INIT("event", false);

        event_set(&event);
        event_close(&event);
    }
    struct event other = EVENT_INIT("other", false);

    event_set(&other);
    CHECK_OK(event_wait(&other, DEADLINE_NOW));
}

TASK_TEST(event, events_wake_in_the_order_in_which_they_were_set)
{
    enum { EVENTS = 4 };
    struct event events[EVENTS];
    struct task *tasks[EVENTS];

    for (size_t i = 0; i < EVENTS; i++) {
        events[i] = (struct event)EVENT_INIT("event", false);
        tasks[i] = task_fixture_spawn("waiter", wait_and_note, &events[i]);
    }
    task_yield();
    for (size_t i = EVENTS; i-- > 0;) {
        event_set(&events[i]);
    }
    /* A task that joins before they have run sees the last one finish last. */
    CHECK_EQ(task_fixture_join(tasks[0]), OK);
    for (size_t i = 1; i < EVENTS; i++) {
        CHECK_OK(task_join(tasks[i], DEADLINE_NOW, NULL));
        task_release(tasks[i]);
    }
}
