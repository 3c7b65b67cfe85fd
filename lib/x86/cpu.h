/* SPDX-License-Identifier: MIT */
/*
 * Instructions that C has no words for, one wrapper each. Source: Intel SDM,
 * volume 2; control register and MSR layouts: volume 3, "Control Registers",
 * volume 4, "Architectural MSRs".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/bits.h"
#include "lib/compiler.h"

#define CR0_PE BIT(0) /* protected mode */
#define CR0_EM BIT(2) /* x87 instructions raise #NM, SSE #UD: the kernel uses neither */
#define CR0_ET BIT(4) /* reads as 1 */
#define CR0_NE BIT(5) /* x87 errors as #MF, not through IRQ 13 */
#define CR0_WP BIT(16) /* read-only pages bind the kernel too */
#define CR0_PG BIT(31)

#define CR4_PAE  BIT(5)
#define CR4_MCE  BIT(6) /* without it a machine check shuts the CPU down */
#define CR4_PGE  BIT(7)
#define CR4_UMIP BIT(11)
#define CR4_SMEP BIT(20)
#define CR4_SMAP BIT(21)

#define RFLAGS_CF   BIT(0)
#define RFLAGS_PF   BIT(2)
#define RFLAGS_AF   BIT(4)
#define RFLAGS_ZF   BIT(6)
#define RFLAGS_SF   BIT(7)
#define RFLAGS_TF   BIT(8)
#define RFLAGS_IF   BIT(9)
#define RFLAGS_DF   BIT(10)
#define RFLAGS_OF   BIT(11)
#define RFLAGS_IOPL (3UL << 12) /* the privilege that may use ports: 0 to 3 */
#define RFLAGS_NT   BIT(14)
#define RFLAGS_RF   BIT(16)
#define RFLAGS_VM   BIT(17)
#define RFLAGS_AC   BIT(18)
#define RFLAGS_VIF  BIT(19)
#define RFLAGS_VIP  BIT(20)
#define RFLAGS_ID   BIT(21)

#define MSR_APIC_BASE 0x1b
#define MSR_EFER      0xc0000080
#define EFER_LME      BIT(8)
#define EFER_LMA      BIT(10) /* long mode is on: the CPU sets it */
#define EFER_NXE      BIT(11)

static inline uint64_t cr0_read(void)
{
    uint64_t value;

    __asm__ volatile("mov %%cr0, %0" : "=r"(value));
    return value;
}

static inline uint64_t cr2_read(void)
{
    uint64_t value;

    __asm__ volatile("mov %%cr2, %0" : "=r"(value));
    return value;
}

static inline uint64_t cr3_read(void)
{
    uint64_t value;

    __asm__ volatile("mov %%cr3, %0" : "=r"(value));
    return value;
}

static inline void cr3_write(uint64_t value)
{
    __asm__ volatile("mov %0, %%cr3" : : "r"(value) : "memory");
}

static inline uint64_t cr4_read(void)
{
    uint64_t value;

    __asm__ volatile("mov %%cr4, %0" : "=r"(value));
    return value;
}

static inline void cr4_write(uint64_t value)
{
    __asm__ volatile("mov %0, %%cr4" : : "r"(value) : "memory");
}

static inline uint64_t msr_read(uint32_t msr)
{
    uint32_t low;
    uint32_t high;

    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
    return (uint64_t)high << 32 | low;
}

static inline void msr_write(uint32_t msr, uint64_t value)
{
    __asm__ volatile("wrmsr"
                     :
                     : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
                     : "memory");
}

static inline void invlpg(uint64_t address)
{
    __asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
}

/* Time stamp counter, in cycles of a rate that only a measurement tells. Not serialising. */
static inline uint64_t tsc_read(void)
{
    uint32_t low;
    uint32_t high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

/* CPUID's leaves, as far as more than one file asks for them. */
#define CPUID_FEATURES        0x1
#define CPUID_EXTENDED_MAX    0x80000000
#define CPUID_EXTENDED        0x80000001
#define CPUID_EXTENDED_EDX_NX BIT(20)
#define CPUID_EXTENDED_EDX_LM BIT(29)

struct cpuid {
    uint32_t eax;
    uint32_t ebx;
    uint32_t ecx;
    uint32_t edx;
};

static inline struct cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid result;

    __asm__ volatile("cpuid"
                     : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx), "=d"(result.edx)
                     : "a"(leaf), "c"(subleaf));
    return result;
}

static inline void cpu_relax(void)
{
    __asm__ volatile("pause");
}

static inline bool irq_is_enabled(void)
{
    uint64_t flags;

    __asm__ volatile("pushfq; popq %0" : "=r"(flags));
    return (flags & RFLAGS_IF) != 0;
}

/* Mask maskable interrupts; the answer goes to irq_restore(). Pairs nest. */
static inline uint64_t irq_save(void)
{
    uint64_t flags;

    __asm__ volatile("pushfq; popq %0; cli" : "=r"(flags) : : "memory");
    return flags;
}

/* Unmask them again, if they were unmasked when irq_save() gave these flags. */
static inline void irq_restore(uint64_t flags)
{
    if ((flags & RFLAGS_IF) != 0) {
        __asm__ volatile("sti" : : : "memory");
    }
}

static inline void irq_enable(void)
{
    __asm__ volatile("sti" : : : "memory");
}

static inline void irq_disable(void)
{
    __asm__ volatile("cli" : : : "memory");
}

/*
 * Enable interrupts and halt until one comes, as one step: STI takes effect
 * after the instruction behind it, so an interrupt that is already waiting
 * ends the halt instead of slipping in before it. Call with interrupts masked.
 */
static inline void irq_enable_and_halt(void)
{
    __asm__ volatile("sti; hlt" : : : "memory");
}

/* Stop this CPU for good: only NMI, machine check or reset get through, and NMI halts again. */
NORETURN static inline void cpu_halt_forever(void)
{
    for (;;) {
        __asm__ volatile("cli; hlt" : : : "memory");
    }
}
