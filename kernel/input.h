/* SPDX-License-Identifier: MIT */
/*
 * What is typed, wherever: keyboard and serial line as one stream of
 * characters. Enter is '\\n' and erasing '\\b', whichever code the device has
 * for it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Bring up the keyboard and serial input; what is absent is said. Context: at boot, IRQs masked. */
void input_init(void);

/* Take the next character, a Unicode code point. Returns false when none waits. */
bool input_read(uint32_t *character);

/*
 * Halt until an interrupt may have brought something; where input is polled,
 * look for it instead. Returns at once when something already waits.
 */
void input_wait(void);
