/* SPDX-License-Identifier: MIT */
/*
 * Decoder for scancode set 1, what the 8042 hands over with translation on:
 * bytes in, key events out, at most one event a byte. Pure: no hardware, no
 * clock, no allocation.
 *
 * What it promises, whatever bytes came before (noise, sequences cut short,
 * lost break codes): the next make code is reported as its key pressed, and
 * the modifiers with it are those keys whose make code came and whose break
 * code did not. Three endings of those bytes are, to a reader of bytes, the
 * beginning of something else, and cost the one key that follows, never the
 * one after it:
 *
 *   e0 then a code that has an e0 key   that key: e0 1c is keypad Enter. The
 *                                       codes of both shifts: nothing, a fake shift
 *   e1 then 1d                          nothing: the beginning of Pause
 *   e1 1d then 45                       Pause
 *
 * An e0 before a code that no e0 key has is therefore dropped, and the code
 * taken by itself; a vendor's unknown key acts as its plain twin.
 *
 * How lost bytes heal:
 *   - A make code of a key that is down changes nothing but, unless it repeats
 *     the key pressed last (autorepeat never repeats another), it proves that a
 *     break code was lost, and is a press: a lock toggles again.
 *   - A break code of a key that is up releases the key with the same code on
 *     the other side of e0, if that is down (e0 was lost); else it is nothing.
 *   - A modifier whose break code was lost is down until its next break code:
 *     press and release it once.
 *   - An e1 9d that no c5 of Pause follows was left Ctrl's break code behind a
 *     stray e1: left Ctrl is up, without an event of its own.
 *   - Overrun (00, ff) and a restarted keyboard (aa while left Shift is up)
 *     leave every key up, without events. Locks stay as they were.
 *
 * The keyboard's other answers (fa, fe, ee, fc, fd) are here break codes of
 * keys that are hardly ever down; drivers/ps2_commands.h takes them out first
 * where they are expected. Korean keyboards that send a bare f1 or f2 for Hanja
 * and Hangul, without a make code, stay silent.
 *
 * Source: Microsoft, "Keyboard Scan Code Specification"; IBM PS/2 Technical
 * Reference, "Keyboard (101- and 102-key)".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "drivers/key.h"

/* What a keyboard sends, besides keys, unasked. */
#define SCANCODE_OVERRUN    0xff /* its buffer ran over: bytes are lost */
#define SCANCODE_ERROR      0x00 /* the same in sets 2 and 3; translation leaves it alone */
#define SCANCODE_BAT_PASSED 0xaa /* basic assurance test: it has just been plugged in, or reset */

/* How much of a sequence has come. */
enum scancode_state {
    SCANCODE_START,
    SCANCODE_E0,
    SCANCODE_E1,
    SCANCODE_E1_1D, /* e1 1d: Pause pressed lacks its 45 */
    SCANCODE_E1_9D, /* e1 9d: Pause released lacks its c5 */
};

#define SCANCODE_HELD_WORDS ((KEY_COUNT + 63) / 64)

/* All zero is a decoder that has seen nothing: no key down, no lock on. */
struct scancode_decoder {
    enum scancode_state state;
    enum key last_pressed; /* the key that autorepeat may repeat */
    uint16_t locks; /* KEYMOD_LOCKS bits that are on */
    uint32_t restarts; /* how often the keyboard has started anew: its lights are out */
    uint64_t held[SCANCODE_HELD_WORDS]; /* bit n: the key numbered n is down */
};

/*
 * Take the next byte from the keyboard.
 *
 * event  out: what happened; untouched when nothing did
 *
 * Returns whether the byte completed an event. A key's release is reported
 * only after its press.
 * Context: any; the decoder has one user at a time.
 */
bool scancode_decode(struct scancode_decoder *decoder, uint8_t byte, struct key_event *event);
