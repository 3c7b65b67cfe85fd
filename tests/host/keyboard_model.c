/* SPDX-License-Identifier: MIT */
/* Hands on the keyboard, and the driver itself, which gets these in place of CLI and STI. */
#include "tests/host/keyboard_model.h"

#include "lib/x86/cpu.h"

struct keyboard_model keyboard_model;

static uint64_t model_irq_save(void)
{
    keyboard_model.times_masked++;
    return keyboard_model.mask_depth++;
}

static void model_irq_restore(uint64_t flags)
{
    keyboard_model.mask_depth = (unsigned)flags;
}

static void count_call(void)
{
    keyboard_model.told++;
}

void keyboard_model_begin(void)
{
    struct i8042_report report;

    model_power_on();
    CHECK_OK(keyboard_init(&report));
    model.cable_us = 0; /* an emulator's: more comes at once */
    model.heard_count = 0;
    keyboard_set_keymap(&keymap_us);
    keyboard_set_listener(count_call);
    keyboard_model = (struct keyboard_model){0};
}

void keyboard_model_settle(void)
{
    for (int i = 0; i < 100; i++) {
        model.us += 1000;
        i8042_interrupt();
    }
}

void keyboard_model_strike(uint8_t code)
{
    model_strike(code);
    model_strike(code | RELEASED);
    keyboard_model_settle();
}

bool keyboard_model_read(uint32_t *character)
{
    struct keystroke stroke;

    if (!keyboard_take(&stroke)) {
        return false;
    }
    *character = stroke.character;
    return true;
}

uint32_t keyboard_model_typed(void)
{
    uint32_t first = 0;
    uint32_t more;

    if (keyboard_model_read(&first)) {
        CHECK(!keyboard_model_read(&more));
    }
    CHECK(!keyboard_has_input());
    CHECK_EQ(keyboard_model.mask_depth, 0u);
    return first;
}

#define irq_save    model_irq_save
#define irq_restore model_irq_restore

#include "drivers/keyboard.c"
