/* SPDX-License-Identifier: MIT */
/*
 * How each exception is raised. Source: Intel SDM, volume 3, "Exception and
 * Interrupt Reference"; volume 2, "INT n/INTO/INT3/INT1", "LTR", "MOV".
 */
#include "tests/kernel/raise.h"

#include <stddef.h>

#include "drivers/local_apic.h"
#include "kernel/cpu.h"
#include "kernel/descriptors.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "mm/paging.h"

#define NON_CANONICAL_ADDRESS 0x8000000000000000UL

/* Up to before the IST stacks: the TSS limit of a CPU that cannot find them. */
#define TSS_LIMIT_WITHOUT_IST (offsetof(struct tss, ist) - 1)
#define DESCRIPTOR_LIMIT      0xffffUL

#define APIC_ICR_LOW        0x300
#define APIC_ICR_HIGH       0x310
#define APIC_ID             0x020
#define APIC_ICR_NMI        (4U << 8)
#define APIC_ICR_ASSERT     BIT(14)
#define APIC_DELIVERY_LOOPS 100000000UL /* far more than any delivery takes */

#define CR4_OSFXSR     BIT(9)
#define CR4_OSXMMEXCPT BIT(10)

#define X87_ZERO_DIVIDE_UNMASKED 0x037b
#define SSE_ZERO_DIVIDE_UNMASKED 0x1d80

_Static_assert(RAISE_TSS_ERROR == SELECTOR_TSS, "its selector is the error code");
_Static_assert(RAISE_SELECTOR_ERROR == GDT_SLOTS * 8, "the slot behind the kernel's last");

void raise_stub(uint64_t stub, uint64_t error_code); /* raise_stub.asm */

/* --- By INT ------------------------------------------------------------------------ */

#define BY_INT(vector)                              \
    NOINLINE static void raise_##vector(void)       \
    {                                               \
        __asm__ volatile("int %0" : : "i"(vector)); \
    }

BY_INT(2) /* where there is no APIC to send it */
BY_INT(4) /* INTO and BOUND are no instructions of 64-bit mode */
BY_INT(5)
BY_INT(9)
BY_INT(15)
BY_INT(18) /* tests/e2e has QEMU inject a real one */
BY_INT(19) /* where SSE raises nothing, as in QEMU's own CPU */
BY_INT(20)
BY_INT(22)
BY_INT(23)
BY_INT(24)
BY_INT(25)
BY_INT(26)
BY_INT(27)
BY_INT(28)
BY_INT(31)

/* --- By what raises it ---------------------------------------------------------- */

void raise_divide_error(void)
{
    __asm__ volatile("xorl %%ecx, %%ecx; movl $1, %%eax; cltd; idivl %%ecx"
                     :
                     :
                     : "eax", "ecx", "edx");
}

/* The trap comes behind the instruction that follows the one which sets TF. */
static void raise_debug(void)
{
    __asm__ volatile("pushfq; orq %0, (%%rsp); popfq; nop" : : "i"(RFLAGS_TF) : "cc", "memory");
}

/* This CPU's own APIC sends it, as another CPU's would. */
static void raise_nmi(void)
{
    void *mapped;

    if (!cpu_current()->features.apic || local_apic_mode() != LOCAL_APIC_XAPIC ||
        paging_map_device(local_apic_base(), LOCAL_APIC_SIZE, PAGE_WRITE | PAGE_UNCACHED,
                          &mapped) != OK) {
        raise_2();
        return;
    }
    volatile uint32_t *high = (volatile uint32_t *)((uint8_t *)mapped + APIC_ICR_HIGH);
    volatile uint32_t *low = (volatile uint32_t *)((uint8_t *)mapped + APIC_ICR_LOW);

    *high = *(volatile uint32_t *)((uint8_t *)mapped + APIC_ID);
    *low = APIC_ICR_NMI | APIC_ICR_ASSERT;
    for (uint64_t loops = 0; loops < APIC_DELIVERY_LOOPS; loops++) {
        cpu_relax();
    }
}

void raise_breakpoint(void)
{
    __asm__ volatile("int3");
}

void raise_invalid_opcode(void)
{
    __asm__ volatile("ud2");
}

/* The kernel runs with CR0.EM set: it has no x87 state. */
NOINLINE static void raise_device_not_available(void)
{
    __asm__ volatile("fnop");
}

/* The frame of the first cannot be pushed. */
static void raise_double_fault(void)
{
    __asm__ volatile("xorl %%esp, %%esp; ud2" : : : "memory");
}

/* The kernel's GDT and one slot more, in its place. */
static uint64_t gdt[GDT_SLOTS + 1];

static void gdt_replace(void)
{
    struct descriptor_table_pointer gdtr = {.limit = sizeof(gdt) - 1, .base = (uint64_t)gdt};

    memcpy(gdt, cpu_current()->gdt, sizeof(cpu_current()->gdt));
    gdt[SELECTOR_TSS / 8] &= ~(DESCRIPTOR_TYPE_BUSY | DESCRIPTOR_LIMIT);
    gdt[SELECTOR_TSS / 8] |= TSS_LIMIT_WITHOUT_IST;
    gdt[GDT_SLOTS] = DESCRIPTOR_NOT_SYSTEM | DESCRIPTOR_WRITABLE | DESCRIPTOR_ACCESSED;
    __asm__ volatile("lgdt %0" : : "m"(gdtr) : "memory");
}

/* A gate asks for a stack that the TSS has not. */
static void raise_invalid_tss(void)
{
    gdt_replace();
    __asm__ volatile("ltr %w0; int $2" : : "r"(SELECTOR_TSS) : "memory");
}

static void raise_segment_not_present(void)
{
    gdt_replace();
    __asm__ volatile("movl %0, %%ds" : : "r"(RAISE_SELECTOR_ERROR) : "memory");
}

static void raise_stack_fault(void)
{
    gdt_replace();
    __asm__ volatile("movl %0, %%ss" : : "r"(RAISE_SELECTOR_ERROR) : "memory");
}

void raise_general_protection(void)
{
    (void)*(volatile uint8_t *)NON_CANONICAL_ADDRESS;
}

void raise_page_fault(void)
{
    (void)*(volatile uint8_t *)RAISE_UNMAPPED_ADDRESS;
}

static void x87_allow(void)
{
    __asm__ volatile("mov %0, %%cr0" : : "r"(cr0_read() & ~CR0_EM) : "memory");
}

/* One by zero, by the x87: told of by the next instruction that waits for it. */
NOINLINE static void raise_x87_error(void)
{
    static const uint16_t control = X87_ZERO_DIVIDE_UNMASKED;

    x87_allow();
    __asm__ volatile("fninit; fldcw %0; fldz; fld1; fdiv %%st(1), %%st; fwait" : : "m"(control));
}

/* One by zero, by SSE. */
NOINLINE static void raise_simd_error(void)
{
    static const uint32_t control = SSE_ZERO_DIVIDE_UNMASKED;
    static const uint32_t one = 0x3f800000;

    x87_allow();
    cr4_write(cr4_read() | CR4_OSFXSR | CR4_OSXMMEXCPT);
    __asm__ volatile("ldmxcsr %0; movss %1, %%xmm0; xorps %%xmm1, %%xmm1; divss %%xmm1, %%xmm0"
                     :
                     : "m"(control), "m"(one));
    raise_19();
}

/* --- By a frame made for it -------------------------------------------------------- */

/* The barriers keep each call from becoming a jump: the exception strikes behind it. */
static void raise_alignment_check(void) /* for ring 3 alone */
{
    raise_stub(trap_stub_table[TRAP_ALIGNMENT_CHECK], 0);
    COMPILER_BARRIER();
}

static void raise_control_protection(void)
{
    raise_stub(trap_stub_table[TRAP_CONTROL_PROTECTION], RAISE_CONTROL_ERROR);
    COMPILER_BARRIER();
}

static void raise_vmm_communication(void)
{
    raise_stub(trap_stub_table[TRAP_VMM_COMMUNICATION], RAISE_HYPERVISOR_ERROR);
    COMPILER_BARRIER();
}

static void raise_security(void)
{
    raise_stub(trap_stub_table[TRAP_SECURITY], RAISE_SECURITY_ERROR);
    COMPILER_BARRIER();
}

void (*const raise_exception[TRAP_EXCEPTION_COUNT])(void) = {
    [TRAP_DIVIDE_ERROR] = raise_divide_error,
    [TRAP_DEBUG] = raise_debug,
    [TRAP_NMI] = raise_nmi,
    [TRAP_BREAKPOINT] = raise_breakpoint,
    [TRAP_OVERFLOW] = raise_4,
    [TRAP_BOUND_RANGE] = raise_5,
    [TRAP_INVALID_OPCODE] = raise_invalid_opcode,
    [TRAP_DEVICE_NOT_AVAILABLE] = raise_device_not_available,
    [TRAP_DOUBLE_FAULT] = raise_double_fault,
    [9] = raise_9,
    [TRAP_INVALID_TSS] = raise_invalid_tss,
    [TRAP_SEGMENT_NOT_PRESENT] = raise_segment_not_present,
    [TRAP_STACK_FAULT] = raise_stack_fault,
    [TRAP_GENERAL_PROTECTION] = raise_general_protection,
    [TRAP_PAGE_FAULT] = raise_page_fault,
    [15] = raise_15,
    [TRAP_X87_ERROR] = raise_x87_error,
    [TRAP_ALIGNMENT_CHECK] = raise_alignment_check,
    [TRAP_MACHINE_CHECK] = raise_18,
    [TRAP_SIMD_ERROR] = raise_simd_error,
    [TRAP_VIRTUALIZATION] = raise_20,
    [TRAP_CONTROL_PROTECTION] = raise_control_protection,
    [22] = raise_22,
    [23] = raise_23,
    [24] = raise_24,
    [25] = raise_25,
    [26] = raise_26,
    [27] = raise_27,
    [TRAP_HYPERVISOR_INJECTION] = raise_28,
    [TRAP_VMM_COMMUNICATION] = raise_vmm_communication,
    [TRAP_SECURITY] = raise_security,
    [31] = raise_31,
};
