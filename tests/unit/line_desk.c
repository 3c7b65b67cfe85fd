/* SPDX-License-Identifier: MIT */
/* The editor on glass. */
#include "tests/unit/line_desk.h"

#include "kernel/vt_keys.h"
#include "lib/string.h"

#define HISTORY_SIZE 300

struct desk desk;

static char line[DESK_LINE_SIZE];
static char kept[DESK_LINE_SIZE];
static char killed[DESK_LINE_SIZE];
static char history[HISTORY_SIZE];
static struct vt_keys keys;

static void write(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        desk.bells += bytes[i] == '\a';
    }
    desk.bytes_written += length;
    terminal_write(&desk.terminal, bytes, length);
}

/* Commands for the first word, numbers for "peek", nothing for others. */
static const char *candidate(const char *before, size_t length, size_t index)
{
    static const char *const commands[] = {"echo", "help", "heap", "heat\xc3\xa4r", "peek", NULL};
    static const char *const numbers[] = {"100", "1000", "20", NULL};

    if (length == 0) {
        return commands[index];
    }
    return length >= 5 && memcmp(before, "peek ", 5) == 0 ? numbers[index] : NULL;
}

void desk_start(uint32_t screen_columns)
{
    static const struct line_editor_setup setup = {.line = line,
                                                   .kept = kept,
                                                   .killed = killed,
                                                   .line_size = sizeof(line),
                                                   .history = history,
                                                   .history_size = sizeof(history),
                                                   .write = write,
                                                   .candidate = candidate};

    glass_start(&desk.terminal, screen_columns, DESK_ROWS, 2 * DESK_ROWS, false);
    desk.bells = 0;
    desk.bytes_written = 0;
    keys = (struct vt_keys){0};
    line_editor_init(&desk.editor, &setup, DESK_COLUMNS);
    line_editor_begin(&desk.editor, DESK_PROMPT);
}

void desk_take(struct keystroke stroke)
{
    desk.result = line_editor_take(&desk.editor, stroke);
    if (desk.result != LINE_GOES_ON) {
        line_editor_begin(&desk.editor, DESK_PROMPT);
    }
}

void desk_type(const char *bytes)
{
    struct keystroke strokes[VT_KEYS_MAX];

    for (; *bytes != '\0'; bytes++) {
        unsigned count = vt_keys_decode(&keys, (uint8_t)*bytes, strokes);

        for (unsigned i = 0; i < count; i++) {
            desk_take(strokes[i]);
        }
    }
}

const char *desk_row(void)
{
    return glass_row(glass_cursor() / 1000);
}

uint32_t desk_column(void)
{
    return glass_cursor() % 1000;
}
