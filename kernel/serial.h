/* SPDX-License-Identifier: MIT */
/* COM1 as a console and as input. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/uart16550.h"
#include "lib/compiler.h"
#include "lib/status.h"

#define SERIAL_BAUD 115200 /* bits a second; 8N1 */

/* Find COM1 and set it to SERIAL_BAUD. Returns as uart_init(). Context: at boot; a panic too. */
MUST_CHECK enum status serial_init(void);

/* Whether COM1 was found. Any context. */
bool serial_is_present(void);

/* Bytes that it takes at once: 16, or 1 without a working FIFO. Any context; only if present. */
unsigned serial_fifo_size(void);

/* Send text, LF as CR LF. Nothing happens without a port. Any context; waits, bounded. */
void serial_write(const char *text, size_t length);

/* Wait, bounded, until all that was written has left: before the machine goes. Any context. */
void serial_drain(void);

/* Take a received byte out. Returns false when none waits. Context: the reader. */
bool serial_read(uint8_t *byte);

/*
 * Have received bytes announced by interrupt; polled where there is no PIC.
 *
 * listener  called when bytes have come, from the interrupt or serial_poll()
 *
 * Context: at boot.
 */
void serial_start_input(uart_listener *listener);

/* Whether received bytes are only seen by serial_poll(). Any context. */
bool serial_is_polled(void);

/* Bytes, at the least, that were received and lost since boot. Any context. */
uint64_t serial_lost_count(void);

/* Look for received bytes without an interrupt. Context: not from an interrupt. */
void serial_poll(void);
