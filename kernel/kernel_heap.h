/* SPDX-License-Identifier: MIT */
/*
 * Opens the kernel's heap (mm/kmalloc.h): its window is made of frames, and
 * what the checked heap finds ends in a panic with the names of functions.
 */
#pragma once

#include <stddef.h>

#include "lib/compiler.h"
#include "lib/status.h"
#include "mm/heap_fault.h"

/*
 * Open the heap.
 *
 * Returns OK
 *         ERR_NO_MEMORY  no frame for the first page or its tables
 * Context: once at boot, after frames and paging.
 */
MUST_CHECK enum status kernel_heap_init(void);

/* heap_evidence_describe(), with the names of functions. Any context. */
size_t kernel_heap_describe(char *buffer, size_t size, const struct heap_evidence *evidence);

/* Panic with it. */
NORETURN COLD void kernel_heap_report(const struct heap_evidence *evidence);
