/* SPDX-License-Identifier: MIT */
/*
 * The PS/2 keyboard, from the 8042's bytes to keystrokes. The interrupt half
 * takes out answers to commands and puts the rest into a ring; everything else
 * (decoding, layout, lights) happens in the one reader's context, when it asks.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "drivers/i8042.h"
#include "drivers/key.h"
#include "drivers/keymap.h"
#include "drivers/keystroke.h"
#include "lib/compiler.h"
#include "lib/status.h"

/* Bytes kept while nobody reads, a power of two: some 250 keys struck. */
#define KEYBOARD_RING_SIZE 1024

/*
 * Set up controller and keyboard, as i8042_init() does and with its results.
 * No key is down, no lock and no light on, nothing waits; layout and listener
 * stay as they are.
 *
 * Afterwards attach i8042_interrupt() to IRQ 1, or call keyboard_poll() now and
 * then; also after ERR_NOT_FOUND, for a keyboard that is plugged in later.
 *
 * Context: IRQ 1 and 12 masked; waits as i8042_init() does.
 */
MUST_CHECK enum status keyboard_init(struct i8042_report *report);

/* Choose the layout; US until then. Context: the reader. */
void keyboard_set_keymap(const struct keymap *keymap);

/* The layout in use. Context: any. */
const struct keymap *keyboard_keymap(void);

/*
 * Have a function called whenever bytes have come, NULL for none. It runs in
 * the interrupt, must not wait and may wake the reader.
 *
 * Returns the function that there was. Context: any.
 */
typedef void keyboard_listener(void);
keyboard_listener *keyboard_set_listener(keyboard_listener *listener);

/* Do what the interrupt would do, where there is none. Context: any; masks interrupts. */
void keyboard_poll(void);

/*
 * Whether bytes wait that the reader has not seen. They may yet amount to no
 * event, and an event to no character.
 *
 * Context: any.
 */
bool keyboard_has_input(void);

/*
 * The next press or release.
 *
 * event  out; untouched when there is none
 *
 * Returns false when nothing more waits.
 * Context: the reader, not from an interrupt; masks interrupts to switch the
 * lights when a lock changes, never waits.
 */
MUST_CHECK bool keyboard_read_event(struct key_event *event);

/*
 * The next keystroke, by the layout. Events that make none are used up on the way.
 *
 * stroke  out; untouched when there is none
 *
 * Returns false when nothing more waits. Context: as keyboard_read_event().
 */
MUST_CHECK bool keyboard_take(struct keystroke *stroke);

struct keyboard_counts {
    uint64_t bytes; /* received for keys */
    uint64_t bytes_lost; /* of these, for lack of room in the ring */
    uint64_t commands_failed; /* not answered, or refused */
};

/* Counts since keyboard_init(). Context: any. */
struct keyboard_counts keyboard_counts(void);
