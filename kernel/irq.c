/* SPDX-License-Identifier: MIT */
/* Hardware interrupt dispatch. */
#include "kernel/irq.h"

#include <stddef.h>

#include "drivers/pic8259.h"
#include "kernel/log.h"
#include "lib/assert.h"
#include "lib/x86/cpu.h"

struct irq_line {
    irq_handler *handler; /* NULL for none */
    struct irq_counts counts;
};

static struct {
    bool available;
    struct irq_line lines[IRQ_COUNT];
    uint64_t stray;
    const struct trap_frame *interrupted; /* by the interrupt being served; they do not nest */
} irqs;

bool irq_is_available(void)
{
    return irqs.available;
}

void irq_init(void)
{
    irqs.available = pic_init(IRQ_VECTOR_BASE) == OK;
    if (!irqs.available) {
        log_warn("pic8259", "no interrupt controller: devices are polled");
    }
}

enum status irq_attach(unsigned irq, irq_handler *handler)
{
    ASSERT_CMP(irq, <, IRQ_COUNT);
    if (!irqs.available) {
        return ERR_NO_DEVICE;
    }
    if (irqs.lines[irq].handler != NULL) {
        return ERR_EXISTS;
    }
    irqs.lines[irq].handler = handler;
    pic_unmask(irq);
    return OK;
}

void irq_detach(unsigned irq)
{
    ASSERT_CMP(irq, <, IRQ_COUNT);
    if (irqs.available) {
        pic_mask(irq);
    }
    irqs.lines[irq].handler = NULL;
}

irq_handler *irq_handler_of(unsigned irq)
{
    ASSERT_CMP(irq, <, IRQ_COUNT);
    return irqs.lines[irq].handler;
}

struct irq_counts irq_counts(unsigned irq)
{
    uint64_t flags = irq_save();
    struct irq_counts counts;

    ASSERT_CMP(irq, <, IRQ_COUNT);
    counts = irqs.lines[irq].counts;
    irq_restore(flags);
    return counts;
}

uint64_t irq_stray_count(void)
{
    return irqs.stray;
}

const struct trap_frame *irq_interrupted(void)
{
    return irqs.interrupted;
}

void irq_dispatch(struct trap_frame *frame)
{
    unsigned irq = (unsigned)frame->vector - IRQ_VECTOR_BASE;

    irqs.interrupted = frame;
    if (UNLIKELY(irq >= IRQ_COUNT)) {
        irqs.stray++;
        return;
    }
    if (UNLIKELY(pic_may_be_spurious(irq)) && pic_is_spurious(irq)) {
        irqs.lines[irq].counts.spurious++;
        return;
    }
    struct irq_line *line = &irqs.lines[irq];

    if (LIKELY(line->handler != NULL)) {
        line->counts.handled++;
        line->handler();
    } else {
        line->counts.unclaimed++;
    }
    pic_end_of_interrupt(irq);
}
