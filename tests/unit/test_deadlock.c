/* SPDX-License-Identifier: MIT */
/* Deadlock: seen when nothing can wake any task, and never when something can. */
#include "kernel/channel.h"
#include "kernel/clock.h"
#include "kernel/event.h"
#include "tests/unit/task_fixture.h"

static struct event way_out = EVENT_INIT("way out", false);
static unsigned times_seen;

static void let_one_go(void)
{
    times_seen++;
    event_set(&way_out);
}

TASK_TEST(deadlock, is_seen_when_the_only_task_waits_for_ever)
{
    times_seen = 0;
    task_fixture_on_deadlock(let_one_go);
    CHECK_OK(event_wait(&way_out, DEADLINE_NEVER));
    CHECK_EQ(times_seen, 1);
    CHECK_OK(event_wait(&way_out, DEADLINE_NEVER)); /* and seen anew */
    CHECK_EQ(times_seen, 2);
}

static intptr_t receive_one(void *argument)
{
    uint32_t item;

    return channel_receive(argument, &item, DEADLINE_NEVER);
}

TASK_TEST(deadlock, is_seen_when_tasks_wait_for_each_other)
{
    struct channel channels[2];
    struct task *tasks[2];

    times_seen = 0;
    task_fixture_on_deadlock(let_one_go);
    for (size_t i = 0; i < 2; i++) {
        channel_init(&channels[i], "channel", NULL, 0, sizeof(uint32_t));
        tasks[i] = task_fixture_spawn("task", receive_one, &channels[i]);
    }
    CHECK_OK(event_wait(&way_out, DEADLINE_NEVER));
    CHECK_EQ(times_seen, 1);
    for (size_t i = 0; i < 2; i++) {
        channel_close(&channels[i]);
        CHECK_EQ(task_fixture_join(tasks[i]), ERR_CLOSED);
    }
}

static intptr_t sleep_a_second(void *argument)
{
    (void)argument;
    CHECK_OK(task_sleep_for(NS_PER_SECOND));
    event_set(&way_out);
    return 0;
}

TASK_TEST(deadlock, is_not_seen_while_a_deadline_is_to_come)
{
    times_seen = 0;
    task_fixture_on_deadlock(let_one_go);
    struct task *task = task_fixture_spawn("sleeper", sleep_a_second, NULL);

    CHECK_OK(event_wait(&way_out, DEADLINE_NEVER));
    CHECK_EQ(times_seen, 0);
    task_fixture_join(task);
}
