/* SPDX-License-Identifier: MIT */
/* What allocates, with each of its allocations failing. */
#include "kernel/boot.h"
#include "kernel/cpu.h"
#include "kernel/image.h"
#include "lib/string.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "mm/paging.h"
#include "tests/kernel/allocation_sweep.h"
#include "tests/ktest.h"

#define SPARE_ADDRESS 0xffffcffe00000000UL /* in the heap's window, far above any heap */

static enum status table_alloc(void *context, paddr_t *frame)
{
    (void)context;
    return frame_alloc(FRAME_PAGE_TABLE, frame);
}

static void table_free(void *context, paddr_t frame)
{
    (void)context;
    frame_free(frame, FRAME_PAGE_TABLE);
}

/* Tables like those that are loaded, beside them. */
static bool build_address_space(void)
{
    static const struct paging_section sections[] = {
        {__text_start, __text_end, PAGE_EXECUTE},
        {__rodata_start, __rodata_end, 0},
        {__data_start, __bss_end, PAGE_WRITE},
    };
    const struct cpu_features *features = &cpu_current()->features;
    const struct paging_plan plan = {.sections = sections,
                                     .section_count = ARRAY_SIZE(sections),
                                     .ram = &boot_info()->usable,
                                     .has_nx = features->nx,
                                     .has_1g_pages = features->pages_1g,
                                     .physical_bits = features->physical_bits,
                                     .frame_alloc = table_alloc,
                                     .frame_free = table_free};
    struct page_tables tables = {.root = NULL};
    paddr_t text;

    if (paging_build(&plan, &tables) != OK) {
        CHECK_EQ(tables.root, NULL);
        return false;
    }
    CHECK(page_table_translate(&tables, (uint64_t)__text_start, &text));
    CHECK_EQ(text.value, image_paddr(__text_start).value);
    paging_discard(&tables);
    return true;
}

KTEST(allocation_failures, paging_build)
{
    /* The root, three for the image, and as many for the direct map with some splits. */
    CHECK_GE(allocation_sweep(build_address_space).frames, 7);
}

/* Whether nothing is mapped in a range, page by page. */
static bool is_unmapped(uint64_t address, uint64_t size)
{
    paddr_t target;

    for (uint64_t offset = 0; offset < size; offset += PAGE_SIZE) {
        if (paging_translate(address + offset, &target)) {
            return false;
        }
    }
    return true;
}

/* On both sides of where a table ends, so that it takes two of the lowest. */
static bool map_and_unmap(void)
{
    const uint64_t address = SPARE_ADDRESS + PAGE_SIZE_2M - PAGE_SIZE;

    if (paging_map(address, paddr(0xb8000), 2 * PAGE_SIZE, PAGE_WRITE) != OK) {
        CHECK(is_unmapped(address, 2 * PAGE_SIZE));
        return false;
    }
    CHECK_OK(paging_unmap(address, 2 * PAGE_SIZE));
    return true;
}

KTEST(allocation_failures, paging_map)
{
    CHECK_EQ(allocation_sweep(map_and_unmap).frames, 4);
}

/* Whether a page lies in a large one as it did, or is one of its own with these rights. */
static void check_split(uint64_t address, bool was_split, unsigned flags)
{
    struct page_view view;

    CHECK(paging_look_up(address, &view));
    CHECK_EQ(view.page_size, was_split ? PAGE_SIZE : PAGE_SIZE_2M);
    CHECK_EQ(view.flags & PAGE_WRITE, was_split ? flags : 0);
}

/* A page in the middle of one large page becomes writable, one of another goes. */
static bool split_large_pages(void)
{
    const uint64_t first = SPARE_ADDRESS + PAGE_SIZE_2M / 2;
    const uint64_t second = first + PAGE_SIZE_2M;

    if (paging_map(SPARE_ADDRESS, paddr(0), 2 * PAGE_SIZE_2M, 0) != OK) {
        CHECK(is_unmapped(SPARE_ADDRESS, 2 * PAGE_SIZE_2M));
        return false;
    }
    bool was_protected = paging_protect(first, PAGE_SIZE, PAGE_WRITE) == OK;

    check_split(first, was_protected, PAGE_WRITE);
    bool was_unmapped = paging_unmap(second, PAGE_SIZE) == OK;

    CHECK_EQ(is_unmapped(second, PAGE_SIZE), was_unmapped);
    check_split(second + PAGE_SIZE, was_unmapped, 0);
    if (was_unmapped) {
        CHECK_OK(paging_map(second, paddr(PAGE_SIZE_2M * 3 / 2), PAGE_SIZE, 0));
    }
    CHECK_OK(paging_unmap(SPARE_ADDRESS, 2 * PAGE_SIZE_2M));
    return was_protected && was_unmapped;
}

KTEST(allocation_failures, paging_protect_and_unmap_of_a_part)
{
    /* Two tables above the pages; a split holds one ready for each end of the part. */
    CHECK_EQ(allocation_sweep(split_large_pages).frames, 2 + 2 * 2);
}

/* So large that it always takes tables of its own. */
#define DEVICE_SIZE (2 * PAGE_SIZE_2M)

static bool map_device(void)
{
    void *device = NULL;

    if (paging_map_device(paddr(0xb8ff0), DEVICE_SIZE, PAGE_UNCACHED, &device) != OK) {
        CHECK_EQ(device, NULL);
        return false;
    }
    paging_unmap_device(device, DEVICE_SIZE);
    return true;
}

KTEST(allocation_failures, paging_map_device)
{
    CHECK_GE(allocation_sweep(map_device).frames, 2);
}

/* A block that is larger than what the window grows by at a time. */
static bool allocate_large(void)
{
    uint8_t *block = kzalloc(100 * KIB);

    if (block != NULL) {
        CHECK_EQ(block[100 * KIB - 1], 0);
    }
    kfree(block);
    return block != NULL;
}

KTEST(allocation_failures, kzalloc_that_grows_the_window)
{
    struct allocations found = allocation_sweep(allocate_large);

    CHECK_GE(found.frames, 25);
    CHECK_EQ(found.blocks, 1);
}

/* One that needs less than a step: the window then grows by as much as is needed. */
static bool allocate_less_than_a_step(void)
{
    void *block = kmalloc(6000);

    kfree(block);
    return block != NULL;
}

KTEST(allocation_failures, kmalloc_of_less_than_a_step)
{
    CHECK_GE(allocation_sweep(allocate_less_than_a_step).frames, 16);
}

static bool allocate_aligned(void)
{
    uint8_t *block = kmalloc_aligned(5 * PAGE_SIZE, 128 * KIB);

    CHECK(IS_ALIGNED((uint64_t)block, 128 * KIB));
    kfree(block);
    return block != NULL;
}

KTEST(allocation_failures, kmalloc_aligned)
{
    struct allocations found = allocation_sweep(allocate_aligned);

    CHECK_GE(found.frames, 5);
    CHECK_EQ(found.blocks, 1);
}

/* So far up in the window that it also takes another table. */
static bool allocate_behind_2_mib(void)
{
    void *block = kmalloc_aligned(100, HEAP_ALIGNMENT_MAX);

    kfree(block);
    return block != NULL;
}

KTEST(allocation_failures, kmalloc_aligned_that_takes_another_table)
{
    /* What the window has already is more where the screen is pixels. */
    size_t there = kmalloc_statistics().window_bytes % PAGE_SIZE_2M / PAGE_SIZE;

    CHECK_GT(there + allocation_sweep(allocate_behind_2_mib).frames, PAGE_SIZE_2M / PAGE_SIZE - 8);
}

static bool grow_and_shrink(void)
{
    uint8_t *block = kmalloc(300);

    if (block == NULL) {
        return false;
    }
    memset(block, 0x77, 300);
    uint8_t *grown = krealloc(block, 200 * KIB);
    uint8_t *kept = grown != NULL ? grown : block;

    CHECK_EQ(kept[0], 0x77);
    CHECK_EQ(memcmp(kept, kept + 1, 299), 0);
    CHECK_EQ(krealloc(kept, 10), kept); /* to shrink is no allocation */
    kfree(kept);
    return grown != NULL;
}

KTEST(allocation_failures, krealloc)
{
    struct allocations found = allocation_sweep(grow_and_shrink);

    CHECK_GE(found.frames, 50);
    CHECK_EQ(found.blocks, 2);
}
