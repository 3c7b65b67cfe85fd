/* SPDX-License-Identifier: MIT */
/* What kernel and host share of the fixture. */
#include "tests/unit/task_fixture.h"

#include "kernel/clock.h"

#define JOURNAL_SIZE 256

static struct {
    char text[JOURNAL_SIZE];
    size_t length;
} journal;

void journal_clear(void)
{
    journal.length = 0;
    journal.text[0] = '\0';
}

void journal_note(char what)
{
    if (journal.length < JOURNAL_SIZE - 1) {
        journal.text[journal.length++] = what;
        journal.text[journal.length] = '\0';
    }
}

const char *journal_text(void)
{
    return journal.text;
}

struct task *task_fixture_spawn(const char *name, task_entry *entry, void *argument)
{
    struct task *task = NULL;

    CHECK_OK(task_spawn(name, entry, argument, TASK_STACK_DEFAULT, &task));
    return task;
}

intptr_t task_fixture_join(struct task *task)
{
    intptr_t result = INTPTR_MIN;

    CHECK_OK(task_join(task, DEADLINE_NEVER, &result));
    task_release(task);
    return result;
}
