/* SPDX-License-Identifier: MIT */
/*
 * What can be wrong with boot information, in words.
 */
#include "boot/boot_info.h"

#include "lib/format.h"

static const char *const problem_what[] = {
#define BOOT_PROBLEM_WHAT(kind, what, want) [kind] = (what),
    BOOT_PROBLEM_LIST(BOOT_PROBLEM_WHAT)
#undef BOOT_PROBLEM_WHAT
};

static const char *const problem_want[] = {
#define BOOT_PROBLEM_WANT(kind, what, want) [kind] = (want),
    BOOT_PROBLEM_LIST(BOOT_PROBLEM_WANT)
#undef BOOT_PROBLEM_WANT
};

void boot_problem_format(const struct boot_problem *problem, enum boot_protocol protocol,
                         char *buffer, size_t size)
{
    const char *protocol_name = protocol == BOOT_PVH ? "pvh" : "multiboot2";
    char tag[16] = "";

    if (problem->tag != BOOT_NO_TAG) {
        ksnprintf(tag, sizeof(tag), "tag %u: ", problem->tag);
    }
    ksnprintf(buffer, size, "%s: %s%s: got 0x%lx, want %s", protocol_name, tag,
              problem_what[problem->kind], problem->got, problem_want[problem->kind]);
}
