/* SPDX-License-Identifier: MIT */
/*
 * Keyboard layouts as data: which character a key gives. Pure.
 *
 * A layout is a file with one `const struct keymap`, declared below and named
 * in keymap.c's list; nothing else changes. It says
 *   - for each key that its country prints on, the character by itself, with
 *     Shift, with AltGr and with both, 0 where there is none;
 *   - whether it has an AltGr level at all; if not, right Alt is a second Alt;
 *   - for each key, whether Caps Lock acts as Shift on it;
 *   - dead keys, as the accent's combining mark, U+0300 to U+036F, in place of
 *     a character; keymap_compose.c has what they and letters become.
 * The same on every layout, and so not in its table: Enter, Tab, Backspace,
 * Escape, Space, the keypad without its decimal separator, Ctrl, Num Lock.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "drivers/key.h"
#include "lib/bits.h"

/* A key's four characters, indexed by what is held with it. */
#define KEYMAP_SHIFT  BIT(0)
#define KEYMAP_ALTGR  BIT(1)
#define KEYMAP_LEVELS 4

/* On which pairs of characters Caps Lock acts as Shift. */
#define KEYMAP_CAPS       BIT(0) /* without AltGr */
#define KEYMAP_CAPS_ALTGR BIT(1) /* with AltGr */

struct keymap_key {
    uint16_t characters[KEYMAP_LEVELS]; /* code points or combining marks; 0 is none */
    uint8_t caps; /* KEYMAP_CAPS* */
};

struct keymap {
    const char *name; /* as in keymap=NAME */
    bool has_altgr;
    struct keymap_key keys[KEY_COUNT];
};

extern const struct keymap keymap_us;
extern const struct keymap keymap_uk;
extern const struct keymap keymap_fr;
extern const struct keymap keymap_de;
extern const struct keymap keymap_dvorak;

/* The layout of that name, which need not end in a NUL; NULL for none. Any context. */
const struct keymap *keymap_find(const char *name, size_t length);

/* The layouts one by one, from index 0; NULL behind the last. Any context. */
const struct keymap *keymap_at(size_t index);

/*
 * The character an event types.
 *
 * Shift, AltGr and Caps Lock choose among the layout's characters. Ctrl then
 * makes a control code of a letter and of [ \ ] ^ _ (1 to 31), keeps Enter,
 * Tab, Backspace and Escape, and takes every other character away. The keypad
 * gives digits while Num Lock is on or Shift held, not both. Alt and Meta
 * change nothing: who gives them a meaning reads the event.
 *
 * Returns a code point or, for a dead key, its combining mark; 0 when the
 * event types nothing: a release, or a key without a character. Enter is \n,
 * Backspace \b, Tab \t, Escape 0x1b; Delete has none.
 * Context: any.
 */
uint32_t keymap_translate(const struct keymap *keymap, struct key_event event);

/*
 * Join dead keys with the letters after them.
 *
 * mark        in and out: the accent that waits for its letter, 0 for none
 * character   what keymap_translate() gave, not 0
 * characters  out: what has been typed now
 *
 * An accent that does not go with the character stands by itself, before it; a
 * control code makes it vanish.
 *
 * Returns how many characters there are, 0 to 2.
 * Context: any.
 */
size_t keymap_compose(uint32_t *mark, uint32_t character, uint32_t characters[2]);
