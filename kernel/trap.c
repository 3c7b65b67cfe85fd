/* SPDX-License-Identifier: MIT */
/* The interrupt descriptor table and the default answer to each exception. */
#include "kernel/trap.h"

#include <stddef.h>

#include "kernel/descriptors.h"
#include "kernel/log.h"
#include "kernel/panic.h"
#include "kernel/stacks.h"
#include "kernel/task_stack.h"
#include "kernel/trap_report.h"
#include "lib/assert.h"
#include "lib/x86/cpu.h"
#include "mm/address.h"

static const struct {
    const char *mnemonic;
    const char *name;
} exceptions[TRAP_EXCEPTION_COUNT] = {
    [TRAP_DIVIDE_ERROR] = {"#DE", "divide error"},
    [TRAP_DEBUG] = {"#DB", "debug exception"},
    [TRAP_NMI] = {"NMI", "non-maskable interrupt"},
    [TRAP_BREAKPOINT] = {"#BP", "breakpoint"},
    [TRAP_OVERFLOW] = {"#OF", "overflow"},
    [TRAP_BOUND_RANGE] = {"#BR", "bound range exceeded"},
    [TRAP_INVALID_OPCODE] = {"#UD", "invalid opcode"},
    [TRAP_DEVICE_NOT_AVAILABLE] = {"#NM", "device not available"},
    [TRAP_DOUBLE_FAULT] = {"#DF", "double fault"},
    [9] = {"#9", "coprocessor segment overrun"},
    [TRAP_INVALID_TSS] = {"#TS", "invalid TSS"},
    [TRAP_SEGMENT_NOT_PRESENT] = {"#NP", "segment not present"},
    [TRAP_STACK_FAULT] = {"#SS", "stack-segment fault"},
    [TRAP_GENERAL_PROTECTION] = {"#GP", "general protection fault"},
    [TRAP_PAGE_FAULT] = {"#PF", "page fault"},
    [15] = {"#15", "reserved exception 15"},
    [TRAP_X87_ERROR] = {"#MF", "x87 floating-point error"},
    [TRAP_ALIGNMENT_CHECK] = {"#AC", "alignment check"},
    [TRAP_MACHINE_CHECK] = {"#MC", "machine check"},
    [TRAP_SIMD_ERROR] = {"#XM", "SIMD floating-point exception"},
    [TRAP_VIRTUALIZATION] = {"#VE", "virtualization exception"},
    [TRAP_CONTROL_PROTECTION] = {"#CP", "control protection exception"},
    [22] = {"#22", "reserved exception 22"},
    [23] = {"#23", "reserved exception 23"},
    [24] = {"#24", "reserved exception 24"},
    [25] = {"#25", "reserved exception 25"},
    [26] = {"#26", "reserved exception 26"},
    [27] = {"#27", "reserved exception 27"},
    [TRAP_HYPERVISOR_INJECTION] = {"#HV", "hypervisor injection exception"},
    [TRAP_VMM_COMMUNICATION] = {"#VC", "VMM communication exception"},
    [TRAP_SECURITY] = {"#SX", "security exception"},
    [31] = {"#31", "reserved exception 31"},
};

static struct {
    struct interrupt_gate idt[TRAP_VECTOR_COUNT];
    trap_handler *handlers[TRAP_EXCEPTION_COUNT];
} traps;

const char *trap_name(unsigned vector)
{
    ASSERT_CMP(vector, <, (unsigned)TRAP_EXCEPTION_COUNT);
    return exceptions[vector].name;
}

const char *trap_mnemonic(unsigned vector)
{
    ASSERT_CMP(vector, <, (unsigned)TRAP_EXCEPTION_COUNT);
    return exceptions[vector].mnemonic;
}

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

NORETURN static void page_fault_panic(const struct trap_frame *frame)
{
    uint64_t address = cr2_read();
    char text[96];

    trap_error_text(frame, text, sizeof(text));
    if (address < PAGE_SIZE) {
        panic_at(frame, "page fault: null pointer, offset 0x%lx: %s", address, text);
    }
    panic_at(frame, "page fault at 0x%016lx: %s", address, text);
}

/*
 * The first fault's address is still in CR2: a push that hit a guard page,
 * with no stack left to report it on, is what a stack overflow looks like.
 */
NORETURN static void double_fault_panic(const struct trap_frame *frame)
{
    const struct stack *stack = stack_guarded_by(cr2_read());
    const struct stack *of_task = task_stack_guarded_by(cr2_read());

    if (of_task != NULL) {
        panic_at(frame, "double fault: stack overflow in task `%s`", of_task->name);
    }
    if (stack != NULL) {
        panic_at(frame, "double fault: stack overflow: the %s stack ran into its guard page",
                 stack->name);
    }
    panic_at(frame, "double fault: an exception's handler could not be entered");
}

void trap_dispatch(struct trap_frame *frame)
{
    unsigned vector = (unsigned)frame->vector;
    trap_handler *handler = traps.handlers[vector];

    if (handler != NULL && handler(frame)) {
        return;
    }
    switch (vector) {
    case TRAP_NMI:
        /* It is no fault of the report that it comes into, and the report is the better message. */
        if (panic_has_begun()) {
            return;
        }
        panic_at(frame, "%s (%s)", trap_name(vector), trap_mnemonic(vector));
    case TRAP_BREAKPOINT:
        log_info("trap", "breakpoint at 0x%016lx, going on", frame->rip);
        return;
    case TRAP_PAGE_FAULT:
        page_fault_panic(frame);
    case TRAP_DOUBLE_FAULT:
        double_fault_panic(frame);
    default:
        panic_at(frame, "%s (%s)", trap_name(vector), trap_mnemonic(vector));
    }
}
