/* SPDX-License-Identifier: MIT */
/*
 * Tests of tasks, in the kernel and on the host alike: TASK_TEST() is a KTEST()
 * whose body runs as a task, on virtual time. Time stands still while anything
 * runs, and jumps to the next deadline when nothing does: an hour's sleep takes
 * microseconds, and everything happens in the same order every time.
 */
#pragma once

#include <stdint.h>

#include "kernel/task.h"
#include "tests/ktest.h"

#define TASK_TEST(suite, name)                         \
    static void task_test_##suite##__##name(void);     \
    KTEST(suite, name)                                 \
    {                                                  \
        task_fixture_run(task_test_##suite##__##name); \
    }                                                  \
    static void task_test_##suite##__##name(void)

/* Run a test's body; afterwards every task that it spawned must have finished. */
void task_fixture_run(void (*body)(void));

/*
 * Have a function called when all tasks wait and nothing can wake them, in
 * place of a failed check; it has to wake one. For the test that is running.
 */
void task_fixture_on_deadlock(void (*deadlocked)(void));

/* Spawn a task with a stack of the usual size; that it could not is a failed check. */
struct task *task_fixture_spawn(const char *name, task_entry *entry, void *argument);

/* Join a task without a deadline and give the handle back. Returns its result. */
intptr_t task_fixture_join(struct task *task);

/* --- What happened, in order ------------------------------------------------------ */

/* Begin with an empty journal. */
void journal_clear(void);

/* Note that something has happened, as a character. */
void journal_note(char what);

/* All that was noted, as a string. */
const char *journal_text(void);
