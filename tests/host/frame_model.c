/* SPDX-License-Identifier: MIT */
/*
 * The slow model of the frame allocator. Only pages in which something begins
 * or ends are looked at byte by byte; those between are all alike.
 */
#include "tests/host/frame_model.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/multiboot2_builder.h"

#define TAKEN_COUNT 3
#define LENGTH_MAX  8192 /* of a run in use that is measured */
#define CUTS_MAX    (4 * (E820_ENTRIES + TAKEN_COUNT))

struct span {
    uint64_t start;
    uint64_t end;
};

struct machine {
    const struct e820_map *map;
    struct span taken[TAKEN_COUNT];
};

static bool is_within(uint64_t address, uint64_t start, uint64_t size)
{
    return address >= start && address - start < size;
}

static bool is_byte_usable(const struct machine *machine, uint64_t address)
{
    bool is_available = false;

    for (size_t i = 0; i < machine->map->count; i++) {
        const struct boot_map_entry *entry = &machine->map->entries[i];

        if (is_within(address, entry->base, entry->length)) {
            if (entry->type != BOOT_MAP_AVAILABLE) {
                return false;
            }
            is_available = true;
        }
    }
    return is_available;
}

static bool is_byte_taken(const struct machine *machine, uint64_t address)
{
    for (size_t i = 0; i < TAKEN_COUNT; i++) {
        if (is_within(address, machine->taken[i].start,
                      machine->taken[i].end - machine->taken[i].start)) {
            return true;
        }
    }
    return false;
}

/* What a page is, from its first `bytes` bytes; and whether any of them is usable. */
static enum frame_state look_at_page(const struct machine *machine, uint64_t page, uint64_t bytes,
                                     bool *has_usable)
{
    enum frame_state state = FRAME_STATE_FREE;

    *has_usable = false;
    for (uint64_t address = page * PAGE_SIZE; address < page * PAGE_SIZE + bytes; address++) {
        if (!is_byte_usable(machine, address)) {
            state = FRAME_STATE_HOLE;
        } else {
            *has_usable = true;
            if (is_byte_taken(machine, address) && state == FRAME_STATE_FREE) {
                state = FRAME_STATE_RESERVED;
            }
        }
    }
    return state;
}

static int compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;

    return a < b ? -1 : a > b;
}

/* Pages at which what memory is may change: each in which something begins or ends, and the next.
 */
static size_t find_cuts(const struct machine *machine, uint64_t *cuts)
{
    size_t count = 0;

    for (size_t i = 0; i < machine->map->count; i++) {
        const struct boot_map_entry *entry = &machine->map->entries[i];

        cuts[count++] = entry->base / PAGE_SIZE;
        cuts[count++] = (entry->base + entry->length) / PAGE_SIZE;
    }
    for (size_t i = 0; i < TAKEN_COUNT; i++) {
        cuts[count++] = machine->taken[i].start / PAGE_SIZE;
        cuts[count++] = machine->taken[i].end / PAGE_SIZE;
    }
    for (size_t i = 0; i < CUTS_MAX / 2 && i < count; i++) {
        cuts[count + i] = cuts[i] + 1;
    }
    count *= 2;
    qsort(cuts, count, sizeof(cuts[0]), compare);
    return count;
}

void frame_model_make(struct frame_model *model, const struct e820_map *map,
                      uint64_t information_size)
{
    const struct machine machine = {
        .map = map,
        .taken = {{0, BOOT_LOW_MEMORY_END},
                  {KERNEL_START, KERNEL_END},
                  {BLOCK_ADDRESS, BLOCK_ADDRESS + information_size}},
    };
    uint64_t cuts[CUTS_MAX];
    size_t cut_count = find_cuts(&machine, cuts);

    memset(model, 0, sizeof(*model));
    for (size_t i = 0; i + 1 < cut_count; i++) {
        uint64_t pages = cuts[i + 1] - cuts[i];
        bool has_usable;
        enum frame_state state =
            look_at_page(&machine, cuts[i], pages == 1 ? PAGE_SIZE : 1, &has_usable);

        if (pages == 0 || !has_usable) {
            continue;
        }
        /* What lies between the last page that had usable bytes and this is a hole. */
        model->frames = realloc(model->frames, cuts[i + 1]);
        memset(model->frames + model->frame_count, FRAME_STATE_HOLE, cuts[i] - model->frame_count);
        memset(model->frames + cuts[i], (int)state, pages);
        model->frame_count = cuts[i + 1];
        if (state != FRAME_STATE_HOLE) {
            model->highest_usable = cuts[i + 1] - 1;
        }
        model->usable += state != FRAME_STATE_HOLE ? pages : 0;
    }
    model->free_in_chunk =
        calloc(model->frame_count / MODEL_CHUNK + 1, sizeof(model->free_in_chunk[0]));
    for (uint64_t i = 0; i < model->frame_count; i++) {
        model->free += model->frames[i] == FRAME_STATE_FREE;
        model->free_in_chunk[i / MODEL_CHUNK] += model->frames[i] == FRAME_STATE_FREE;
    }
}

void frame_model_destroy(struct frame_model *model)
{
    free(model->frames);
    free(model->free_in_chunk);
}

enum frame_state frame_model_state(const struct frame_model *model, uint64_t frame)
{
    return frame < model->frame_count ? (enum frame_state)model->frames[frame] : FRAME_STATE_BEYOND;
}

void frame_model_mark(struct frame_model *model, uint64_t first, uint64_t count,
                      enum frame_state state)
{
    CHECK_LE(first + count, model->frame_count);
    for (uint64_t i = first; i < first + count; i++) {
        int change = (state == FRAME_STATE_FREE) - (model->frames[i] == FRAME_STATE_FREE);

        model->frames[i] = (uint8_t)state;
        model->free += (uint64_t)change;
        model->free_in_chunk[i / MODEL_CHUNK] += change;
    }
}

uint64_t frame_model_next_in_use(const struct frame_model *model, uint64_t *next)
{
    uint64_t count = 0;

    while (*next < model->frame_count && model->frames[*next] != FRAME_STATE_IN_USE) {
        ++*next;
    }
    while (count < LENGTH_MAX && frame_model_state(model, *next + count) == FRAME_STATE_IN_USE) {
        count++;
    }
    return count;
}

/* One past the highest free frame below `end`; 0 when there is none. */
static uint64_t free_end_below(const struct frame_model *model, uint64_t end)
{
    while (end > 0 && model->frames[end - 1] != FRAME_STATE_FREE) {
        uint64_t chunk = (end - 1) / MODEL_CHUNK;

        end = model->free_in_chunk[chunk] == 0 ? chunk * MODEL_CHUNK : end - 1;
    }
    return end;
}

uint64_t frame_model_find_run(const struct frame_model *model, uint64_t count, uint64_t alignment,
                              uint64_t limit)
{
    uint64_t end = MIN(limit, model->frame_count);

    while ((end = free_end_below(model, end)) != 0) {
        uint64_t start = end;

        /* As far down as could matter. */
        while (start > 0 && model->frames[start - 1] == FRAME_STATE_FREE &&
               end - start < count + alignment) {
            start--;
        }
        for (uint64_t first = end; first-- > start;) {
            if (end - first >= count && first % alignment == 0) {
                return first;
            }
        }
        end = start;
    }
    return MODEL_NONE;
}
