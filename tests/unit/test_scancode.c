/* SPDX-License-Identifier: MIT */
/* Sequences, locks, lost bytes; the single codes are test_scancode_keys.c's. */
#include "tests/unit/scancode_feed.h"

/* Make codes and, with RELEASED, break codes of the keys used here. */
#define ALT         0x38
#define A           0x1e
#define C           0x2e
#define CAPS_LOCK   0x3a
#define CTRL        0x1d
#define KEYPAD_4    0x4b
#define LEFT        0x4b /* behind e0 */
#define LEFT_SHIFT  0x2a
#define NUM_LOCK    0x45
#define RIGHT_SHIFT 0x36
#define SCROLL_LOCK 0x46
#define RELEASED    0x80

KTEST(scancode, pause_is_one_key)
{
    struct fed fed = {0};

    FEED(&fed, 0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5);
    CHECK_EQ(fed.count, 2u);
    CHECK_PRESSED(&fed, 0, KEY_PAUSE, 0);
    CHECK_RELEASED(&fed, 1, KEY_PAUSE, 0);
}

KTEST(scancode, ctrl_pause_is_pause_with_ctrl)
{
    struct fed fed = {0};

    FEED(&fed, CTRL, 0xe0, 0x46, 0xe0, 0xc6, CTRL | RELEASED);
    CHECK_EQ(fed.count, 4u);
    CHECK_PRESSED(&fed, 1, KEY_PAUSE, KEYMOD_LEFT_CTRL);
    CHECK_RELEASED(&fed, 2, KEY_PAUSE, KEYMOD_LEFT_CTRL);
}

/* Some emulators send Pause's e1 sequence with Ctrl down as well: Ctrl stays down. */
KTEST(scancode, pause_leaves_ctrl_down)
{
    struct fed fed = {0};

    FEED(&fed, CTRL, 0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5, C);
    CHECK_EQ(fed.count, 4u);
    CHECK_PRESSED(&fed, 1, KEY_PAUSE, KEYMOD_LEFT_CTRL);
    CHECK_RELEASED(&fed, 2, KEY_PAUSE, KEYMOD_LEFT_CTRL);
    CHECK_PRESSED(&fed, 3, KEY_C, KEYMOD_LEFT_CTRL);
}

KTEST(scancode, print_screen_is_one_key)
{
    struct fed fed = {0};

    FEED(&fed, 0xe0, 0x2a, 0xe0, 0x37, 0xe0, 0xb7, 0xe0, 0xaa);
    CHECK_EQ(fed.count, 2u);
    CHECK_PRESSED(&fed, 0, KEY_PRINT_SCREEN, 0);
    CHECK_RELEASED(&fed, 1, KEY_PRINT_SCREEN, 0);
}

KTEST(scancode, alt_print_screen_is_print_screen_with_alt)
{
    struct fed fed = {0};

    FEED(&fed, ALT, 0x54, 0xd4, ALT | RELEASED);
    CHECK_EQ(fed.count, 4u);
    CHECK_PRESSED(&fed, 1, KEY_PRINT_SCREEN, KEYMOD_LEFT_ALT);
    CHECK_RELEASED(&fed, 2, KEY_PRINT_SCREEN, KEYMOD_LEFT_ALT);
}

/* With Num Lock on a keyboard pretends that Shift is down while an arrow is. */
KTEST(scancode, fake_shift_presses_nothing)
{
    struct fed fed = {0};

    FEED(&fed, 0xe0, LEFT_SHIFT, 0xe0, LEFT, 0xe0, LEFT | RELEASED, 0xe0, LEFT_SHIFT | RELEASED);
    CHECK_EQ(fed.count, 2u);
    CHECK_PRESSED(&fed, 0, KEY_LEFT, 0);
    CHECK_RELEASED(&fed, 1, KEY_LEFT, 0);
    FEED(&fed, 0xe0, RIGHT_SHIFT, A, A | RELEASED, 0xe0, RIGHT_SHIFT | RELEASED);
    CHECK_PRESSED(&fed, 0, KEY_A, 0);
}

/* With a real Shift down it pretends that it is up. */
KTEST(scancode, fake_shift_release_leaves_the_real_one_down)
{
    struct fed fed = {0};

    FEED(&fed, LEFT_SHIFT, 0xe0, LEFT_SHIFT | RELEASED, 0xe0, LEFT, 0xe0, LEFT | RELEASED, 0xe0,
         LEFT_SHIFT, A);
    CHECK_EQ(fed.count, 4u);
    CHECK_PRESSED(&fed, 1, KEY_LEFT, KEYMOD_LEFT_SHIFT);
    CHECK_PRESSED(&fed, 3, KEY_A, KEYMOD_LEFT_SHIFT);
    FEED(&fed, LEFT_SHIFT | RELEASED, RIGHT_SHIFT, 0xe0, RIGHT_SHIFT | RELEASED, A);
    CHECK_EQ(fed.count, 3u);
    CHECK_PRESSED(&fed, 2, KEY_A, KEYMOD_RIGHT_SHIFT);
}

KTEST(scancode, both_sides_of_a_modifier_are_told_apart)
{
    struct fed fed = {0};

    FEED(&fed, LEFT_SHIFT, RIGHT_SHIFT, LEFT_SHIFT | RELEASED, RIGHT_SHIFT | RELEASED);
    CHECK_PRESSED(&fed, 0, KEY_LEFT_SHIFT, KEYMOD_LEFT_SHIFT);
    CHECK_PRESSED(&fed, 1, KEY_RIGHT_SHIFT, KEYMOD_SHIFT);
    CHECK_RELEASED(&fed, 2, KEY_LEFT_SHIFT, KEYMOD_RIGHT_SHIFT);
    CHECK_RELEASED(&fed, 3, KEY_RIGHT_SHIFT, 0);
    FEED(&fed, CTRL, 0xe0, CTRL, CTRL | RELEASED, 0xe0, CTRL | RELEASED);
    CHECK_PRESSED(&fed, 1, KEY_RIGHT_CTRL, KEYMOD_CTRL);
    CHECK_RELEASED(&fed, 2, KEY_LEFT_CTRL, KEYMOD_RIGHT_CTRL);
    CHECK_RELEASED(&fed, 3, KEY_RIGHT_CTRL, 0);
}

KTEST(scancode, autorepeat_is_told_from_a_press)
{
    struct fed fed = {0};

    FEED(&fed, A, A, A, A | RELEASED, A);
    CHECK_EQ(fed.count, 5u);
    CHECK(!fed.events[0].repeated);
    CHECK(fed.events[1].repeated && fed.events[1].pressed);
    CHECK(fed.events[2].repeated);
    CHECK(!fed.events[3].repeated && !fed.events[3].pressed);
    CHECK(!fed.events[4].repeated);
}

KTEST(scancode, each_lock_toggles_once_a_press)
{
    static const struct {
        uint8_t code;
        uint64_t lock;
    } locks[] = {{CAPS_LOCK, KEYMOD_CAPS_LOCK},
                 {NUM_LOCK, KEYMOD_NUM_LOCK},
                 {SCROLL_LOCK, KEYMOD_SCROLL_LOCK}};

    for (size_t i = 0; i < ARRAY_SIZE(locks); i++) {
        uint8_t code = locks[i].code;
        uint8_t release = code | RELEASED;
        struct fed fed = {0};

        FEED(&fed, code, code, code, release, A, A | RELEASED, code, code, release, A);
        CHECK_EQ(fed.count, 10u);
        CHECK_EQ(fed.events[0].modifiers, locks[i].lock);
        CHECK_EQ(fed.events[2].modifiers, locks[i].lock); /* held down: not again */
        CHECK_EQ(fed.events[4].modifiers, locks[i].lock);
        CHECK_EQ(fed.events[6].modifiers, 0u);
        CHECK_EQ(fed.events[7].modifiers, 0u);
        CHECK_EQ(fed.events[9].modifiers, 0u);
    }
}

KTEST(scancode, lock_toggles_again_when_its_break_code_was_lost)
{
    struct fed fed = {0};

    FEED(&fed, CAPS_LOCK, A, A | RELEASED, CAPS_LOCK, A);
    CHECK_EQ(fed.count, 5u);
    CHECK_EQ(fed.events[1].modifiers, (uint64_t)KEYMOD_CAPS_LOCK);
    CHECK(!fed.events[3].repeated);
    CHECK_EQ(fed.events[4].modifiers, 0u);
}

/* No other key in between: the second make code looks like autorepeat, its break ends that. */
KTEST(scancode, lock_recovers_at_its_next_break_code)
{
    struct fed fed = {0};

    FEED(&fed, CAPS_LOCK, CAPS_LOCK, CAPS_LOCK | RELEASED, CAPS_LOCK, CAPS_LOCK | RELEASED, A);
    CHECK_PRESSED(&fed, 5, KEY_A, 0);
}

KTEST(scancode, modifier_whose_break_was_lost_is_up_after_its_next_break)
{
    struct fed fed = {0};

    FEED(&fed, LEFT_SHIFT, A, LEFT_SHIFT, LEFT_SHIFT | RELEASED, C);
    CHECK_EQ(fed.count, 5u);
    CHECK_PRESSED(&fed, 2, KEY_LEFT_SHIFT, KEYMOD_LEFT_SHIFT);
    CHECK_PRESSED(&fed, 4, KEY_C, 0);
}

KTEST(scancode, break_of_a_key_that_is_up_is_nothing)
{
    struct fed fed = {0};

    FEED(&fed, A | RELEASED, CTRL | RELEASED, 0xe0, LEFT | RELEASED, RIGHT_SHIFT | RELEASED);
    CHECK_EQ(fed.count, 0u);
    FEED(&fed, A, A | RELEASED, A | RELEASED);
    CHECK_EQ(fed.count, 2u);
}

KTEST(scancode, break_that_lost_its_e0_releases_the_e0_key)
{
    struct fed fed = {0};

    FEED(&fed, 0xe0, CTRL, CTRL | RELEASED, A);
    CHECK_EQ(fed.count, 3u);
    CHECK_RELEASED(&fed, 1, KEY_RIGHT_CTRL, 0);
    CHECK_PRESSED(&fed, 2, KEY_A, 0);
    FEED(&fed, 0xe0, 0x5b, 0x5b | RELEASED); /* left Meta has no plain twin at all */
    CHECK_RELEASED(&fed, 1, KEY_LEFT_META, 0);
}

/* Its make code lost its e0: the keypad's 4 went down instead. */
KTEST(scancode, e0_break_releases_the_plain_key_when_only_that_is_down)
{
    struct fed fed = {0};

    FEED(&fed, KEYPAD_4, 0xe0, LEFT | RELEASED);
    CHECK_EQ(fed.count, 2u);
    CHECK_RELEASED(&fed, 1, KEY_KEYPAD_4, 0);
    FEED(&fed, KEYPAD_4, 0xe0, LEFT, LEFT | RELEASED, 0xe0, LEFT | RELEASED);
    CHECK_EQ(fed.count, 4u);
    CHECK_RELEASED(&fed, 2, KEY_KEYPAD_4, 0);
    CHECK_RELEASED(&fed, 3, KEY_LEFT, 0);
}

KTEST(scancode, overrun_leaves_every_key_up_and_the_locks_as_they_were)
{
    static const uint8_t overruns[] = {SCANCODE_OVERRUN, SCANCODE_ERROR};

    for (size_t i = 0; i < ARRAY_SIZE(overruns); i++) {
        struct fed fed = {0};

        FEED(&fed, CAPS_LOCK, CAPS_LOCK | RELEASED, LEFT_SHIFT, 0xe0, CTRL, 0xe0, 0x6d, overruns[i],
             A);
        CHECK_EQ(fed.count, 6u);
        CHECK_PRESSED(&fed, 5, KEY_A, KEYMOD_CAPS_LOCK);
        FEED(&fed, 0xe0, 0x6d); /* media: a key in the last word of the held set */
        CHECK(!fed.events[0].repeated);
        FEED(&fed, 0xe0, overruns[i], LEFT);
        CHECK_EQ(fed.count, 1u);
        CHECK_PRESSED(&fed, 0, KEY_KEYPAD_4, KEYMOD_CAPS_LOCK);
    }
}

KTEST(scancode, aa_is_the_left_shift_when_that_is_down)
{
    struct fed fed = {0};

    FEED(&fed, CTRL, LEFT_SHIFT, LEFT_SHIFT | RELEASED, A);
    CHECK_EQ(fed.count, 4u);
    CHECK_RELEASED(&fed, 2, KEY_LEFT_SHIFT, KEYMOD_LEFT_CTRL);
    CHECK_PRESSED(&fed, 3, KEY_A, KEYMOD_LEFT_CTRL);
    CHECK_EQ(fed.decoder.restarts, 0u);
}

KTEST(scancode, aa_is_a_restarted_keyboard_when_the_left_shift_is_up)
{
    struct fed fed = {0};

    FEED(&fed, CTRL, RIGHT_SHIFT, SCANCODE_BAT_PASSED, A);
    CHECK_EQ(fed.count, 3u);
    CHECK_PRESSED(&fed, 2, KEY_A, 0);
    CHECK_EQ(fed.decoder.restarts, 1u);
    FEED(&fed, 0xe0, SCANCODE_BAT_PASSED); /* a fake shift */
    CHECK_EQ(fed.decoder.restarts, 1u);
}

KTEST(scancode, answers_to_commands_are_nothing)
{
    struct fed fed = {0};

    FEED(&fed, CTRL, 0xfa, 0xfe, 0xee, 0xfc, 0xfd, 0xf1, 0xf2, A);
    CHECK_EQ(fed.count, 2u);
    CHECK_PRESSED(&fed, 1, KEY_A, KEYMOD_LEFT_CTRL);
}

/* 9d c5 after e1, without Pause: what it would be by itself, a break of Ctrl and of Num Lock. */
KTEST(scancode, cut_pause_still_releases_ctrl_and_num_lock)
{
    struct fed fed = {0};

    FEED(&fed, CTRL, NUM_LOCK, 0xe1, 0x9d, 0xc5, A);
    CHECK_EQ(fed.count, 4u);
    CHECK_RELEASED(&fed, 2, KEY_NUM_LOCK, KEYMOD_NUM_LOCK);
    CHECK_PRESSED(&fed, 3, KEY_A, KEYMOD_NUM_LOCK);
    FEED(&fed, 0xe1, 0x1d, 0x45, CTRL, 0xe1, 0x9d, A);
    CHECK_PRESSED(&fed, 0, KEY_PAUSE, KEYMOD_NUM_LOCK);
    CHECK_EQ(fed.count, 3u);
    CHECK_PRESSED(&fed, 2, KEY_A, KEYMOD_NUM_LOCK);
}
