/* SPDX-License-Identifier: MIT */
/* What the commands that report say, against what the kernel knows by other ways. */
#include <stdint.h>

#include "drivers/keyboard.h"
#include "kernel/boot.h"
#include "kernel/clock.h"
#include "kernel/cpu.h"
#include "kernel/image.h"
#include "kernel/irq.h"
#include "kernel/log.h"
#include "kernel/task.h"
#include "kernel/task_report.h"
#include "kernel/tick.h"
#include "kernel/version.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/string.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "mm/paging.h"
#include "tests/kernel/shell_says.h"
#include "tests/ktest.h"

static char line[128];

KTEST(commands, echo_prints_its_words_with_a_blank_between)
{
    CHECK_STR_EQ(shell_says("echo"), "\n");
    CHECK_STR_EQ(shell_says("echo  one   two"), "one two\n");
    CHECK_STR_EQ(shell_says("echo 'one   two' \"\" '%s'"), "one   two  %s\n");
}

KTEST(commands, version_names_the_build)
{
    const char *text = shell_says("version");

    CHECK(text_begins(text, "build "));
    CHECK(text_has(text, "version " ODYSSEY_VERSION "\n"));
}

KTEST(commands, clear_and_color_are_escape_sequences)
{
    CHECK_STR_EQ(shell_says("clear"), "\x1b[2J\x1b[H\r");
    CHECK_STR_EQ(shell_says("color red"), "\x1b[0m\x1b[31m\r");
    CHECK_STR_EQ(shell_says("color bright-white blue"), "\x1b[0m\x1b[97m\x1b[44m\r");
    CHECK_STR_EQ(shell_says("color default bright-black"), "\x1b[0m\x1b[100m\r");
    CHECK_STR_EQ(shell_says("color default"), "\x1b[0m\r");
    CHECK(text_has(shell_says("color"), "\x1b[101m    \x1b[0m bright-red\n"));
}

KTEST(commands, mem_agrees_with_the_frame_allocator)
{
    uint64_t usable = memory_map_usable_pages(&boot_info()->usable) * (PAGE_SIZE / KIB);
    uint64_t free_kib = frame_free_count() * (PAGE_SIZE / KIB);
    const char *text = shell_says("mem");
    uint64_t sum = 0;

    ksnprintf(line, sizeof(line), "usable: %lu KiB", usable);
    CHECK(text_has_line(text, line));
    ksnprintf(line, sizeof(line), "free: %lu KiB", free_kib);
    CHECK(text_has_line(text, line));
    for (enum frame_kind kind = 0; kind < FRAME_KIND_COUNT; kind++) {
        unsigned long kib = text_number(text, frame_kind_name(kind));

        sum += kib != UINT64_MAX ? kib : 0;
    }
    CHECK_EQ(sum + free_kib, usable);
    CHECK(text_has(text, "in use: [#"));
}

KTEST(commands, heap_counts_a_block_and_finds_no_damage)
{
    struct heap_statistics before = kmalloc_statistics();
    void *block = kmalloc(100);
    const char *text = shell_says("heap");

    kfree(block);
    CHECK_GT(text_number(text, "live"), before.live_bytes);
    CHECK(text_has_line(text, "check: nothing is wrong"));
}

KTEST(commands, uptime_goes_on)
{
    const char *text = shell_says("uptime");

    CHECK(text_begins(text, "up: 0 d 00:"));
    CHECK(text_has(text, "\nclock: "));
}

KTEST(commands, irq_counts_the_tick)
{
    const char *text = shell_says("irq");

    if (!irq_is_available()) {
        SKIP("no interrupt controller");
    }
    CHECK(text_begins(text, "line  handler"));
    CHECK(text_has(text, tick_source() == TICK_RTC ? "\n   8  rtc_tick" : "\n   0  tick_"));
    CHECK(text_has(text, "\nstray: "));
}

KTEST(commands, cpu_says_what_is_used)
{
    const char *text = shell_says("cpu");

    CHECK(text_begins(text, "vendor: "));
    CHECK(text_has(text, "\nmodel: "));
    CHECK(text_has(text, "\nfeatures used: "));
}

KTEST(commands, map_lists_the_text_read_only_and_ends_with_the_verdict)
{
    const char *text = shell_says("map");

    ksnprintf(line, sizeof(line), "\n0x%016lx ", (uint64_t)__text_start);
    CHECK(text_has(text, line));
    CHECK(text_has(text, "r-x wb      4 KiB  .text\n"));
    CHECK(text_has(text, "boot stack\n"));
    CHECK(text_has(text, "direct map\n"));
    CHECK(text_has(text, "\naudit: "));
    CHECK_EQ(text_has(text, "rwx"), !cpu_current()->features.nx);
    CHECK(!text_has(text, "no region"));
}

KTEST(commands, pt_goes_down_to_the_page)
{
    const char *text;

    ksnprintf(line, sizeof(line), "pt %lx", (uint64_t)__text_start);
    text = shell_says(line);
    CHECK(text_has(text, "\nPML4  "));
    CHECK(text_has(text, "\nPT    "));
    CHECK(text_has(text, "4 KiB page at 0x100000, r-x"));
    CHECK(text_has_line(text, "physical: 0x100000"));
    CHECK(text_has_line(text, "region: .text"));
}

KTEST(commands, pt_says_where_the_way_ends)
{
    const char *text = shell_says("pt 0");

    CHECK(text_has(text, "not present\n"));
    CHECK(text_has_line(text, "physical: none, not mapped"));
    CHECK(text_has_line(text, "region: no region"));
    CHECK_STR_EQ(shell_says("pt 8000000000000000"),
                 "0x8000000000000000: not canonical: bits 48 to 63 differ from bit 47\n");
}

KTEST(commands, peek_shows_memory_from_the_very_byte)
{
    static const ALIGNED(16) char text[32] = "0123456789abcdefghijklmnopqrstu";

    ksnprintf(line, sizeof(line), "peek %p 20", (const void *)(text + 14));
    CHECK(text_has(shell_says(line), "  |              ef|\n"));
    CHECK(text_has(shell_says(line), " 67 68 69 6a 6b 6c 6d 6e 6f 70 71 72 73 74 75 00  |ghij"));
}

static void check_device_is_refused(unsigned flags)
{
    void *device;

    REQUIRE_OK(paging_map_device(paddr(0xfee00000), 1, flags, &device));
    ksnprintf(line, sizeof(line), "peek %p", device);
    CHECK(text_has(shell_says(line), ": device memory, which a read may change\n"));
    paging_unmap_device(device, 1);
}

KTEST(commands, peek_refuses_what_is_not_memory)
{
    CHECK_STR_EQ(shell_says("peek 0"), "peek: 0x0000000000000000: not mapped\n");
    CHECK_STR_EQ(shell_says("peek 8000000000000000 1"), "peek: 0x8000000000000000: not mapped\n");
    check_device_is_refused(PAGE_WRITE | PAGE_UNCACHED);
    check_device_is_refused(PAGE_WRITE | PAGE_WRITE_COMBINING);
    check_device_is_refused(0);
}

/* The page behind a stack's guard is reached in the middle of a line's dump. */
KTEST(commands, peek_stops_where_the_mapping_does)
{
    extern const uint8_t __boot_stack_top[];
    uint64_t end = (uint64_t)__boot_stack_top;
    const char *text;

    ksnprintf(line, sizeof(line), "peek %lx 64", end - 32);
    text = shell_says(line);
    ksnprintf(line, sizeof(line), "0x%016lx ", end - 16);
    CHECK(text_has(text, line));
    ksnprintf(line, sizeof(line), "peek: 0x%016lx: not mapped", end);
    CHECK(text_has_line(text, line));
}

KTEST(commands, log_prints_lines_up_to_the_level)
{
    const char *text;

    log_set_level(LOG_ERROR);
    log_debug("tests", "said at debug");
    log_info("tests", "said at info");
    log_set_level(LOG_INFO);
    text = shell_says("log");
    CHECK(text_has(text, "DEBUG tests: said at debug\n"));
    CHECK(text_has(text, "INFO tests: said at info\n"));
    text = shell_says("dmesg info");
    CHECK(!text_has(text, "said at debug"));
    CHECK(text_has(text, "INFO tests: said at info\n"));
    text = shell_says("log 0");
    CHECK(!text_has(text, "said at info"));
}

KTEST(commands, bench_measures_one_or_all)
{
    const char *text = shell_says("bench heap");

    CHECK(text_begins(text, "name "));
    CHECK(text_has(text, "\nheap "));
    CHECK(!text_has(text, "memcpy"));
    text = shell_says("bench");
    CHECK(text_has(text, "\nmemcpy "));
    CHECK(text_has(text, "\nyield "));
}

KTEST(commands, keymap_shows_and_chooses_the_layout)
{
    const struct keymap *before = keyboard_keymap();

    CHECK_STR_EQ(shell_says("keymap de"), "");
    CHECK_STR_EQ(shell_says("keymap"), "keymap: de\n");
    CHECK_STR_EQ(shell_says("keymap nowhere"), "usage: keymap [NAME]\n");
    CHECK_STR_EQ(shell_says("keymap"), "keymap: de\n");
    keyboard_set_keymap(before);
}

KTEST(commands, tasks_lists_who_asks)
{
    char state[64];
    const char *text = shell_says("tasks");

    ksnprintf(line, sizeof(line), "\n%4lu  %-12s", task_current()->id, task_current()->name);
    CHECK(text_has(text, line));
    CHECK(text_has(text, task_describe(task_current(), state, sizeof(state))));
    CHECK(text_has(text, "\nidle: "));
}

static intptr_t sleep_long(void *argument)
{
    (void)argument;
    return task_sleep_for(3600 * 1000 * NS_PER_MS);
}

KTEST(commands, kill_ends_a_wait_and_knows_who_is_not_there)
{
    struct task *task;
    intptr_t result;
    uint64_t id;

    REQUIRE_OK(task_spawn("long sleeper", sleep_long, NULL, TASK_STACK_DEFAULT, &task));
    id = task->id;
    task_yield();
    CHECK(text_has(shell_says("tasks"), "long sleeper"));
    ksnprintf(line, sizeof(line), "kill %lu", id);
    CHECK_STR_EQ(shell_says(line), "");
    CHECK_OK(task_join(task, DEADLINE_NEVER, &result));
    CHECK_EQ(result, ERR_CANCELLED);
    task_release(task);
    task_yield();
    CHECK(text_has(shell_says(line), "kill: no task "));
}

KTEST(commands, sleep_takes_its_time)
{
    uint64_t before = clock_now_ns();

    CHECK_STR_EQ(shell_says("sleep 0.02"), "");
    CHECK_GE(clock_now_ns() - before, 20 * NS_PER_MS);
    CHECK_STR_EQ(shell_says("sleep 0"), "");
}

KTEST(commands, crash_and_spawn_list_their_kinds)
{
    const char *text = shell_says("crash");

    CHECK(text_begins(text, "  null "));
    CHECK(text_has(text, "\n  lockup "));
    CHECK(text_has(shell_says("spawn"), "\n  sleepers "));
    CHECK_STR_EQ(shell_says("spawn echo"),
                 "echo: the keyboard is the shell's; not in the background\n");
    CHECK(text_has(shell_says("crash deadlock"), "in the foreground\n"));
    CHECK(text_has(shell_says("crash breakpoint"), "the kernel goes on\n"));
}
