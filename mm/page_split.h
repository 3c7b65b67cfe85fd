/* SPDX-License-Identifier: MIT */
/* Splitting large pages. Private to mm/page_table.c. */
#pragma once

#include <stdint.h>

#include "lib/compiler.h"
#include "lib/status.h"
#include "mm/page_table.h"

/*
 * Split the large pages that a mapped range begins or ends inside of, so that
 * it consists of whole pages. What is mapped where, and how, stays the same.
 *
 * address, size  page aligned, mapped throughout
 *
 * Returns OK
 *         ERR_NO_MEMORY  no frame for a table; nothing has changed
 */
MUST_CHECK enum status page_split_ends(struct page_tables *tables, uint64_t address, uint64_t size);
