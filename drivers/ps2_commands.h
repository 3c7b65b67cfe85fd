/* SPDX-License-Identifier: MIT */
/*
 * Commands to a PS/2 keyboard: which byte is to be sent next, and which of the
 * bytes that come back are answers. Pure, and without a clock: the owner sends
 * when the line is free and hands in what it receives, so nothing ever waits
 * and all of it may happen in an interrupt.
 *
 *   state     what happens               then
 *   idle      a command is pushed        to send
 *   to send   the owner has sent a byte  sent
 *   sent      ACK, the command has more  to send the next byte
 *             ACK of the last byte       done: on to the next command, or idle
 *             RESEND, tries left         to send the same byte
 *             RESEND, none left          given up: on to the next command, or idle
 *             any other byte             still sent; after too many, given up
 *
 * An answer counts in the state "sent" alone: elsewhere the same bytes are
 * break codes of two rare keys. A keyboard answers before it sends another
 * key, so the keys that come in between were under way already, in its buffer
 * or the emulator's; after PS2_PATIENCE bytes of them no answer will come.
 * That stands in for a time limit: while no key is struck there is no hurry.
 *
 * Source: IBM PS/2 Technical Reference, "Keyboard (101- and 102-key)".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/bits.h"
#include "lib/compiler.h"

#define PS2_COMMAND_SET_LEDS     0xed /* argument: PS2_LED_* */
#define PS2_COMMAND_SCANCODE_SET 0xf0 /* argument: 1, 2 or 3 */
#define PS2_COMMAND_ENABLE       0xf4 /* start scanning; keys not yet sent are forgotten */

#define PS2_LED_SCROLL_LOCK BIT(0)
#define PS2_LED_NUM_LOCK    BIT(1)
#define PS2_LED_CAPS_LOCK   BIT(2)

#define PS2_ANSWER_ACK    0xfa
#define PS2_ANSWER_RESEND 0xfe

#define PS2_TRIES             3 /* how often one byte is sent before its command is given up */
#define PS2_PATIENCE          32 /* keyboards buffer 16 to 20 bytes of keys */
#define PS2_COMMANDS_CAPACITY 4

struct ps2_command {
    uint8_t bytes[2]; /* the command, its argument */
    uint8_t length; /* 1, or 2 with an argument */
};

/* All zero is idle. */
struct ps2_commands {
    struct ps2_command queue[PS2_COMMANDS_CAPACITY]; /* the first is under way */
    uint8_t count;
    uint8_t acknowledged; /* bytes of the first command that the keyboard has taken */
    uint8_t tries; /* how often its next byte has been sent */
    uint8_t other_bytes; /* received since then, and not its answer */
    bool is_sent;
    uint32_t failures; /* commands given up, ever */
};

/*
 * Queue a command. A command of the same kind that has not begun yet is
 * replaced: of several settings only the last matters.
 *
 * Returns false, nothing changed, when the queue is full.
 * Context: any, as for all of these; one caller at a time.
 */
MUST_CHECK bool ps2_commands_push(struct ps2_commands *commands, struct ps2_command command);

/*
 * The byte to send now.
 *
 * byte  out; untouched when there is none
 *
 * Returns false when nothing is queued or an answer is due first.
 */
MUST_CHECK bool ps2_commands_next(const struct ps2_commands *commands, uint8_t *byte);

/* Say that the byte ps2_commands_next() gave has been sent. */
void ps2_commands_note_sent(struct ps2_commands *commands);

/* Hand in a received byte. Returns whether it was an answer: if not, it belongs to a key. */
bool ps2_commands_receive(struct ps2_commands *commands, uint8_t byte);

/* Whether every command has been carried out or given up. */
bool ps2_commands_is_idle(const struct ps2_commands *commands);
