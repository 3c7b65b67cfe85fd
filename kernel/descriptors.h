/* SPDX-License-Identifier: MIT */
/*
 * Segment descriptors, the task state segment and interrupt gates, in the
 * layouts the CPU reads. Explicit-width fields and masks, no bit-fields: the
 * layout must not be the compiler's choice.
 * Source: Intel SDM, volume 3, "Segment Descriptors", "TSS", "IDT Descriptors".
 */
#pragma once

#include <stdint.h>

#include "lib/bits.h"
#include "lib/compiler.h"

/* Indices into the GDT, times 8; ring 0 in the low bits. */
#define SELECTOR_NULL        0x00
#define SELECTOR_KERNEL_CODE 0x08
#define SELECTOR_KERNEL_DATA 0x10
#define SELECTOR_TSS         0x18 /* takes two slots in long mode */
#define GDT_SLOTS            5

/* Segment descriptor bits that mean something in long mode. */
#define DESCRIPTOR_ACCESSED   BIT(40) /* set: the CPU then never writes the GDT */
#define DESCRIPTOR_WRITABLE   BIT(41)
#define DESCRIPTOR_EXECUTABLE BIT(43)
#define DESCRIPTOR_NOT_SYSTEM BIT(44)
#define DESCRIPTOR_PRESENT    BIT(47)
#define DESCRIPTOR_LONG       BIT(53)
#define DESCRIPTOR_TYPE_TSS   (9UL << 40) /* 64-bit TSS, available; LTR makes it busy (11) */
#define DESCRIPTOR_TYPE_BUSY  BIT(41)

/* The hardware's answer to an interrupt that finds no good stack. */
struct tss {
    uint32_t reserved0;
    uint64_t rsp[3]; /* stacks for rings 0-2; unused while there is only ring 0 */
    uint64_t reserved1;
    uint64_t ist[7]; /* ist[0] is what a gate calls IST 1 */
    uint64_t reserved2;
    uint16_t reserved3;
    uint16_t io_map_base; /* past the limit: no I/O permission map */
} PACKED;
_Static_assert(sizeof(struct tss) == 104, "the TSS limit is 103");

/* Interrupt stack table slots, as gates number them; 0 keeps the current stack. */
#define IST_NONE          0
#define IST_DOUBLE_FAULT  1
#define IST_NMI           2
#define IST_MACHINE_CHECK 3

struct interrupt_gate {
    uint16_t offset_low;
    uint16_t selector;
    uint8_t ist;
    uint8_t attributes;
    uint16_t offset_middle;
    uint32_t offset_high;
    uint32_t reserved;
} PACKED;
_Static_assert(sizeof(struct interrupt_gate) == 16, "a long mode gate has 16 bytes");

#define GATE_TYPE_INTERRUPT 0x0e /* clears IF on entry, which a trap gate does not */
#define GATE_PRESENT        0x80

/* What LGDT and LIDT read. */
struct descriptor_table_pointer {
    uint16_t limit;
    uint64_t base;
} PACKED;
_Static_assert(sizeof(struct descriptor_table_pointer) == 10, "limit and base");
