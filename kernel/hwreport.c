/* SPDX-License-Identifier: MIT */
/* The hardware report: one function a line, in the order of the screen. */
#include "kernel/hwreport.h"

#include <stddef.h>

#include "kernel/acpi.h"
#include "kernel/boot.h"
#include "kernel/clock.h"
#include "kernel/console.h"
#include "kernel/cpu.h"
#include "kernel/cpu_identity.h"
#include "kernel/hwreport_devices.h"
#include "kernel/screen.h"
#include "kernel/task.h"
#include "kernel/tick.h"
#include "kernel/version.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/quote.h"
#include "lib/report.h"
#include "mm/frame.h"

#define MAP_LINES  3
#define ACPI_LINES 2

#define RSDP_REVISION 15 /* where in the RSDP its revision is */

/* Until the TSC's rate is known: a tenth of a second after the tick has settled. */
#define RATE_WAIT_NS (1000 * NS_PER_MS)
#define RATE_LOOK_NS (10 * NS_PER_MS)

/* The text. Tasks give up the CPU only between reports, so that one is enough. */
static char text[HWREPORT_LINES * (REPORT_COLUMNS + 1) + 1];

static void add_build(struct report *report)
{
    report_line(report, "version", "%s, build %016lx, %s", ODYSSEY_VERSION, version_build_id(),
                version_compiler());
}

static void add_boot(struct report *report, const struct boot_info *boot)
{
    char words[REPORT_COLUMNS];

    report_line(report, "loader", "%s, %s, %zu problems",
                boot->protocol == BOOT_PVH ? "PVH" : "Multiboot2",
                boot->loader_name[0] != '\0' ? boot->loader_name : "unnamed", boot->problem_count);
    quote(words, sizeof(words), boot->command_line, SIZE_MAX);
    report_line(report, "command-line", "%s", words);
    if (boot->protocol == BOOT_PVH) {
        report_line(report, "firmware", "not told by the loader");
    } else {
        report_line(report, "firmware", "%s", boot->efi.has_system_table ? "UEFI" : "BIOS");
    }
}

static void add_features(struct report *report, const char *key, bool wanted)
{
    const char *name;
    bool is_had;

    report_begin_list(report, key, 1);
    for (size_t i = 0; (name = cpu_feature_at(&cpu_current()->features, i, &is_had)) != NULL; i++) {
        if (is_had == wanted) {
            report_item(report, "%s", name);
        }
    }
    report_end_list(report);
}

static void add_cpu(struct report *report)
{
    struct cpu_identity identity;

    cpu_identify(&identity);
    report_line(report, "cpu", "%s %u-%u-%u, %s", identity.vendor, identity.family,
                identity.family_model, identity.stepping,
                identity.model[0] != '\0' ? identity.model : "unnamed");
    add_features(report, "cpu-has", true);
    add_features(report, "cpu-lacks", false);
}

static size_t map_entries(const struct boot_info *boot)
{
    return MIN(boot->map_entry_count, (size_t)BOOT_MAP_ENTRIES_MAX);
}

/* The map as the loader gave it; of an entry that begins where the last ended, only its end. */
static void add_map(struct report *report, const struct boot_info *boot)
{
    uint64_t last_end = UINT64_MAX;

    report_begin_list(report, "map", MAP_LINES);
    report_item(report, "%zu:", boot->map_entry_count);
    for (size_t i = 0; i < map_entries(boot); i++) {
        const struct boot_map_entry *entry = &boot->map_entries[i];
        uint64_t end = entry->base + entry->length;

        if (entry->base == last_end) {
            report_item(report, "-%lx=%u", end, entry->type);
        } else {
            report_item(report, "%lx-%lx=%u", entry->base, end, entry->type);
        }
        last_end = end;
    }
    report_end_list(report);
}

static void add_memory(struct report *report, const struct boot_info *boot)
{
    struct frame_stats stats;

    frame_stats(&stats);
    report_line(report, "memory", "%lu KiB usable, %lu KiB free, %u address bits",
                stats.usable * (PAGE_SIZE / KIB), stats.free * (PAGE_SIZE / KIB),
                cpu_current()->features.physical_bits);
    add_map(report, boot);
}

static void add_screen(struct report *report, const struct boot_framebuffer *framebuffer)
{
    bool has_pixels =
        framebuffer->kind == BOOT_FRAMEBUFFER_RGB || framebuffer->kind == BOOT_FRAMEBUFFER_INDEXED;
    char size[32] = "not shown";
    uint32_t columns;
    uint32_t rows;

    if (screen_size(&columns, &rows)) {
        ksnprintf(size, sizeof(size), "%ux%u characters", columns, rows);
    }
    if (has_pixels) {
        report_line(report, "screen", "%ux%ux%u pixels, pitch %u, at 0x%lx, %s", framebuffer->width,
                    framebuffer->height, (unsigned)framebuffer->bits_per_pixel,
                    framebuffer->pitch_bytes, framebuffer->address.value, size);
    } else {
        report_line(report, "screen", "%s%s", screen_is_there() ? "text, " : "none, ", size);
    }
}

static void add_acpi(struct report *report, const struct boot_info *boot)
{
    const struct acpi_tables *tables = acpi_listed();

    report_begin_list(report, "acpi", ACPI_LINES);
    if (tables == NULL) {
        report_item(report, "%s", boot->rsdp_size == 0 ? "none" : "no table can be read");
    } else {
        report_item(report, "revision %u,", boot->rsdp[RSDP_REVISION]);
        report_item(report, "%zu problems,", tables->problem_count);
        report_item(report, "%s:", tables->root);
        for (size_t i = 0; i < tables->count; i++) {
            report_item(report, "%s", tables->list[i].signature);
        }
    }
    report_end_list(report);
}

/* Wait until it is known how fast the TSC runs, or that nobody can tell. */
static enum status wait_for_rate(void)
{
    uint64_t deadline = deadline_after(RATE_WAIT_NS);
    enum status status = OK;

    while (status == OK && tick_tsc_hz() == 0 && tick_source() != TICK_NONE &&
           clock_now_ns() < deadline) {
        status = task_sleep_for(RATE_LOOK_NS);
    }
    return status;
}

enum status hwreport_print(void)
{
    const struct boot_info *boot = boot_info();
    enum status status = wait_for_rate();
    struct report report;

    if (status != OK) {
        return status;
    }
    report_begin(&report, text, sizeof(text));
    report_mark(&report, "=== hwreport begin ===");
    add_build(&report);
    add_boot(&report, boot);
    add_cpu(&report);
    add_memory(&report, boot);
    add_screen(&report, &boot->framebuffer);
    add_acpi(&report, boot);
    hwreport_add_devices(&report);
    report_mark(&report, "=== hwreport end ===");
    console_begin_line();
    console_write(text, report.length);
    return OK;
}

void hwreport_print_map(void)
{
    const struct boot_info *boot = boot_info();

    kprintf("%-18s  %-18s  %s\n", "base", "length", "type");
    for (size_t i = 0; i < map_entries(boot); i++) {
        const struct boot_map_entry *entry = &boot->map_entries[i];

        kprintf("0x%016lx  0x%016lx  %u\n", entry->base, entry->length, entry->type);
    }
    if (boot->map_entry_count > map_entries(boot)) {
        kprintf("and %zu more\n", boot->map_entry_count - map_entries(boot));
    }
}
