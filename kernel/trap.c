/* SPDX-License-Identifier: MIT */
/* The interrupt descriptor table and the default answer to each exception. */
#include "kernel/trap.h"

#include <stddef.h>

#include "kernel/descriptors.h"
#include "kernel/log.h"
#include "kernel/panic.h"
#include "kernel/probe.h"
#include "lib/assert.h"
#include "lib/x86/cpu.h"

static struct {
    struct interrupt_gate idt[TRAP_VECTOR_COUNT];
    trap_handler *handlers[TRAP_EXCEPTION_COUNT];
} traps;

/* These three can strike while the current stack is unusable or half switched. */
static uint8_t ist_for(unsigned vector)
{
    switch (vector) {
    case TRAP_DOUBLE_FAULT:
        return IST_DOUBLE_FAULT;
    case TRAP_NMI:
        return IST_NMI;
    case TRAP_MACHINE_CHECK:
        return IST_MACHINE_CHECK;
    default:
        return IST_NONE;
    }
}

void trap_init(void)
{
    struct descriptor_table_pointer idtr = {.limit = sizeof(traps.idt) - 1,
                                            .base = (uint64_t)traps.idt};

    for (unsigned vector = 0; vector < TRAP_VECTOR_COUNT; vector++) {
        uint64_t stub = trap_stub_table[vector];

        traps.idt[vector] = (struct interrupt_gate){
            .offset_low = (uint16_t)stub,
            .selector = SELECTOR_KERNEL_CODE,
            .ist = ist_for(vector),
            .attributes = GATE_PRESENT | GATE_TYPE_INTERRUPT,
            .offset_middle = (uint16_t)(stub >> 16),
            .offset_high = (uint32_t)(stub >> 32),
        };
    }
    __asm__ volatile("lidt %0" : : "m"(idtr) : "memory");
}

trap_handler *trap_set_handler(unsigned vector, trap_handler *handler)
{
    trap_handler *previous;

    ASSERT_CMP(vector, <, (unsigned)TRAP_EXCEPTION_COUNT);
    previous = traps.handlers[vector];
    traps.handlers[vector] = handler;
    return previous;
}

void trap_dispatch(struct trap_frame *frame)
{
    unsigned vector = (unsigned)frame->vector;
    trap_handler *handler = traps.handlers[vector];

    if (probe_take_fault(frame) || (handler != NULL && handler(frame))) {
        return;
    }
    if (vector == TRAP_BREAKPOINT) {
        log_info("trap", "breakpoint at 0x%016lx, going on", frame->rip);
        return;
    }
    /* An NMI during a report has nothing to do with it, and the report matters more. */
    if (vector == TRAP_NMI && panic_has_begun()) {
        return;
    }
    panic_at(frame);
}
