/* SPDX-License-Identifier: MIT */
/* Keystrokes: what a key amounts to, with each modifier, on layouts with and without AltGr. */
#include "drivers/keystroke.h"

#include "tests/ktest.h"

static struct keystroke strokes[KEYSTROKES_MAX];

static size_t strike(struct keystroke_decoder *decoder, enum key key, uint64_t modifiers)
{
    return keystroke_decode(
        decoder, (struct key_event){.key = key, .pressed = true, .modifiers = (uint16_t)modifiers},
        strokes);
}

static void check(const struct keymap *keymap, enum key struck, uint64_t held, uint32_t character,
                  enum key key, uint64_t modifiers)
{
    struct keystroke_decoder decoder = {.keymap = keymap};

    REQUIRE_EQ(strike(&decoder, struck, held), 1u);
    CHECK_EQ(strokes[0].character, character);
    CHECK_EQ(strokes[0].key, key);
    CHECK_EQ(strokes[0].modifiers, modifiers);
}

KTEST(keystroke, characters_carry_alt_and_no_other_modifier)
{
    check(&keymap_us, KEY_A, 0, 'a', KEY_NONE, 0);
    check(&keymap_us, KEY_A, KEYMOD_LEFT_SHIFT, 'A', KEY_NONE, 0);
    check(&keymap_us, KEY_A, KEYMOD_RIGHT_CTRL, 1, KEY_NONE, 0);
    check(&keymap_us, KEY_B, KEYMOD_LEFT_ALT, 'b', KEY_NONE, KEYSTROKE_ALT);
    check(&keymap_us, KEY_B, KEYMOD_RIGHT_ALT | KEYMOD_LEFT_CTRL, 2, KEY_NONE, KEYSTROKE_ALT);
    check(&keymap_us, KEY_ENTER, KEYMOD_LEFT_SHIFT, '\n', KEY_NONE, 0);
    check(&keymap_us, KEY_TAB, KEYMOD_LEFT_SHIFT, '\t', KEY_NONE, KEYSTROKE_SHIFT);
    check(&keymap_us, KEY_BACKSPACE, KEYMOD_LEFT_ALT, '\b', KEY_NONE, KEYSTROKE_ALT);
}

KTEST(keystroke, altgr_is_no_alt)
{
    check(&keymap_de, KEY_Q, KEYMOD_RIGHT_ALT, '@', KEY_NONE, 0);
    check(&keymap_de, KEY_Q, KEYMOD_LEFT_ALT, 'q', KEY_NONE, KEYSTROKE_ALT);
    check(&keymap_de, KEY_LEFT, KEYMOD_RIGHT_ALT, 0, KEY_LEFT, 0);
}

KTEST(keystroke, keys_without_a_character_are_named_with_their_modifiers)
{
    static const enum key keys[] = {KEY_UP,  KEY_DOWN,      KEY_LEFT,   KEY_RIGHT,  KEY_HOME,
                                    KEY_END, KEY_PAGE_UP,   KEY_DELETE, KEY_INSERT, KEY_F1,
                                    KEY_F12, KEY_PAGE_DOWN, KEY_MENU};

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        check(&keymap_us, keys[i], KEYMOD_CAPS_LOCK, 0, keys[i], 0);
        check(&keymap_us, keys[i], KEYMOD_LEFT_SHIFT, 0, keys[i], KEYSTROKE_SHIFT);
        check(&keymap_us, keys[i], KEYMOD_RIGHT_CTRL | KEYMOD_LEFT_ALT, 0, keys[i],
              KEYSTROKE_CTRL | KEYSTROKE_ALT);
    }
    check(&keymap_us, KEY_1, KEYMOD_LEFT_CTRL, 0, KEY_1, KEYSTROKE_CTRL);
}

KTEST(keystroke, keypad_repeats_the_keys_beside_it_without_num_lock)
{
    static const enum key twins[] = {KEY_INSERT, KEY_END,      KEY_DOWN,  KEY_PAGE_DOWN,
                                     KEY_LEFT,   KEY_KEYPAD_5, KEY_RIGHT, KEY_HOME,
                                     KEY_UP,     KEY_PAGE_UP,  KEY_DELETE};

    for (size_t i = 0; i < ARRAY_SIZE(twins); i++) {
        enum key key = KEY_KEYPAD_0 + (enum key)i;

        check(&keymap_us, key, 0, 0, twins[i], 0);
        check(&keymap_us, key, KEYMOD_NUM_LOCK, (uint32_t) "0123456789."[i], KEY_NONE, 0);
        check(&keymap_us, key, KEYMOD_NUM_LOCK | KEYMOD_LEFT_SHIFT, 0, twins[i], KEYSTROKE_SHIFT);
    }
}

KTEST(keystroke, releases_modifiers_and_locks_make_none)
{
    struct keystroke_decoder decoder = {.keymap = &keymap_us};
    struct key_event release = {.key = KEY_UP, .pressed = false};

    CHECK_EQ(keystroke_decode(&decoder, release, strokes), 0u);
    for (enum key key = KEY_LEFT_CTRL; key <= KEY_SCROLL_LOCK; key++) {
        CHECK_EQ(strike(&decoder, key, 0), 0u);
    }
}

KTEST(keystroke, dead_key_waits_and_may_come_out_alone)
{
    struct keystroke_decoder decoder = {.keymap = &keymap_de};

    CHECK_EQ(strike(&decoder, KEY_GRAVE, 0), 0u);
    CHECK_EQ(strike(&decoder, KEY_LEFT_SHIFT, KEYMOD_LEFT_SHIFT), 0u); /* on the way to a capital */
    CHECK_EQ(strike(&decoder, KEY_E, KEYMOD_LEFT_SHIFT), 1u);
    CHECK_EQ(strokes[0].character, 0xcau);

    CHECK_EQ(strike(&decoder, KEY_EQUAL, 0), 0u);
    CHECK_EQ(strike(&decoder, KEY_X, 0), 2u);
    CHECK_EQ(strokes[0].character, 0xb4u);
    CHECK_EQ(strokes[1].character, (uint32_t)'x');
    CHECK_EQ(strike(&decoder, KEY_X, 0), 1u);
}
