/* SPDX-License-Identifier: MIT */
/* The stack protector's number. That it is looked at is shown end to end: `crash stack-smash`. */
#include <stdint.h>

#include "tests/ktest.h"

extern const uint64_t __stack_chk_guard;

KTEST(stack_protector, number_is_chosen_and_no_string_contains_it)
{
    CHECK_NE(__stack_chk_guard, 0);
    CHECK_EQ(__stack_chk_guard & 0xff, 0);
}
