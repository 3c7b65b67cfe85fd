/* SPDX-License-Identifier: MIT */
/* Hardware interrupt dispatch. */
#include "kernel/irq.h"

#include <stddef.h>

#include "drivers/pic8259.h"
#include "kernel/log.h"
#include "lib/assert.h"
#include "lib/x86/cpu.h"

static struct {
    bool available;
    irq_handler *handlers[IRQ_COUNT];
    struct irq_counts counts[IRQ_COUNT];
    uint64_t stray;
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
    ASSERT_CMP(irq, <, (unsigned)IRQ_COUNT);
    if (!irqs.available) {
        return ERR_NO_DEVICE;
    }
    if (irqs.handlers[irq] != NULL) {
        return ERR_EXISTS;
    }
    irqs.handlers[irq] = handler;
    pic_unmask(irq);
    return OK;
}

void irq_detach(unsigned irq)
{
    ASSERT_CMP(irq, <, (unsigned)IRQ_COUNT);
    if (irqs.available) {
        pic_mask(irq);
    }
    irqs.handlers[irq] = NULL;
}

struct irq_counts irq_counts(unsigned irq)
{
    uint64_t flags = irq_save();
    struct irq_counts counts;

    ASSERT_CMP(irq, <, (unsigned)IRQ_COUNT);
    counts = irqs.counts[irq];
    irq_restore(flags);
    return counts;
}

uint64_t irq_stray_count(void)
{
    return irqs.stray;
}

void irq_dispatch(struct trap_frame *frame)
{
    uint64_t irq = frame->vector - IRQ_VECTOR_BASE;

    if (UNLIKELY(irq >= IRQ_COUNT)) {
        irqs.stray++;
        return;
    }
    if (UNLIKELY(pic_is_spurious((unsigned)irq))) {
        irqs.counts[irq].spurious++;
        return;
    }
    if (LIKELY(irqs.handlers[irq] != NULL)) {
        irqs.counts[irq].handled++;
        irqs.handlers[irq]();
    } else {
        irqs.counts[irq].unclaimed++;
    }
    pic_end_of_interrupt((unsigned)irq);
}
