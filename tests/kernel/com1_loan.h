/* SPDX-License-Identifier: MIT */
/*
 * The machine's COM1 on loan to a test of its driver. The results of the tests
 * leave by the same chip: so it is lent when it has sent everything, with
 * interrupts masked, and between borrowing and giving back a test prints and
 * checks nothing. What it saw it checks afterwards: the struct uart it was
 * given stays readable.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/uart16550.h"

#define COM1_BAUD 115200

/* Far longer than a byte takes, on an emulator that is short of time too. */
#define COM1_LOOKS_MAX 10000000

struct com1_registers {
    uint8_t ier;
    uint8_t lcr;
    uint8_t mcr;
    uint8_t scr;
    uint8_t dll;
    uint8_t dlm;
};

uint8_t com1_read(uint16_t reg);
void com1_write(uint16_t reg, unsigned value);

/* Everything of COM1 that can be read back. Context: borrowed. */
struct com1_registers com1_registers_read(void);

/* Borrow COM1 as it is. Returns false, nothing borrowed, where there is none. */
bool com1_borrow(void);

/* Give COM1 back, every register as it was. */
void com1_give_back(void);

/*
 * Borrow COM1, in its own loop: what a struct uart of the tests' own sends it
 * receives, and nothing gets out. Returns NULL, nothing borrowed, without one.
 */
struct uart *com1_borrow_loop(void);

/* The same for what takes a FIFO. Returns NULL, nothing borrowed, where it does not work. */
struct uart *com1_borrow_fifo(void);

/*
 * Borrow COM1 for what no loop shows: a line that takes nothing, damaged bytes,
 * a cause that never goes away. The struct uart returned drives a stand-in two
 * ports further on, whose line status is COM1's scratch register, and so what
 * the test writes there:
 *
 *     stand-in  RBR, THR   IER  IIR  LSR
 *     COM1      IIR, FCR   LCR  MCR  SCR
 *
 * line_status  what it is at first
 *
 * Returns NULL, nothing borrowed, where there is no COM1.
 */
struct uart *com1_borrow_stand_in(unsigned line_status);

/* The one byte a stand-in may send: as COM1's FCR it changes nothing. */
#define COM1_STAND_IN_HARMLESS ((char)(UART_FCR_ENABLE | UART_FCR_TRIGGER_8))

/* Take what a uart has received, at most size bytes; returns how many. */
size_t com1_read_all(struct uart *uart, uint8_t *bytes, size_t size);

/*
 * Poll until so many bytes have come since the loan, those the ring refused
 * included, and once more for what should not be there. (Bochs shows a byte
 * below the FIFO's trigger level only after a while.)
 */
void com1_poll_until(struct uart *uart, uint64_t bytes);

/* A listener that counts its calls; context is the size_t to count in. */
void com1_count_call(void *context);
