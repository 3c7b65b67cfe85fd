/* SPDX-License-Identifier: MIT */
/*
 * Controls of the test framework: suites of which each ends in one way, most of
 * them badly. What a framework makes of them is judged from outside.
 */
#include <stdint.h>

#include "lib/panic.h"
#include "lib/x86/cpu.h"
#include "tests/ktest.h"

static uint64_t left_behind;

static uint64_t read_left_behind(void)
{
    return left_behind;
}

KTEST_COUNTER(control, read_left_behind);

KTEST(control_pass, first)
{
    CHECK_EQ(1, 1);
}

KTEST(control_pass, second)
{
    CHECK_LT(-1, 1U);
    CHECK_STR_EQ("text", "text");
}

KTEST(control_fail, first)
{
    CHECK_EQ(1, 2);
}

KTEST(control_fail, goes_on_behind_a_check)
{
    CHECK_EQ(3, 4);
    CHECK_EQ(5, 6);
}

KTEST(control_fail, leaves_at_a_requirement)
{
    REQUIRE_EQ(7, 8);
    CHECK_EQ(9, 10);
}

KTEST(control_fail, passes_between)
{
    CHECK(true);
}

KTEST(control_skip, first)
{
    SKIP("no such device");
}

KTEST(control_skip, second)
{
    CHECK(true);
}

KTEST(control_leak, first)
{
    left_behind++;
}

KTEST(control_panic, first)
{
    panic("control: out of patience");
}

KTEST(control_hang, first)
{
    cpu_halt_forever();
}
