/* SPDX-License-Identifier: MIT */
/* The host's heap behind kmalloc(), the one that is as fast as may be. */
#include "tests/kmalloc_ready.h"

#include "tests/host/kmalloc_open.h"

bool kmalloc_ready(void)
{
    return kmalloc_open();
}
