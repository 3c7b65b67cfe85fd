/* SPDX-License-Identifier: MIT */
/*
 * The W^X audit of page tables: no physical page may be written by one mapping
 * and executed by another, or by the same. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "mm/page_table.h"

struct page_audit {
    bool nx_enforced; /* else everything can be executed, and only `text` was looked after */
    size_t runs; /* of pages looked at */
    size_t violations; /* runs that can be written, and executed in one place or another */
    struct page_run first; /* the first of them; size 0 when there is none */
};

/*
 * Look at every mapping.
 *
 * text        physical ranges that hold code: all that is looked after where
 *             the CPU has no NX; only target and size of each count
 * audit       out
 *
 * Returns whether there is no violation. Context: not while the tables change.
 */
bool page_table_audit(const struct page_tables *tables, const struct page_run *text,
                      size_t text_count, struct page_audit *audit);
