/* SPDX-License-Identifier: MIT */
/* Tasks as such: order, sleep, join, results, and what happens at their end. */
#include "kernel/clock.h"
#include "tests/unit/task_fixture.h"

#define HOUR_NS (3600 * NS_PER_SECOND)

/* A task that notes its letter each time it has the CPU. */
struct letter {
    char letter;
    unsigned times;
};

static intptr_t note_letter(void *argument)
{
    const struct letter *letter = argument;

    for (unsigned i = 0; i < letter->times; i++) {
        journal_note(letter->letter);
        task_yield();
    }
    return letter->letter;
}

TASK_TEST(executor, tasks_run_first_in_first_out)
{
    struct letter letters[] = {{'a', 3}, {'b', 3}, {'c', 3}};
    struct task *tasks[3];

    for (size_t i = 0; i < 3; i++) {
        tasks[i] = task_fixture_spawn("letter", note_letter, &letters[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        CHECK_EQ(task_fixture_join(tasks[i]), letters[i].letter);
    }
    CHECK_STR_EQ(journal_text(), "abcabcabc");
}

TASK_TEST(executor, ids_count_up)
{
    struct letter letter = {'a', 1};
    uint64_t before = task_current()->id;

    for (int i = 0; i < 3; i++) {
        struct task *task = task_fixture_spawn("letter", note_letter, &letter);

        CHECK_GT(task->id, before);
        before = task->id;
        task_fixture_join(task);
    }
}

TASK_TEST(executor, yield_alone_comes_back)
{
    for (int i = 0; i < 3; i++) {
        journal_note('.');
        task_yield();
    }
    CHECK_STR_EQ(journal_text(), "...");
}

TASK_TEST(executor, spawned_task_does_not_run_before_its_turn)
{
    struct letter letter = {'a', 1};
    struct task *task = task_fixture_spawn("letter", note_letter, &letter);

    CHECK_STR_EQ(journal_text(), "");
    task_yield();
    CHECK_STR_EQ(journal_text(), "a");
    task_fixture_join(task);
}

struct sleeper {
    char letter;
    uint64_t ns;
};

static intptr_t sleep_and_note(void *argument)
{
    const struct sleeper *sleeper = argument;
    enum status status = task_sleep_for(sleeper->ns);

    journal_note(sleeper->letter);
    return status;
}

TASK_TEST(executor, sleepers_wake_in_the_order_of_their_deadlines)
{
    struct sleeper sleepers[] = {
        {'d', 3 * HOUR_NS}, {'a', 1}, {'c', 2 * HOUR_NS + 1}, {'b', 2 * HOUR_NS}};
    struct task *tasks[4];
    uint64_t start = clock_now_ns();

    for (size_t i = 0; i < 4; i++) {
        tasks[i] = task_fixture_spawn("sleeper", sleep_and_note, &sleepers[i]);
    }
    for (size_t i = 0; i < 4; i++) {
        CHECK_EQ(task_fixture_join(tasks[i]), OK);
    }
    CHECK_STR_EQ(journal_text(), "abcd");
    CHECK_EQ(clock_now_ns() - start, 3 * HOUR_NS);
}

TASK_TEST(executor, sleep_until_a_past_time_does_not_wait)
{
    struct letter letter = {'a', 1};

    CHECK_OK(task_sleep_for(100));
    struct task *task = task_fixture_spawn("letter", note_letter, &letter);

    CHECK_OK(task_sleep_until(clock_now_ns()));
    CHECK_OK(task_sleep_until(50));
    CHECK_STR_EQ(journal_text(), "");
    task_fixture_join(task);
}

static intptr_t join_and_note(void *argument)
{
    intptr_t result = 0;
    enum status status = task_join(argument, DEADLINE_NEVER, &result);

    journal_note(status == OK ? 'j' : '?');
    return result;
}

TASK_TEST(executor, several_join_one_task_and_all_get_its_result)
{
    struct sleeper sleeper = {'s', NS_PER_SECOND};
    struct task *sleeping = task_fixture_spawn("sleeper", sleep_and_note, &sleeper);
    struct task *first = task_fixture_spawn("first", join_and_note, sleeping);
    struct task *second = task_fixture_spawn("second", join_and_note, sleeping);
    intptr_t result = -1;

    CHECK_OK(task_join(sleeping, DEADLINE_NEVER, NULL));
    CHECK_EQ(task_fixture_join(first), OK);
    CHECK_EQ(task_fixture_join(second), OK);
    CHECK_OK(task_join(sleeping, DEADLINE_NOW, &result)); /* long after its end, too */
    CHECK_EQ(result, OK);
    task_release(sleeping);
    CHECK_STR_EQ(journal_text(), "sjj");
}

TASK_TEST(executor, join_times_out_and_can_be_tried_again)
{
    struct sleeper sleeper = {'s', 10};
    struct task *task = task_fixture_spawn("sleeper", sleep_and_note, &sleeper);
    intptr_t result = 77;

    CHECK_STATUS(task_join(task, DEADLINE_NOW, &result), ERR_TIMED_OUT);
    CHECK_STATUS(task_join(task, deadline_after(5), &result), ERR_TIMED_OUT);
    CHECK_EQ(result, 77);
    CHECK_EQ(clock_now_ns(), 5);
    CHECK_EQ(task_fixture_join(task), OK);
    CHECK_EQ(clock_now_ns(), 10);
}

static intptr_t give_pointer(void *argument)
{
    return (intptr_t)argument;
}

TASK_TEST(executor, argument_and_result_may_be_pointers)
{
    struct task *task = task_fixture_spawn("pointer", give_pointer, &task);

    CHECK_EQ(task_fixture_join(task), (intptr_t)&task);
}

TASK_TEST(executor, task_without_handle_is_gone_when_it_has_finished)
{
    struct letter letter = {'a', 2};

    CHECK_OK(task_spawn("letter", note_letter, &letter, TASK_STACK_DEFAULT, NULL));
    for (int turn = 0; turn < 3; turn++) {
        task_yield();
    }
    CHECK_STR_EQ(journal_text(), "aa");
}

TASK_TEST(executor, handle_may_be_given_back_before_the_end)
{
    struct letter letter = {'a', 2};
    struct task *task = task_fixture_spawn("letter", note_letter, &letter);

    task_release(task);
    for (int turn = 0; turn < 3; turn++) {
        task_yield();
    }
    CHECK_STR_EQ(journal_text(), "aa");
}

TASK_TEST(executor, stack_of_no_size_is_refused)
{
    struct task *task = NULL;

    CHECK_STATUS(task_spawn("none", give_pointer, NULL, 0, &task), ERR_BAD_ARG);
    CHECK_STATUS(task_spawn("huge", give_pointer, NULL, SIZE_MAX, &task), ERR_BAD_ARG);
    CHECK_EQ(task, NULL);
}

static intptr_t spawn_chain(void *argument)
{
    intptr_t depth = (intptr_t)argument;

    if (depth == 0) {
        return 0;
    }
    return 1 + task_fixture_join(task_fixture_spawn("link", spawn_chain, (void *)(depth - 1)));
}

TASK_TEST(executor, tasks_spawn_tasks_and_wait_at_any_depth)
{
    CHECK_EQ(task_fixture_join(task_fixture_spawn("link", spawn_chain, (void *)20)), 20);
}

static intptr_t count_turns(void *argument)
{
    unsigned *turns = argument;

    for (int i = 0; i < 10; i++) {
        ++*turns;
        task_yield();
    }
    return 0;
}

TASK_TEST(executor, nobody_gets_two_turns_before_the_others_had_theirs)
{
    enum { TASKS = 5 };
    unsigned turns[TASKS] = {0};
    struct task *tasks[TASKS];

    for (size_t i = 0; i < TASKS; i++) {
        tasks[i] = task_fixture_spawn("counter", count_turns, &turns[i]);
    }
    for (unsigned round = 1; round <= 10; round++) {
        task_yield();
        for (size_t i = 0; i < TASKS; i++) {
            CHECK_EQ(turns[i], round);
        }
    }
    for (size_t i = 0; i < TASKS; i++) {
        task_fixture_join(tasks[i]);
    }
}

static intptr_t sleep_in_steps(void *argument)
{
    const struct letter *letter = argument;

    for (unsigned i = 0; i < letter->times; i++) {
        CHECK_OK(task_sleep_for((uint64_t)(letter->letter - 'a' + 2) * NS_PER_SECOND));
        journal_note(letter->letter);
    }
    return 0;
}

TASK_TEST(executor, seconds_of_sleep_give_the_same_order_every_time)
{
    /* Every 2, 3 and 4 seconds: of those due at the same time, who set its timer first. */
    for (int run = 0; run < 3; run++) {
        struct letter letters[] = {{'a', 6}, {'b', 4}, {'c', 3}};
        struct task *tasks[3];

        journal_clear();
        for (size_t i = 0; i < 3; i++) {
            tasks[i] = task_fixture_spawn("sleeper", sleep_in_steps, &letters[i]);
        }
        for (size_t i = 0; i < 3; i++) {
            task_fixture_join(tasks[i]);
        }
        CHECK_STR_EQ(journal_text(), "abcabacabacba");
    }
}
