/* SPDX-License-Identifier: MIT */
/* Reading what may not be there: all of it, nothing, or up to where it ends. */
#include "kernel/probe.h"

#include "kernel/stacks.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "mm/layout.h"
#include "tests/ktest.h"

#define NON_CANONICAL 0x8000000000000000UL

static uint8_t bytes[64];

KTEST(probe, memory_that_is_there_is_copied)
{
    static const char text[] = "as it stands";

    memset(bytes, 0, sizeof(bytes));
    CHECK(probe_read(bytes, (uint64_t)text, sizeof(text)));
    CHECK_STR_EQ((const char *)bytes, text);
    CHECK(probe_read(bytes, NON_CANONICAL, 0)); /* nothing is always there */
}

KTEST(probe, what_is_not_there_is_told_and_nothing_is_copied)
{
    static const uint64_t places[] = {
        0, 0x18, NON_CANONICAL, UINT64_MAX, HEAP_WINDOW_END - 8, STACK_WINDOW_END - 8};

    memset(bytes, 0x5a, sizeof(bytes));
    for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
        CHECK(!probe_read(bytes, places[i], 8));
        CHECK_EQ(bytes[0], 0x5a);
    }
}

KTEST(probe, read_ends_where_the_memory_does)
{
    uint64_t top = stack_top(STACK_NMI); /* a guard page follows, of the next stack */

    memset(bytes, 0x5a, sizeof(bytes));
    CHECK(!probe_read(bytes, top - 8, sizeof(bytes)));
    CHECK_MEM_EQ(bytes, (const void *)(top - 8), 8);
    CHECK_EQ(bytes[8], 0x5a);
}

KTEST(probe, strings_are_cut_to_fit_or_unknown)
{
    char text[5] = "....";

    probe_string(text, sizeof(text), "abc");
    CHECK_STR_EQ(text, "abc");
    probe_string(text, sizeof(text), "abcdefgh");
    CHECK_STR_EQ(text, "abcd");
    probe_string(text, sizeof(text), "");
    CHECK_STR_EQ(text, "");
    probe_string(text, sizeof(text), (const char *)NON_CANONICAL);
    CHECK_STR_EQ(text, "?");
}

static bool refuse(struct trap_frame *frame)
{
    (void)frame;
    return false;
}

/* A handler that somebody has set is not asked: it may want to know of all faults but these. */
KTEST(probe, fault_is_nobody_elses)
{
    trap_handler *previous = trap_set_handler(TRAP_PAGE_FAULT, refuse);
    uint64_t flags = irq_save();

    CHECK(!probe_read(bytes, 0, 1));
    CHECK(!irq_is_enabled());
    irq_restore(flags);
    trap_set_handler(TRAP_PAGE_FAULT, previous);
}

KTEST(probe, only_its_own_faults_are_taken)
{
    struct trap_frame frame = {.vector = TRAP_PAGE_FAULT, .rip = (uint64_t)probe_read};

    CHECK(!probe_take_fault(&frame));
    CHECK_EQ(frame.rip, (uint64_t)probe_read);
}
