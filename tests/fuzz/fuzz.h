/* SPDX-License-Identifier: MIT */
/*
 * What a fuzz target is made of. tests/fuzz/fuzz_NAME.c has one
 * LLVMFuzzerTestOneInput(); libFuzzer calls it with byte strings it thinks up,
 * beginning with those in tests/fuzz/corpus/NAME/. A failed check, an ASSERT
 * and whatever ASan or UBSan find end it, and leave the input in a file: that
 * goes into the corpus, and becomes a test.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/assert.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bytes that have not been used yet. */
struct fuzz_input {
    const uint8_t *data;
    size_t size;
};

/* The next byte; 0 when there is none. */
static inline uint8_t fuzz_byte(struct fuzz_input *input)
{
    if (input->size == 0) {
        return 0;
    }
    input->size--;
    return *input->data++;
}

/* A number from one up to another, both in the range of a byte. */
static inline uint32_t fuzz_between(struct fuzz_input *input, uint32_t least, uint32_t most)
{
    return least + fuzz_byte(input) % (most - least + 1);
}
