/* SPDX-License-Identifier: MIT */
/*
 * What is typed, wherever: keyboard and serial line as one stream of
 * keystrokes. On the keyboard Shift with Page Up and Page Down looks at what
 * has left the screen, and any other key returns from there.
 */
#pragma once

#include <stdbool.h>

#include "drivers/keystroke.h"
#include "lib/compiler.h"

/*
 * Bring up the keyboard, by its layout, and serial input; what is absent is said.
 *
 * Context: at boot, IRQs masked.
 */
void input_init(const struct keymap *keymap);

/*
 * Take the next keystroke.
 *
 * stroke  out; untouched when none waits
 *
 * Returns false when none waits. Context: the one reader.
 */
MUST_CHECK bool input_read(struct keystroke *stroke);

/*
 * Halt until an interrupt may have brought something; where input is polled,
 * look for it instead. Returns at once when something already waits.
 */
void input_wait(void);
