/* SPDX-License-Identifier: MIT */
/* The whole keyboard, from struck keys to characters. */
#include "drivers/scancode.h"
#include "lib/bits.h"
#include "tests/host/keyboard_model.h"

KTEST(keyboard_model, struck_key_becomes_a_character)
{
    keyboard_model_begin();
    CHECK(!keyboard_has_input());
    CHECK_EQ(keyboard_model_typed(), 0u);
    keyboard_model_strike(A);
    CHECK_EQ(keyboard_model.told, 1u);
    CHECK(keyboard_has_input());
    CHECK_EQ(keyboard_model_typed(), (uint32_t)'a');
    CHECK_EQ(keyboard_counts().bytes, 2u);
    CHECK_EQ(keyboard_counts().bytes_lost, 0u);
    CHECK_EQ(model.heard_count, 0u);
}

KTEST(keyboard_model, events_come_in_order_and_leave_nothing_untouched)
{
    struct key_event event = {.key = KEY_F1};

    keyboard_model_begin();
    CHECK(!keyboard_read_event(&event));
    CHECK_EQ(event.key, KEY_F1);
    model_strike(LEFT_SHIFT);
    keyboard_model_strike(A);
    CHECK(keyboard_read_event(&event));
    CHECK_EQ(event.key, KEY_LEFT_SHIFT);
    CHECK(keyboard_read_event(&event));
    CHECK_EQ(event.key, KEY_A);
    CHECK_EQ(event.modifiers, (uint64_t)KEYMOD_LEFT_SHIFT);
    CHECK(keyboard_read_event(&event));
    CHECK(!event.pressed);
    CHECK(!keyboard_read_event(&event));
}

KTEST(keyboard_model, poll_does_what_the_interrupt_does)
{
    keyboard_model_begin();
    model_strike(A);
    keyboard_poll();
    CHECK_EQ(keyboard_model.told, 1u);
    CHECK_EQ(keyboard_model_typed(), (uint32_t)'a');
}

/* Shift goes down, too many bytes come for its break to be kept, and all is well again. */
KTEST(keyboard_model, lost_bytes_are_counted_and_leave_no_key_down)
{
    uint32_t character;

    keyboard_model_begin();
    model_strike(LEFT_SHIFT);
    for (unsigned i = 1; i < KEYBOARD_RING_SIZE; i++) {
        model_strike(A);
    }
    model_strike(LEFT_SHIFT | RELEASED);
    model_strike(A);
    keyboard_model_settle();
    CHECK_EQ(keyboard_counts().bytes, KEYBOARD_RING_SIZE + 2u);
    CHECK_EQ(keyboard_counts().bytes_lost, 2u);
    for (unsigned i = 1; i < KEYBOARD_RING_SIZE; i++) {
        CHECK(keyboard_model_read(&character));
        CHECK_EQ(character, (uint32_t)'A');
    }
    CHECK_EQ(keyboard_model_typed(), 0u);
    keyboard_model_strike(A);
    CHECK_EQ(keyboard_model_typed(), (uint32_t)'a');
    CHECK_EQ(keyboard_counts().bytes_lost, 2u);
}

/* Strike a key once more than the ring has room for. */
static void overfill(uint8_t key)
{
    for (unsigned i = 0; i < KEYBOARD_RING_SIZE + 1; i++) {
        model_strike(key);
    }
    keyboard_model_settle();
    CHECK_EQ(keyboard_counts().bytes_lost, 1u);
}

/* Room for one byte: the mark that bytes were lost takes it, the key is lost too, and a mark
 * follows. */
KTEST(keyboard_model, every_gap_is_marked)
{
    struct key_event event;

    keyboard_model_begin();
    overfill(LEFT_SHIFT);
    CHECK(keyboard_read_event(&event));
    keyboard_model_strike(A);
    CHECK_EQ(keyboard_counts().bytes_lost, 3u);
    for (unsigned i = 0; i < KEYBOARD_RING_SIZE - 1; i++) {
        CHECK(keyboard_read_event(&event));
        CHECK_EQ(event.key, KEY_LEFT_SHIFT);
    }
    CHECK_EQ(keyboard_model_typed(), 0u);
    keyboard_model_strike(A);
    CHECK_EQ(keyboard_model_typed(), (uint32_t)'a');
    CHECK_EQ(keyboard_counts().bytes_lost, 3u);
}

KTEST(keyboard_model, absent_controller_gives_no_input)
{
    struct i8042_report report;

    model_power_on();
    model.is_absent = true;
    CHECK_STATUS(keyboard_init(&report), ERR_NO_DEVICE);
    keyboard_poll();
    CHECK_EQ(keyboard_model_typed(), 0u);
}

static const struct keymap with_dead_key = {
    .name = "test",
    .keys = {[KEY_A] = {{'a', 'A', 0, 0}, KEYMAP_CAPS},
             [KEY_Z] = {{'x', 'X', 0, 0}, KEYMAP_CAPS},
             [KEY_APOSTROPHE] = {{0x0301, '"', 0, 0}, 0}},
};

KTEST(keyboard_model, dead_key_waits_for_its_letter)
{
    uint32_t character = 0;

    keyboard_model_begin();
    keyboard_set_keymap(&with_dead_key);
    keyboard_model_strike(APOSTROPHE);
    CHECK_EQ(keyboard_model_typed(), 0u);
    keyboard_model_strike(A);
    CHECK_EQ(keyboard_model_typed(), 0xe1u);
    keyboard_model_strike(APOSTROPHE);
    keyboard_model_strike(Z);
    CHECK(keyboard_model_read(&character)); /* both, in order */
    CHECK_EQ(character, 0xb4u);
    CHECK(keyboard_has_input());
    CHECK_EQ(keyboard_model_typed(), (uint32_t)'x');
}

KTEST(keyboard_model, new_layout_forgets_the_accent)
{
    keyboard_model_begin();
    keyboard_set_keymap(&with_dead_key);
    keyboard_model_strike(APOSTROPHE);
    CHECK_EQ(keyboard_model_typed(), 0u);
    keyboard_set_keymap(&with_dead_key);
    keyboard_model_strike(A);
    CHECK_EQ(keyboard_model_typed(), (uint32_t)'a');
}

KTEST(keyboard_model, init_forgets_what_was_before)
{
    struct i8042_report report;
    uint32_t character;

    keyboard_model_begin();
    keyboard_set_keymap(&with_dead_key);
    keyboard_model_strike(CAPS_LOCK);
    model_strike(SCANCODE_BAT_PASSED);
    keyboard_model_strike(APOSTROPHE);
    CHECK_EQ(keyboard_model_typed(), 0u);
    model_strike(LEFT_SHIFT);
    keyboard_model_strike(A);
    CHECK_OK(keyboard_init(&report));
    CHECK(!keyboard_has_input());
    CHECK_EQ(model.lights, 0);
    model.heard_count = 0;
    keyboard_model_strike(A);
    CHECK_EQ(keyboard_model_typed(), (uint32_t)'a'); /* no Caps Lock, no Shift, no accent */
    CHECK_EQ(model.heard_count, 0u);
    CHECK_EQ(keyboard_counts().bytes, 2u);

    keyboard_model_strike(APOSTROPHE);
    keyboard_model_strike(Z);
    CHECK(keyboard_model_read(&character)); /* of two that were typed */
    CHECK_OK(keyboard_init(&report));
    CHECK_EQ(keyboard_model_typed(), 0u);
}

KTEST(keyboard_model, after_init_there_is_room_for_a_whole_ring_whatever_was_lost_before)
{
    struct i8042_report report;

    keyboard_model_begin();
    overfill(A);
    CHECK_OK(keyboard_init(&report));
    for (unsigned i = 0; i < KEYBOARD_RING_SIZE; i++) {
        model_strike(A);
    }
    keyboard_model_settle();
    CHECK_EQ(keyboard_counts().bytes_lost, 0u);
}

KTEST(keyboard_model, no_listener_is_fine)
{
    keyboard_model_begin();
    keyboard_set_listener(NULL);
    keyboard_model_strike(A);
    CHECK_EQ(keyboard_model_typed(), (uint32_t)'a');
    CHECK_EQ(keyboard_model.told, 0u);
}
