/* SPDX-License-Identifier: MIT */
/* The live address space: what is mapped how, and what must not be mapped at all. */
#include "kernel/memory.h"

#include <stddef.h>

#include "kernel/boot.h"
#include "kernel/cpu.h"
#include "kernel/image.h"
#include "kernel/stacks.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "mm/frame.h"
#include "mm/layout.h"
#include "mm/paging.h"
#include "tests/kernel/trap_expect.h"
#include "tests/ktest.h"

#define SPARE_ADDRESS 0xffffcfff00000000UL /* in the heap's window, far above any heap */

/* All pages of a range have these flags, and lead to that memory. */
static void check_range(const void *start, const void *end, paddr_t target, unsigned flags)
{
    if (!cpu_current()->features.nx) {
        flags |= PAGE_EXECUTE;
    }
    for (uint64_t address = (uint64_t)start; address < (uint64_t)end; address += PAGE_SIZE) {
        struct page_view view = {.flags = ~0U};

        CHECK(paging_look_up(address, &view));
        CHECK_EQ(view.flags, flags);
        CHECK_EQ(view.target.value, target.value + (address - (uint64_t)start));
    }
}

KTEST(memory, image_sections_have_exactly_their_rights)
{
    check_range(__text_start, __text_end, image_paddr(__text_start), PAGE_EXECUTE);
    check_range(__rodata_start, __rodata_end, image_paddr(__rodata_start), 0);
    check_range(__data_start, __bss_end, image_paddr(__data_start), PAGE_WRITE);
}

KTEST(memory, direct_map_leaves_text_and_rodata_read_only)
{
    const uint8_t *text = direct_map(image_paddr(__text_start));
    const uint8_t *rodata = direct_map(image_paddr(__rodata_start));
    const uint8_t *data = direct_map(image_paddr(__data_start));

    check_range(text, text + (__text_end - __text_start), image_paddr(__text_start), 0);
    check_range(rodata, rodata + (__rodata_end - __rodata_start), image_paddr(__rodata_start), 0);
    check_range(data, data + PAGE_SIZE, image_paddr(__data_start), PAGE_WRITE);
}

KTEST(memory, direct_map_covers_all_usable_memory_and_no_hole)
{
    const struct memory_map *usable = &boot_info()->usable;
    paddr_t target;

    for (size_t i = 0; i < usable->count; i++) {
        uint64_t first = ALIGN_UP(usable->ranges[i].start, PAGE_SIZE);
        uint64_t end = ALIGN_DOWN(usable->ranges[i].end, PAGE_SIZE);

        if (first >= end) {
            continue;
        }
        CHECK(paging_translate(DIRECT_MAP_BASE + first, &target));
        CHECK_EQ(target.value, first);
        CHECK(paging_translate(DIRECT_MAP_BASE + end - 1, &target));
        CHECK_EQ(target.value, end - 1);
        CHECK(!paging_translate(DIRECT_MAP_BASE + end, &target));
    }
}

/* Whether a block of physical memory holds nothing whose rights differ from its surroundings. */
static bool is_plain(uint64_t block, uint64_t size)
{
    const struct boot_framebuffer *screen = &boot_info()->framebuffer;
    uint64_t screen_bytes = boot_framebuffer_size(screen);

    return (block + size <= image_paddr(__text_start).value ||
            block >= image_paddr(__rodata_end).value) &&
           (block + size <= screen->address.value || block >= screen->address.value + screen_bytes);
}

static void check_blocks(const struct memory_range *range, uint64_t size)
{
    for (uint64_t block = ALIGN_UP(range->start, size); block + size <= range->end; block += size) {
        struct page_view view = {0};

        if (is_plain(block, size)) {
            CHECK(paging_look_up(DIRECT_MAP_BASE + block, &view));
            CHECK_GE(view.page_size, size);
        }
    }
}

KTEST(memory, direct_map_takes_the_largest_pages_that_fit)
{
    const struct memory_map *usable = &boot_info()->usable;

    for (size_t i = 0; i < usable->count; i++) {
        check_blocks(&usable->ranges[i], PAGE_SIZE_2M);
        if (cpu_current()->features.pages_1g) {
            check_blocks(&usable->ranges[i], PAGE_SIZE_1G);
        }
    }
}

KTEST(memory, framebuffer_is_not_in_the_direct_map)
{
    const struct boot_framebuffer *screen = &boot_info()->framebuffer;
    uint64_t size = boot_framebuffer_size(screen);
    paddr_t target;

    if (screen->kind == BOOT_FRAMEBUFFER_NONE) {
        SKIP("the loader handed over none");
    }
    for (uint64_t offset = 0; offset < size; offset += PAGE_SIZE) {
        CHECK(!paging_translate(DIRECT_MAP_BASE + screen->address.value + offset, &target));
    }
}

static bool is_in_low_half(void *context, const struct page_run *run)
{
    bool *found = context;

    *found = *found || run->address < DIRECT_MAP_BASE;
    return true;
}

KTEST(memory, low_half_is_empty)
{
    bool found = false;

    CHECK(paging_walk(is_in_low_half, &found));
    CHECK(!found);
}

KTEST(memory, nothing_can_be_written_and_executed)
{
    struct page_audit audit;

    CHECK(paging_audit(&audit));
    CHECK_EQ(audit.nx_enforced, cpu_current()->features.nx);
    CHECK_GT(audit.runs, 8);
}

KTEST(memory, audit_finds_a_writable_alias_of_the_text)
{
    struct page_audit audit;

    REQUIRE_OK(paging_map(SPARE_ADDRESS, image_paddr(__text_start), PAGE_SIZE, PAGE_WRITE));
    CHECK(!paging_audit(&audit));
    CHECK_EQ(audit.violations, 1);
    CHECK_EQ(audit.first.address, SPARE_ADDRESS);
    REQUIRE_OK(paging_unmap(SPARE_ADDRESS, PAGE_SIZE));
    CHECK(paging_audit(&audit));
}

static void write_byte(void *address)
{
    *(volatile uint8_t *)address = 1;
}

/* The TLB has seen the page before each change: a forgotten invalidation shows here. */
KTEST(memory, changes_take_effect_at_once)
{
    struct trap_frame trap;
    paddr_t frame;

    REQUIRE_OK(frame_alloc(FRAME_OTHER, &frame));
    REQUIRE_OK(paging_map(SPARE_ADDRESS, frame, PAGE_SIZE, PAGE_WRITE));
    *(volatile uint8_t *)SPARE_ADDRESS = 0x5a;
    CHECK_EQ(*(uint8_t *)direct_map(frame), 0x5a);
    REQUIRE_OK(paging_protect(SPARE_ADDRESS, PAGE_SIZE, 0));
    CHECK(trap_expect(TRAP_PAGE_FAULT, write_byte, (void *)SPARE_ADDRESS, &trap));
    CHECK_EQ(trap.error_code, PAGE_FAULT_PRESENT | PAGE_FAULT_WRITE);
    REQUIRE_OK(paging_protect(SPARE_ADDRESS, PAGE_SIZE, PAGE_WRITE));
    *(volatile uint8_t *)SPARE_ADDRESS = 0x5b;
    REQUIRE_OK(paging_unmap(SPARE_ADDRESS, PAGE_SIZE));
    CHECK(trap_expect(TRAP_PAGE_FAULT, write_byte, (void *)SPARE_ADDRESS, &trap));
    CHECK_EQ(trap.error_code, PAGE_FAULT_WRITE);
    frame_free(frame, FRAME_OTHER);
}

KTEST(memory, device_window_maps_a_range_that_is_not_page_aligned)
{
    struct page_view view;
    void *device;

    REQUIRE_OK(paging_map_device(paddr(0xb8ff0), 0x20, PAGE_WRITE | PAGE_UNCACHED, &device));
    CHECK_EQ((uint64_t)device & 0xfff, 0xff0);
    CHECK(paging_look_up((uint64_t)device, &view));
    CHECK_EQ(view.target.value, 0xb8ff0);
    CHECK_EQ(view.flags & (PAGE_WRITE | PAGE_UNCACHED), PAGE_WRITE | PAGE_UNCACHED);
    CHECK(paging_look_up((uint64_t)device + 0x1f, &view));
    paging_unmap_device(device, 0x20);
    CHECK(!paging_look_up((uint64_t)device, &view));
    CHECK(!paging_look_up((uint64_t)device + 0x1f, &view));
}

KTEST(memory, device_window_refuses_what_cannot_be)
{
    void *device = NULL;

    CHECK_STATUS(paging_map_device(paddr(0xb8000), 0, 0, &device), ERR_BAD_ARG);
    CHECK_STATUS(paging_map_device(paddr(UINT64_MAX - 10), 100, 0, &device), ERR_BAD_ARG);
    CHECK_STATUS(paging_map_device(paddr(1UL << 52), PAGE_SIZE, 0, &device), ERR_BAD_ARG);
    CHECK_STATUS(paging_map_device(paddr(0), 1UL << 43, 0, &device), ERR_NO_MEMORY);
    CHECK_EQ(device, NULL);
}

/* Intel SDM: entry 0 write-back, 1 write-combining, 2 uncached, as PWT and PCD select them. */
KTEST(memory, page_attribute_table_is_what_the_flags_mean)
{
    uint64_t pat = msr_read(0x277);

    CHECK_EQ(pat & 0xff, 6);
    CHECK_EQ(pat >> 8 & 0xff, 1);
    CHECK_EQ(pat >> 16 & 0xff, 0);
    CHECK_EQ(pat >> 32, pat & UINT32_MAX); /* whatever a page's PAT bit says */
}
