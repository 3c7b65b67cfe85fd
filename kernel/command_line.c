/* SPDX-License-Identifier: MIT */
/*
 * Parsing the command line: split at blanks, look the name up, let the word's
 * own function judge its value.
 */
#include "kernel/command_line.h"

#include "lib/bits.h"
#include "lib/string.h"

#define LOGLEVEL_DEFAULT 2
#define LOGLEVEL_MAX     3

bool slice_equals(struct slice slice, const char *text)
{
    return slice.length == strlen(text) && memcmp(slice.text, text, slice.length) == 0;
}

/* Cut what is before a separator off a text, the separator too. Returns whether there was one. */
static bool cut_piece(struct slice *text, char separator, struct slice *piece)
{
    size_t length = 0;

    while (length < text->length && text->text[length] != separator) {
        length++;
    }
    *piece = (struct slice){.text = text->text, .length = length};
    if (length == text->length) {
        return false;
    }
    *text = (struct slice){.text = text->text + length + 1, .length = text->length - length - 1};
    return true;
}

static bool store_console(void *context, struct slice value)
{
    struct command_line *line = context;
    bool screen = false;
    bool serial = false;
    bool more;

    do {
        struct slice name;

        more = cut_piece(&value, ',', &name);
        if (slice_equals(name, "screen")) {
            screen = true;
        } else if (slice_equals(name, "serial")) {
            serial = true;
        } else {
            return false;
        }
    } while (more);
    line->console_screen = screen;
    line->console_serial = serial;
    return true;
}

static bool store_keymap(void *context, struct slice value)
{
    struct command_line *line = context;
    const struct keymap *keymap = keymap_find(value.text, value.length);

    if (keymap == NULL) {
        return false;
    }
    line->keymap = keymap;
    return true;
}

static bool store_panic(void *context, struct slice value)
{
    struct command_line *line = context;

    if (slice_equals(value, "halt")) {
        line->panic = PANIC_HALT;
    } else if (slice_equals(value, "reboot")) {
        line->panic = PANIC_REBOOT;
    } else {
        return false;
    }
    return true;
}

static bool store_loglevel(void *context, struct slice value)
{
    struct command_line *line = context;

    if (value.length != 1 || value.text[0] < '0' || value.text[0] > '0' + LOGLEVEL_MAX) {
        return false;
    }
    line->loglevel = (unsigned)(value.text[0] - '0');
    return true;
}

static bool store_clock(void *context, struct slice value)
{
    struct command_line *line = context;

    if (slice_equals(value, "tsc")) {
        line->clock = CLOCK_TSC;
    } else if (slice_equals(value, "tick")) {
        line->clock = CLOCK_TICK;
    } else {
        return false;
    }
    return true;
}

static const struct command_line_word standard_words[] = {
    {.name = "console", .store = store_console}, {.name = "keymap", .store = store_keymap},
    {.name = "panic", .store = store_panic},     {.name = "loglevel", .store = store_loglevel},
    {.name = "clock", .store = store_clock},
};

enum answer { ANSWER_STORED, ANSWER_BAD_VALUE, ANSWER_UNKNOWN };

/* Ask a set of words about one from the line. */
static enum answer offer(const struct command_line_words *set, struct slice name,
                         struct slice value)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct command_line_word *word = &set->words[i];

        if (!slice_equals(name, word->name)) {
            continue;
        }
        if (value.text == NULL && !word->value_is_optional) {
            return ANSWER_BAD_VALUE;
        }
        return word->store(set->context, value) ? ANSWER_STORED : ANSWER_BAD_VALUE;
    }
    return ANSWER_UNKNOWN;
}

static void refuse(struct command_line_refused *refused, struct slice word)
{
    if (refused->count < COMMAND_LINE_REFUSED_MAX) {
        refused->words[refused->count] = word;
    }
    refused->count++;
}

static void read_word(struct command_line *line, const struct command_line_words *extra,
                      struct slice word)
{
    const struct command_line_words standard = {
        .words = standard_words,
        .count = ARRAY_SIZE(standard_words),
        .context = line,
    };
    struct slice value = word;
    struct slice name;
    enum answer answer;

    if (!cut_piece(&value, '=', &name)) {
        value = (struct slice){.text = NULL, .length = 0};
    }
    answer = offer(&standard, name, value);
    if (answer == ANSWER_UNKNOWN && extra != NULL) {
        answer = offer(extra, name, value);
    }
    if (answer == ANSWER_UNKNOWN) {
        refuse(&line->unknown, word);
    } else if (answer == ANSWER_BAD_VALUE) {
        refuse(&line->bad, word);
    }
}

static bool is_blank(char character)
{
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

void command_line_parse(const char *text, const struct command_line_words *extra,
                        struct command_line *line)
{
    *line = (struct command_line){
        .console_screen = true,
        .console_serial = true,
        .keymap = &keymap_us,
        .panic = PANIC_HALT,
        .loglevel = LOGLEVEL_DEFAULT,
        .clock = CLOCK_AUTO,
    };
    while (*text != '\0') {
        struct slice word = {.text = text, .length = 0};

        while (text[word.length] != '\0' && !is_blank(text[word.length])) {
            word.length++;
        }
        if (word.length != 0) {
            read_word(line, extra, word);
        }
        /* Past the word, and past one blank if that is what ended it. */
        text += word.length;
        text += *text != '\0';
    }
}
