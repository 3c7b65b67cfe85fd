/* SPDX-License-Identifier: MIT */
/*
 * The machine that the tests of frames play on: 64 MiB with a hole, a kernel,
 * boot information, two modules that share a page, and 48 MiB of it mapped.
 * Only a window of its memory is really there, and noticed when written beside
 * the bitmap.
 *
 *     0x0000000  low memory, to 0x9fc00
 *     0x0100000  kernel image, to 0x180000
 *     0x0200000  boot information, to 0x200640
 *     0x0300800  module, to 0x302400
 *     0x0302400  module, to 0x303000
 *     0x2000800  hole, to 0x2002000
 *     0x3000000  end of what is mapped
 *     0x4000000  end of memory
 */
#pragma once

#include "lib/bits.h"
#include "lib/string.h"
#include "mm/frame_pool.h"
#include "tests/ktest.h"

#define PAGES(address) ((address) / PAGE_SIZE)

#define LOW_END        0x9fc00UL
#define KERNEL_AT      0x100000UL
#define KERNEL_SIZE    0x80000UL
#define BOOT_AT        0x200000UL
#define BOOT_SIZE      0x640UL
#define MODULE_A_AT    0x300800UL
#define MODULE_A_SIZE  0x1c00UL
#define MODULE_B_AT    0x302400UL
#define MODULE_B_SIZE  0xc00UL
#define HOLE_AT        0x2000800UL
#define HOLE_END       0x2002000UL
#define MAPPED_END     0x3000000UL
#define MEMORY_END     0x4000000UL
#define MACHINE_BITMAP 0x2fff000UL /* where the bitmap should be: a page */

/* Of a machine just set up: 0x9f pages below, two ranges above, without what is taken. */
#define MACHINE_USABLE (0x9f + 0x1f00 + 0x1ffe)
#define MACHINE_FREE   (PAGES(MAPPED_END) - 0x100 - 0x80 - 1 - 3 - 2 - 1)

/* Set up by each test, with what the pool gets. */
extern struct memory_map usable_memory;
extern struct memory_map free_memory;
extern struct frame_pool pool;

/* Make both maps; both empty, or those of the machine. */
void maps_clear(void);
void maps_make_machine(void);
void add_usable(uint64_t start, uint64_t end);
void add_usable_and_free(uint64_t start, uint64_t end);

/*
 * Have the pool made from the maps, with the window over physical memory
 * ending at `window_end`.
 */
#define WINDOW_SIZE 0x10000UL
MUST_CHECK enum status pool_make(uint64_t window_end, uint64_t mapped_end);

/* The machine, with nothing named. */
void machine_make(void);

/* Whether the window was written to only where the bitmap is. */
bool is_window_clean(void);

/* The next frame's address; UINT64_MAX when there is none. */
uint64_t alloc(void);

/* Give back what alloc() gave; returns what it was. */
enum frame_state free_frame(uint64_t address);

/* A run's address; UINT64_MAX when there is none. Any other failure is one of the test. */
uint64_t alloc_run(size_t count, uint64_t alignment, uint64_t limit);

/* What an address is, in words. */
#define CHECK_IS(address, words) CHECK_STR_EQ(describe(address), words)
const char *describe(uint64_t address);

/* Check that free frames and all kinds make up what is usable; stats_now() also returns them. */
void check_stats_add_up(void);
struct frame_stats stats_now(void);
