/* SPDX-License-Identifier: MIT */
/*
 * The test runner: selects, runs, reports. Flat KTAP: the platform prints the
 * version and the plan, this file the results. A test that kills the machine
 * is named by the "# run" line before it.
 */
#include "tests/ktest.h"

#include <stdarg.h>

#include "lib/format.h"
#include "lib/quote.h"
#include "lib/string.h"
#include "tests/select.h"

/* First and one past the last; the linker script gathers and sorts them. */
extern const struct ktest __ktests_start[], __ktests_end[];
extern const struct ktest_counter __ktest_counters_start[], __ktest_counters_end[];

#define LINE_SIZE    512
#define COUNTERS_MAX 16

static struct {
    size_t failures; /* of the test that runs now */
    const char *skip_reason; /* NULL unless it asked to be skipped */
    uint64_t counters[COUNTERS_MAX]; /* as they were before it */
} current;

static bool counters_ignored;

static void emit(const char *format, ...) PRINTF_LIKE(1, 2);

static void emit(const char *format, ...)
{
    char line[LINE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    kvsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    ktest_emit(line);
}

void ktest_note(const char *format, ...)
{
    char text[LINE_SIZE];
    va_list arguments;

    va_start(arguments, format);
    kvsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    emit("# %s", text);
}

void ktest_skip(const char *reason)
{
    current.skip_reason = reason;
}

void ktest_ignore_counters(void)
{
    counters_ignored = true;
}

size_t ktest_count(const char *pattern)
{
    size_t count = 0;

    for (const struct ktest *test = __ktests_start; test < __ktests_end; test++) {
        count += is_selected(pattern, test->suite, test->name);
    }
    return count;
}

static void value_to_text(char *text, size_t size, struct ktest_value value)
{
    switch (value.kind) {
    case KTEST_BOOL:
        ksnprintf(text, size, "%s", value.bits != 0 ? "true" : "false");
        break;
    case KTEST_SIGNED:
        ksnprintf(text, size, "%ld (0x%lx)", (int64_t)value.bits, value.bits);
        break;
    case KTEST_UNSIGNED:
        ksnprintf(text, size, "%lu (0x%lx)", value.bits, value.bits);
        break;
    case KTEST_POINTER:
        ksnprintf(text, size, "0x%lx", value.bits);
        break;
    }
}

/* What was wrong, where: one line, for each way to fail. */
static void fail(const char *file, int line, const char *expression, const char *got,
                 const char *want)
{
    current.failures++;
    emit("# %s:%d: %s: got %s, want %s", file, line, expression, got, want);
}

bool ktest_true(bool holds, const char *expression, const char *file, int line)
{
    if (!holds) {
        fail(file, line, expression, "false", "true");
    }
    return holds;
}

/* -1, 0 or 1 as the mathematical values compare, whatever their types. */
static int value_order(struct ktest_value left, struct ktest_value right)
{
    bool left_negative = left.kind == KTEST_SIGNED && (int64_t)left.bits < 0;
    bool right_negative = right.kind == KTEST_SIGNED && (int64_t)right.bits < 0;

    if (left_negative != right_negative) {
        return left_negative ? -1 : 1;
    }
    return left.bits < right.bits ? -1 : left.bits > right.bits;
}

bool ktest_compare(struct ktest_value got, enum ktest_operator operator, struct ktest_value want,
                   const char *expression, const char *file, int line)
{
    static const char *const wanted[] = {"",         "not ",       "less than ",
                                         "at most ", "more than ", "at least "};
    int order = value_order(got, want);
    const bool holds[] = {order == 0, order != 0, order<0, order <= 0, order> 0, order >= 0};

    if (!holds[operator]) {
        char got_text[64];
        char number[64];
        char want_text[80];

        value_to_text(got_text, sizeof(got_text), got);
        value_to_text(number, sizeof(number), want);
        ksnprintf(want_text, sizeof(want_text), "%s%s", wanted[operator], number);
        fail(file, line, expression, got_text, want_text);
    }
    return holds[operator];
}

bool ktest_status(enum status got, enum status want, const char *expression, const char *file,
                  int line)
{
    if (got != want) {
        fail(file, line, expression, status_name(got), status_name(want));
    }
    return got == want;
}

bool ktest_string(const char *got, const char *want, const char *expression, const char *file,
                  int line)
{
    bool holds = got != NULL && strcmp(got, want) == 0;

    if (!holds) {
        char got_text[160];
        char want_text[160];

        quote(got_text, sizeof(got_text), got, SIZE_MAX);
        quote(want_text, sizeof(want_text), want, SIZE_MAX);
        fail(file, line, expression, got_text, want_text);
    }
    return holds;
}

bool ktest_memory(const void *got, const void *want, size_t size, const char *expression,
                  const char *file, int line)
{
    const uint8_t *got_bytes = got;
    const uint8_t *want_bytes = want;

    for (size_t i = 0; i < size; i++) {
        if (got_bytes[i] != want_bytes[i]) {
            char got_text[48];
            char want_text[48];

            ksnprintf(got_text, sizeof(got_text), "byte %zu = 0x%02x", i, got_bytes[i]);
            ksnprintf(want_text, sizeof(want_text), "0x%02x", want_bytes[i]);
            fail(file, line, expression, got_text, want_text);
            return false;
        }
    }
    return true;
}

static void counters_save(void)
{
    size_t i = 0;

    for (const struct ktest_counter *counter = __ktest_counters_start;
         counter < __ktest_counters_end && i < COUNTERS_MAX; counter++, i++) {
        current.counters[i] = counter->read();
    }
}

static void counters_compare(void)
{
    size_t i = 0;

    for (const struct ktest_counter *counter = __ktest_counters_start;
         counter < __ktest_counters_end && i < COUNTERS_MAX; counter++, i++) {
        uint64_t now = counter->read();

        if (now != current.counters[i]) {
            current.failures++;
            emit("# left behind: %s was %lu, is %lu", counter->name, current.counters[i], now);
        }
    }
}

static void run_one(const struct ktest *test, size_t number, struct ktest_totals *totals)
{
    current.failures = 0;
    current.skip_reason = NULL;
    emit("# run %s.%s", test->suite, test->name);
    if (counters_ignored) {
        test->run();
    } else {
        counters_save();
        test->run();
        counters_compare();
    }
    if (current.failures != 0) {
        totals->failed++;
        emit("not ok %zu %s.%s", number, test->suite, test->name);
    } else if (current.skip_reason != NULL) {
        totals->skipped++;
        emit("ok %zu %s.%s # SKIP %s", number, test->suite, test->name, current.skip_reason);
    } else {
        totals->passed++;
        emit("ok %zu %s.%s", number, test->suite, test->name);
    }
}

struct ktest_totals ktest_run(const char *pattern)
{
    struct ktest_totals totals = {0};
    size_t number = 0;

    for (const struct ktest *test = __ktests_start; test < __ktests_end; test++) {
        if (is_selected(pattern, test->suite, test->name)) {
            run_one(test, ++number, &totals);
        }
    }
    return totals;
}
