/* SPDX-License-Identifier: MIT */
/* Page tables over an array. */
#include "tests/unit/page_table_fixture.h"

#include "lib/string.h"

static uint8_t memory[FIXTURE_FRAMES][PAGE_SIZE] ALIGNED(4096);
static bool used[FIXTURE_FRAMES];
static struct page_table_fixture fixture;

static enum status frame_alloc(void *context, paddr_t *frame)
{
    (void)context;
    if (fixture.frames_left == 0) {
        return ERR_NO_MEMORY;
    }
    for (size_t i = 1; i < FIXTURE_FRAMES; i++) {
        if (!used[i]) {
            used[i] = true;
            fixture.frames_used++;
            fixture.frames_left--;
            memset(memory[i], 0xff, PAGE_SIZE);
            *frame = paddr(i * PAGE_SIZE);
            return OK;
        }
    }
    return ERR_NO_MEMORY;
}

static void frame_free(void *context, paddr_t frame)
{
    (void)context;
    used[frame.value / PAGE_SIZE] = false;
    fixture.frames_used--;
    fixture.frames_left++;
    memset(memory[frame.value / PAGE_SIZE], 0xee, PAGE_SIZE); /* a late use shows */
}

static void invalidate(uint64_t address, uint64_t count, uint64_t step)
{
    for (; count != 0; count--, address += step) {
        if (fixture.invalidated_count < FIXTURE_INVALIDATED) {
            fixture.invalidated[fixture.invalidated_count] = address;
        }
        fixture.invalidated_count++;
    }
}

struct page_table_fixture *page_table_fixture_start(void)
{
    memset(memory[0], 0, PAGE_SIZE);
    memset(used, 0, sizeof(used));
    used[0] = true;
    /* Not one initialiser for all: Clang 13 makes it on the stack first, 32 KiB of it. */
    memset(&fixture, 0, sizeof(fixture));
    fixture.frames_left = FIXTURE_FRAMES - 1;
    fixture.tables = (struct page_tables){
        .root = (uint64_t *)memory[0],
        .direct_base = memory,
        .has_nx = true,
        .has_1g_pages = true,
        .physical_bits = 40,
        .frame_alloc = frame_alloc,
        .frame_free = frame_free,
        .invalidate = invalidate,
    };
    return &fixture;
}

uint64_t page_table_fixture_hash(void)
{
    uint64_t hash = 0xcbf29ce484222325; /* FNV-1a, a quadword at a time */

    for (size_t i = 0; i < FIXTURE_FRAMES; i++) {
        const uint64_t *words = (const uint64_t *)memory[i];

        for (size_t word = 0; used[i] && word < PAGE_SIZE / sizeof(*words); word++) {
            hash = (hash ^ words[word]) * 0x100000001b3;
        }
        hash = (hash ^ used[i]) * 0x100000001b3;
    }
    return hash;
}

bool page_table_fixture_was_invalidated(uint64_t address)
{
    for (size_t i = 0; i < fixture.invalidated_count && i < FIXTURE_INVALIDATED; i++) {
        if (fixture.invalidated[i] == address) {
            return true;
        }
    }
    return false;
}
