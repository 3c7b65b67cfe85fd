/* SPDX-License-Identifier: MIT */
/*
 * The normal kernel's program: what is typed appears, on the screen and on the
 * serial line, from whichever keyboard it came.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/console.h"
#include "kernel/input.h"
#include "kernel/program.h"
#include "lib/char_width.h"
#include "lib/utf8.h"

#define TAB_WIDTH 8

const struct command_line_words program_words = {.count = 0};

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

void program_run(void)
{
    size_t line_length = 0;
    struct keystroke stroke;

    for (;;) {
        while (input_read(&stroke)) {
            echo(stroke.character, &line_length);
        }
        input_wait();
    }
}
