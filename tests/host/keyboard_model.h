/* SPDX-License-Identifier: MIT */
/*
 * The keyboard driver on the controller of variables, compiled without the
 * instructions that a program may not use; and somebody to strike keys and
 * read characters.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "drivers/keyboard.h"
#include "tests/host/i8042_model.h"
#include "tests/ktest.h"

/* Make codes; the break codes have RELEASED added. */
#define A           0x1e
#define APOSTROPHE  0x28
#define CAPS_LOCK   0x3a
#define LEFT_SHIFT  0x2a
#define NUM_LOCK    0x45
#define SCROLL_LOCK 0x46
#define Z           0x2c
#define RELEASED    0x80

struct keyboard_model {
    unsigned told; /* calls of the listener */
    unsigned mask_depth; /* of irq_save() */
    unsigned times_masked;
};

extern struct keyboard_model keyboard_model;

/* A good machine with the driver set up, US layout, nothing heard or told yet. */
void keyboard_model_begin(void);

/* Time passes and interrupts come, until all is quiet. */
void keyboard_model_settle(void);

/* Press and release a key, and let that arrive. */
void keyboard_model_strike(uint8_t code);

/* The next character that has been typed; false, and untouched, without one. */
bool keyboard_model_read(uint32_t *character);

/* The one character that has been typed, 0 for none; more of them, or input left, fails the test.
 */
uint32_t keyboard_model_typed(void);
