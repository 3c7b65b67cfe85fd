/* SPDX-License-Identifier: MIT */
/* The history's lines. Looked for from the front: they are few, and a person is waiting. */
#include "kernel/line_history.h"

#include <stdbool.h>

#include "lib/assert.h"
#include "lib/string.h"

void line_history_init(struct line_history *history, char *memory, size_t size)
{
    ASSERT_CMP(size, >=, 1);
    history->bytes = memory;
    history->size = size;
    history->used = 0;
    history->count = 0;
}

static void drop_oldest(struct line_history *history)
{
    size_t length = strlen(history->bytes) + 1;

    history->used -= length;
    memmove(history->bytes, history->bytes + length, history->used);
    history->count--;
}

void line_history_add(struct line_history *history, const char *line)
{
    size_t length = strlen(line) + 1;
    bool is_repeated = history->count > 0 && strcmp(line_history_get(history, 1), line) == 0;

    if (length == 1 || length > history->size || is_repeated) {
        return;
    }
    while (history->count == LINE_HISTORY_MAX || length > history->size - history->used) {
        drop_oldest(history);
    }
    memcpy(history->bytes + history->used, line, length);
    history->used += length;
    history->count++;
}

const char *line_history_get(const struct line_history *history, uint32_t back)
{
    const char *line = history->bytes;

    if (back == 0 || back > history->count) {
        return NULL;
    }
    for (uint32_t i = history->count; i > back; i--) {
        line += strlen(line) + 1;
    }
    return line;
}
