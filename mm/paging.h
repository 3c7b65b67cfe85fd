/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own address space: the tables that replace the boot tables, and
 * all later changes to them. See docs/design.md, "Virtual memory".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/compiler.h"
#include "lib/status.h"
#include "mm/memory_map.h"
#include "mm/page_audit.h"
#include "mm/page_table.h"
#include "mm/page_trace.h"

/* A part of the kernel image, which is mapped where it is linked. */
struct paging_section {
    const void *start; /* page aligned */
    const void *end;
    unsigned flags; /* PAGE_* */
};

/* What the address space is made from. */
struct paging_plan {
    const struct paging_section *sections;
    size_t section_count;
    const struct memory_map *ram; /* what the direct map covers, in whole pages */
    bool has_nx;
    bool has_1g_pages;
    unsigned physical_bits;
    /* Frames for tables; those handed out by paging_init() are within BOOT_MAP_SIZE. */
    enum status (*frame_alloc)(void *context, paddr_t *frame);
    void (*frame_free)(void *context, paddr_t frame);
    void *context;
};

/*
 * Build the tables, to be loaded with paging_load(): the image with each
 * section's rights, all RAM at DIRECT_MAP_BASE, never executable, and read-only
 * where a section of the image is. Nothing else is mapped in them, the low half
 * least of all.
 *
 * Returns OK
 *         ERR_NO_MEMORY  no frame for a table; all are given back
 *
 * Context: once at boot, on the boot tables.
 */
MUST_CHECK enum status paging_init(const struct paging_plan *plan);

/* Have the CPU use the kernel's tables. Context: once at boot, interrupts masked. */
void paging_load(void);

/*
 * The two halves of that which do not touch the CPU: build a plan's tables, and
 * give back all frames of tables that are not loaded.
 *
 * tables  out: untouched on failure
 *
 * Returns OK
 *         ERR_NO_MEMORY  no frame for a table; all are given back
 */
MUST_CHECK enum status paging_build(const struct paging_plan *plan, struct page_tables *tables);
void paging_discard(struct page_tables *tables);

/* As the page_table_* functions of the same names, on the kernel's tables. */
MUST_CHECK enum status paging_map(uint64_t address, paddr_t target, uint64_t size, unsigned flags);
MUST_CHECK enum status paging_unmap(uint64_t address, uint64_t size);
MUST_CHECK enum status paging_protect(uint64_t address, uint64_t size, unsigned flags);
bool paging_translate(uint64_t address, paddr_t *target);
bool paging_look_up(uint64_t address, struct page_view *view);
bool paging_walk(bool (*visit)(void *context, const struct page_run *run), void *context);
bool paging_trace(uint64_t address, struct page_trace *trace);

/*
 * Map device memory, or a table the firmware left, into the device window.
 *
 * target  any address; the rest of its page and of the last one comes along
 * size    bytes, not 0
 * flags   PAGE_*, with a caching flag for registers and framebuffers
 * device  out: the pointer to target's byte
 *
 * Returns OK
 *         ERR_BAD_ARG    size 0, or beyond what the CPU can address
 *         ERR_NO_MEMORY  no frame for a table, or the window is used up
 * On failure nothing has changed. Context: not from an interrupt. Undo with
 * paging_unmap_device() and the same size.
 */
MUST_CHECK enum status paging_map_device(paddr_t target, uint64_t size, unsigned flags,
                                         void **device);
void paging_unmap_device(void *device, uint64_t size);

/* page_table_audit() over the live tables and the image. Context: not from an interrupt. */
bool paging_audit(struct page_audit *audit);
