/* SPDX-License-Identifier: MIT */
/*
 * What has been typed, whatever it was typed on: a character, or a key that
 * types none. The keyboard's keys become keystrokes here, by a layout; a serial
 * terminal's bytes do in kernel/vt_keys.h, so that both mean the same. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "drivers/key.h"
#include "drivers/keymap.h"
#include "lib/bits.h"

#define KEYSTROKE_SHIFT BIT(0)
#define KEYSTROKE_ALT   BIT(1) /* not as AltGr */
#define KEYSTROKE_CTRL  BIT(2)

struct keystroke {
    /*
     * A code point; control codes as Ctrl makes them of letters. Enter is \n,
     * Backspace \b, Tab \t, Escape 0x1b. 0 for a key that types nothing.
     */
    uint32_t character;
    enum key key; /* then; else KEY_NONE. Never a modifier or a lock */
    uint8_t modifiers; /* with a character: Alt, and Shift where that is Tab */
};

/* A character typed with nothing held. */
static inline struct keystroke keystroke_of(uint32_t character)
{
    return (struct keystroke){.character = character};
}

/* The most keystrokes one key makes: an accent that found no letter, and what came instead. */
#define KEYSTROKES_MAX 2

struct keystroke_decoder {
    const struct keymap *keymap;
    uint32_t dead_key; /* the accent that waits for its letter, or 0 */
};

/*
 * Take an event of the keyboard.
 *
 * Keys of the keypad that move the cursor are given as the keys they repeat.
 *
 * Returns how many keystrokes there are, 0 to KEYSTROKES_MAX. Context: any.
 */
size_t keystroke_decode(struct keystroke_decoder *decoder, struct key_event event,
                        struct keystroke strokes[KEYSTROKES_MAX]);
