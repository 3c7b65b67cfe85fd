/* SPDX-License-Identifier: MIT */
/*
 * What is running: the build's identity and how it was made. The identity is a
 * hash of what the loader loads; tools/buildid.py says over which bytes, and
 * recomputes it from a file.
 */
#pragma once

#define ODYSSEY_VERSION "0.1.0"

/* Print "build ID, COMPILER, version X.Y.Z". Context: any. */
void version_print(void);
