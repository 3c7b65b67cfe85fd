/* SPDX-License-Identifier: MIT */
/*
 * What is running: the build's identity and how it was made. The identity is a
 * hash of what the loader loads; tools/buildid.py says over which bytes, and
 * recomputes it from a file.
 */
#pragma once

#include <stdint.h>

#define ODYSSEY_VERSION "0.1.0"

/* The build's identity. Any context, as all here. */
uint64_t version_build_id(void);

/* The compiler and its version, as in "GCC 12.2.0". */
const char *version_compiler(void);

/* Print "build ID, COMPILER, version X.Y.Z". */
void version_print(void);
