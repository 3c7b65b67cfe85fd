/* SPDX-License-Identifier: MIT */
/*
 * The test kernel's answer to a sanitizer's report: the test that runs has
 * failed, unless it expected the report; then it is the test's to judge.
 */
#include <stddef.h>
#include <stdint.h>

#include "kernel/backtrace.h"
#include "kernel/console.h"
#include "kernel/sanitize/report.h"
#include "lib/string.h"
#include "tests/kernel/trap_expect.h"
#include "tests/ktest.h"
#include "tests/sanitize/sanitizer_expect.h"

#define BACKTRACE_LINES_MAX 8

static struct {
    uint64_t count; /* reports that nobody expected */
    uint64_t at_boot; /* of these: before the first test */
    bool has_begun;
    struct sanitizer_findings *expected; /* by the test that runs; NULL for none */
} found;

void sanitizer_found(struct sanitizer_caller caller, const char *sentence, const char *detail)
{
    struct backtrace trace;

    if (found.expected != NULL) {
        if (found.expected->count++ == 0) {
            string_copy(found.expected->sentence, sizeof(found.expected->sentence), sentence,
                        SIZE_MAX);
        }
        return;
    }
    found.count++;
    console_begin_line();
    kprintf("%s\n", sentence);
    if (detail != NULL) {
        kprintf("%s\n", detail);
    }
    backtrace_begin_call(&trace, caller.return_address, caller.frame_pointer);
    backtrace_print(&trace, BACKTRACE_LINES_MAX);
}

static void call(void *function)
{
    (*(void (**)(void))function)();
}

void sanitizer_expect(void (*function)(void), struct sanitizer_findings *findings)
{
    *findings = (struct sanitizer_findings){.count = 0};
    found.expected = findings;
    function();
    found.expected = NULL;
}

bool sanitizer_expect_trap(unsigned vector, void (*function)(void),
                           struct sanitizer_findings *findings)
{
    struct trap_frame frame;
    bool came;

    *findings = (struct sanitizer_findings){.count = 0};
    found.expected = findings;
    came = trap_expect(vector, call, &function, &frame);
    found.expected = NULL;
    return came;
}

static uint64_t reports(void)
{
    if (!found.has_begun) {
        found.has_begun = true;
        found.at_boot = found.count;
    }
    return found.count;
}

KTEST_COUNTER(sanitizer_reports, reports);

KTEST(sanitizer, nothing_was_found_while_the_kernel_came_up)
{
    CHECK_EQ(found.at_boot, 0);
}
