/* SPDX-License-Identifier: MIT */
/*
 * The keyboard's bytes, up to characters, in every layout. A key is released
 * only after it was pressed; modifiers and locks are those of the keys that
 * are down; a character is one that Unicode has; and whatever came before, a
 * break code for every key leaves no key down.
 */
#include <string.h>

#include "drivers/keymap.h"
#include "drivers/keystroke.h"
#include "drivers/scancode.h"
#include "tests/fuzz/fuzz.h"

#define CODE_BREAK  0x80
#define CODE_EXTEND 0xe0
#define CODE_LAST   0x7f
#define LAYOUTS     5

static struct scancode_decoder decoder;
static bool is_down[KEY_COUNT];

static void check_keystrokes(struct keystroke_decoder *strokes_of, struct key_event event)
{
    struct keystroke strokes[KEYSTROKES_MAX];
    size_t count = keystroke_decode(strokes_of, event, strokes);

    ASSERT_CMP(count, <=, (size_t)KEYSTROKES_MAX);
    for (size_t i = 0; i < count; i++) {
        uint32_t character = strokes[i].character;

        ASSERT_CMP(character == 0, ==, strokes[i].key != KEY_NONE);
        ASSERT_CMP(character, <, 0x110000);
        ASSERT(!(character >= 0xd800 && character < 0xe000));
        ASSERT(!(strokes[i].key >= KEY_LEFT_CTRL && strokes[i].key <= KEY_SCROLL_LOCK));
    }
}

static bool is_held(unsigned key)
{
    return (decoder.held[key / 64] >> key % 64 & 1) != 0;
}

static void take(uint8_t byte, struct keystroke_decoder *strokes_of)
{
    struct key_event event = {.key = KEY_NONE};
    bool was_pause_or_ctrl = decoder.state == SCANCODE_E1_9D;
    bool is_complete = scancode_decode(&decoder, byte, &event);

    if (was_pause_or_ctrl) {
        is_down[KEY_LEFT_CTRL] &= is_held(KEY_LEFT_CTRL); /* it may have been its break code */
    }
    if (!is_complete) {
        if (byte == SCANCODE_OVERRUN || byte == SCANCODE_ERROR || byte == SCANCODE_BAT_PASSED) {
            /* All may have been let go, unannounced. */
            for (unsigned key = 0; key < KEY_COUNT; key++) {
                is_down[key] = is_held(key);
            }
        }
        return;
    }
    ASSERT_CMP(event.key, >, KEY_NONE);
    ASSERT_CMP(event.key, <, KEY_COUNT);
    ASSERT(event.pressed || is_down[event.key]);
    is_down[event.key] = event.pressed;
    for (unsigned key = KEY_NONE; key < KEY_COUNT; key++) {
        ASSERT_CMP(is_held(key), ==, is_down[key]);
    }
    for (unsigned key = KEY_LEFT_CTRL; key <= KEY_RIGHT_META; key++) {
        ASSERT_CMP((event.modifiers & BIT(key - KEY_LEFT_CTRL)) != 0, ==, is_down[key]);
    }
    check_keystrokes(strokes_of, event);
}

static void release_everything(struct keystroke_decoder *strokes_of)
{
    for (unsigned code = 1; code <= CODE_LAST; code++) {
        take((uint8_t)(code | CODE_BREAK), strokes_of);
        take(CODE_EXTEND, strokes_of);
        take((uint8_t)(code | CODE_BREAK), strokes_of);
    }
    for (const uint8_t *pause = (const uint8_t *)"\xe1\x9d\xc5"; *pause != '\0'; pause++) {
        take(*pause, strokes_of);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    struct keystroke_decoder strokes_of = {.keymap = NULL};

    strokes_of.keymap = keymap_at(fuzz_byte(&input) % LAYOUTS);
    ASSERT(strokes_of.keymap != NULL);
    ASSERT_CMP(keymap_at(LAYOUTS), ==, NULL);
    memset(&decoder, 0, sizeof(decoder));
    memset(is_down, 0, sizeof(is_down));
    while (input.size > 0) {
        take(fuzz_byte(&input), &strokes_of);
    }
    release_everything(&strokes_of);
    release_everything(&strokes_of); /* the first may have ended a sequence begun before */
    for (size_t i = 0; i < SCANCODE_HELD_WORDS; i++) {
        ASSERT_CMP(decoder.held[i], ==, 0UL);
    }
    return 0;
}
