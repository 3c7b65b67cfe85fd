/* SPDX-License-Identifier: MIT */
/*
 * The whole keyboard, from struck keys to characters and back to its lights,
 * on the controller of variables. The driver is compiled here, without the
 * instructions that a program may not use.
 */
#include "drivers/i8042_registers.h"
#include "drivers/scancode.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "tests/host/i8042_model.h"
#include "tests/ktest.h"

static unsigned masked; /* depth of irq_save() */
static unsigned masked_ever;

static uint64_t model_irq_save(void)
{
    masked_ever++;
    return masked++;
}

static void model_irq_restore(uint64_t flags)
{
    masked = (unsigned)flags;
}

#define irq_save    model_irq_save
#define irq_restore model_irq_restore

#include "drivers/keyboard.c"

#define A           0x1e
#define APOSTROPHE  0x28
#define CAPS_LOCK   0x3a
#define CTRL        0x1d
#define LEFT_SHIFT  0x2a
#define NUM_LOCK    0x45
#define SCROLL_LOCK 0x46
#define Z           0x2c
#define RELEASED    0x80

static unsigned told; /* calls of the listener */

static void listener(void)
{
    told++;
}

static void begin(void)
{
    struct i8042_report report;

    model_power_on();
    CHECK_OK(keyboard_init(&report));
    model.cable_us = 0; /* an emulator's: more comes at once */
    keyboard_set_keymap(&keymap_us);
    keyboard_set_listener(listener);
    told = 0;
    model.heard_count = 0;
}

/* Time passes and interrupts come, until all is quiet. */
static void settle(void)
{
    for (int i = 0; i < 100; i++) {
        model.us += 1000;
        i8042_interrupt();
    }
}

static void strike(uint8_t code)
{
    model_strike(code);
    model_strike(code | RELEASED);
    settle();
}

/* What has been typed, read to the end; 0 for nothing, and more than one is an error. */
static uint32_t typed(void)
{
    uint32_t first = 0;
    uint32_t more;

    if (keyboard_read_char(&first)) {
        CHECK(!keyboard_read_char(&more));
    }
    CHECK(!keyboard_has_input());
    CHECK_EQ(masked, 0u);
    return first;
}

KTEST(keyboard_model, struck_key_becomes_a_character)
{
    begin();
    CHECK(!keyboard_has_input());
    CHECK_EQ(typed(), 0u);
    strike(A);
    CHECK_EQ(told, 1u);
    CHECK(keyboard_has_input());
    CHECK_EQ(typed(), (uint32_t)'a');
    CHECK_EQ(keyboard_counts().bytes, 2u);
    CHECK_EQ(keyboard_counts().bytes_lost, 0u);
    CHECK_EQ(model.heard_count, 0u);
}

KTEST(keyboard_model, events_come_in_order_and_leave_nothing_untouched)
{
    struct key_event event = {.key = KEY_F1};

    begin();
    CHECK(!keyboard_read_event(&event));
    CHECK_EQ(event.key, KEY_F1);
    model_strike(LEFT_SHIFT);
    strike(A);
    CHECK(keyboard_read_event(&event));
    CHECK_EQ(event.key, KEY_LEFT_SHIFT);
    CHECK(keyboard_read_event(&event));
    CHECK_EQ(event.key, KEY_A);
    CHECK_EQ(event.modifiers, (uint64_t)KEYMOD_LEFT_SHIFT);
    CHECK(keyboard_read_event(&event));
    CHECK(!event.pressed);
    CHECK(!keyboard_read_event(&event));
}

KTEST(keyboard_model, lights_follow_the_locks)
{
    static const struct {
        uint8_t code;
        uint8_t lights; /* afterwards */
    } steps[] = {{CAPS_LOCK, PS2_LED_CAPS_LOCK},
                 {NUM_LOCK, PS2_LED_CAPS_LOCK | PS2_LED_NUM_LOCK},
                 {SCROLL_LOCK, PS2_LED_CAPS_LOCK | PS2_LED_NUM_LOCK | PS2_LED_SCROLL_LOCK},
                 {NUM_LOCK, PS2_LED_CAPS_LOCK | PS2_LED_SCROLL_LOCK},
                 {CAPS_LOCK, PS2_LED_SCROLL_LOCK},
                 {SCROLL_LOCK, 0}};

    begin();
    for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
        strike(steps[i].code);
        CHECK_EQ(typed(), 0u);
        settle();
        CHECK_EQ(model.lights, steps[i].lights);
        CHECK_EQ(model.heard_count, 2 * (i + 1));
    }
    CHECK(!model.was_overwritten);
    CHECK_EQ(keyboard_counts().commands_failed, 0u);
    strike(A);
    CHECK_EQ(typed(), (uint32_t)'a');
    CHECK_EQ(model.heard_count, 2 * ARRAY_SIZE(steps)); /* no lock, no command */
}

KTEST(keyboard_model, keys_between_command_and_answer_are_typed)
{
    begin();
    model.interjected_key = A;
    strike(CAPS_LOCK);
    CHECK_EQ(typed(), 0u);
    told = 0;
    settle();
    CHECK_EQ(model.lights, PS2_LED_CAPS_LOCK);
    CHECK_EQ(told, 2u); /* for the keys; not for the answers */
    uint32_t character;

    CHECK(keyboard_read_char(&character));
    CHECK_EQ(character, (uint32_t)'A');
    CHECK_EQ(typed(), (uint32_t)'A');
}

KTEST(keyboard_model, keyboard_that_refuses_lights_still_types)
{
    begin();
    model.refusals = 1000;
    strike(CAPS_LOCK);
    CHECK_EQ(typed(), 0u);
    settle();
    CHECK_EQ(keyboard_counts().commands_failed, 1u);
    strike(A);
    CHECK_EQ(typed(), (uint32_t)'A');
}

KTEST(keyboard_model, busy_controller_gets_the_command_with_a_later_poll)
{
    begin();
    strike(CAPS_LOCK);
    model.takes_nothing = true;
    CHECK_EQ(typed(), 0u);
    CHECK_EQ(model.heard_count, 0u);
    model.takes_nothing = false;
    keyboard_poll();
    CHECK_EQ(model.heard_count, 1u);
    settle();
    CHECK_EQ(model.lights, PS2_LED_CAPS_LOCK);
    CHECK_EQ(masked, 0u);
}

KTEST(keyboard_model, poll_does_what_the_interrupt_does)
{
    begin();
    model_strike(A);
    keyboard_poll();
    CHECK_EQ(told, 1u);
    CHECK_EQ(typed(), (uint32_t)'a');
}

KTEST(keyboard_model, keyboard_plugged_in_anew_has_its_lights_set)
{
    begin();
    strike(CAPS_LOCK);
    CHECK_EQ(typed(), 0u);
    settle();
    CHECK_EQ(model.lights, PS2_LED_CAPS_LOCK);
    model.lights = 0;
    model_strike(SCANCODE_BAT_PASSED);
    settle();
    CHECK_EQ(typed(), 0u);
    settle();
    CHECK_EQ(model.lights, PS2_LED_CAPS_LOCK);
    model.heard_count = 0;
    strike(A);
    CHECK_EQ(typed(), (uint32_t)'A');
    CHECK_EQ(model.heard_count, 0u); /* once was enough */
}

/* Shift goes down, too many bytes come for its break to be kept, and all is well again. */
KTEST(keyboard_model, lost_bytes_are_counted_and_leave_no_key_down)
{
    uint32_t character;

    begin();
    model_strike(LEFT_SHIFT);
    for (unsigned i = 1; i < RING_SIZE; i++) {
        model_strike(A);
    }
    model_strike(LEFT_SHIFT | RELEASED);
    model_strike(A);
    settle();
    CHECK_EQ(keyboard_counts().bytes, RING_SIZE + 2u);
    CHECK_EQ(keyboard_counts().bytes_lost, 2u);
    for (unsigned i = 1; i < RING_SIZE; i++) {
        CHECK(keyboard_read_char(&character));
        CHECK_EQ(character, (uint32_t)'A');
    }
    CHECK_EQ(typed(), 0u);
    strike(A);
    CHECK_EQ(typed(), (uint32_t)'a');
    CHECK_EQ(keyboard_counts().bytes_lost, 2u);
}

/* Room for one byte: the mark that bytes were lost takes it, the key is lost too, and a mark
 * follows. */
KTEST(keyboard_model, every_gap_is_marked)
{
    struct key_event event;

    begin();
    for (unsigned i = 0; i < RING_SIZE + 1; i++) {
        model_strike(LEFT_SHIFT);
    }
    settle();
    CHECK_EQ(keyboard_counts().bytes_lost, 1u);
    CHECK(keyboard_read_event(&event));
    strike(A);
    CHECK_EQ(keyboard_counts().bytes_lost, 3u);
    for (unsigned i = 0; i < RING_SIZE - 1; i++) {
        CHECK(keyboard_read_event(&event));
        CHECK_EQ(event.key, KEY_LEFT_SHIFT);
    }
    CHECK_EQ(typed(), 0u);
    strike(A);
    CHECK_EQ(typed(), (uint32_t)'a');
    CHECK_EQ(keyboard_counts().bytes_lost, 3u);
}

KTEST(keyboard_model, absent_controller_gives_no_input)
{
    struct i8042_report report;

    model_power_on();
    model.is_absent = true;
    CHECK_STATUS(keyboard_init(&report), ERR_NO_DEVICE);
    keyboard_poll();
    CHECK_EQ(typed(), 0u);
}

static const struct keymap_composition accents[] = {{0x0301, ' ', '\''}, {0x0301, 'a', 0xe1}};

static const struct keymap with_dead_key = {
    .name = "test",
    .keys = {[KEY_A] = {{'a', 'A', 0, 0}, KEYMAP_CAPS},
             [KEY_Z] = {{'z', 'Z', 0, 0}, KEYMAP_CAPS},
             [KEY_APOSTROPHE] = {{0x0301, '"', 0, 0}, 0}},
    .compositions = accents,
    .composition_count = ARRAY_SIZE(accents),
};

KTEST(keyboard_model, dead_key_waits_for_its_letter)
{
    uint32_t character = 0;

    begin();
    keyboard_set_keymap(&with_dead_key);
    strike(APOSTROPHE);
    CHECK_EQ(typed(), 0u);
    strike(A);
    CHECK_EQ(typed(), 0xe1u);
    strike(APOSTROPHE);
    strike(Z);
    CHECK(keyboard_read_char(&character)); /* both, in order */
    CHECK_EQ(character, (uint32_t)'\'');
    CHECK(keyboard_has_input());
    CHECK_EQ(typed(), (uint32_t)'z');
}

KTEST(keyboard_model, new_layout_forgets_the_accent)
{
    begin();
    keyboard_set_keymap(&with_dead_key);
    strike(APOSTROPHE);
    CHECK_EQ(typed(), 0u);
    keyboard_set_keymap(&with_dead_key);
    strike(A);
    CHECK_EQ(typed(), (uint32_t)'a');
}

KTEST(keyboard_model, init_forgets_what_was_before)
{
    struct i8042_report report;
    uint32_t character;

    begin();
    keyboard_set_keymap(&with_dead_key);
    strike(CAPS_LOCK);
    model_strike(SCANCODE_BAT_PASSED);
    strike(APOSTROPHE);
    CHECK_EQ(typed(), 0u);
    model_strike(LEFT_SHIFT);
    strike(A);
    CHECK_OK(keyboard_init(&report));
    CHECK(!keyboard_has_input());
    CHECK_EQ(model.lights, 0);
    model.heard_count = 0;
    strike(A);
    CHECK_EQ(typed(), (uint32_t)'a'); /* no Caps Lock, no Shift, no accent */
    CHECK_EQ(model.heard_count, 0u);
    CHECK_EQ(keyboard_counts().bytes, 2u);

    strike(APOSTROPHE);
    strike(Z);
    CHECK(keyboard_read_char(&character)); /* of two that were typed */
    CHECK_OK(keyboard_init(&report));
    CHECK_EQ(typed(), 0u);
}

KTEST(keyboard_model, no_listener_is_fine)
{
    begin();
    keyboard_set_listener(NULL);
    strike(A);
    CHECK_EQ(typed(), (uint32_t)'a');
    CHECK_EQ(told, 0u);
}

KTEST(keyboard_model, command_queue_is_changed_with_interrupts_masked)
{
    begin();
    strike(CAPS_LOCK);
    masked_ever = 0;
    CHECK_EQ(typed(), 0u);
    CHECK_EQ(masked_ever, 1u);
    CHECK_EQ(masked, 0u);
}
