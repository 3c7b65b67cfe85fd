/* SPDX-License-Identifier: MIT */
/* The CPU's identity, out of its CPUID leaves. */
#include "kernel/cpu_identity.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"

#define CPUID_VENDOR     0x0
#define CPUID_SIGNATURE  0x1
#define CPUID_BRAND      0x80000002 /* and the next two: 16 characters each */
#define CPUID_BRAND_LAST 0x80000004

#define FAMILY_P6       6U
#define FAMILY_EXTENDED 15U /* the extended family is added to this one, and only to it */

static void read_vendor(char vendor[13])
{
    struct cpuid leaf = cpuid(CPUID_VENDOR, 0);
    const uint32_t characters[] = {leaf.ebx, leaf.edx, leaf.ecx};

    memcpy(vendor, characters, sizeof(characters));
    vendor[sizeof(characters)] = '\0';
}

static void read_model(char model[49])
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
    memcpy(model, name, strlen(name) + 1);
}

void cpu_identify(struct cpu_identity *identity)
{
    uint32_t signature = cpuid(CPUID_SIGNATURE, 0).eax;
    unsigned family = signature >> 8 & 0xf;

    read_vendor(identity->vendor);
    read_model(identity->model);
    identity->family = family + (family == FAMILY_EXTENDED ? signature >> 20 & 0xff : 0);
    identity->family_model = signature >> 4 & 0xf;
    if (family == FAMILY_P6 || family == FAMILY_EXTENDED) {
        identity->family_model |= signature >> 12 & 0xf0;
    }
    identity->stepping = signature & 0xf;
}

const char *cpu_feature_at(const struct cpu_features *features, size_t index, bool *is_had)
{
    const struct {
        const char *name;
        bool is_had;
    } list[] = {
        {"nx", features->nx},
        {"smep", features->smep},
        {"smap", features->smap},
        {"umip", features->umip},
        {"1g-pages", features->pages_1g},
        {"pge", features->global_pages},
        {"mce", features->machine_check},
        {"apic", features->apic},
        {"invariant-tsc", features->invariant_tsc},
    };

    if (index >= ARRAY_SIZE(list)) {
        return NULL;
    }
    *is_had = list[index].is_had;
    return list[index].name;
}
