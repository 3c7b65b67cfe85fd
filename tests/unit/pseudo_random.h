/* SPDX-License-Identifier: MIT */
/*
 * Numbers that look random and are the same in every run: a failure found with
 * them can be found again. Marsaglia's xorshift generator of 64 bits.
 */
#pragma once

#include <stdint.h>

/* The next number; the state is any number but 0 to begin with. */
static inline uint64_t pseudo_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* A number below `limit`, which is 1 or more and small against 2^64. */
static inline uint64_t pseudo_random_below(uint64_t *state, uint64_t limit)
{
    return (pseudo_random(state) >> 8) % limit;
}
