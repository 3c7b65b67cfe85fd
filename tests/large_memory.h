/* SPDX-License-Identifier: MIT */
/* Memory for tests that need megabytes of it; each platform brings it in its own way. */
#pragma once

#include <stdint.h>

#include "lib/bits.h"

#define LARGE_MEMORY_SIZE (4608 * KIB)

/* The same LARGE_MEMORY_SIZE bytes for each caller, page aligned, with any contents. */
uint8_t *large_memory(void);
