/* SPDX-License-Identifier: MIT */
/*
 * Faults where something is half done: in printing, in a console, in the heap,
 * in the panic itself. Context: a boot that ends here, in a task.
 */
#pragma once

#include <stdint.h>

/* Where they strike, if nothing else is said: nothing is mapped there. */
#define BAD_PLACES_ADDRESS 0xffffe9000000b000UL

/* kprintf() is given a string that cannot be read; so is panic(). */
void fault_while_printing(void);
void fault_in_report(void);

/* A console's own code faults: when it is printed to, in a panic, in the report on another fault.
 */
void fault_in_console(void);
void fault_in_panic(void);
void fault_with_faulty_console(void); /* the other fault strikes a page higher */

/* The same with a restart to come: one console fewer counts down; the count itself faults. */
void reboot_with_faulty_console(void);
void reboot_despite_fault(void);

/*
 * A fault between two instructions of kprintf() or of the heap, single-stepped
 * up to there.
 *
 * eighths  1 to 7: how much of the way has been gone
 */
void strike_printing(unsigned eighths);
void strike_heap(unsigned eighths); /* strikes at an address of the heap's window */

/* In the heap's window, far beyond its end. */
#define BAD_PLACES_HEAP_ADDRESS 0xffffc0f000000010UL
