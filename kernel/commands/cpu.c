/* SPDX-License-Identifier: MIT */
/* cpu: what runs all this. */
#include "kernel/cpu.h"

#include <stddef.h>

#include "kernel/console.h"
#include "kernel/cpu_identity.h"
#include "kernel/shell/command.h"
#include "lib/x86/cpu.h"

static void print_identity(void)
{
    struct cpu_identity identity;

    cpu_identify(&identity);
    kprintf("vendor: %s\n", identity.vendor);
    kprintf("model: %s\n", identity.model[0] != '\0' ? identity.model : "the CPU does not say");
    kprintf("signature: family %u, model %u, stepping %u\n", identity.family, identity.family_model,
            identity.stepping);
}

static void print_features(const char *key, const struct cpu_features *features, bool wanted)
{
    const char *name;
    bool is_had;

    kprintf("%s:", key);
    for (size_t i = 0; (name = cpu_feature_at(features, i, &is_had)) != NULL; i++) {
        if (is_had == wanted) {
            kprintf(" %s", name);
        }
    }
    kprintf("\n");
}

SHELL_COMMAND(cpu, .summary = "the CPU and its features")
{
    const struct cpu_features *features = &cpu_current()->features;

    (void)words;
    print_identity();
    print_features("features used", features, true);
    print_features("features missing", features, false);
    kprintf("physical address bits: %u\n", features->physical_bits);
    kprintf("cr0: 0x%lx\ncr4: 0x%lx\nefer: 0x%lx\n", cr0_read(), cr4_read(), msr_read(MSR_EFER));
    return OK;
}
