/* SPDX-License-Identifier: MIT */
/*
 * Tells text, control codes and escape sequences apart in what a terminal
 * receives. Knows their shape, not what they mean. Pure.
 *
 *   ESC final                  a function, as in ESC 7
 *   ESC intermediate... final  the same with bytes 20 to 2f before: a character set, say
 *   CSI parameters final       "CSI" is ESC [; numbers between semicolons, 0 where left out
 *   ESC P, X, ], ^ or _        a string, to its terminator; nothing is made of it
 *
 * CAN and SUB end a sequence, ESC begins another, and a byte that no sequence
 * has ends it and is text. Other control codes act at once, in the middle of
 * it. In a string they do not; a line feed ends it, so that one that was never
 * terminated costs no more than its line.
 * Source: ECMA-48, "Control functions"; DEC VT510 Programmer Information.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define TERMINAL_PARAMETERS_MAX 16
#define TERMINAL_PARAMETER_MAX  9999 /* larger ones count as this */

enum terminal_state {
    TERMINAL_GROUND,
    TERMINAL_ESCAPE, /* behind ESC */
    TERMINAL_ESCAPE_REST, /* and an intermediate byte */
    TERMINAL_CSI, /* behind ESC [ */
    TERMINAL_STRING,
};

enum terminal_action {
    TERMINAL_DO_NOTHING,
    TERMINAL_DO_TEXT, /* the byte belongs to text */
    TERMINAL_DO_CONTROL, /* it is a control code */
    TERMINAL_DO_ESCAPE, /* it ends ESC final */
    TERMINAL_DO_CSI, /* it ends CSI parameters final */
};

/* All zero is a parser between two sequences. */
struct terminal_parser {
    enum terminal_state state;
    uint8_t private_mark; /* <, =, > or ? before the parameters, 0 for none */
    bool is_foreign; /* the sequence has bytes in it that none of ours has */
    uint32_t count; /* of parameters; one that is empty counts */
    uint16_t parameters[TERMINAL_PARAMETERS_MAX]; /* those beyond are dropped */
    uint32_t sub_parameters; /* bit n: parameter n belongs to the one before it, by a colon */
};

/* Take the next byte. Returns what is to be done for it. */
enum terminal_action terminal_parse(struct terminal_parser *parser, uint8_t byte);

/* A parameter of a complete sequence, or `missing` where it is 0 or left out. */
static inline uint32_t terminal_parameter(const struct terminal_parser *parser, uint32_t index,
                                          uint32_t missing)
{
    uint32_t value = index < parser->count ? parser->parameters[index] : 0;

    return value != 0 ? value : missing;
}
