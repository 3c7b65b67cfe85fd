/* SPDX-License-Identifier: MIT */
/*
 * The build's line. No date and no folder: the same sources make the same bytes.
 */
#include "kernel/version.h"

#include <stdint.h>

#include "kernel/console.h"

#ifdef __clang__
#define COMPILER            "Clang"
#define COMPILER_MAJOR      __clang_major__
#define COMPILER_MINOR      __clang_minor__
#define COMPILER_PATCHLEVEL __clang_patchlevel__
#else
#define COMPILER            "GCC"
#define COMPILER_MAJOR      __GNUC__
#define COMPILER_MINOR      __GNUC_MINOR__
#define COMPILER_PATCHLEVEL __GNUC_PATCHLEVEL__
#endif

extern const uint64_t build_id; /* kernel/build_id.asm */

void version_print(void)
{
    kprintf("build %016lx, %s %d.%d.%d, version %s\n", build_id, COMPILER, COMPILER_MAJOR,
            COMPILER_MINOR, COMPILER_PATCHLEVEL, ODYSSEY_VERSION);
}
