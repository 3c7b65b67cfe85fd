/* SPDX-License-Identifier: MIT */
/*
 * GDT, TSS and IDT as the CPU has them loaded, field by field, against values
 * from the manual and not from the kernel's own headers.
 */
#include "kernel/descriptors.h"

#include <stddef.h>

#include "kernel/cpu.h"
#include "kernel/stacks.h"
#include "kernel/trap.h"
#include "lib/x86/cpu.h"
#include "tests/ktest.h"

static struct descriptor_table_pointer gdtr_read(void)
{
    struct descriptor_table_pointer gdtr;

    __asm__ volatile("sgdt %0" : "=m"(gdtr));
    return gdtr;
}

static const uint8_t *idt_read(uint16_t *limit)
{
    struct descriptor_table_pointer idtr;

    __asm__ volatile("sidt %0" : "=m"(idtr));
    *limit = idtr.limit;
    return (const uint8_t *)idtr.base;
}

static uint64_t gdt_entry(unsigned index)
{
    return ((const uint64_t *)gdtr_read().base)[index];
}

/* The task register's descriptor says where the TSS is. */
static const uint8_t *tss_read(void)
{
    uint64_t low = gdt_entry(3);
    uint64_t high = gdt_entry(4);

    return (const uint8_t *)((low >> 16 & 0xffffff) | (low >> 56 & 0xff) << 24 | high << 32);
}

static uint64_t load64(const uint8_t *bytes)
{
    uint64_t value;

    __builtin_memcpy(&value, bytes, sizeof(value));
    return value;
}

KTEST(descriptors, gdt_has_null_code_data_and_tss)
{
    CHECK_EQ(gdtr_read().limit, 5 * 8 - 1);
    CHECK_EQ(gdt_entry(0), 0);
    CHECK_EQ(gdt_entry(1), 0x00209b0000000000);
    CHECK_EQ(gdt_entry(2), 0x0000930000000000);
}

KTEST(descriptors, tss_descriptor_is_a_busy_64_bit_tss_of_104_bytes)
{
    uint64_t low = gdt_entry(3);
    uint16_t task_register;

    CHECK_EQ(low & 0xffff, 103);
    CHECK_EQ(low >> 40 & 0xff, 0x8b);
    CHECK_EQ(low >> 48 & 0xff, 0);
    CHECK_EQ(gdt_entry(4) >> 32, 0);
    CHECK_EQ((uint64_t)tss_read(), (uint64_t)&cpu_current()->tss);
    __asm__ volatile("str %0" : "=r"(task_register));
    CHECK_EQ(task_register, 0x18);
}

KTEST(descriptors, segment_registers_hold_the_kernel_selectors)
{
    uint16_t cs, ss, ds, es;

    __asm__ volatile("movw %%cs, %0; movw %%ss, %1; movw %%ds, %2; movw %%es, %3"
                     : "=r"(cs), "=r"(ss), "=r"(ds), "=r"(es));
    CHECK_EQ(cs, 0x08);
    CHECK_EQ(ss, 0x10);
    CHECK_EQ(ds, 0x10);
    CHECK_EQ(es, 0x10);
}

KTEST(descriptors, tss_names_a_stack_for_each_ist_slot_in_use_and_no_other)
{
    static const enum stack_id stacks[7] = {STACK_DOUBLE_FAULT, STACK_NMI, STACK_MACHINE_CHECK};
    const uint8_t *tss = tss_read();

    for (unsigned slot = 1; slot <= 7; slot++) {
        uint64_t want = slot <= 3 ? stack_top(stacks[slot - 1]) : 0;

        CHECK_EQ(load64(tss + 36 + (slot - 1) * 8), want);
    }
}

KTEST(descriptors, tss_has_no_io_permission_map)
{
    const uint8_t *tss = tss_read();

    CHECK_EQ(tss[102] | tss[103] << 8, 104);
}

KTEST(descriptors, idt_sends_every_vector_to_its_stub_with_interrupts_masked)
{
    uint16_t limit;
    const uint8_t *idt = idt_read(&limit);

    CHECK_EQ(limit, 256 * 16 - 1);
    for (unsigned vector = 0; vector < 256; vector++) {
        const uint8_t *gate = idt + vector * 16;
        uint64_t low = load64(gate);
        uint64_t offset = (low & 0xffff) | (low >> 48) << 16 | (load64(gate + 8) << 32);

        CHECK_EQ(offset, trap_stub_table[vector]);
        CHECK_EQ(low >> 16 & 0xffff, 0x08);
        CHECK_EQ(gate[5], 0x8e);
        CHECK_EQ(load64(gate + 8) >> 32, 0);
    }
}

KTEST(descriptors, idt_gives_a_stack_of_its_own_to_double_fault_nmi_and_machine_check)
{
    uint16_t limit;
    const uint8_t *idt = idt_read(&limit);

    for (unsigned vector = 0; vector < 256; vector++) {
        uint8_t want = vector == 8 ? 1 : vector == 2 ? 2 : vector == 18 ? 3 : 0;

        CHECK_EQ(idt[vector * 16 + 4], want);
    }
}

KTEST(descriptors, control_registers_hold_what_entry_and_cpu_init_wrote)
{
    const struct cpu_features *features = &cpu_current()->features;

    CHECK_EQ(cr0_read(), CR0_PE | CR0_EM | CR0_ET | CR0_NE | CR0_WP | CR0_PG);
    CHECK_EQ(cr4_read(), CR4_PAE | (features->machine_check ? CR4_MCE : 0) |
                             (features->global_pages ? CR4_PGE : 0) |
                             (features->umip ? CR4_UMIP : 0) | (features->smep ? CR4_SMEP : 0) |
                             (features->smap ? CR4_SMAP : 0));
    CHECK_EQ(msr_read(MSR_EFER), EFER_LME | EFER_LMA | (features->nx ? EFER_NXE : 0));
}
