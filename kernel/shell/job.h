/* SPDX-License-Identifier: MIT */
/*
 * Jobs: commands that run, each in a task of its own; at the most one in the
 * foreground, the others in a list. The shell starts them, and collects those
 * that have finished. Context of all functions: tasks.
 */
#pragma once

#include <stdbool.h>

#include "kernel/event.h"
#include "kernel/task.h"
#include "lib/compiler.h"
#include "lib/status.h"
#include "lib/words.h"

struct job {
    struct job *next; /* in the background, the one started after it */
    struct task *task;
    unsigned number; /* of one in the background, from 1; 0 in the foreground */
    bool has_finished;
    struct event *finished; /* set then */
    struct words words;
    char *line; /* as it was typed */
    char text[]; /* what the words are made of, and the line */
};

/*
 * Start a line's command.
 *
 * line      terminated
 * finished  to be set when it has finished
 * job       out: the job, which job_collect() ends; NULL for a line without a
 *           word. Untouched on failure
 *
 * Returns OK, ERR_NO_MEMORY, or as words_split().
 */
MUST_CHECK enum status job_start(const char *line, struct event *finished, struct job **job);

/* The jobs in the background, in the order of their numbers; NULL for none. */
struct job *job_first(void);

/* The first of them that has finished, or NULL. */
struct job *job_first_finished(void);

/* Free a job that has finished. */
void job_collect(struct job *job);
