/* SPDX-License-Identifier: MIT */
/* Hands the loader's information to its parser and reports the outcome. */
#include "kernel/boot.h"

#include <stddef.h>

#include "boot/boot_rsdp.h"
#include "boot/multiboot2.h"
#include "boot/phys_window.h"
#include "boot/pvh.h"
#include "kernel/cpu.h"
#include "kernel/image.h"
#include "kernel/log.h"
#include "kernel/panic.h"
#include "lib/bits.h"
#include "lib/quote.h"
#include "mm/layout.h"

/* As the entry code had it; boot/entry.asm. */
extern const struct {
    uint32_t protocol; /* enum boot_protocol; 0 while the loader is not known to be one of ours */
    uint32_t address;
} boot_handover;

static struct boot_info loaded;

static const char *failure_sentence(enum status status)
{
    switch (status) {
    case ERR_BAD_ARG:
        return "boot information: got an address outside of memory or not aligned";
    case ERR_CORRUPT:
        return "boot information: got a damaged header, need a whole one";
    case ERR_NOT_FOUND:
        return "memory map: got none, need one from the loader";
    case ERR_NO_MEMORY:
        return "memory map: got one without available memory";
    default:
        return status_sentence(status);
    }
}

/* What the boot tables map. */
static struct phys_window boot_window(void)
{
    return (struct phys_window){.bytes = direct_map(paddr(0)), .base = 0, .size = BOOT_MAP_SIZE};
}

static struct boot_limits boot_limits(void)
{
    return (struct boot_limits){.kernel_start = image_paddr(__image_start),
                                .kernel_end = image_paddr(__image_end),
                                .physical_bits = cpu_physical_bits()};
}

const struct boot_framebuffer *boot_find_framebuffer(void)
{
    const struct phys_window window = boot_window();
    const struct boot_limits limits = boot_limits();

    if (boot_handover.protocol == BOOT_MULTIBOOT2) {
        multiboot2_find_framebuffer(&window, paddr(boot_handover.address), &limits, &loaded);
    }
    return &loaded.framebuffer;
}

void boot_load(uint32_t protocol, uint32_t address)
{
    const struct phys_window window = boot_window();
    const struct boot_limits limits = boot_limits();
    enum status status;

    if (protocol == BOOT_PVH) {
        status = pvh_parse(&window, paddr(address), &limits, &loaded);
    } else {
        status = multiboot2_parse(&window, paddr(address), &limits, &loaded);
    }
    if (status != OK) {
        boot_report();
        panic("boot: %s", failure_sentence(status));
    }
    boot_rsdp_search(&loaded, &window);
}

const struct boot_info *boot_info(void)
{
    return &loaded;
}

void boot_report(void)
{
    char line[160];
    char command_line[160];
    size_t recorded = MIN(loaded.problem_count, (size_t)BOOT_PROBLEMS_MAX);

    quote(command_line, sizeof(command_line), loaded.command_line, SIZE_MAX);
    log_info(
        "boot", "%s by %s, command line %s", loaded.protocol == BOOT_PVH ? "PVH" : "Multiboot2",
        loaded.loader_name[0] != '\0' ? loaded.loader_name : "an unnamed loader", command_line);
    for (size_t i = 0; i < recorded; i++) {
        boot_problem_format(&loaded.problems[i], loaded.protocol, line, sizeof(line));
        log_warn("boot", "%s", line);
    }
    if (loaded.problem_count > recorded) {
        log_warn("boot", "%zu more problems in the boot information",
                 loaded.problem_count - recorded);
    }
}
