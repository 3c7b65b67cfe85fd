/* SPDX-License-Identifier: MIT */
/* The hardware report on whatever machine this is: it fits the screen, and agrees with the kernel.
 */
#include "kernel/hwreport.h"

#include <stdint.h>

#include "drivers/pic8259.h"
#include "kernel/boot.h"
#include "kernel/console.h"
#include "kernel/cpu.h"
#include "kernel/cpu_identity.h"
#include "kernel/irq.h"
#include "kernel/screen.h"
#include "kernel/serial.h"
#include "kernel/task.h"
#include "kernel/tick.h"
#include "kernel/version.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/report.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "mm/frame.h"
#include "tests/kernel/shell_says.h"
#include "tests/ktest.h"

#define SCREEN_ROWS    25
#define SCREEN_COLUMNS 80

static char line[128];

/* Each key once, but for lists that go on, in the order in which they are documented. */
static const char *const keys[] = {
    "=== hwreport begin ===\n",
    "version: ",
    "loader: ",
    "command-line: ",
    "firmware: ",
    "cpu: ",
    "cpu-has:",
    "cpu-lacks:",
    "memory: ",
    "map: ",
    "screen: ",
    "acpi: ",
    "pic: ",
    "apic: ",
    "pit: ",
    "rtc: ",
    "i8042: ",
    "uart: ",
    "clock: ",
    "irq: ",
    "=== hwreport end ===\n",
};

static const char *next_line(const char *place)
{
    while (*place != '\0' && *place++ != '\n') {
    }
    return place;
}

KTEST(hwreport, has_each_key_in_order)
{
    const char *place = shell_says("hwreport");
    size_t key = 0;

    while (*place != '\0') {
        REQUIRE(key < ARRAY_SIZE(keys));
        if (!text_begins(place, keys[key])) {
            REQUIRE(key > 0 && text_begins(place, keys[key - 1])); /* a list goes on */
        } else {
            key++;
        }
        place = next_line(place);
    }
    CHECK_EQ(key, ARRAY_SIZE(keys));
}

KTEST(hwreport, leaves_the_prompt_a_row_of_the_screen)
{
    unsigned lines = 0;
    const char *end;

    for (const char *place = shell_says("hwreport"); *place != '\0'; place = end) {
        end = next_line(place);
        lines++;
        CHECK_LE(end - place - 1, SCREEN_COLUMNS - 1);
    }
    CHECK_LE(lines, HWREPORT_LINES);
    CHECK_EQ(HWREPORT_LINES, SCREEN_ROWS - 1);
}

KTEST(hwreport, names_build_memory_and_command_line)
{
    const char *text = shell_says("hwreport");
    struct frame_stats stats;

    ksnprintf(line, sizeof(line), "version: " ODYSSEY_VERSION ", build %016lx, %s",
              version_build_id(), version_compiler());
    CHECK(text_has_line(text, line));
    frame_stats(&stats);
    ksnprintf(line, sizeof(line), "memory: %lu KiB usable, %lu KiB free, %u address bits",
              stats.usable * 4, stats.free * 4, cpu_current()->features.physical_bits);
    CHECK(text_has_line(text, line));
    ksnprintf(line, sizeof(line), "\nmap: %zu: ", boot_info()->map_entry_count);
    CHECK(text_has(text, line));
}

KTEST(hwreport, says_what_the_chips_are_found_to_be)
{
    const char *text = shell_says("hwreport");
    uint32_t columns;
    uint32_t rows;

    if (irq_is_available()) {
        ksnprintf(line, sizeof(line), "\npic: 8259 pair, masks 0x%04x, ", pic_read_masks());
        CHECK(text_has(text, line));
    } else {
        CHECK(text_has_line(text, "pic: none, devices are polled"));
    }
    CHECK_EQ(text_has(text, "\nuart: COM1 at 0x3f8, 115200 8N1, FIFO of "), serial_is_present());
    CHECK_EQ(text_has(text, "\nscreen: none, "), !screen_is_there());
    if (screen_size(&columns, &rows)) {
        ksnprintf(line, sizeof(line), ", %ux%u characters\n", columns, rows);
        CHECK(text_has(text, line));
    }
    CHECK_EQ(text_has(text, " tick: PIT at 1000 Hz, "), tick_source() == TICK_PIT);
    CHECK_EQ(text_has(text, "\nirq: 0="), tick_source() == TICK_PIT);
}

/* As on most machines of this century; no emulator without acceleration has them all. */
KTEST(hwreport, has_room_for_every_feature)
{
    struct cpu_features all;
    struct report report;
    const char *name;
    bool is_had;

    memset(&all, 1, sizeof(all));
    report_begin(&report, line, sizeof(line));
    report_begin_list(&report, "cpu-lacks", 1);
    for (size_t i = 0; (name = cpu_feature_at(&all, i, &is_had)) != NULL; i++) {
        CHECK(is_had);
        report_item(&report, "%s", name);
    }
    report_end_list(&report);
    CHECK_EQ(report.left_out, 0);
}

/* Nothing is in service on these lines: to the chips the interrupts are spurious. */
KTEST(hwreport, counts_spurious_interrupts_by_line)
{
    uint64_t on_7 = irq_counts(7).spurious;
    uint64_t on_15 = irq_counts(15).spurious;
    uint64_t flags = irq_save();

    if (irq_is_available()) {
        irq_dispatch(&(struct trap_frame){.vector = IRQ_VECTOR_BASE + 7});
        irq_dispatch(&(struct trap_frame){.vector = IRQ_VECTOR_BASE + 15});
        irq_dispatch(&(struct trap_frame){.vector = IRQ_VECTOR_BASE + 15});
    }
    irq_restore(flags);
    if (!irq_is_available()) {
        SKIP("no interrupt controller");
    }
    ksnprintf(line, sizeof(line), ", spurious %lu and %lu\n", on_7 + 1, on_15 + 2);
    CHECK(text_has(shell_says("hwreport"), line));
}

KTEST(hwreport, map_is_listed_whole_on_request)
{
    const char *text = shell_says("hwreport map");
    const struct boot_info *boot = boot_info();
    size_t lines = 0;

    CHECK(text_begins(text, "base "));
    for (size_t i = 0; i < MIN(boot->map_entry_count, (size_t)BOOT_MAP_ENTRIES_MAX); i++) {
        ksnprintf(line, sizeof(line), "0x%016lx  0x%016lx  %u", boot->map_entries[i].base,
                  boot->map_entries[i].length, boot->map_entries[i].type);
        CHECK(text_has_line(text, line));
    }
    for (const char *place = text; *place != '\0'; place = next_line(place)) {
        lines++;
    }
    CHECK_EQ(lines, 1 + boot->map_entry_count);
    CHECK_STR_EQ(shell_says("hwreport nonsense"), "usage: hwreport [map]\n");
}
