/* SPDX-License-Identifier: MIT */
/*
 * Builds the kernel's address space and keeps it. Source: Intel SDM, volume 3,
 * "Paging", "Page Attribute Table (PAT)".
 */
#include "mm/paging.h"

#include "lib/assert.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "mm/layout.h"

/*
 * The page attribute table by PCD and PWT: write-back as at reset, then
 * write-combining and uncached, where PAGE_* flags point; last uncached again.
 * The upper half, which bit PAT selects and nothing here sets, is the same.
 */
#define MSR_PAT        0x277
#define PAT_UNCACHED   0x00UL
#define PAT_COMBINING  0x01UL
#define PAT_WRITE_BACK 0x06UL
#define PAT_HALF       (PAT_WRITE_BACK | PAT_COMBINING << 8 | PAT_UNCACHED << 16 | PAT_UNCACHED << 24)

/* More parts than an image has. */
#define SECTIONS_MAX 16

static struct {
    struct page_tables tables;
    const struct paging_section *sections;
    size_t section_count;
    uint64_t device_next; /* where in the device window nothing has been yet */
} space;

static void invalidate(uint64_t address, uint64_t count, uint64_t step)
{
    for (; count != 0; count--, address += step) {
        invlpg(address);
    }
}

static enum status map_sections(struct page_tables *tables, const struct paging_plan *plan)
{
    for (size_t i = 0; i < plan->section_count; i++) {
        const struct paging_section *section = &plan->sections[i];
        uint64_t start = (uint64_t)section->start;
        enum status status = page_table_map(tables, start, image_paddr(section->start),
                                            (uint64_t)section->end - start, section->flags);

        if (status != OK) {
            return status;
        }
    }
    return OK;
}

static enum status map_ram(struct page_tables *tables, const struct memory_map *ram)
{
    for (size_t i = 0; i < ram->count; i++) {
        uint64_t start = ALIGN_UP(ram->ranges[i].start, PAGE_SIZE);
        uint64_t end = ALIGN_DOWN(ram->ranges[i].end, PAGE_SIZE);
        enum status status = OK;

        if (start < end) {
            status = page_table_map(tables, DIRECT_MAP_BASE + start, paddr(start), end - start,
                                    PAGE_WRITE);
        }
        if (status != OK) {
            return status;
        }
    }
    return OK;
}

/* What the image may not write at its own address it may not write by the direct map. */
static enum status protect_aliases(struct page_tables *tables, const struct paging_plan *plan)
{
    for (size_t i = 0; i < plan->section_count; i++) {
        const struct paging_section *section = &plan->sections[i];
        uint64_t size = (uint64_t)section->end - (uint64_t)section->start;
        enum status status = OK;

        if ((section->flags & PAGE_WRITE) == 0) {
            status = page_table_protect(tables, (uint64_t)direct_map(image_paddr(section->start)),
                                        size, 0);
        }
        if (status != OK) {
            return status;
        }
    }
    return OK;
}

static bool note_first(void *context, const struct page_run *run)
{
    *(struct page_run *)context = *run;
    return false;
}

void paging_discard(struct page_tables *tables)
{
    struct page_run run;

    ASSERT_CMP(tables->root, !=, space.tables.root);
    while (!page_table_walk(tables, note_first, &run)) {
        bool was_unmapped = page_table_unmap(tables, run.address, run.size) == OK;

        ASSERT(was_unmapped); /* whole pages take no frame */
    }
    tables->frame_free(tables->context, direct_map_paddr(tables->root));
}

enum status paging_build(const struct paging_plan *plan, struct page_tables *tables)
{
    paddr_t root;
    enum status status = plan->frame_alloc(plan->context, &root);

    ASSERT_CMP(plan->section_count, <=, SECTIONS_MAX);
    if (status != OK) {
        return status;
    }
    struct page_tables built = {.root = direct_map(root),
                                .direct_base = direct_map(paddr(0)),
                                .has_nx = plan->has_nx,
                                .has_1g_pages = plan->has_1g_pages,
                                .physical_bits = plan->physical_bits,
                                .frame_alloc = plan->frame_alloc,
                                .frame_free = plan->frame_free,
                                .invalidate = invalidate,
                                .context = plan->context};

    memset(built.root, 0, PAGE_SIZE);
    status = map_sections(&built, plan);
    if (status == OK) {
        status = map_ram(&built, plan->ram);
    }
    if (status == OK) {
        status = protect_aliases(&built, plan);
    }
    if (status != OK) {
        paging_discard(&built);
        return status;
    }
    *tables = built;
    return OK;
}

enum status paging_init(const struct paging_plan *plan)
{
    enum status status = paging_build(plan, &space.tables);

    if (status != OK) {
        return status;
    }
    space.sections = plan->sections;
    space.section_count = plan->section_count;
    space.device_next = DEVICE_WINDOW_BASE;
    return OK;
}

void paging_load(void)
{
    msr_write(MSR_PAT, PAT_HALF | PAT_HALF << 32);
    cr3_write(direct_map_paddr(space.tables.root).value);
}

enum status paging_map(uint64_t address, paddr_t target, uint64_t size, unsigned flags)
{
    return page_table_map(&space.tables, address, target, size, flags);
}

enum status paging_unmap(uint64_t address, uint64_t size)
{
    return page_table_unmap(&space.tables, address, size);
}

enum status paging_protect(uint64_t address, uint64_t size, unsigned flags)
{
    return page_table_protect(&space.tables, address, size, flags);
}

bool paging_translate(uint64_t address, paddr_t *target)
{
    return page_table_translate(&space.tables, address, target);
}

bool paging_look_up(uint64_t address, struct page_view *view)
{
    return page_table_look_up(&space.tables, address, view);
}

bool paging_walk(bool (*visit)(void *context, const struct page_run *run), void *context)
{
    return page_table_walk(&space.tables, visit, context);
}

bool paging_trace(uint64_t address, struct page_trace *trace)
{
    return page_table_trace(&space.tables, address, trace);
}

/* The whole pages that hold a range. Returns false for a range that there cannot be. */
static bool enclosing_pages(uint64_t address, uint64_t size, uint64_t *first, uint64_t *length)
{
    uint64_t last = address + (size - 1);

    if (size == 0 || last < address || last > UINT64_MAX - PAGE_SIZE) {
        return false;
    }
    *first = ALIGN_DOWN(address, PAGE_SIZE);
    *length = ALIGN_DOWN(last, PAGE_SIZE) + PAGE_SIZE - *first;
    return true;
}

/*
 * Addresses of the window are handed out once and not again: it has 8 TiB, and
 * a stale pointer to a device then faults instead of reaching another.
 */
enum status paging_map_device(paddr_t target, uint64_t size, unsigned flags, void **device)
{
    uint64_t first;
    uint64_t length;
    enum status status;

    if (!enclosing_pages(target.value, size, &first, &length)) {
        return ERR_BAD_ARG;
    }
    if (length > DEVICE_WINDOW_END - space.device_next) {
        return ERR_NO_MEMORY;
    }
    status = paging_map(space.device_next, paddr(first), length, flags);
    if (status != OK) {
        return status;
    }
    *device = (void *)(space.device_next + (target.value - first));
    space.device_next += length;
    return OK;
}

void paging_unmap_device(void *device, uint64_t size)
{
    uint64_t first;
    uint64_t length;
    bool was_mapped = enclosing_pages((uint64_t)device, size, &first, &length) &&
                      first >= DEVICE_WINDOW_BASE && first < DEVICE_WINDOW_END &&
                      paging_unmap(first, length) == OK;

    ASSERT(was_mapped);
}

bool paging_audit(struct page_audit *audit)
{
    struct page_run text[SECTIONS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < space.section_count; i++) {
        const struct paging_section *section = &space.sections[i];

        if ((section->flags & PAGE_EXECUTE) != 0) {
            text[count++] = (struct page_run){
                .target = image_paddr(section->start),
                .size = (uint64_t)section->end - (uint64_t)section->start,
            };
        }
    }
    return page_table_audit(&space.tables, text, count, audit);
}
