/* SPDX-License-Identifier: MIT */
/* From the keyboard's events to keystrokes. */
#include "drivers/keystroke.h"

#include <stdbool.h>

/* What the keypad's 0 to 9 and its point do when they type nothing. 5 stays itself. */
static const uint8_t keypad_twins[] = {KEY_INSERT, KEY_END,      KEY_DOWN,  KEY_PAGE_DOWN,
                                       KEY_LEFT,   KEY_KEYPAD_5, KEY_RIGHT, KEY_HOME,
                                       KEY_UP,     KEY_PAGE_UP,  KEY_DELETE};
_Static_assert(KEY_KEYPAD_PERIOD - KEY_KEYPAD_0 + 1 == sizeof(keypad_twins), "keypad out of order");

static bool is_modifier_or_lock(enum key key)
{
    return key <= KEY_SCROLL_LOCK;
}

static enum key without_keypad(enum key key)
{
    if (key >= KEY_KEYPAD_0 && key <= KEY_KEYPAD_PERIOD) {
        return (enum key)keypad_twins[key - KEY_KEYPAD_0];
    }
    return key;
}

static uint8_t held(const struct keymap *keymap, uint64_t modifiers)
{
    uint64_t alt = KEYMOD_LEFT_ALT | (keymap->has_altgr ? 0 : KEYMOD_RIGHT_ALT);

    return (uint8_t)(((modifiers & KEYMOD_SHIFT) != 0 ? KEYSTROKE_SHIFT : 0) |
                     ((modifiers & alt) != 0 ? KEYSTROKE_ALT : 0) |
                     ((modifiers & KEYMOD_CTRL) != 0 ? KEYSTROKE_CTRL : 0));
}

static struct keystroke typed(uint32_t character, uint8_t modifiers)
{
    uint64_t kept = KEYSTROKE_ALT | (character == '\t' ? KEYSTROKE_SHIFT : 0);

    return (struct keystroke){.character = character, .modifiers = (uint8_t)(modifiers & kept)};
}

size_t keystroke_decode(struct keystroke_decoder *decoder, struct key_event event,
                        struct keystroke strokes[KEYSTROKES_MAX])
{
    uint32_t character = keymap_translate(decoder->keymap, event);
    uint8_t modifiers = held(decoder->keymap, event.modifiers);
    uint32_t characters[KEYSTROKES_MAX];

    if (!event.pressed || is_modifier_or_lock(event.key)) {
        return 0;
    }
    if (character == 0) {
        strokes[0] = (struct keystroke){.key = without_keypad(event.key), .modifiers = modifiers};
        return 1;
    }

    size_t count = keymap_compose(&decoder->dead_key, character, characters);

    for (size_t i = 0; i < count; i++) {
        strokes[i] = typed(characters[i], modifiers);
    }
    return count;
}
