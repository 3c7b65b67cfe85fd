/* SPDX-License-Identifier: MIT */
/* Printing reaches every console once, and the log keeps what it printed. */
#include "kernel/console.h"

#include "kernel/log.h"
#include "kernel/trap.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "tests/kernel/console_capture.h"
#include "tests/kernel/stepping.h"
#include "tests/ktest.h"

static const char *captured;

KTEST(console, kprintf_reaches_a_registered_console)
{
    capture_start();
    kprintf("%d %s\n", 42, "words");
    captured = capture_stop();
    CHECK_STR_EQ(captured, "42 words\n");
}

KTEST(console, disabled_console_sees_nothing)
{
    capture_start();
    captured = capture_stop();
    kprintf("unseen\n");
    CHECK_STR_EQ(captured, "");
}

KTEST(console, begin_line_ends_only_an_unfinished_line)
{
    capture_start();
    kprintf("half");
    console_begin_line();
    console_begin_line();
    kprintf("whole\n");
    console_begin_line();
    captured = capture_stop();
    CHECK_STR_EQ(captured, "half\nwhole\n");
}

static unsigned recoveries;

static void count_recovery(void)
{
    recoveries++;
}

/* As a panic does it, which does not put things back. */
KTEST(console, isolated_console_is_recovered_and_prints_alone)
{
    bool enabled[8] = {false};
    size_t count = 0;

    capture_start();
    console_find("capture")->recover = count_recovery;
    recoveries = 0;
    for (struct console *console = console_first(); console != NULL; console = console->next) {
        REQUIRE(count < ARRAY_SIZE(enabled));
        enabled[count++] = console->enabled;
    }
    console_isolate(console_find("capture"));
    bool has_faulted = console_has_faulted();

    kprintf("last words");
    for (struct console *console = console_first(); console != NULL; console = console->next) {
        CHECK_EQ(console->enabled, console == console_find("capture"));
    }
    count = 0;
    for (struct console *console = console_first(); console != NULL; console = console->next) {
        console->enabled = enabled[count++];
    }
    captured = capture_stop();
    console_find("capture")->recover = NULL;
    CHECK_EQ(recoveries, 1u);
    CHECK(!has_faulted);
    CHECK_STR_EQ(captured, "last words");
}

static void give_way(void)
{
    kprintf("<hidden>");
}

KTEST(console, guard_is_called_once_before_the_next_output_and_may_print)
{
    capture_start();
    console_set_guard(give_way);
    kprintf("one ");
    kprintf("two");
    console_set_guard(give_way);
    console_begin_line();
    console_set_guard(give_way);
    console_set_guard(NULL);
    kprintf("three");
    captured = capture_stop();
    CHECK_STR_EQ(captured, "<hidden>one two<hidden>\nthree");
}

KTEST(console, return_begins_a_line_as_a_line_feed_does)
{
    capture_start();
    kprintf("gone\r");
    console_begin_line();
    kprintf("here");
    captured = capture_stop();
    CHECK_STR_EQ(captured, "gone\rhere");
}

/* "[0.123456] INFO module: text": digits and point, then exactly the rest. */
static const char *after_stamp(const char *line)
{
    size_t i = 1;

    while (line[i] >= '0' && line[i] <= '9') {
        i++;
    }
    if (line[0] != '[' || line[i] != '.' || line[i + 7] != ']') {
        return "(no time stamp)";
    }
    return line + i + 8;
}

KTEST(log, line_has_time_level_module_and_text)
{
    capture_start();
    log_info("tests", "value %d", 7);
    captured = capture_stop();
    CHECK_STR_EQ(after_stamp(captured), " INFO tests: value 7\n");
}

KTEST(log, level_decides_what_is_printed_and_all_is_kept)
{
    static char kept[16384];
    static const char needle[] = " DEBUG tests: kept, not printed\n";
    size_t length;
    bool found = false;

    log_set_level(LOG_WARN);
    capture_start();
    log_info("tests", "not printed");
    log_debug("tests", "kept, not printed");
    log_warn("tests", "printed");
    captured = capture_stop();
    log_set_level(LOG_INFO);
    CHECK_STR_EQ(after_stamp(captured), " WARN tests: printed\n");

    length = log_copy(kept, sizeof(kept));
    for (size_t i = 0; i + sizeof(needle) - 1 <= length && !found; i++) {
        found = strncmp(kept + i, needle, sizeof(needle) - 1) == 0;
    }
    CHECK(found);
}

KTEST(log, copy_starts_and_ends_at_whole_lines_when_the_ring_has_wrapped)
{
    static char kept[16384];
    size_t length;

    log_set_level(LOG_ERROR);
    for (unsigned i = 0; i < 1000; i++) {
        log_info("tests", "line %u of a thousand", i);
    }
    log_set_level(LOG_INFO);
    length = log_copy(kept, sizeof(kept));
    REQUIRE(length > 1000);
    CHECK_EQ(kept[0], '[');
    CHECK_EQ(kept[length - 1], '\n');

    length = log_copy(kept, 60); /* room for one such line and a piece of the one before */
    CHECK_LE(length, 60);
    kept[length] = '\0';
    CHECK_STR_EQ(after_stamp(kept), " INFO tests: line 999 of a thousand\n");
}

KTEST(log, overlong_line_is_cut_and_still_ends)
{
    char long_text[400];

    memset(long_text, 'x', sizeof(long_text) - 1);
    long_text[sizeof(long_text) - 1] = '\0';
    capture_start();
    log_info("tests", "%s", long_text);
    captured = capture_stop();
    CHECK_EQ(strlen(captured), 255);
    CHECK_EQ(captured[strlen(captured) - 1], '\n');
}

/* About so many interrupts in the time that a line takes: all of theirs fit into the log. */
#define INTERRUPTS 128U

static struct {
    unsigned steps;
    unsigned between; /* steps from one interrupt to the next */
    unsigned lines; /* that were logged by them */
} interrupted;

/* After an instruction: an interrupt that logs, where one could come. */
static bool log_between(struct trap_frame *frame)
{
    if (++interrupted.steps % interrupted.between == 0 && (frame->rflags & RFLAGS_IF) != 0) {
        interrupted.lines++;
        log_debug("tests", "an interrupt's");
    }
    return true;
}

static void log_interrupted(unsigned between)
{
    interrupted.steps = 0;
    interrupted.between = between;
    interrupted.lines = 0;
    stepping_begin();
    log_debug("tests", "a task's, as long as it takes to be come into");
    stepping_end();
}

/* Lines of the log that have this behind their stamps. */
static unsigned count_lines(const char *wanted)
{
    static char kept[LOG_SIZE + 1];
    unsigned count = 0;

    kept[log_copy(kept, LOG_SIZE)] = '\0';
    for (char *line = kept, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        count += strlen(line) > 10 && strcmp(after_stamp(line), wanted) == 0;
    }
    return count;
}

KTEST(log, line_is_kept_whole_when_interrupts_log_in_the_middle_of_it)
{
    trap_handler *previous = trap_set_handler(TRAP_DEBUG, log_between);

    log_interrupted(UINT32_MAX); /* to know how long it takes */
    log_interrupted(MAX(interrupted.steps / INTERRUPTS, 1U));
    trap_set_handler(TRAP_DEBUG, previous);
    CHECK_GT(interrupted.lines, INTERRUPTS / 2);
    CHECK_EQ(count_lines(" DEBUG tests: an interrupt's"), interrupted.lines);
    CHECK_EQ(count_lines(" DEBUG tests: a task's, as long as it takes to be come into"), 2);
}
