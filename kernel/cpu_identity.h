/* SPDX-License-Identifier: MIT */
/*
 * Who the CPU says it is, and the names of the features that the kernel cares
 * about: for reports. Source: Intel SDM, volume 2, "CPUID".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "kernel/cpu.h"

struct cpu_identity {
    char vendor[13]; /* "GenuineIntel"; any bytes, terminated, as below */
    char model[49]; /* without blanks in front; empty where the CPU does not say */
    unsigned family; /* these three as the vendors write them: extended parts added */
    unsigned family_model;
    unsigned stepping;
};

/* Ask the CPU. Any context. */
void cpu_identify(struct cpu_identity *identity);

/*
 * A feature that the kernel uses where the CPU has it.
 *
 * index   from 0 on
 * is_had  out: whether this CPU has it; untouched behind the last
 *
 * Returns its name, or NULL behind the last. Any context.
 */
const char *cpu_feature_at(const struct cpu_features *features, size_t index, bool *is_had);
