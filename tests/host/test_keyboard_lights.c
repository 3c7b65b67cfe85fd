/* SPDX-License-Identifier: MIT */
/* The keyboard's other direction: commands that go out between the keys that come in. */
#include "drivers/ps2_commands.h"
#include "drivers/scancode.h"
#include "lib/bits.h"
#include "tests/host/keyboard_model.h"

KTEST(keyboard_lights, lights_follow_the_locks)
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

    keyboard_model_begin();
    for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
        keyboard_model_strike(steps[i].code);
        CHECK_EQ(keyboard_model_typed(), 0u);
        keyboard_model_settle();
        CHECK_EQ(model.lights, steps[i].lights);
        CHECK_EQ(model.heard_count, 2 * (i + 1));
    }
    CHECK(!model.was_overwritten);
    CHECK_EQ(keyboard_counts().commands_failed, 0u);
    keyboard_model_strike(A);
    CHECK_EQ(keyboard_model_typed(), (uint32_t)'a');
    CHECK_EQ(model.heard_count, 2 * ARRAY_SIZE(steps)); /* no lock, no command */
}

KTEST(keyboard_lights, keys_between_command_and_answer_are_typed)
{
    keyboard_model_begin();
    model.interjected_key = A;
    keyboard_model_strike(CAPS_LOCK);
    CHECK_EQ(keyboard_model_typed(), 0u);
    keyboard_model.told = 0;
    keyboard_model_settle();
    CHECK_EQ(model.lights, PS2_LED_CAPS_LOCK);
    CHECK_EQ(keyboard_model.told, 2u); /* for the keys; not for the answers */
    uint32_t character;

    CHECK(keyboard_model_read(&character));
    CHECK_EQ(character, (uint32_t)'A');
    CHECK_EQ(keyboard_model_typed(), (uint32_t)'A');
}

KTEST(keyboard_lights, keyboard_that_refuses_lights_still_types)
{
    keyboard_model_begin();
    model.refusals = 1000;
    keyboard_model_strike(CAPS_LOCK);
    CHECK_EQ(keyboard_model_typed(), 0u);
    keyboard_model_settle();
    CHECK_EQ(keyboard_counts().commands_failed, 1u);
    keyboard_model_strike(A);
    CHECK_EQ(keyboard_model_typed(), (uint32_t)'A');
}

KTEST(keyboard_lights, busy_controller_gets_the_command_with_a_later_poll)
{
    keyboard_model_begin();
    keyboard_model_strike(CAPS_LOCK);
    model.takes_nothing = true;
    CHECK_EQ(keyboard_model_typed(), 0u);
    CHECK_EQ(model.heard_count, 0u);
    model.takes_nothing = false;
    keyboard_poll();
    CHECK_EQ(model.heard_count, 1u);
    keyboard_model_settle();
    CHECK_EQ(model.lights, PS2_LED_CAPS_LOCK);
    CHECK_EQ(keyboard_model.mask_depth, 0u);
}

KTEST(keyboard_lights, keyboard_plugged_in_anew_has_its_lights_set)
{
    keyboard_model_begin();
    keyboard_model_strike(CAPS_LOCK);
    CHECK_EQ(keyboard_model_typed(), 0u);
    keyboard_model_settle();
    CHECK_EQ(model.lights, PS2_LED_CAPS_LOCK);
    model.lights = 0;
    model_strike(SCANCODE_BAT_PASSED);
    keyboard_model_settle();
    CHECK_EQ(keyboard_model_typed(), 0u);
    keyboard_model_settle();
    CHECK_EQ(model.lights, PS2_LED_CAPS_LOCK);
    model.heard_count = 0;
    keyboard_model_strike(A);
    CHECK_EQ(keyboard_model_typed(), (uint32_t)'A');
    CHECK_EQ(model.heard_count, 0u); /* once was enough */
}

KTEST(keyboard_lights, command_queue_is_changed_with_interrupts_masked)
{
    keyboard_model_begin();
    keyboard_model_strike(CAPS_LOCK);
    keyboard_model.times_masked = 0;
    CHECK_EQ(keyboard_model_typed(), 0u);
    CHECK_EQ(keyboard_model.times_masked, 1u);
    CHECK_EQ(keyboard_model.mask_depth, 0u);
}
