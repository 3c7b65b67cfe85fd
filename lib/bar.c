/* SPDX-License-Identifier: MIT */
/* A share as a bar of text. */
#include "lib/bar.h"

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/format.h"

/* part * scale / whole, without an overflow on the way; scale is small. */
static unsigned scaled(uint64_t part, uint64_t whole, unsigned scale)
{
    ASSERT_CMP(whole, >=, 1);
    ASSERT_CMP(part, <=, whole);
    while (part > UINT64_MAX / scale) {
        part >>= 1;
        whole >>= 1;
    }
    return (unsigned)(part * scale / whole);
}

const char *bar_draw(char *buffer, size_t size, uint64_t part, uint64_t whole, unsigned cells)
{
    unsigned filled;
    size_t used = 0;

    ASSERT_CMP(cells, >=, 2);
    filled = scaled(part, whole, cells);
    if (part != 0 && part != whole) {
        filled = MIN(MAX(filled, 1U), cells - 1);
    }
    used += ksnprintf(buffer, size, "[");
    for (unsigned i = 0; i < cells && used < size; i++) {
        used += ksnprintf(buffer + used, size - used, "%c", i < filled ? '#' : '.');
    }
    if (used < size) {
        ksnprintf(buffer + used, size - used, "] %u %%", scaled(part, whole, 100));
    }
    return buffer;
}
