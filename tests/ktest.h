/* SPDX-License-Identifier: MIT */
/*
 * The test framework. A test is one line and a body:
 *
 *     KTEST(memory_map, subtract_splits_a_range_when_inside_it)
 *     {
 *         CHECK_EQ(map.count, 2);
 *     }
 *
 * Suite and name are joined to "suite.name". Values are always printed, so no
 * message is asked for. CHECK_* notes a failure and goes on; REQUIRE_* notes
 * it and leaves the test function it stands in.
 *
 * The same source is linked into the test kernel and, for pure modules, into
 * a host program under sanitizers. Results are flat KTAP.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/compiler.h"
#include "lib/status.h"

struct ktest {
    const char *suite;
    const char *name;
    void (*run)(void);
};

/*
 * One section a test, so that the linker's sort by name gives one order under
 * every compiler; the alignment keeps the entries an array.
 */
#define KTEST(suite_, name_)                                                 \
    static void ktest_##suite_##__##name_(void);                             \
    LINKED_ELEMENT(struct ktest, ".ktests." #suite_ "." #name_)              \
    static const struct ktest ktest_entry_##suite_##__##name_ = {            \
        .suite = #suite_, .name = #name_, .run = ktest_##suite_##__##name_}; \
    static void ktest_##suite_##__##name_(void)

/*
 * A quantity that a test must leave as it found it (free frames, heap bytes,
 * tasks, the PIC's masks): the runner reads it before and after each test and
 * a difference fails the test.
 */
struct ktest_counter {
    const char *name;
    uint64_t (*read)(void);
};

#define KTEST_COUNTER(name_, read_)                                 \
    LINKED_ELEMENT(struct ktest_counter, ".ktest_counters." #name_) \
    static const struct ktest_counter ktest_counter_##name_ = {.name = #name_, .read = (read_)}

/* A value as a check saw it: enough of its type is kept to print it as its author would. */
struct ktest_value {
    enum { KTEST_SIGNED, KTEST_UNSIGNED, KTEST_POINTER, KTEST_BOOL } kind;
    uint64_t bits;
};

#define KTEST_VALUE(x)                                                          \
    ((struct ktest_value){.kind = _Generic((x), bool                            \
                                           : KTEST_BOOL, char                   \
                                           : KTEST_SIGNED, signed char          \
                                           : KTEST_SIGNED, short                \
                                           : KTEST_SIGNED, int                  \
                                           : KTEST_SIGNED, long                 \
                                           : KTEST_SIGNED, long long            \
                                           : KTEST_SIGNED, unsigned char        \
                                           : KTEST_UNSIGNED, unsigned short     \
                                           : KTEST_UNSIGNED, unsigned int       \
                                           : KTEST_UNSIGNED, unsigned long      \
                                           : KTEST_UNSIGNED, unsigned long long \
                                           : KTEST_UNSIGNED, default            \
                                           : KTEST_POINTER),                    \
                          .bits = (uint64_t)(x)})

enum ktest_operator { KTEST_EQ, KTEST_NE, KTEST_LT, KTEST_LE, KTEST_GT, KTEST_GE };

#define KTEST_COMPARE(got, operator, want) \
    ktest_compare(KTEST_VALUE(got), operator, KTEST_VALUE(want), #got, __FILE__, __LINE__)

/*
 * Integers, pointers, booleans and enumerators: got first, want second, each
 * evaluated once. Numbers compare as numbers: -1 is less than 1u.
 */
#define CHECK(condition)        ((void)ktest_true((condition), #condition, __FILE__, __LINE__))
#define CHECK_EQ(got, want)     ((void)KTEST_COMPARE(got, KTEST_EQ, want))
#define CHECK_NE(got, want)     ((void)KTEST_COMPARE(got, KTEST_NE, want))
#define CHECK_LT(got, limit)    ((void)KTEST_COMPARE(got, KTEST_LT, limit))
#define CHECK_LE(got, limit)    ((void)KTEST_COMPARE(got, KTEST_LE, limit))
#define CHECK_GT(got, limit)    ((void)KTEST_COMPARE(got, KTEST_GT, limit))
#define CHECK_GE(got, limit)    ((void)KTEST_COMPARE(got, KTEST_GE, limit))
#define CHECK_STATUS(got, want) ((void)ktest_status((got), (want), #got, __FILE__, __LINE__))
#define CHECK_OK(got)           CHECK_STATUS(got, OK)
#define CHECK_STR_EQ(got, want) ((void)ktest_string((got), (want), #got, __FILE__, __LINE__))
#define CHECK_MEM_EQ(got, want, size) \
    ((void)ktest_memory((got), (want), (size), #got, __FILE__, __LINE__))

#define REQUIRE(condition)                                              \
    do {                                                                \
        if (!ktest_true((condition), #condition, __FILE__, __LINE__)) { \
            return;                                                     \
        }                                                               \
    } while (0)
#define REQUIRE_EQ(got, want)                      \
    do {                                           \
        if (!KTEST_COMPARE(got, KTEST_EQ, want)) { \
            return;                                \
        }                                          \
    } while (0)
#define REQUIRE_OK(got)                                           \
    do {                                                          \
        if (!ktest_status((got), OK, #got, __FILE__, __LINE__)) { \
            return;                                               \
        }                                                         \
    } while (0)

/* Leave the test, reported as skipped with the reason. */
#define SKIP(reason)        \
    do {                    \
        ktest_skip(reason); \
        return;             \
    } while (0)

/* Behind the macros: each returns whether the check held. */
bool ktest_true(bool holds, const char *expression, const char *file, int line);
bool ktest_compare(struct ktest_value got, enum ktest_operator operator, struct ktest_value want,
                   const char *expression, const char *file, int line);
bool ktest_status(enum status got, enum status want, const char *expression, const char *file,
                  int line);
bool ktest_string(const char *got, const char *want, const char *expression, const char *file,
                  int line);
bool ktest_memory(const void *got, const void *want, size_t size, const char *expression,
                  const char *file, int line);
void ktest_skip(const char *reason);

/*
 * A line of explanation from a test, with no newline; it becomes "# text".
 * Context: inside a test.
 */
void ktest_note(const char *format, ...) PRINTF_LIKE(1, 2);

struct ktest_totals {
    size_t passed;
    size_t failed;
    size_t skipped;
};

/*
 * How many tests a pattern selects.
 *
 * pattern  NULL or "" for all, "suite", or "suite.name"
 */
size_t ktest_count(const char *pattern);

/* Compare no counters from now on: where what they read is not up yet. */
void ktest_ignore_counters(void);

/* Run the tests that the pattern selects, in the order of their names, KTAP lines on the way. */
struct ktest_totals ktest_run(const char *pattern);

/* Where the framework's lines go, each whole, without its newline. The platform brings it. */
void ktest_emit(const char *line);
