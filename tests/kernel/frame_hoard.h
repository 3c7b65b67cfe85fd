/* SPDX-License-Identifier: MIT */
/*
 * Memory made full, for tests and benchmarks: takes every frame there is and
 * gives all of them back. The frames themselves are not touched.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Take every free frame; none is left. False when memory is in so many pieces
 * that there is no account of them all: then nothing is taken.
 */
bool hoard_take_all(void);

/* Frames that are held. */
uint64_t hoard_count(void);

/* Give back every `stride`-th of the frames, once. */
void hoard_give_each(uint64_t stride);

/* Give all back. Whatever was allocated since hoard_take_all() must be free again. */
void hoard_give_back(void);
