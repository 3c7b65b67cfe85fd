/* SPDX-License-Identifier: MIT */
/*
 * Hardware interrupts: which handler a line of the 8259 pair has, and counts.
 * Handlers run on the interrupt stack with interrupts masked; they are short
 * and never allocate.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/trap.h"
#include "lib/compiler.h"
#include "lib/status.h"

#define IRQ_COUNT       16
#define IRQ_VECTOR_BASE 32 /* vector of IRQ 0 */

#define IRQ_TIMER    0
#define IRQ_KEYBOARD 1
#define IRQ_COM1     4
#define IRQ_RTC      8

typedef void irq_handler(void);

/* Whether there is a PIC, so that handlers will ever be called. Any context after irq_init(). */
bool irq_is_available(void);

/* Remap the PIC, everything masked. Context: once at boot, interrupts masked. */
void irq_init(void);

/*
 * Give a line its handler and unmask it.
 *
 * irq  0 to 15
 *
 * Returns OK
 *         ERR_EXISTS     the line has a handler; nothing changed
 *         ERR_NO_DEVICE  there is no PIC: poll the device instead
 * Context: not from an interrupt.
 */
MUST_CHECK enum status irq_attach(unsigned irq, irq_handler *handler);

/* Mask a line and forget its handler. Context: not from an interrupt. */
void irq_detach(unsigned irq);

/* A line's handler, NULL for none. irq 0 to 15. Any context. */
irq_handler *irq_handler_of(unsigned irq);

struct irq_counts {
    uint64_t handled;
    uint64_t spurious; /* the PIC said so: lines 7 and 15 only */
    uint64_t unclaimed; /* no handler was attached */
};

/* A line's counts since boot. irq 0 to 15. Any context. */
struct irq_counts irq_counts(unsigned irq);

/* Interrupts on vectors that no line has, 48 to 255. Any context. */
uint64_t irq_stray_count(void);

/* What the interrupt being served came into. Context: a handler. */
const struct trap_frame *irq_interrupted(void);

/* Called by the entry stub for vectors 32-255, on the interrupt stack. */
void irq_dispatch(struct trap_frame *frame);
