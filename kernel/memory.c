/* SPDX-License-Identifier: MIT */
/* Memory, from the boot information to the heap. */
#include "kernel/memory.h"

#include <stddef.h>
#include <stdint.h>

#include "kernel/boot.h"
#include "kernel/console.h"
#include "kernel/cpu.h"
#include "kernel/image.h"
#include "kernel/kernel_heap.h"
#include "kernel/log.h"
#include "kernel/panic.h"
#include "kernel/stacks.h"
#include "lib/bits.h"
#include "mm/frame.h"
#include "mm/layout.h"
#include "mm/paging.h"

/* A row for each stack. */
#define STACK_SECTION(id, symbol, name) {STACK_BOTTOM(symbol), STACK_TOP(symbol), PAGE_WRITE},

/* The image; the page below each stack is in no row and so stays unmapped. */
static const struct paging_section sections[] = {{__text_start, __text_end, PAGE_EXECUTE},
                                                 {__rodata_start, __rodata_end, 0},
                                                 {__data_start, __bss_end, PAGE_WRITE},
                                                 STACK_LIST(STACK_SECTION)};

/* What the direct map covers; kept off the stack for its size. */
static struct memory_map ram;

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

/* A range without a name is as reserved as it was: only the counts and messages lose. */
static void name_reserved(paddr_t start, uint64_t size, enum frame_kind kind)
{
    enum status status = frame_name_reserved(start, size, kind);

    if (status != OK) {
        log_debug("memory", "%s at 0x%lx, 0x%lx bytes: not named: %s", frame_kind_name(kind),
                  start.value, size, status_sentence(status));
    }
}

static void name_all_reserved(const struct boot_info *boot)
{
    const paddr_t image = image_paddr(__image_start);
    const struct boot_framebuffer *screen = &boot->framebuffer;

    name_reserved(paddr(0), BOOT_LOW_MEMORY_END, FRAME_LOW_MEMORY);
    name_reserved(image, image_paddr(__image_end).value - image.value, FRAME_KERNEL_IMAGE);
    for (size_t i = 0; i < boot->module_count; i++) {
        const struct boot_module *module = &boot->modules[i];

        if (module->end.value != module->start.value) {
            name_reserved(module->start, module->end.value - module->start.value, FRAME_BOOT);
        }
    }
    if (screen->kind != BOOT_FRAMEBUFFER_NONE) {
        name_reserved(screen->address, boot_framebuffer_size(screen), FRAME_FRAMEBUFFER);
    }
}

static void address_space_init(const struct boot_info *boot)
{
    const struct cpu_features *features = &cpu_current()->features;
    const struct paging_plan plan = {.sections = sections,
                                     .section_count = ARRAY_SIZE(sections),
                                     .ram = &ram,
                                     .has_nx = features->nx,
                                     .has_1g_pages = features->pages_1g,
                                     .physical_bits = features->physical_bits,
                                     .frame_alloc = table_alloc,
                                     .frame_free = table_free};
    enum status status;

    ram = boot->usable;
    if (boot->framebuffer.kind != BOOT_FRAMEBUFFER_NONE) {
        /* A card may have its framebuffer in RAM; its caching is not the direct map's. */
        memory_map_subtract(&ram, boot->framebuffer.address,
                            boot_framebuffer_size(&boot->framebuffer));
    }
    status = paging_init(&plan);
    if (status != OK) {
        panic("memory: page tables: %s", status_sentence(status));
    }
}

void memory_init(void)
{
    const struct boot_info *boot = boot_info();
    enum status status =
        frame_init(&boot->usable, &boot->free, direct_map(paddr(0)), paddr(BOOT_MAP_SIZE));

    if (status != OK) {
        panic("memory: frames: %s: the loader's map has %lu KiB free", status_sentence(status),
              memory_map_usable_pages(&boot->free) * (PAGE_SIZE / KIB));
    }
    name_all_reserved(boot);
    address_space_init(boot);
    console_change_tables();
    frame_extend(paddr(ALIGN_DOWN(UINT64_MAX, PAGE_SIZE)));
}

void memory_open_heap(void)
{
    enum status status = kernel_heap_init();

    if (status != OK) {
        panic("memory: heap: %s", status_sentence(status));
    }
}

void memory_report(void)
{
    struct page_audit audit;
    uint64_t usable_kib = memory_map_usable_pages(&boot_info()->usable) * (PAGE_SIZE / KIB);
    uint64_t free_kib = frame_free_count() * (PAGE_SIZE / KIB);

    log_info("memory", "%lu KiB usable, %lu KiB reserved, %lu KiB free", usable_kib,
             usable_kib - free_kib, free_kib);
    if (!paging_audit(&audit)) {
        log_error("paging", "%zu mappings can be written and executed, the first at 0x%016lx",
                  audit.violations, audit.first.address);
    } else if (!audit.nx_enforced) {
        log_warn("paging", "NX not enforceable on this CPU; the text is read-only everywhere");
    }
}
