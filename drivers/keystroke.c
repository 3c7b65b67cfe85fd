/* SPDX-License-Identifier: MIT */
/* From the keyboard's events to keystrokes. */
#include "drivers/keystroke.h"

#include <stdbool.h>

/* What the keypad's keys do when they type nothing. Key 5 has no twin and stays itself. */
static const uint8_t keypad_twins[] = {
    [KEY_KEYPAD_0 - KEY_KEYPAD_0] = KEY_INSERT,      [KEY_KEYPAD_1 - KEY_KEYPAD_0] = KEY_END,
    [KEY_KEYPAD_2 - KEY_KEYPAD_0] = KEY_DOWN,        [KEY_KEYPAD_3 - KEY_KEYPAD_0] = KEY_PAGE_DOWN,
    [KEY_KEYPAD_4 - KEY_KEYPAD_0] = KEY_LEFT,        [KEY_KEYPAD_5 - KEY_KEYPAD_0] = KEY_KEYPAD_5,
    [KEY_KEYPAD_6 - KEY_KEYPAD_0] = KEY_RIGHT,       [KEY_KEYPAD_7 - KEY_KEYPAD_0] = KEY_HOME,
    [KEY_KEYPAD_8 - KEY_KEYPAD_0] = KEY_UP,          [KEY_KEYPAD_9 - KEY_KEYPAD_0] = KEY_PAGE_UP,
    [KEY_KEYPAD_PERIOD - KEY_KEYPAD_0] = KEY_DELETE,
};

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
