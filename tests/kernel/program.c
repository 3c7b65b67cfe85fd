/* SPDX-License-Identifier: MIT */
/*
 * The test kernel's program: what the command line asks for — "test" or
 * "scenario=" — then the end of the emulator with a verdict. It begins in the
 * first task; by "stage=" already when the console, or memory, is all there is,
 * so that nothing which comes up later can keep a test from running.
 */
#include "kernel/program.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel/console.h"
#include "kernel/cpu.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/tick.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "tests/kbench.h"
#include "tests/kernel/bench_boot.h"
#include "tests/kernel/debug_exit.h"
#include "tests/kernel/ktap.h"
#include "tests/kernel/scenarios.h"
#include "tests/ktest.h"
#include "tests/large_memory.h"

#define PATTERN_SIZE 96

enum job { JOB_NONE, JOB_TEST, JOB_BENCH, JOB_SCENARIO };

/* What is up when the job begins. */
enum stage { STAGE_TASKS, STAGE_MEMORY, STAGE_CONSOLE };

static struct {
    enum job job;
    enum stage stage;
    char pattern[PATTERN_SIZE]; /* suite, suite.name, or empty for all; or the scenario */
} request;

static bool store(enum job job, struct slice value)
{
    if (value.length >= PATTERN_SIZE) {
        return false;
    }
    request.job = job;
    string_copy(request.pattern, sizeof(request.pattern), value.text, value.length);
    return true;
}

static bool store_test(void *context, struct slice value)
{
    (void)context;
    return store(JOB_TEST, value);
}

static bool store_bench(void *context, struct slice value)
{
    (void)context;
    return store(JOB_BENCH, value);
}

static bool store_scenario(void *context, struct slice value)
{
    (void)context;
    return store(JOB_SCENARIO, value);
}

static bool store_stage(void *context, struct slice value)
{
    static const char *const names[] = {
        [STAGE_TASKS] = "tasks", [STAGE_MEMORY] = "memory", [STAGE_CONSOLE] = "console"};

    (void)context;
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        if (slice_equals(value, names[i])) {
            request.stage = (enum stage)i;
            return true;
        }
    }
    return false;
}

static const struct command_line_word words[] = {
    {.name = "test", .value_is_optional = true, .store = store_test},
    {.name = "bench", .value_is_optional = true, .store = store_bench},
    {.name = "scenario", .value_is_optional = false, .store = store_scenario},
    {.name = "stage", .value_is_optional = false, .store = store_stage},
};

const struct command_line_words program_words = {.words = words, .count = ARRAY_SIZE(words)};
const char program_name[] = "main";

static void fail(const struct panic_info *info)
{
    (void)info;
    debug_exit(DEBUG_EXIT_FAILURE);
}

NORETURN static void run_tests(void)
{
    struct ktest_totals totals = ktest_run(request.pattern);
    bool something_ran = totals.passed + totals.failed + totals.skipped > 0;

    if (!something_ran) {
        ktest_note("no test matches '%s'", request.pattern);
    }
    debug_exit(something_ran && totals.failed == 0 ? DEBUG_EXIT_SUCCESS : DEBUG_EXIT_FAILURE);
}

NORETURN static void run_job(void)
{
    switch (request.job) {
    case JOB_TEST:
        run_tests();
    case JOB_BENCH:
        debug_exit(kbench_run(request.pattern) > 0 ? DEBUG_EXIT_SUCCESS : DEBUG_EXIT_FAILURE);
    case JOB_SCENARIO:
        scenario_run(request.pattern);
    case JOB_NONE:
        break;
    }
    kprintf("test kernel: command line: got neither test, bench nor scenario=NAME\n");
    debug_exit(DEBUG_EXIT_FAILURE);
}

void program_prepare(void)
{
    ktap_init();
    panic_set_end(fail);
    if (request.job == JOB_TEST) {
        ktap_begin();
        ktap_line("1..%zu", ktest_count(request.pattern));
    }
    if (request.stage == STAGE_TASKS) {
        return;
    }
    if (request.stage == STAGE_MEMORY) {
        memory_init();
        memory_open_heap();
        large_memory();
    } else {
        ktest_ignore_counters();
    }
    run_job();
}

intptr_t program_main(void *argument)
{
    (void)argument;
    watchdog_set_period(&executor_this()->watchdog, 0); /* suites may take as long as they like */
    boot_cycles_note();
    large_memory(); /* before anybody counts frames */
    while (!tick_is_settled()) {
        cpu_relax(); /* the suites find the tick at work, or known to be absent */
    }
    run_job();
}
