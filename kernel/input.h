/* SPDX-License-Identifier: MIT */
/*
 * What is typed, as streams of keystrokes that the devices' interrupts feed:
 * keyboard and serial line as one, or the keyboard alone. What comes while a
 * device's ring is full is lost, counted and said. On the keyboard Shift with
 * Page Up and Page Down looks at what has left the screen, and any other key
 * returns from there; Ctrl, Alt and Delete restart the machine.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "drivers/i8042.h"
#include "drivers/keystroke.h"
#include "kernel/event.h"
#include "lib/compiler.h"
#include "lib/status.h"

/*
 * Bring up the keyboard, by its layout, and serial input; what is absent is said.
 *
 * Context: at boot, IRQs masked.
 */
void input_init(const struct keymap *keymap);

/* What input_init() found at the keyboard's place. */
struct input_keyboard {
    enum status status; /* as keyboard_init() returned it */
    struct i8042_report controller; /* only with OK and ERR_NOT_FOUND */
    bool is_polled;
};

/* Valid after input_init(). Any context. */
const struct input_keyboard *input_keyboard(void);

/*
 * Take the next keystroke.
 *
 * stroke  out: untouched when none waits
 *
 * Returns false when none waits. Context: as input_read().
 */
MUST_CHECK bool input_take(struct keystroke *stroke);

/*
 * Wait until something may have been typed: then look by input_take().
 *
 * also  an event that ends the wait, too, and is then taken; NULL for none
 *
 * Returns OK, ERR_TIMED_OUT or ERR_CANCELLED. Context: as input_read().
 */
MUST_CHECK enum status input_wait(struct event *also, uint64_t deadline_ns);

/*
 * Wait for the next keystroke.
 *
 * stroke       out: untouched unless OK
 * deadline_ns  see kernel/clock.h
 *
 * Returns OK, ERR_TIMED_OUT or ERR_CANCELLED. Context: one task at a time for
 * each device.
 */
MUST_CHECK enum status input_read(struct keystroke *stroke, uint64_t deadline_ns);

/* The same, from the keyboard alone. */
MUST_CHECK enum status keyboard_read(struct keystroke *stroke, uint64_t deadline_ns);
