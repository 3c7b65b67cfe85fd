/* SPDX-License-Identifier: MIT */
/* jobs: what runs in the background. */
#include "kernel/shell/job.h"

#include "kernel/console.h"
#include "kernel/shell/command.h"
#include "kernel/task_report.h"

SHELL_COMMAND(jobs, .summary = "commands in the background",
              .help = "COMMAND & starts one; kill ends the task of that id.\n")
{
    char state[48];

    (void)words;
    kprintf("%4s  %5s  %-24s  %s\n", "job", "task", "state", "command");
    for (const struct job *job = job_first(); job != NULL; job = job->next) {
        kprintf("%4u  %5lu  %-24s  %s\n", job->number, job->task->id,
                task_describe(job->task, state, sizeof(state)), job->line);
    }
    return OK;
}
