/* SPDX-License-Identifier: MIT */
/*
 * The slow model of the frame allocator: a byte for every frame of a machine,
 * made from the loader's map without any of the kernel's code, and searched
 * byte by byte.
 */
#pragma once

#include <stdint.h>

#include "mm/frame_pool.h"
#include "tests/host/e820_map.h"

#define MODEL_NONE UINT64_MAX

/* Frames that are passed over together when none of them is free. */
#define MODEL_CHUNK 4096

struct frame_model {
    uint8_t *frames; /* enum frame_state of each */
    int *free_in_chunk;
    uint64_t frame_count; /* up to the highest with any usable byte */
    uint64_t highest_usable; /* frame with nothing but usable bytes */
    uint64_t usable;
    uint64_t free;
};

/*
 * Work out what each frame of a machine is, when e820_parse() had its map and
 * nothing is allocated. Give back with frame_model_destroy().
 *
 * information_size  bytes of boot information
 */
void frame_model_make(struct frame_model *model, const struct e820_map *map,
                      uint64_t information_size);
void frame_model_destroy(struct frame_model *model);

enum frame_state frame_model_state(const struct frame_model *model, uint64_t frame);

/* Make `count` frames something else; they are in the model, and all alike. */
void frame_model_mark(struct frame_model *model, uint64_t first, uint64_t count,
                      enum frame_state state);

/*
 * First frame of the highest free run that starts at a multiple of `alignment`
 * and ends at `limit` or below; MODEL_NONE when there is none.
 */
uint64_t frame_model_find_run(const struct frame_model *model, uint64_t count, uint64_t alignment,
                              uint64_t limit);

/*
 * Move `next` up to the next frame in use. Returns how many from there on are
 * in use, or the first thousands of them; 0 for none.
 */
uint64_t frame_model_next_in_use(const struct frame_model *model, uint64_t *next);
