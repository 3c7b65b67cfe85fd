/* SPDX-License-Identifier: MIT */
/* From keys to characters, by the data of a layout. */
#include "drivers/keymap.h"

#include "lib/string.h"

#define ESCAPE 0x1b

/* ASCII's columns of control codes and of the characters that Ctrl makes them from. */
#define CONTROL_LIMIT 0x20
#define CONTROL_MASK  0x1f

static const struct keymap *const keymaps[] = {&keymap_us, &keymap_uk, &keymap_fr, &keymap_de,
                                               &keymap_dvorak};

/* The keys that no layout changes. */
static const uint8_t common_characters[KEY_COUNT] = {
    [KEY_ESCAPE] = ESCAPE,     [KEY_BACKSPACE] = '\b',      [KEY_TAB] = '\t',
    [KEY_ENTER] = '\n',        [KEY_SPACE] = ' ',           [KEY_KEYPAD_0] = '0',
    [KEY_KEYPAD_1] = '1',      [KEY_KEYPAD_2] = '2',        [KEY_KEYPAD_3] = '3',
    [KEY_KEYPAD_4] = '4',      [KEY_KEYPAD_5] = '5',        [KEY_KEYPAD_6] = '6',
    [KEY_KEYPAD_7] = '7',      [KEY_KEYPAD_8] = '8',        [KEY_KEYPAD_9] = '9',
    [KEY_KEYPAD_DIVIDE] = '/', [KEY_KEYPAD_MULTIPLY] = '*', [KEY_KEYPAD_MINUS] = '-',
    [KEY_KEYPAD_PLUS] = '+',   [KEY_KEYPAD_ENTER] = '\n',   [KEY_KEYPAD_EQUAL] = '=',
    [KEY_KEYPAD_COMMA] = ',',
};

const struct keymap *keymap_find(const char *name, size_t length)
{
    for (size_t i = 0; i < ARRAY_SIZE(keymaps); i++) {
        if (strlen(keymaps[i]->name) == length && memcmp(keymaps[i]->name, name, length) == 0) {
            return keymaps[i];
        }
    }
    return NULL;
}

const struct keymap *keymap_at(size_t index)
{
    return index < ARRAY_SIZE(keymaps) ? keymaps[index] : NULL;
}

/* Whether the key moves the cursor instead of typing: a keypad digit or separator. */
static bool is_navigation(struct key_event event)
{
    bool has_two_meanings = event.key >= KEY_KEYPAD_0 && event.key <= KEY_KEYPAD_PERIOD;
    bool num_lock = (event.modifiers & KEYMOD_NUM_LOCK) != 0;
    bool shift = (event.modifiers & KEYMOD_SHIFT) != 0;

    return has_two_meanings && num_lock == shift;
}

static uint32_t layout_character(const struct keymap *keymap, struct key_event event)
{
    const struct keymap_key *key = &keymap->keys[event.key];
    bool altgr = keymap->has_altgr && (event.modifiers & KEYMOD_RIGHT_ALT) != 0;
    bool caps_applies = (key->caps & (altgr ? KEYMAP_CAPS_ALTGR : KEYMAP_CAPS)) != 0;
    size_t level = altgr ? KEYMAP_ALTGR : 0;

    if ((event.modifiers & KEYMOD_SHIFT) != 0) {
        level |= KEYMAP_SHIFT;
    }
    if ((event.modifiers & KEYMOD_CAPS_LOCK) != 0 && caps_applies) {
        level ^= KEYMAP_SHIFT;
    }
    return key->characters[level];
}

static uint32_t with_ctrl(uint32_t character)
{
    if (character < CONTROL_LIMIT) {
        return character;
    }
    if ((character >= 'A' && character <= '_') || (character >= 'a' && character <= 'z')) {
        return character & CONTROL_MASK;
    }
    return 0;
}

uint32_t keymap_translate(const struct keymap *keymap, struct key_event event)
{
    uint32_t character = common_characters[event.key];

    if (!event.pressed || is_navigation(event)) {
        return 0;
    }
    if (character == 0) {
        character = layout_character(keymap, event);
    }
    return (event.modifiers & KEYMOD_CTRL) != 0 ? with_ctrl(character) : character;
}
