/* SPDX-License-Identifier: MIT */
/* Jobs: started, listed, ended, collected; nothing is left behind. */
#include "kernel/shell/job.h"

#include "kernel/clock.h"
#include "lib/string.h"
#include "tests/kernel/console_capture.h"
#include "tests/kernel/shell_says.h"
#include "tests/ktest.h"

static struct event finished = EVENT_INIT("job's end", false);

static void wait_for_end(const struct job *job)
{
    while (!job->has_finished) {
        REQUIRE_OK(event_wait(&finished, DEADLINE_NEVER));
    }
}

KTEST(job, foreground_runs_in_a_task_named_for_its_command)
{
    struct job *job = NULL;
    const char *text;

    capture_start();
    REQUIRE_OK(job_start("echo  in a   task", &finished, &job));
    REQUIRE(job != NULL);
    CHECK_EQ(job->number, 0);
    CHECK_STR_EQ(job->task->name, "echo");
    CHECK(job_first() == NULL);
    CHECK(!job->has_finished);
    wait_for_end(job);
    text = capture_stop();
    CHECK_STR_EQ(text, "in a task\n");
    job_collect(job);
}

KTEST(job, line_without_a_word_starts_nothing)
{
    struct job *job = NULL;

    CHECK_OK(job_start("   ", &finished, &job));
    CHECK(job == NULL);
    CHECK_STATUS(job_start("echo 'open", &finished, &job), ERR_CORRUPT);
    CHECK_STATUS(job_start("&", &finished, &job), ERR_CORRUPT);
    CHECK(job == NULL);
}

KTEST(job, unknown_command_is_a_job_that_says_so)
{
    struct job *job = NULL;

    capture_start();
    REQUIRE_OK(job_start("nonsense", &finished, &job));
    wait_for_end(job);
    CHECK_STR_EQ(capture_stop(), "nonsense: unknown command (try 'help')\n");
    job_collect(job);
}

KTEST(job, background_jobs_are_numbered_and_listed_until_collected)
{
    struct job *first = NULL;
    struct job *second = NULL;
    struct job *third = NULL;

    REQUIRE_OK(job_start("sleep 100 &", &finished, &first));
    REQUIRE_OK(job_start("sleep 0 &", &finished, &second));
    CHECK_EQ(first->number, 1);
    CHECK_EQ(second->number, 2);
    CHECK(job_first() == first);
    CHECK(first->next == second);
    CHECK(job_first_finished() == NULL);
    wait_for_end(second);
    CHECK(job_first_finished() == second);
    CHECK(text_has(shell_says("jobs"), "sleep 100 &\n"));
    CHECK(text_has(shell_says("jobs"), "finished"));
    job_collect(second);
    REQUIRE_OK(job_start("sleep 100 &", &finished, &third));
    CHECK_EQ(third->number, 2);
    task_cancel(first->task);
    wait_for_end(first);
    job_collect(first);
    CHECK(job_first() == third);
    task_cancel(third->task);
    wait_for_end(third);
    job_collect(third);
    CHECK(job_first() == NULL);
}
