/* SPDX-License-Identifier: MIT */
/*
 * Has every allocation of an operation fail in turn, frames and heap blocks
 * alike: what each module that allocates owes a test of. The linker puts the
 * functions of this file in front of frame_alloc() and frame_alloc_run().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "mm/frame.h"

/* How many allocations of each kind an operation has when none fails. */
struct allocations {
    size_t frames;
    size_t blocks;
};

/*
 * Sweep over an operation as failure_sweep() does, over its frames and then
 * over its heap blocks. Checks after each run that no frame and no block is
 * lost and that the heap is sound.
 *
 * operation  as for failure_sweep(); gives back all that it got
 */
struct allocations allocation_sweep(bool (*operation)(void));

/* The kernel's own functions, as the linker renames them: for who counts their instructions. */
enum status __real_frame_alloc(enum frame_kind kind, paddr_t *frame);
enum status __real_frame_alloc_run(size_t count, uint64_t alignment, paddr_t limit,
                                   enum frame_kind kind, paddr_t *first);
