/* SPDX-License-Identifier: MIT */
/*
 * SGR, the sequence that chooses colours. Sources: ECMA-48, "SGR - Select
 * graphic rendition"; xterm's "Control Sequences" for the bright colours and
 * those behind 38 and 48.
 */
#include "lib/terminal_sequence.h"

/*
 * SGR's parameters. A foreground or background is followed at once by its
 * colour, 0 to 7, or by one of the two numbers behind it: SGR_DEFAULT, or
 * SGR_EXTENDED, after which come SGR_INDEXED and an index, or SGR_RGB and red,
 * green, blue.
 */
#define SGR_RESET             0
#define SGR_BOLD              1
#define SGR_REVERSE           7
#define SGR_NORMAL_WEIGHT     22
#define SGR_NOT_REVERSE       27
#define SGR_FOREGROUND        30
#define SGR_BACKGROUND        40
#define SGR_BRIGHT_FOREGROUND 90
#define SGR_BRIGHT_BACKGROUND 100
#define SGR_EXTENDED          8
#define SGR_DEFAULT           9
#define SGR_INDEXED           5
#define SGR_RGB               2
#define SGR_NONE              2 /* faint, which no screen of ours can show */

/* ISO 6429 counts colours with red lowest, the PC with blue. */
static const uint8_t colors[] = {TERMINAL_BLACK, TERMINAL_RED,       TERMINAL_GREEN,
                                 TERMINAL_BROWN, TERMINAL_BLUE,      TERMINAL_MAGENTA,
                                 TERMINAL_CYAN,  TERMINAL_LIGHT_GREY};

void terminal_update_attribute(struct terminal *terminal)
{
    const struct terminal_cursor *cursor = &terminal->cursor;
    unsigned foreground = cursor->foreground | (cursor->is_bold ? TERMINAL_BRIGHT : 0);
    uint8_t attribute = terminal_attribute(foreground, cursor->background);

    if (cursor->is_reverse) {
        attribute = (uint8_t)(attribute << 4 | attribute >> 4);
    }
    terminal->attribute = attribute;
}

void terminal_reset_colors(struct terminal *terminal)
{
    terminal->cursor.foreground = terminal->default_attribute & 0xf;
    terminal->cursor.background = terminal->default_attribute >> 4;
    terminal->cursor.is_bold = false;
    terminal->cursor.is_reverse = false;
    terminal_update_attribute(terminal);
}

static bool is_sub_parameter(const struct terminal_parser *parser, uint32_t index)
{
    return index < parser->count && (parser->sub_parameters & 1U << index) != 0;
}

/*
 * What stands behind 38 or 48 and belongs to it. Sub-parameters, behind colons,
 * always do; the older form has as many parameters as its kind says.
 */
static uint32_t extended_color_length(const struct terminal_parser *parser, uint32_t index)
{
    uint32_t length = 0;

    while (is_sub_parameter(parser, index + length)) {
        length++;
    }
    if (length > 0) {
        return length;
    }
    switch (terminal_parameter(parser, index, 0)) {
    case SGR_INDEXED:
        return 2;
    case SGR_RGB:
        return 4;
    default:
        return 0;
    }
}

/* A colour parameter as the PC numbers it. digit: 0 to 7, or SGR_DEFAULT. */
static uint8_t color_of(uint32_t digit, unsigned bright, unsigned default_color)
{
    return (uint8_t)(digit == SGR_DEFAULT ? default_color : colors[digit] | bright);
}

static void select_color(struct terminal *terminal, uint32_t value)
{
    struct terminal_cursor *cursor = &terminal->cursor;
    uint32_t digit = value % 10;
    unsigned bright = value >= SGR_BRIGHT_FOREGROUND ? TERMINAL_BRIGHT : 0;

    if (digit == SGR_EXTENDED || (digit == SGR_DEFAULT && bright != 0)) {
        return; /* no such colour */
    }
    switch (value - digit) {
    case SGR_FOREGROUND:
    case SGR_BRIGHT_FOREGROUND:
        cursor->foreground = color_of(digit, bright, terminal->default_attribute & 0xf);
        break;
    case SGR_BACKGROUND:
    case SGR_BRIGHT_BACKGROUND:
        cursor->background = color_of(digit, bright, terminal->default_attribute >> 4);
        break;
    default:
        break;
    }
}

static void select_rendition(struct terminal *terminal, uint32_t value)
{
    switch (value) {
    case SGR_RESET:
        terminal_reset_colors(terminal);
        break;
    case SGR_BOLD:
        terminal->cursor.is_bold = true;
        break;
    case SGR_NORMAL_WEIGHT:
        terminal->cursor.is_bold = false;
        break;
    case SGR_REVERSE:
        terminal->cursor.is_reverse = true;
        break;
    case SGR_NOT_REVERSE:
        terminal->cursor.is_reverse = false;
        break;
    default:
        select_color(terminal, value);
        break;
    }
}

void terminal_select_renditions(struct terminal *terminal)
{
    const struct terminal_parser *parser = &terminal->parser;
    uint32_t i = 0;

    while (i < parser->count) {
        uint32_t value = is_sub_parameter(parser, i) ? SGR_NONE : parser->parameters[i];

        i++;
        if (value == SGR_FOREGROUND + SGR_EXTENDED || value == SGR_BACKGROUND + SGR_EXTENDED) {
            i += extended_color_length(parser, i);
        } else {
            select_rendition(terminal, value);
        }
    }
    terminal_update_attribute(terminal);
}
