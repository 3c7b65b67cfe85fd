/* SPDX-License-Identifier: MIT */
/*
 * The machine's pool of frames. A caller who frees what is not in use has a
 * mistake that would hand out memory twice: that is the end.
 */
#include "mm/frame.h"

#include "lib/panic.h"

static struct frame_pool frames;

NORETURN COLD static void refuse(paddr_t frame)
{
    char what[64];

    frame_pool_describe(&frames, frame, what, sizeof(what));
    panic("frame: freeing 0x%lx: got %s, want a frame in use", frame.value, what);
}

enum status frame_init(const struct memory_map *usable, const struct memory_map *free,
                       void *direct_base, paddr_t mapped_end)
{
    return frame_pool_init(&frames, usable, free, direct_base, mapped_end);
}

void frame_extend(paddr_t mapped_end)
{
    frame_pool_extend(&frames, mapped_end);
}

enum status frame_name_reserved(paddr_t start, uint64_t size, enum frame_kind kind)
{
    return frame_pool_name_reserved(&frames, start, size, kind);
}

enum status frame_release_reserved(paddr_t start, uint64_t size)
{
    return frame_pool_release_reserved(&frames, start, size);
}

enum status frame_alloc(enum frame_kind kind, paddr_t *frame)
{
    return frame_pool_alloc(&frames, kind, frame);
}

/* Apart, so that the usual case keeps nothing for it. */
NOINLINE static void free_unusual(paddr_t frame, enum frame_kind kind)
{
    if (frame_pool_free(&frames, frame, kind) != FRAME_STATE_IN_USE) {
        refuse(frame);
    }
}

void frame_free(paddr_t frame, enum frame_kind kind)
{
    if (UNLIKELY(!frame_pool_try_free(&frames, frame, kind))) {
        free_unusual(frame, kind);
    }
}

enum status frame_alloc_run(size_t count, uint64_t alignment, paddr_t limit, enum frame_kind kind,
                            paddr_t *first)
{
    return frame_pool_alloc_run(&frames, count, alignment, limit, kind, first);
}

void frame_free_run(paddr_t first, size_t count, enum frame_kind kind)
{
    paddr_t culprit;

    if (frame_pool_free_run(&frames, first, count, kind, &culprit) != FRAME_STATE_IN_USE) {
        refuse(culprit);
    }
}

enum frame_state frame_state(paddr_t frame)
{
    return frame_pool_state(&frames, frame);
}

size_t frame_describe(paddr_t frame, char *buffer, size_t size)
{
    return frame_pool_describe(&frames, frame, buffer, size);
}

uint64_t frame_free_count(void)
{
    return frame_pool_free_count(&frames);
}

void frame_stats(struct frame_stats *stats)
{
    frame_pool_stats(&frames, stats);
}
