/* SPDX-License-Identifier: MIT */
/* Starting and collecting jobs. */
#include "kernel/shell/job.h"

#include "kernel/shell/command.h"
#include "lib/assert.h"
#include "lib/string.h"
#include "mm/kmalloc.h"

#define JOB_STACK_BYTES (32UL << 10)

static struct job *background; /* numbers rising */

static intptr_t job_main(void *argument)
{
    struct job *job = argument;

    command_run(&job->words);
    job->has_finished = true;
    event_set(job->finished);
    return 0;
}

/* A job with its own copies of a line, one of them to be split. */
static struct job *job_make(const char *line, struct event *finished)
{
    size_t size = strlen(line) + 1;
    struct job *job = kzalloc(sizeof(*job) + 2 * size);

    if (job != NULL) {
        job->finished = finished;
        job->line = job->text + size;
        memcpy(job->text, line, size);
        memcpy(job->line, line, size);
    }
    return job;
}

static const char *task_name(const struct words *words)
{
    const struct command *command = command_find(words->at[0]);

    return command != NULL ? command->name : "command";
}

/* Put a job behind all others in the background, with the number after the last one's. */
static void enlist(struct job *job)
{
    struct job **end = &background;

    job->number = 1;
    for (; *end != NULL; end = &(*end)->next) {
        job->number = (*end)->number + 1;
    }
    *end = job;
}

static void delist(struct job *job)
{
    struct job **link = &background;

    while (*link != job) {
        link = &(*link)->next;
    }
    *link = job->next;
}

enum status job_start(const char *line, struct event *finished, struct job **job)
{
    struct job *new_job = job_make(line, finished);
    enum status status;

    if (new_job == NULL) {
        return ERR_NO_MEMORY;
    }
    status = words_split(new_job->text, &new_job->words);
    if (status == OK && new_job->words.count == 0) {
        kfree(new_job);
        *job = NULL;
        return OK;
    }
    if (status == OK) {
        status = task_spawn(task_name(&new_job->words), job_main, new_job, JOB_STACK_BYTES,
                            &new_job->task);
    }
    if (status != OK) {
        kfree(new_job);
        return status;
    }
    if (new_job->words.in_background) {
        enlist(new_job);
    }
    *job = new_job;
    return OK;
}

struct job *job_first(void)
{
    return background;
}

struct job *job_first_finished(void)
{
    struct job *job = background;

    while (job != NULL && !job->has_finished) {
        job = job->next;
    }
    return job;
}

void job_collect(struct job *job)
{
    ASSERT(job->has_finished);
    if (job->number != 0) {
        delist(job);
    }
    task_release(job->task); /* its last steps need nothing of the job */
    kfree(job);
}
