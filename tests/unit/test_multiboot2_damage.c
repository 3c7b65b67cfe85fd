/* SPDX-License-Identifier: MIT */
/*
 * The Multiboot2 parser: random damage to a block that was right.
 */
#include "tests/unit/multiboot2_builder.h"
#include "tests/unit/pseudo_random.h"

/* The first byte at or above `start` that no available entry covers, or `end`. */
static uint64_t covered_up_to(uint64_t start, uint64_t end)
{
    bool has_grown = true;

    while (has_grown && start < end) {
        has_grown = false;
        for (size_t i = 0; i < parsed.map_entry_count; i++) {
            const struct boot_map_entry *entry = &parsed.map_entries[i];

            if (entry->type == BOOT_MAP_AVAILABLE && entry->base <= start &&
                start - entry->base < entry->length) {
                start = entry->base + entry->length;
                has_grown = true;
            }
        }
    }
    return MIN(start, end);
}

/* By the entries as they were copied, and by slow but different means. */
static void check_free_is_available(void)
{
    REQUIRE(parsed.map_entry_count <= BOOT_MAP_ENTRIES_MAX);
    for (size_t i = 0; i < parsed.free.count; i++) {
        const struct memory_range *range = &parsed.free.ranges[i];

        CHECK_EQ(covered_up_to(range->start, range->end), range->end);
        CHECK_GE(range->start, BOOT_LOW_MEMORY_END);
        CHECK(range->end <= KERNEL_START || range->start >= KERNEL_END);
        CHECK(range->end <= BLOCK_ADDRESS || range->start >= BLOCK_ADDRESS + 16);
        for (size_t j = 0; j < parsed.map_entry_count; j++) {
            const struct boot_map_entry *entry = &parsed.map_entries[j];
            bool is_over = entry->length != 0 && entry->base < range->end &&
                           entry->base + (entry->length - 1) >= range->start;

            CHECK(entry->type == BOOT_MAP_AVAILABLE || !is_over);
        }
    }
}

/* One change of the kind that hurts: a bit anywhere, or a number where sizes and lengths are. */
static void damage(uint8_t *bytes, size_t size, uint64_t *state)
{
    static const uint32_t numbers[] = {0,          1,          7,          8,          15,
                                       16,         23,         24,         25,         40,
                                       0x7fffffff, 0x80000000, 0xfffffff0, 0xfffffff8, 0xffffffff};
    size_t word = pseudo_random_below(state, size / 4) * 4;
    uint32_t old;

    memcpy(&old, bytes + word, sizeof(old));
    switch (pseudo_random_below(state, 4)) {
    case 0:
        put_u32(bytes + word, numbers[pseudo_random_below(state, ARRAY_SIZE(numbers))]);
        break;
    case 1:
        put_u32(bytes + word, old + (uint32_t)pseudo_random_below(state, 17) - 8);
        break;
    default:
        bytes[word] ^= (uint8_t)BIT(pseudo_random_below(state, 8));
        break;
    }
}

#define DAMAGE_ROUNDS 20000

KTEST(multiboot2, gives_out_only_available_memory_when_blocks_are_damaged)
{
    static uint8_t original[2048];
    uint64_t state = 0xb007ab1e;
    uint32_t size;
    size_t understood = 0;
    size_t refused = 0;

    block_make_full();
    size = block_size;
    REQUIRE(size <= sizeof(original));
    put_u32(block_bytes, size);
    memcpy(original, block_bytes, size);
    for (int round = 0; round < DAMAGE_ROUNDS; round++) {
        uint8_t *copy = block_bytes + BLOCK_SIZE_MAX - size;
        /* Nothing is readable behind total_size, so the window must end where the array does. */
        const struct phys_window window = {.bytes = copy, .base = BLOCK_ADDRESS, .size = size};
        uint64_t changes = 1 + pseudo_random_below(&state, 6);

        memcpy(copy, original, size);
        while (changes-- > 0) {
            damage(copy, size, &state);
        }
        if (multiboot2_parse(&window, paddr(BLOCK_ADDRESS), &machine_limits, &parsed) == OK) {
            understood++;
        }
        refused += parsed.problem_count != 0;
        check_free_is_available();
    }
    /* Both happen often, or the damage is not what it should be. */
    CHECK_GT(understood, DAMAGE_ROUNDS / 4);
    CHECK_GT(refused, DAMAGE_ROUNDS / 4);
}
