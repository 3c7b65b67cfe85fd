/* SPDX-License-Identifier: MIT */
/* Commands run and looked at from the inside. */
#include "tests/kernel/shell_says.h"

#include <stddef.h>
#include <stdint.h>

#include "kernel/shell/command.h"
#include "lib/string.h"
#include "tests/kernel/console_capture.h"
#include "tests/ktest.h"

const char *shell_says(const char *line)
{
    static char text[256];
    static struct words words;

    string_copy(text, sizeof(text), line, sizeof(text) - 1);
    if (words_split(text, &words) != OK || words.count == 0) {
        return "(no command)";
    }
    capture_start();
    command_run(&words);
    return capture_stop();
}

bool text_begins(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Where a part begins, at a line's start if asked for; NULL where there is none. */
static const char *find(const char *text, const char *part, bool at_line_start)
{
    for (const char *place = text; *place != '\0'; place++) {
        if ((!at_line_start || place == text || place[-1] == '\n') && text_begins(place, part)) {
            return place;
        }
    }
    return NULL;
}

bool text_has(const char *text, const char *part)
{
    return find(text, part, false) != NULL;
}

bool text_has_line(const char *text, const char *line)
{
    const char *place = find(text, line, true);

    return place != NULL && place[strlen(line)] == '\n';
}

unsigned long text_number(const char *text, const char *key)
{
    const char *place = find(text, key, true);
    unsigned long value = 0;

    if (place == NULL || !text_begins(place + strlen(key), ": ")) {
        return UINT64_MAX;
    }
    for (place += strlen(key) + 2; *place >= '0' && *place <= '9'; place++) {
        value = value * 10 + (unsigned long)(*place - '0');
    }
    return value;
}
