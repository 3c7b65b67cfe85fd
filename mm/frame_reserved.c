/* SPDX-License-Identifier: MIT */
/*
 * The table of reserved ranges. It is short and asked only when something is
 * set up, reported or wrong, so it is searched from its beginning.
 */
#include "mm/frame_reserved.h"

#include <stdbool.h>

#include "lib/string.h"

static bool overlaps(const struct frame_reserved_range *range, uint64_t start, uint64_t end)
{
    return range->start < end && range->end > start;
}

enum status frame_reserved_add(struct frame_reserved *table, paddr_t start, uint64_t size,
                               enum frame_kind kind)
{
    size_t place = table->count;

    if (table->count == FRAME_RESERVED_MAX) {
        return ERR_FULL;
    }
    for (; place > 0 && table->ranges[place - 1].start > start.value; place--) {
        table->ranges[place] = table->ranges[place - 1];
    }
    table->ranges[place] = (struct frame_reserved_range){start.value, start.value + size, kind};
    table->count++;
    return OK;
}

enum status frame_reserved_remove(struct frame_reserved *table, paddr_t start, uint64_t size,
                                  enum frame_kind kind)
{
    uint64_t end = start.value + size;
    size_t found = table->count;
    size_t overlapping = 0;

    for (size_t i = 0; i < table->count; i++) {
        const struct frame_reserved_range *range = &table->ranges[i];

        overlapping += overlaps(range, start.value, end);
        if (range->start == start.value && range->end == end && range->kind == kind) {
            found = i;
        }
    }
    if (found == table->count) {
        return ERR_NOT_FOUND;
    }
    if (overlapping > 1) {
        return ERR_EXISTS;
    }
    table->count--;
    memmove(&table->ranges[found], &table->ranges[found + 1],
            (table->count - found) * sizeof(table->ranges[0]));
    return OK;
}

const struct frame_reserved_range *frame_reserved_find(const struct frame_reserved *table,
                                                       paddr_t start, paddr_t end)
{
    for (size_t i = 0; i < table->count; i++) {
        if (overlaps(&table->ranges[i], start.value, end.value)) {
            return &table->ranges[i];
        }
    }
    return NULL;
}
