/* SPDX-License-Identifier: MIT */
/* cpu: what runs all this. Source: Intel SDM, volume 2, "CPUID". */
#include "kernel/cpu.h"

#include <stddef.h>

#include "kernel/console.h"
#include "kernel/shell/command.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"

#define CPUID_VENDOR       0x0
#define CPUID_SIGNATURE    0x1
#define CPUID_EXTENDED_MAX 0x80000000
#define CPUID_BRAND        0x80000002 /* and the next two: 16 characters each */
#define CPUID_BRAND_LAST   0x80000004

#define FAMILY_EXTENDED 15U /* the extended family is added to this one, and only to it */

static void print_vendor(void)
{
    struct cpuid leaf = cpuid(CPUID_VENDOR, 0);
    uint32_t characters[4] = {leaf.ebx, leaf.edx, leaf.ecx, 0};

    kprintf("vendor: %s\n", (const char *)characters);
}

static void print_model(void)
{
    struct cpuid leaves[4] = {0};
    const char *name = (const char *)leaves;

    if (cpuid(CPUID_EXTENDED_MAX, 0).eax >= CPUID_BRAND_LAST) {
        for (uint32_t leaf = CPUID_BRAND; leaf <= CPUID_BRAND_LAST; leaf++) {
            leaves[leaf - CPUID_BRAND] = cpuid(leaf, 0);
        }
    }
    while (*name == ' ') {
        name++;
    }
    kprintf("model: %s\n", *name != '\0' ? name : "the CPU does not say");
}

static void print_signature(void)
{
    uint32_t signature = cpuid(CPUID_SIGNATURE, 0).eax;
    uint32_t family = signature >> 8 & 0xf;
    uint32_t model = signature >> 4 & 0xf;

    if (family == 6 || family == FAMILY_EXTENDED) {
        model |= signature >> 12 & 0xf0;
    }
    if (family == FAMILY_EXTENDED) {
        family += signature >> 20 & 0xff;
    }
    kprintf("signature: family %u, model %u, stepping %u\n", family, model, signature & 0xf);
}

static void print_features(const struct cpu_features *features)
{
    const struct {
        const char *name;
        bool is_used;
    } list[] = {
        {"nx", features->nx},
        {"smep", features->smep},
        {"smap", features->smap},
        {"umip", features->umip},
        {"1-gib-pages", features->pages_1g},
        {"global-pages", features->global_pages},
        {"machine-check", features->machine_check},
        {"apic", features->apic},
        {"invariant-tsc", features->invariant_tsc},
    };

    kprintf("features used:");
    for (size_t i = 0; i < ARRAY_SIZE(list); i++) {
        if (list[i].is_used) {
            kprintf(" %s", list[i].name);
        }
    }
    kprintf("\nfeatures missing:");
    for (size_t i = 0; i < ARRAY_SIZE(list); i++) {
        if (!list[i].is_used) {
            kprintf(" %s", list[i].name);
        }
    }
    kprintf("\nphysical address bits: %u\n", features->physical_bits);
}

SHELL_COMMAND(cpu, .summary = "the CPU and its features")
{
    (void)words;
    print_vendor();
    print_model();
    print_signature();
    print_features(&cpu_current()->features);
    kprintf("cr0: 0x%lx\ncr4: 0x%lx\nefer: 0x%lx\n", cr0_read(), cr4_read(), msr_read(MSR_EFER));
    return OK;
}
