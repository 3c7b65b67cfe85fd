/* SPDX-License-Identifier: MIT */
/* Broken contracts: what their sentences say of the values that broke them. */
#include "lib/assert.h"

#include <stdbool.h>
#include <stddef.h>

#include "tests/host/last_words.h"
#include "tests/ktest.h"

/* Volatile: no compiler may find the assertions of this file out beforehand. */
static volatile int minus_one = -1;
static volatile uint8_t byte = 200;
static volatile uint32_t wide = 0xffffffff;
static volatile size_t count = 65535;
static volatile bool yes = true;
static char *volatile place = (char *)0x7000;
static volatile enum status answer = ERR_NO_MEMORY;

static void signed_values(void)
{
    ASSERT_CMP(minus_one, >, 7L);
}

static void promoted_values(void)
{
    ASSERT_CMP(byte, <=, yes);
}

static void small_counts(void)
{
    ASSERT_CMP(count, <, 16);
}

static void large_counts(void)
{
    ASSERT_CMP(count + 1, ==, 16);
}

static void unsigned_values(void)
{
    ASSERT_CMP(wide, ==, 0);
}

static void pointers(void)
{
    ASSERT_CMP(place, ==, NULL);
}

static void equal_pointers(void)
{
    ASSERT_CMP(place, !=, (char *)0x7000);
}

static void status(void)
{
    ASSERT_OK(answer);
}

static void predicate(void)
{
    ASSERT(!yes);
}

KTEST(assert, sentences_hold_both_values_as_their_type_reads_best)
{
    CHECK_LAST_WORDS(signed_values, "assertion failed: minus_one > 7L: got -1 and 7 (");
    CHECK_LAST_WORDS(promoted_values, "assertion failed: byte <= yes: got 200 and 1 (");
    CHECK_LAST_WORDS(small_counts, "count < 16: got 65535 and 16 (");
    CHECK_LAST_WORDS(large_counts, "count + 1 == 16: got 0x10000 and 0x10 (");
    CHECK_LAST_WORDS(unsigned_values, "wide == 0: got 0xffffffff and 0x0 (");
    CHECK_LAST_WORDS(pointers, "place == NULL: got 0x7000 and 0x0 (");
    CHECK_LAST_WORDS(equal_pointers, "place != (char *)0x7000: got 0x7000 and 0x7000 (");
    CHECK_LAST_WORDS(status, "assertion failed: answer: got ERR_NO_MEMORY, want OK (");
    CHECK_LAST_WORDS(predicate, "assertion failed: !yes (");
    CHECK_LAST_WORDS(predicate, "tests/host/test_assert.c:");
}

KTEST(assert, what_holds_is_evaluated_once_and_passes)
{
    int left = 0;
    int right = 10;
    int asked = 0;

    ASSERT_CMP(left++, <, right--);
    ASSERT((asked++, true));
    ASSERT_OK((asked++, OK));
    CHECK_EQ(left, 1);
    CHECK_EQ(right, 9);
    CHECK_EQ(asked, 2);
}
