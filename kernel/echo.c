/* SPDX-License-Identifier: MIT */
/*
 * The normal kernel's program: a task by which what is typed appears, on the
 * screen and on the serial line, from whichever keyboard it came. The word
 * "demo" on the command line starts an example beside it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/clock.h"
#include "kernel/console.h"
#include "kernel/demo.h"
#include "kernel/input.h"
#include "kernel/program.h"
#include "lib/bits.h"
#include "lib/char_width.h"
#include "lib/utf8.h"

#define TAB_WIDTH 8

static bool wants_demo;

static bool store_demo(void *context, struct slice value)
{
    (void)context;
    wants_demo = value.text == NULL;
    return wants_demo;
}

static const struct command_line_word words[] = {
    {.name = "demo", .value_is_optional = true, .store = store_demo},
};

const struct command_line_words program_words = {.words = words, .count = ARRAY_SIZE(words)};

void program_prepare(void)
{
}

/* Echo one character. line_length: of what was typed since Enter; only that can be erased. */
static void echo(uint32_t character, size_t *line_length)
{
    char bytes[UTF8_BYTES_MAX];

    if (character == '\n') {
        console_write("\n", 1);
        *line_length = 0;
    } else if (character == '\b') {
        if (*line_length > 0) {
            console_write("\b \b", 3);
            --*line_length;
        }
    } else if (character == '\t') {
        do {
            console_write(" ", 1);
        } while (++*line_length % TAB_WIDTH != 0);
    } else if (char_width(character) == 1) {
        console_write(bytes, utf8_encode(character, bytes));
        ++*line_length;
    }
}

intptr_t program_main(void *argument)
{
    size_t line_length = 0;
    struct keystroke stroke;

    (void)argument;
    if (wants_demo) {
        demo_start();
    }
    while (input_read(&stroke, DEADLINE_NEVER) == OK) {
        echo(stroke.character, &line_length);
    }
    return 0;
}
