/* SPDX-License-Identifier: MIT */
/*
 * What belongs to one CPU: its descriptor tables, its stacks, the features it
 * was found to have, its tasks. GS points at the running CPU's structure, so
 * that a second CPU is an addition. Invariant: interrupts stay masked until
 * cpu_init() has returned.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/descriptors.h"
#include "kernel/executor.h"

struct cpu_features {
    bool nx;
    bool pages_1g; /* pages of 1 GiB */
    bool smep;
    bool smap;
    bool umip;
    bool machine_check;
    bool global_pages;
    bool apic;
    bool invariant_tsc;
    unsigned physical_bits; /* width of a physical address, 32 to 52 */
};

struct cpu {
    struct cpu *self; /* first: where GS points */
    uint64_t interrupt_stack_top; /* the entry stubs switch to it for hardware interrupts */
    struct cpu_features features;
    uint64_t gdt[GDT_SLOTS];
    struct tss tss;
    struct executor executor;
};

/*
 * Give this CPU its own GDT, TSS and interrupt stacks, and turn on the
 * protections it has: CR4 is written whole.
 *
 * Context: once at boot, interrupts masked.
 */
void cpu_init(void);

/* Width of this CPU's physical addresses, 32 to 52 bits. Any context. */
unsigned cpu_physical_bits(void);

/* The running CPU. Valid after cpu_init(). Any context. */
static inline struct cpu *cpu_current(void)
{
    struct cpu *cpu;

    __asm__("mov %%gs:%c1, %0" : "=r"(cpu) : "i"(offsetof(struct cpu, self)));
    return cpu;
}

/* Whether cpu_init() has come so far. Any context. */
bool cpu_is_ready(void);

/* Its executor. Any context after executor_init(). */
static inline struct executor *executor_this(void)
{
    return &cpu_current()->executor;
}
