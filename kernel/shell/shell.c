/* SPDX-License-Identifier: MIT */
/*
 * One loop: collect what has finished, take what was typed, show the line,
 * wait. Invariants: a line is being edited exactly while no command is in the
 * foreground; the consoles' guard is set only while the shell waits, so
 * whoever prints then finds the editor at rest.
 */
#include "kernel/shell/shell.h"

#include <stddef.h>

#include "kernel/clock.h"
#include "kernel/console.h"
#include "kernel/input.h"
#include "kernel/line_editor.h"
#include "kernel/screen.h"
#include "kernel/shell/complete.h"
#include "kernel/shell/job.h"
#include "lib/bits.h"

#define PROMPT  "odyssey> "
#define COLUMNS 80U /* that any terminal at the serial line has; a screen may have fewer */
#define CTRL_C  0x03U

#define LINE_SIZE    4096U
#define HISTORY_SIZE 16384U

/* What is typed while a command runs is kept for the lines to come. */
#define TYPED_AHEAD_MAX 1024U

static struct {
    struct line_editor editor;
    bool is_hidden; /* somebody printed where the line is to be */
    struct event attention; /* a job has finished, or the line is hidden */
    struct job *foreground; /* NULL while a line is being edited */
    bool input_is_taken; /* by the foreground's command */
    bool input_is_left; /* and the shell waits for it no more */
    size_t ahead_first; /* in typed_ahead */
    size_t ahead_count;
} shell = {.attention = EVENT_INIT("job's end", false)};

/* Apart from what begins with a value, so that the image need not hold their zeros. */
static struct keystroke typed_ahead[TYPED_AHEAD_MAX];
static char line_memory[3][LINE_SIZE];
static char history_memory[HISTORY_SIZE];

/* --- The line --------------------------------------------------------------------- */

/* What the screen and the serial line both have, but as many as the editor needs. */
static uint32_t line_columns(void)
{
    const uint32_t least = sizeof(PROMPT) + LINE_VIEW_COLUMNS_MIN;
    uint32_t columns = COLUMNS;
    uint32_t rows;

    (void)screen_size(&columns, &rows);
    return MIN(MAX(columns, least), COLUMNS);
}

static void line_begin(void)
{
    console_begin_line();
    line_editor_begin(&shell.editor, PROMPT);
}

/* Called by the consoles before somebody else's output. Context: any. */
static void line_give_way(void)
{
    line_editor_hide(&shell.editor);
    shell.is_hidden = true;
    event_set(&shell.attention);
}

static void line_hide(void)
{
    if (!shell.is_hidden) {
        line_editor_hide(&shell.editor);
        shell.is_hidden = true;
    }
}

static void line_show(void)
{
    if (shell.is_hidden) {
        shell.is_hidden = false;
        console_begin_line();
        line_editor_show(&shell.editor);
    }
}

/* --- Jobs -------------------------------------------------------------------------- */

static void start_failed(enum status status)
{
    if (status == ERR_CORRUPT) {
        kprintf("shell: a quote is not closed, or & is not at the end\n");
    } else {
        kprintf("shell: %s\n", status_sentence(status));
    }
}

static void run_line(const char *line)
{
    struct job *job = NULL;
    enum status status = job_start(line, &shell.attention, &job);

    if (status != OK) {
        start_failed(status);
    } else if (job != NULL && job->number == 0) {
        shell.foreground = job;
        return;
    } else if (job != NULL) {
        kprintf("[%u] task %lu\n", job->number, job->task->id);
    }
    line_begin();
}

static void collect_foreground(void)
{
    job_collect(shell.foreground);
    shell.foreground = NULL;
    shell.input_is_taken = false;
    line_begin();
}

static void collect_jobs(void)
{
    struct job *job;

    if (shell.foreground != NULL && shell.foreground->has_finished) {
        collect_foreground();
    }
    while (shell.foreground == NULL && (job = job_first_finished()) != NULL) {
        line_hide();
        kprintf("[%u] done: %s\n", job->number, job->line);
        job_collect(job);
    }
}

bool shell_take_input(void)
{
    if (shell.foreground == NULL || shell.foreground->task != task_current()) {
        return false;
    }
    shell.input_is_taken = true;
    event_set(&shell.attention);
    while (!shell.input_is_left) {
        task_yield();
    }
    return true;
}

/* --- What is typed ------------------------------------------------------------------ */

static void edit(struct keystroke stroke)
{
    line_show();
    switch (line_editor_take(&shell.editor, stroke)) {
    case LINE_GOES_ON:
        break;
    case LINE_COMPLETE:
        run_line(line_editor_line(&shell.editor));
        break;
    case LINE_END:
        kprintf("shell: there is nothing behind it; poweroff turns the machine off\n");
        line_begin();
        break;
    case LINE_GIVEN_UP:
        line_begin();
        break;
    }
}

/* While a command runs, Ctrl-C is for it, and everything else for later. */
static void keep_or_cancel(struct keystroke stroke)
{
    if (stroke.character == CTRL_C) {
        kprintf("^C\n");
        task_cancel(shell.foreground->task);
        return;
    }
    typed_ahead[(shell.ahead_first + shell.ahead_count) % TYPED_AHEAD_MAX] = stroke;
    shell.ahead_count++;
}

static bool take_typed_ahead(struct keystroke *stroke)
{
    if (shell.ahead_count == 0) {
        return false;
    }
    *stroke = typed_ahead[shell.ahead_first];
    shell.ahead_first = (shell.ahead_first + 1) % TYPED_AHEAD_MAX;
    shell.ahead_count--;
    return true;
}

static void serve_input(void)
{
    struct keystroke stroke;

    for (;;) {
        if (shell.foreground == NULL) {
            if (!take_typed_ahead(&stroke) && !input_take(&stroke)) {
                return;
            }
            edit(stroke);
        } else {
            /* What finds no room stays in the devices' rings, which count what they lose. */
            if (shell.input_is_taken || shell.ahead_count == TYPED_AHEAD_MAX ||
                !input_take(&stroke)) {
                return;
            }
            keep_or_cancel(stroke);
        }
    }
}

static void wait(void)
{
    bool is_editing = shell.foreground == NULL;
    enum status status;

    console_set_guard(is_editing && !shell.is_hidden ? line_give_way : NULL);
    shell.input_is_left = shell.input_is_taken;
    if (shell.input_is_taken) {
        status = event_wait(&shell.attention, DEADLINE_NEVER);
    } else {
        status = input_wait(&shell.attention, DEADLINE_NEVER);
    }
    console_set_guard(NULL);
    if (status == ERR_CANCELLED) {
        task_accept_cancel(); /* without a shell there would be no way to start another */
    }
}

intptr_t shell_main(void *argument)
{
    const struct line_editor_setup setup = {.line = line_memory[0],
                                            .kept = line_memory[1],
                                            .killed = line_memory[2],
                                            .line_size = LINE_SIZE,
                                            .history = history_memory,
                                            .history_size = HISTORY_SIZE,
                                            .write = console_write,
                                            .candidate = complete_candidate};

    (void)argument;
    line_editor_init(&shell.editor, &setup, line_columns());
    line_begin();
    for (;;) {
        collect_jobs();
        serve_input();
        if (shell.foreground == NULL) {
            line_show();
        }
        wait();
    }
}
