/* SPDX-License-Identifier: MIT */
/*
 * The physical frame allocator: 4 KiB frames, singly or in contiguous runs,
 * each given out for a purpose that is counted. Single frames cost the same
 * whatever the size of memory and however full it is.
 *
 * The highest free memory goes first, so that low memory is left for devices
 * that can address no other. What a frame holds is not touched: not cleared,
 * and not poisoned.
 *
 * Context of all functions: tasks and boot, on the one CPU there is. Interrupt
 * handlers never allocate, so nothing here masks interrupts. Before
 * frame_init() there is nothing to give: frame_free_count() is 0, and whatever
 * changes something is a broken contract.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/compiler.h"
#include "lib/status.h"
#include "mm/address.h"
#include "mm/frame_kind.h"
#include "mm/frame_pool.h"
#include "mm/memory_map.h"

/*
 * Take over the machine's memory, as far as it is mapped.
 *
 * The bitmap and its summaries are put into the highest free memory that holds
 * them and that they reach. They reach up to the highest usable address; memory
 * so far above the rest that it is not worth its bitmap is left out and counted
 * as FRAME_OUT_OF_REACH. Both maps are kept in use: they must stay as they are.
 *
 * usable       memory by the map alone
 * free         what of it nobody uses
 * direct_base  where physical address 0 is or would be mapped
 * mapped_end   exclusive end of what is mapped from there, page aligned; free
 *              memory above waits for frame_extend()
 *
 * Returns OK
 *         ERR_BAD_ARG    mapped_end is not page aligned, or free is not all usable
 *         ERR_NO_MEMORY  no free memory below mapped_end holds a bitmap and more
 *         The allocator is as it was after both.
 *
 * Context: once, at boot.
 */
MUST_CHECK enum status frame_init(const struct memory_map *usable, const struct memory_map *free,
                                  void *direct_base, paddr_t mapped_end);

/*
 * Take over free memory further up, now that it is mapped.
 *
 * mapped_end  exclusive, page aligned; PADDR_MAX rounded down for all there is.
 *             Below what was said before it changes nothing.
 */
void frame_extend(paddr_t mapped_end);

/*
 * Say what a reserved range holds, for the counts and for the message when
 * somebody frees it. Without a name it is reserved all the same.
 *
 * start, size  bytes, 1 or more; the range may have holes
 *
 * Returns OK
 *         ERR_BAD_ARG  the range is empty, wraps around 2^64, or has a byte
 *                      that is free or was handed to the allocator
 *         ERR_FULL     FRAME_RESERVED_MAX ranges have names
 */
MUST_CHECK enum status frame_name_reserved(paddr_t start, uint64_t size, enum frame_kind kind);

/*
 * Give out a reserved range that its user has finished with. A page that it
 * shares with another range follows when that is released too.
 *
 * start, size  as they were named FRAME_BOOT
 *
 * Returns OK
 *         ERR_BAD_ARG    the range is not all usable memory below mapped_end
 *         ERR_NOT_FOUND  no such range was named FRAME_BOOT
 *         ERR_EXISTS     another named range has bytes of it: it stays reserved
 *         ERR_FULL       memory is in too many pieces to keep account of it
 *         Nothing has changed after any of them.
 */
MUST_CHECK enum status frame_release_reserved(paddr_t start, uint64_t size);

/*
 * Allocate a frame: the highest that is free.
 *
 * kind   what for
 * frame  out: its physical address; untouched on failure
 *
 * Returns OK
 *         ERR_NO_MEMORY  none is free
 *
 * Give back with frame_free().
 */
MUST_CHECK enum status frame_alloc(enum frame_kind kind, paddr_t *frame);

/*
 * Free a frame. Panics, naming frame and reason, when it is not in use: freed
 * already, reserved, in a hole, above all memory, or no frame's address.
 *
 * kind  as it was allocated for
 */
void frame_free(paddr_t frame, enum frame_kind kind);

/*
 * Allocate physically contiguous frames: the highest such run. A search takes
 * at most some steps for each run of free frames that is too short or ill
 * aligned, and one for every 64 of their frames: it is bounded by what is free
 * below the limit, and grows with fragmentation. A single frame costs the same
 * everywhere.
 *
 * count      frames, 1 or more
 * alignment  of the first, in bytes: a power of two, PAGE_SIZE or more
 * limit      exclusive upper bound in bytes; PADDR_MAX for anywhere
 * kind       what for
 * first      out: lowest frame of the run; untouched on failure
 *
 * Returns OK
 *         ERR_BAD_ARG    count is 0, or alignment is not as above
 *         ERR_NO_MEMORY  no free run that long and so aligned below limit
 *
 * Give back with frame_free_run(), or frame by frame.
 */
MUST_CHECK enum status frame_alloc_run(size_t count, uint64_t alignment, paddr_t limit,
                                       enum frame_kind kind, paddr_t *first);

/*
 * Free contiguous frames, however they were allocated. Panics like
 * frame_free(), with the lowest frame that is not in use.
 *
 * count  frames, 1 or more
 * kind   as all of them were allocated for
 */
void frame_free_run(paddr_t first, size_t count, enum frame_kind kind);

/* What an address is to the allocator. */
enum frame_state frame_state(paddr_t frame);

/*
 * Write what an address is in words: "a reserved frame (kernel image)".
 *
 * size  bytes in buffer; the text is cut to fit
 *
 * Returns the length of the whole text.
 */
size_t frame_describe(paddr_t frame, char *buffer, size_t size);

/* Frames that can still be allocated. */
uint64_t frame_free_count(void);

/*
 * Tell where all frames are. Takes as long as the memory maps are.
 *
 * stats  out: free and by_kind add up to usable
 */
void frame_stats(struct frame_stats *stats);
