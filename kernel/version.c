/* SPDX-License-Identifier: MIT */
/*
 * The build's line. No date and no folder: the same sources make the same bytes.
 */
#include "kernel/version.h"

#include "kernel/console.h"

#define TEXT_OF(number)                  #number
#define DOTTED(major, minor, patchlevel) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patchlevel)

#ifdef __clang__
#define COMPILER "Clang " DOTTED(__clang_major__, __clang_minor__, __clang_patchlevel__)
#else
#define COMPILER "GCC " DOTTED(__GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__)
#endif

extern const uint64_t build_id; /* kernel/build_id.asm */

uint64_t version_build_id(void)
{
    return build_id;
}

const char *version_compiler(void)
{
    return COMPILER;
}

void version_print(void)
{
    kprintf("build %016lx, %s, version %s\n", build_id, version_compiler(), ODYSSEY_VERSION);
}
