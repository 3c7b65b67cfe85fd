/* SPDX-License-Identifier: MIT */
/*
 * The words on the kernel's command line, "name" or "name=value" between
 * blanks. A word that means nothing, or whose value does, is kept for a report
 * and changes nothing; of several good ones with a name the last wins.
 * Pure: also built and tested on the host.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "drivers/keymap.h"

#define COMMAND_LINE_REFUSED_MAX 8

enum panic_choice { PANIC_HALT, PANIC_REBOOT };
enum clock_choice { CLOCK_AUTO, CLOCK_TSC, CLOCK_TICK };

/* A piece of the command line, not terminated; valid as long as the line is. */
struct slice {
    const char *text; /* NULL for a value that is not there */
    size_t length;
};

/*
 * A word that a program knows.
 *
 * Every word has a value, unless that is optional: then "name" alone is given
 * to `store` as a value whose text is NULL.
 */
struct command_line_word {
    const char *name;
    bool value_is_optional;
    /* Take the value over; false, with nothing changed, when it is not one. */
    bool (*store)(void *context, struct slice value);
};

/* The words of one program, beside those that every kernel knows. */
struct command_line_words {
    const struct command_line_word *words;
    size_t count;
    void *context; /* handed to their `store` */
};

/* Words that were ignored: the first of them, and how many there were. */
struct command_line_refused {
    struct slice words[COMMAND_LINE_REFUSED_MAX];
    size_t count;
};

struct command_line {
    bool console_screen; /* console=screen,serial: one or both; both by default */
    bool console_serial;
    const struct keymap *keymap; /* keymap=NAME; us */
    enum panic_choice panic; /* panic=halt|reboot; halt */
    unsigned loglevel; /* loglevel=0 to 3; 2 */
    enum clock_choice clock; /* clock=tsc|tick; the kernel's choice */
    struct command_line_refused unknown; /* no such name */
    struct command_line_refused bad; /* the name is known, the value is missing or wrong */
};

/*
 * Read a command line.
 *
 * text   terminated; must stay as long as the refused words are looked at
 * extra  words of this program; NULL for none
 * line   out: the settings, defaults where nothing was said
 *
 * Context: any.
 */
void command_line_parse(const char *text, const struct command_line_words *extra,
                        struct command_line *line);

/* Whether a slice's text is exactly this. Any context. */
bool slice_equals(struct slice slice, const char *text);
