/* SPDX-License-Identifier: MIT */
/* A breakpoint or two, then an exception to report. */
#include "tests/kernel/report_faults.h"

#include <stddef.h>
#include <stdint.h>

#include "kernel/owner.h"
#include "kernel/trap_words.h"
#include "kernel/version.h"

/* Debug register 7: which of the breakpoints are on; all else 0 says that they are for execution.
 */
#define DR7_FIRST  (1UL << 0)
#define DR7_SECOND (1UL << 2)

static void break_at(const void *first, const void *second)
{
    uint64_t both = DR7_FIRST | (second != NULL ? DR7_SECOND : 0);

    __asm__ volatile("mov %0, %%dr0; mov %1, %%dr1; mov %2, %%dr7"
                     :
                     : "r"(first), "r"(second), "r"(both));
}

void fault_in_one_part(void)
{
    break_at((const void *)(uint64_t)version_print, NULL);
    __asm__ volatile("ud2");
}

void fault_in_two_parts(void)
{
    break_at((const void *)(uint64_t)version_print, (const void *)(uint64_t)rflags_describe);
    __asm__ volatile("ud2");
}

void fault_in_explanation(void)
{
    break_at((const void *)(uint64_t)owner_find, NULL);
    __asm__ volatile("ud2");
}
