/* SPDX-License-Identifier: MIT */
/*
 * Bytes that come as if the keyboard had sent them, by the controller's own
 * command for that. Source: IBM PS/2 Technical Reference, "Keyboard and
 * Auxiliary Device Controller".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Put a byte into the output buffer; its interrupt follows. False when the controller is stuck. */
bool keyboard_inject(uint8_t byte);

/* Wait until what was put there has been taken away. False when nobody does. */
bool keyboard_inject_settle(void);
