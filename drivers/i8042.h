/* SPDX-License-Identifier: MIT */
/*
 * The 8042 keyboard controller: set up with port one (the keyboard) on, by
 * interrupt and translated to scancode set 1, and port two (the mouse) off.
 * Bytes go up to one receiver; what they mean is drivers/keyboard.h's affair.
 *
 * Every wait is a bounded count of looks at the status register with a delay
 * between, 2 us a look on a PC. Times below are those of a PC; an emulator is
 * mostly faster.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/compiler.h"
#include "lib/status.h"

#define I8042_NO_ANSWER 0x100

struct i8042_report {
    uint16_t self_test; /* what it answered, I8042_SELF_TEST_PASSED or other; I8042_NO_ANSWER */
    uint16_t port_test; /* likewise, I8042_PORT_TEST_PASSED or other */
    bool translation_was_off;
};

/*
 * Find the controller, set it up and start the keyboard.
 *
 * Keys struck before this returns are thrown away. Failed tests are reported
 * and nothing more: controllers with a broken test are commoner than broken
 * controllers with a keyboard that answers.
 *
 * report  out: what was found; untouched on ERR_NO_DEVICE and ERR_TIMED_OUT
 *
 * Returns OK
 *         ERR_NO_DEVICE  no controller: the port reads as an empty bus does
 *         ERR_TIMED_OUT  something is there and does not behave like one: it does
 *                        not take commands, does not answer, or its buffer never
 *                        empties
 *         ERR_NOT_FOUND  the controller works, no keyboard answers; port one is
 *                        on all the same, for one that is plugged in later
 *
 * Context: IRQ 1 and 12 masked. Takes 10 ms; without a keyboard up to 0.6 s,
 * with a controller that fails on the way up to 1.5 s.
 * Source: IBM PS/2 Technical Reference, "Keyboard and Auxiliary Device
 * Controller".
 */
MUST_CHECK enum status i8042_init(struct i8042_report *report);

/* Called with bytes of the keyboard, 1 or more, in the context of i8042_interrupt(). */
typedef void i8042_receiver(const uint8_t *bytes, size_t count);

/* Set who gets the keyboard's bytes; NULL drops them. Context: any. */
void i8042_set_receiver(i8042_receiver *receiver);

/*
 * The interrupt half: read what waits, drop the mouse's bytes, hand up the
 * rest in one call. Does nothing before i8042_init() found a controller.
 *
 * Context: IRQ 1, or anywhere with interrupts masked, for polling. Never waits;
 * handles 32 bytes at most, the next byte's interrupt brings the others.
 */
void i8042_interrupt(void);

/*
 * Send a byte to the keyboard if the controller can take it at once.
 *
 * Returns whether it was sent. Context: interrupts masked.
 */
MUST_CHECK bool i8042_try_send(uint8_t byte);

/* Bytes of port two that were dropped since boot. Any context. */
uint64_t i8042_aux_dropped(void);

/*
 * Ask the controller to pulse the CPU's reset line. Returns when nothing came
 * of it within 20 ms, or at once without a controller.
 *
 * Context: any, a panic too; up to 0.5 s where the controller is stuck.
 */
void i8042_pulse_reset(void);
