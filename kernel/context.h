/* SPDX-License-Identifier: MIT */
/*
 * Leaving one stack and going on on another: what a call must preserve by the
 * ABI is saved on the stack that is left, nothing else. The interrupt flag is
 * not part of it. Source: System V ABI for AMD64, "Registers".
 */
#pragma once

#include <stdint.h>

/*
 * Make a fresh stack look as if it had been left, so that switching to it
 * begins `start`, which must not return.
 *
 * top  one past its highest address, 16-byte aligned
 *
 * Returns the stack pointer to switch to. Context: any.
 */
static inline uint64_t context_prepare(uint64_t top, void (*start)(void))
{
    enum { RETURN_ADDRESS = 1, START, RBP, WORDS = START + 6 };
    uint64_t *end = (uint64_t *)top;

    end[-RETURN_ADDRESS] = 0; /* of start: a backtrace ends here; RSP is aligned as behind a call */
    end[-START] = (uint64_t)start;
    end[-RBP] = 0; /* the chain of frames ends here; the other registers may hold anything */
    return (uint64_t)(end - WORDS);
}

/*
 * Go on at `load`, on its stack; come back when somebody switches here.
 *
 * save  out: where this stack was left
 * load  as context_prepare() or another switch's `save` left it
 *
 * Context: a task, not from an interrupt.
 */
void context_switch(uint64_t *save, uint64_t load);
