/* SPDX-License-Identifier: MIT */
/*
 * Page tables over an array: physical address 0 is the array's start. Frames
 * handed out are counted, can be made to run out, and come filled with ones.
 */
#pragma once

#include "mm/page_table.h"

#define FIXTURE_FRAMES      32
#define FIXTURE_INVALIDATED 4096

struct page_table_fixture {
    struct page_tables tables;
    size_t frames_used; /* tables beside the root */
    size_t frames_left; /* that may still be handed out */
    size_t invalidated_count;
    uint64_t invalidated[FIXTURE_INVALIDATED]; /* the first of them */
};

/* The one fixture, empty tables, all frames free, a CPU with everything. */
struct page_table_fixture *page_table_fixture_start(void);

/* A checksum over all that the tables hold: equal before and after means nothing has changed. */
uint64_t page_table_fixture_hash(void);

/* Whether an address was invalidated since the start, or since the count was last set to 0. */
bool page_table_fixture_was_invalidated(uint64_t address);
