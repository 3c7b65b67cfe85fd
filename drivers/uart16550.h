/* SPDX-License-Identifier: MIT */
/*
 * The serial port: an 8250 successor with a scratch register (16450, 16550,
 * 16550A and what behaves like them), 8 data bits, no parity, one stop bit.
 * Sending polls, receiving polls or comes by interrupt into a ring. Three-wire
 * cables work: no modem line is ever waited for. Every wait is bounded.
 * Source: National Semiconductor PC16550D datasheet.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/bits.h"
#include "lib/compiler.h"
#include "lib/ring.h"
#include "lib/status.h"

#define UART_COM1 0x3f8

/* Bytes kept while nobody reads, a power of two: what somebody pastes at a go. */
#define UART_RECEIVE_SIZE (16 * KIB)

/* What went wrong since uart_init(). Bytes the ring had no room for: received.dropped. */
struct uart_counts {
    uint64_t not_sent; /* bytes of text given up because the line did not take them */
    uint64_t overruns; /* times that the chip lost received bytes, one or more each */
    uint64_t parity_errors;
    uint64_t framing_errors;
    uint64_t breaks;
};

/* Called after bytes were put into the ring; from the interrupt where there is one. */
typedef void uart_listener(void *context);

struct uart {
    uint16_t base; /* first of its eight ports */
    uint8_t fifo_size; /* bytes that may be sent at once: 16, or 1 without a working FIFO */
    bool is_stalled; /* the line took nothing for a whole wait: do not wait again */
    uint8_t errors_seen; /* LSR error bits that the sending half came across, not yet counted */
    struct uart_counts counts;
    uart_listener *listener;
    void *listener_context;
    struct ring received;
    uint8_t received_bytes[UART_RECEIVE_SIZE];
};

/*
 * Find the UART and set it up: 8N1, FIFOs on where they work, DTR, RTS and
 * OUT2 on, its interrupts off, the receiver empty. It is found by its scratch
 * register, then by a byte sent in a loop, which the outside does not see.
 *
 * uart  out: ready to be used; untouched on failure
 * base  first port of the chip
 * baud  bits a second, a divisor of 115200 not below 2
 *
 * Returns OK
 *         ERR_BAD_ARG    no such rate
 *         ERR_NO_DEVICE  nothing that works like a UART; the ports are as they were
 *
 * Context: interrupts masked or the chip's own interrupts off. Waits up to
 * about a tenth of a second for what the firmware is still sending.
 */
MUST_CHECK enum status uart_init(struct uart *uart, uint16_t base, uint32_t baud);

/*
 * Send text, each line feed as carriage return and line feed.
 *
 * When the line takes nothing for a second or a few, the rest is dropped and
 * counted; so is all later text, at the cost of one look, until the line
 * takes bytes again.
 *
 * Context: any; masks interrupts for the filling of one FIFO at a time. Text
 * of an interrupt or panic that comes in between falls into the middle.
 */
void uart_write(struct uart *uart, const char *text, size_t length);

/* Send bytes as they are; in all else like uart_write(). */
void uart_write_raw(struct uart *uart, const char *bytes, size_t length);

/*
 * Wait until the last bit has left. Returns false when that took longer than
 * a stalled line is waited for. Context: any.
 */
bool uart_drain(struct uart *uart);

/* Set who is told about received bytes, NULL for nobody. Context: as uart_init(). */
void uart_set_listener(struct uart *uart, uart_listener *listener, void *context);

/* Let received bytes and line errors interrupt. Call once uart_interrupt() is attached. */
void uart_enable_receive_interrupt(struct uart *uart);
void uart_disable_receive_interrupt(struct uart *uart);

/*
 * The interrupt half: serve every cause the chip names, then call the
 * listener. Returns whether the chip had one. Context: its interrupt, or
 * interrupts masked.
 */
bool uart_interrupt(struct uart *uart);

/*
 * Fetch what has arrived, for a machine whose interrupts do not; then call the
 * listener. Context: not while uart_interrupt() can come.
 */
void uart_poll(struct uart *uart);

/* Take the oldest received byte. Returns false when there is none. Context: one reader. */
bool uart_read(struct uart *uart, uint8_t *byte);
