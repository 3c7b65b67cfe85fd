/* SPDX-License-Identifier: MIT */
/*
 * Where the shadow is, and what is in it. The image's is part of the image;
 * that of the heap and of stacks comes and goes with their pages, in frames of
 * its own: a page of shadow is for eight of theirs.
 */
#include "kernel/sanitize/kasan.h"

#include "kernel/image.h"
#include "lib/bits.h"
#include "lib/compiler.h"
#include "lib/status.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "mm/frame.h"
#include "mm/layout.h"
#include "mm/page_entry.h"
#include "mm/paging.h"

/* What a page of shadow is for, and what the boot tables can map as image at the most. */
#define PAGE_SPAN   (PAGE_SIZE << KASAN_SHADOW_SHIFT)
#define IMAGE_SPAN  (PAGE_SPAN * PAGE_TABLE_ENTRIES)
#define IMAGE_START (IMAGE_VIRTUAL_OFFSET + IMAGE_LOAD_ADDRESS)

/* Pages of the stacks' shadow that were lately found to be there, each at a place of its own. */
#define KNOWN_COUNT 64

/* As the linker's --wrap names what it puts the functions below in front of. */
MUST_CHECK enum status __real_paging_map(uint64_t address, paddr_t target, uint64_t size,
                                         unsigned flags);
MUST_CHECK enum status __real_paging_unmap(uint64_t address, uint64_t size);
void __real_paging_load(void);
MUST_CHECK enum status __wrap_paging_map(uint64_t address, paddr_t target, uint64_t size,
                                         unsigned flags);
MUST_CHECK enum status __wrap_paging_unmap(uint64_t address, uint64_t size);
void __wrap_paging_load(void);

static ALIGNED(PAGE_SIZE) uint8_t image_shadow[IMAGE_SPAN >> KASAN_SHADOW_SHIFT];
static ALIGNED(PAGE_SIZE) uint64_t image_table[PAGE_TABLE_ENTRIES];
static ALIGNED(PAGE_SIZE) uint64_t image_directory[PAGE_TABLE_ENTRIES];
static ALIGNED(PAGE_SIZE) uint64_t image_pdpt[PAGE_TABLE_ENTRIES];

static uintptr_t heap_end = HEAP_WINDOW_BASE; /* it grows and shrinks there */
static uint64_t known[KNOWN_COUNT]; /* numbers of pieces of PAGE_SPAN */

void kasan_map_image_shadow(void)
{
    uint64_t no_execute = (msr_read(MSR_EFER) & EFER_NXE) != 0 ? PTE_NO_EXECUTE : 0;
    uint64_t start = (uint64_t)kasan_shadow(IMAGE_VIRTUAL_OFFSET);
    uint64_t *root = direct_map(paddr(cr3_read()));

    for (size_t i = 0; i < PAGE_TABLE_ENTRIES; i++) {
        image_table[i] =
            image_paddr(image_shadow + i * PAGE_SIZE).value | PTE_PRESENT | PTE_WRITE | no_execute;
    }
    image_directory[level_index(start, 2)] =
        image_paddr(image_table).value | PTE_PRESENT | PTE_WRITE;
    image_pdpt[level_index(start, 3)] =
        image_paddr(image_directory).value | PTE_PRESENT | PTE_WRITE;
    root[level_index(start, PAGE_LEVEL_TOP)] =
        image_paddr(image_pdpt).value | PTE_PRESENT | PTE_WRITE;
}

/* The new tables have no shadow in them; until this returns nothing runs that needs it. */
void __wrap_paging_load(void)
{
    __real_paging_load();
    kasan_map_image_shadow();
}

static bool is_in_stack_window(uintptr_t address)
{
    return address >= STACK_WINDOW_BASE && address < STACK_WINDOW_END;
}

bool kasan_has_shadow(uintptr_t address)
{
    uint64_t piece = address / PAGE_SPAN;
    paddr_t frame;

    if (address >= IMAGE_START) {
        return address < (uintptr_t)__image_end;
    }
    if (!is_in_stack_window(address)) {
        return address >= HEAP_WINDOW_BASE && address < heap_end;
    }
    if (known[piece % KNOWN_COUNT] == piece) {
        return true;
    }
    if (!paging_translate((uintptr_t)kasan_shadow(address), &frame)) {
        return false;
    }
    known[piece % KNOWN_COUNT] = piece;
    return true;
}

static enum status shadow_page_add(uintptr_t address)
{
    uint64_t page = ALIGN_DOWN((uint64_t)kasan_shadow(address), PAGE_SIZE);
    paddr_t frame;
    enum status status;

    if (paging_translate(page, &frame)) {
        return OK;
    }
    status = frame_alloc(FRAME_OTHER, &frame);
    if (status == OK) {
        status = __real_paging_map(page, frame, PAGE_SIZE, PAGE_WRITE);
        if (status != OK) {
            frame_free(frame, FRAME_OTHER);
        }
    }
    return status;
}

/* Take a page of shadow back, unless there is still something that it is for. */
static void shadow_page_drop(uintptr_t address)
{
    uint64_t page = ALIGN_DOWN((uint64_t)kasan_shadow(address), PAGE_SIZE);
    uintptr_t start = ALIGN_DOWN(address, PAGE_SPAN);
    paddr_t frame;

    for (uintptr_t used = start; used < start + PAGE_SPAN; used += PAGE_SIZE) {
        if (paging_translate(used, &frame)) {
            return;
        }
    }
    known[start / PAGE_SPAN % KNOWN_COUNT] = 0;
    if (paging_translate(page, &frame) && __real_paging_unmap(page, PAGE_SIZE) == OK) {
        frame_free(frame, FRAME_OTHER);
    }
}

static enum status map_with_shadow(uint64_t address, paddr_t target, unsigned flags)
{
    enum status status = shadow_page_add(address);

    if (status != OK) {
        return status;
    }
    status = __real_paging_map(address, target, PAGE_SIZE, flags);
    if (status != OK) {
        shadow_page_drop(address);
    } else if (address == heap_end) {
        heap_end += PAGE_SIZE;
        kasan_poison(address, PAGE_SIZE, KASAN_NO_BLOCK);
    } else {
        kasan_unpoison(address, PAGE_SIZE);
    }
    return status;
}

/* Heap and stacks grow page by page, each page of them with its shadow or not at all. */
enum status __wrap_paging_map(uint64_t address, paddr_t target, uint64_t size, unsigned flags)
{
    if (size == PAGE_SIZE && (address == heap_end || is_in_stack_window(address))) {
        return map_with_shadow(address, target, flags);
    }
    return __real_paging_map(address, target, size, flags);
}

enum status __wrap_paging_unmap(uint64_t address, uint64_t size)
{
    enum status status = __real_paging_unmap(address, size);
    bool is_heap = address == heap_end - PAGE_SIZE;

    if (status == OK && size == PAGE_SIZE && (is_heap || is_in_stack_window(address))) {
        heap_end -= is_heap ? PAGE_SIZE : 0;
        shadow_page_drop(address);
    }
    return status;
}

/* The end of what has its shadow in an address's page of it, or of the range if that is less. */
static uintptr_t piece_end(uintptr_t address, uintptr_t end)
{
    return MIN(ALIGN_DOWN(address, PAGE_SPAN) + PAGE_SPAN, end);
}

/* Whole pieces of eight. */
static void set(uintptr_t address, size_t size, uint8_t value)
{
    uintptr_t end = address + ALIGN_DOWN(size, KASAN_GRANULE);

    while (address < end) {
        uintptr_t until = piece_end(address, end);

        if (kasan_has_shadow(address)) {
            memset(kasan_shadow(address), value, (until - address) / KASAN_GRANULE);
        }
        address = until;
    }
}

void kasan_poison(uintptr_t address, size_t size, enum kasan_poison why)
{
    set(address, ALIGN_UP(size, KASAN_GRANULE), (uint8_t)why);
}

void kasan_unpoison(uintptr_t address, size_t size)
{
    size_t rest = size % KASAN_GRANULE;

    set(address, size, 0);
    if (rest != 0 && kasan_has_shadow(address + size)) {
        *kasan_shadow(address + size) = (uint8_t)rest;
    }
}

/* The same within what has its shadow in one page. */
static uintptr_t first_poisoned_in_piece(uintptr_t address, uintptr_t end)
{
    while (address < end) {
        uintptr_t start = ALIGN_DOWN(address, KASAN_GRANULE);
        uint8_t usable = *kasan_shadow(address);

        if (usable >= KASAN_GRANULE) {
            return address;
        }
        if (usable != 0 && MIN(end, start + KASAN_GRANULE) > start + usable) {
            return MAX(address, start + usable);
        }
        address = start + KASAN_GRANULE;
        while (address < end && end - address >= 8 * KASAN_GRANULE &&
               IS_ALIGNED(address, 8 * KASAN_GRANULE) &&
               *(const uint64_t *)kasan_shadow(address) == 0) {
            address += 8 * KASAN_GRANULE;
        }
    }
    return end;
}

uintptr_t kasan_first_poisoned(uintptr_t address, size_t size)
{
    uintptr_t end = address + size;

    while (address < end) {
        uintptr_t until = piece_end(address, end);
        uintptr_t found =
            kasan_has_shadow(address) ? first_poisoned_in_piece(address, until) : until;

        if (found != until) {
            return found;
        }
        address = until;
    }
    return end;
}
