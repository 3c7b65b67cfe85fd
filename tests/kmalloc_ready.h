/* SPDX-License-Identifier: MIT */
/* The kernel's heap for tests that also run where no kernel has opened it. */
#pragma once

#include <stdbool.h>

/* Have kmalloc() and the others work. Returns false when that is not possible. */
bool kmalloc_ready(void);
