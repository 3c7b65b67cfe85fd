/* SPDX-License-Identifier: MIT */
/*
 * The 8259A pair: primary (IRQ 0-7) and secondary (IRQ 8-15, through the
 * primary's line 2). Everything stays masked until a driver asks.
 * Source: Intel 8259A datasheet, "Programming the 8259A".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/compiler.h"
#include "lib/status.h"

#define PIC_IRQ_COUNT 16

/*
 * Restart both chips and put IRQ 0-15 at sixteen vectors, all lines masked.
 *
 * vector_base  vector of IRQ 0, a multiple of 8, 32 to 240
 *
 * Returns OK
 *         ERR_NO_DEVICE  the mask registers do not hold what was written
 * Context: interrupts masked.
 */
MUST_CHECK enum status pic_init(uint8_t vector_base);

/*
 * Let a line through, or not; a line of the secondary opens the cascade with
 * it. irq 0 to 15. Any context; masks interrupts for the change.
 */
void pic_unmask(unsigned irq);
void pic_mask(unsigned irq);

/* Both mask registers as the chips hold them: bit n set means IRQ n is masked. Any context. */
uint16_t pic_read_masks(void);

/* Which lines ask for service, and which are being served: bit n is IRQ n. Any context. */
uint16_t pic_read_requests(void);
uint16_t pic_read_in_service(void);

/* Whether a line is one as which a chip reports a request that has vanished. Any context. */
static inline bool pic_may_be_spurious(unsigned irq)
{
    return (irq & 7) == 7;
}

/*
 * Tell a spurious interrupt from a real one, and finish it: one on line 15
 * still owes the primary, which saw the cascade, an end of interrupt.
 *
 * irq  0 to 15, as its vector said
 *
 * Returns true when nothing is to be served and nothing more to be said to
 * the chips. Context: the interrupt, before its handler.
 */
MUST_CHECK bool pic_is_spurious(unsigned irq);

/* End a real interrupt: the secondary first where it is its line. Context: the interrupt. */
void pic_end_of_interrupt(unsigned irq);
