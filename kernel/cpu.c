/* SPDX-License-Identifier: MIT */
/*
 * Brings up the boot CPU's own tables. Source: Intel SDM, volume 3,
 * "Protected-Mode Memory Management", "64-Bit Mode Task Management"; volume 2,
 * "CPUID".
 */
#include "kernel/cpu.h"

#include "kernel/stacks.h"
#include "lib/x86/cpu.h"

#define MSR_GS_BASE 0xc0000101

#define CPUID_FEATURES_EDX_MCE  BIT(7)
#define CPUID_FEATURES_EDX_APIC BIT(9)
#define CPUID_FEATURES_EDX_PGE  BIT(13)

#define CPUID_STRUCTURED          0x7
#define CPUID_STRUCTURED_EBX_SMEP BIT(7)
#define CPUID_STRUCTURED_EBX_SMAP BIT(20)
#define CPUID_STRUCTURED_ECX_UMIP BIT(2)

#define CPUID_EXTENDED_EDX_1G     BIT(26)
#define CPUID_POWER               0x80000007
#define CPUID_POWER_EDX_INVARIANT BIT(8)
#define CPUID_ADDRESS_SIZES       0x80000008

/* Where a CPU does not say: every CPU with long mode has at least this. */
#define PHYSICAL_BITS_DEFAULT 36

/* The architecture's bounds: an emulator may be told otherwise. */
#define PHYSICAL_BITS_LEAST 32U
#define PHYSICAL_BITS_MOST  52U

static struct cpu boot_cpu;

unsigned cpu_physical_bits(void)
{
    unsigned bits = PHYSICAL_BITS_DEFAULT;

    if (cpuid(CPUID_EXTENDED_MAX, 0).eax >= CPUID_ADDRESS_SIZES) {
        bits = cpuid(CPUID_ADDRESS_SIZES, 0).eax & 0xff;
    }
    return MIN(MAX(bits, PHYSICAL_BITS_LEAST), PHYSICAL_BITS_MOST);
}

static struct cpu_features features_read(void)
{
    struct cpu_features features = {.physical_bits = cpu_physical_bits()};
    uint32_t basic_max = cpuid(0, 0).eax;
    uint32_t extended_max = cpuid(CPUID_EXTENDED_MAX, 0).eax;
    struct cpuid basic = cpuid(CPUID_FEATURES, 0);
    struct cpuid extended;

    features.machine_check = (basic.edx & CPUID_FEATURES_EDX_MCE) != 0;
    features.apic = (basic.edx & CPUID_FEATURES_EDX_APIC) != 0;
    features.global_pages = (basic.edx & CPUID_FEATURES_EDX_PGE) != 0;
    if (basic_max >= CPUID_STRUCTURED) {
        struct cpuid structured = cpuid(CPUID_STRUCTURED, 0);

        features.smep = (structured.ebx & CPUID_STRUCTURED_EBX_SMEP) != 0;
        features.smap = (structured.ebx & CPUID_STRUCTURED_EBX_SMAP) != 0;
        features.umip = (structured.ecx & CPUID_STRUCTURED_ECX_UMIP) != 0;
    }
    extended = cpuid(CPUID_EXTENDED, 0);
    features.nx = (extended.edx & CPUID_EXTENDED_EDX_NX) != 0;
    features.pages_1g = (extended.edx & CPUID_EXTENDED_EDX_1G) != 0;
    if (extended_max >= CPUID_POWER) {
        features.invariant_tsc = (cpuid(CPUID_POWER, 0).edx & CPUID_POWER_EDX_INVARIANT) != 0;
    }
    return features;
}

static void control_registers_write(const struct cpu_features *features)
{
    cr4_write(CR4_PAE | (features->machine_check ? CR4_MCE : 0) |
              (features->global_pages ? CR4_PGE : 0) | (features->umip ? CR4_UMIP : 0) |
              (features->smep ? CR4_SMEP : 0) | (features->smap ? CR4_SMAP : 0));
}

static void gdt_fill(struct cpu *cpu)
{
    const uint64_t flat =
        DESCRIPTOR_PRESENT | DESCRIPTOR_NOT_SYSTEM | DESCRIPTOR_WRITABLE | DESCRIPTOR_ACCESSED;
    uint64_t base = (uint64_t)&cpu->tss;
    uint64_t limit = sizeof(cpu->tss) - 1;
    uint64_t *tss = &cpu->gdt[SELECTOR_TSS / 8];

    cpu->gdt[SELECTOR_KERNEL_CODE / 8] = flat | DESCRIPTOR_EXECUTABLE | DESCRIPTOR_LONG;
    cpu->gdt[SELECTOR_KERNEL_DATA / 8] = flat;
    tss[0] = DESCRIPTOR_PRESENT | DESCRIPTOR_TYPE_TSS | limit | (base & 0xffffff) << 16 |
             (base >> 24 & 0xff) << 56;
    tss[1] = base >> 32;
}

static void tss_fill(struct tss *tss)
{
    tss->ist[IST_DOUBLE_FAULT - 1] = stack_top(STACK_DOUBLE_FAULT);
    tss->ist[IST_NMI - 1] = stack_top(STACK_NMI);
    tss->ist[IST_MACHINE_CHECK - 1] = stack_top(STACK_MACHINE_CHECK);
    tss->io_map_base = sizeof(*tss);
}

static void tables_load(const struct cpu *cpu)
{
    struct descriptor_table_pointer gdtr = {.limit = sizeof(cpu->gdt) - 1,
                                            .base = (uint64_t)cpu->gdt};

    /* The far return is the only way to reload CS; the rest follows the new table. */
    __asm__ volatile("lgdt %0\n\t"
                     "pushq %1\n\t"
                     "leaq 1f(%%rip), %%rax\n\t"
                     "pushq %%rax\n\t"
                     "lretq\n"
                     "1:\n\t"
                     "movl %2, %%eax\n\t"
                     "movl %%eax, %%ss\n\t"
                     "movl %%eax, %%ds\n\t"
                     "movl %%eax, %%es\n\t"
                     "ltr %w3"
                     :
                     : "m"(gdtr), "i"(SELECTOR_KERNEL_CODE), "i"(SELECTOR_KERNEL_DATA),
                       "r"(SELECTOR_TSS)
                     : "rax", "memory");
}

void cpu_init(void)
{
    boot_cpu.self = &boot_cpu;
    boot_cpu.features = features_read();
    boot_cpu.interrupt_stack_top = stack_top(STACK_INTERRUPT);
    control_registers_write(&boot_cpu.features);
    gdt_fill(&boot_cpu);
    tss_fill(&boot_cpu.tss);
    tables_load(&boot_cpu);
    msr_write(MSR_GS_BASE, (uint64_t)&boot_cpu);
}

bool cpu_is_ready(void)
{
    return msr_read(MSR_GS_BASE) == (uint64_t)&boot_cpu;
}
