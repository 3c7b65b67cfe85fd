/* SPDX-License-Identifier: MIT */
/* Tasks in words: which there are, what each waits for, what each has used. */
#pragma once

#include <stddef.h>

#include "kernel/executor.h"

/*
 * Write what a task does: "ready", "waits for event `keyboard`", "sleeps".
 *
 * size  bytes in buffer, 1 or more; the text is cut to fit
 *
 * Returns buffer. Context: tasks.
 */
const char *task_describe(const struct task *task, char *buffer, size_t size);

/* Log that nothing can wake any task, and what each waits for. Context: the idle task. */
void task_report_deadlock(struct executor *executor);
