/* SPDX-License-Identifier: MIT */
/* The kernel's heap through its own functions, whichever of the two is linked. */
#include "lib/string.h"
#include "mm/kmalloc.h"
#include "tests/kmalloc_ready.h"
#include "tests/unit/heap_fixture.h"

static void check_sound(size_t live_blocks)
{
    struct heap_evidence evidence;

    CHECK_EQ(kmalloc_check(&evidence), HEAP_SOUND);
    CHECK_STR_EQ(heap_fault_sentence(evidence.fault), heap_fault_sentence(HEAP_SOUND));
    CHECK_EQ(evidence.pointer, 0);
    CHECK_EQ(kmalloc_statistics().live_blocks, live_blocks);
}

KTEST(kmalloc, blocks_come_and_go)
{
    REQUIRE(kmalloc_ready());
    size_t before = kmalloc_statistics().live_blocks;
    void *blocks[40];

    for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
        blocks[i] = kmalloc(i * 100);
        REQUIRE(blocks[i] != NULL);
        CHECK(IS_ALIGNED((uintptr_t)blocks[i], HEAP_ALIGNMENT));
        pattern_write(blocks[i], i * 100, i);
    }
    check_sound(before + ARRAY_SIZE(blocks));
    for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
        CHECK(pattern_is_whole(blocks[i], i * 100, i));
        kfree(blocks[i]);
    }
    kfree(NULL);
    check_sound(before);
    kmalloc_trim();
    check_sound(before);
}

KTEST(kmalloc, zeroed_aligned_and_changed_blocks)
{
    REQUIRE(kmalloc_ready());
    static const uint8_t zeros[500];
    size_t before = kmalloc_statistics().live_blocks;
    uint8_t *used = kmalloc(sizeof(zeros));

    REQUIRE(used != NULL);
    memset(used, 0xff, sizeof(zeros));
    kfree(used);
    uint8_t *zeroed = kzalloc(sizeof(zeros));

    REQUIRE(zeroed != NULL);
    CHECK_MEM_EQ(zeroed, zeros, sizeof(zeros));
    uint8_t *aligned = kmalloc_aligned(100, PAGE_SIZE);

    CHECK(aligned != NULL && IS_ALIGNED((uintptr_t)aligned, PAGE_SIZE));
    zeroed[0] = 1;
    uint8_t *grown = krealloc(zeroed, 5000);

    REQUIRE(grown != NULL);
    CHECK_EQ(grown[0], 1);
    CHECK_MEM_EQ(grown + 1, zeros + 1, sizeof(zeros) - 1);
    CHECK_EQ(krealloc(grown, 10), grown);
    check_sound(before + 2);
    kfree(grown);
    kfree(aligned);
    check_sound(before);
}

KTEST(kmalloc, trim_keeps_nothing_back)
{
    REQUIRE(kmalloc_ready());
    void *blocks[10];

    for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
        blocks[i] = kmalloc(50);
        REQUIRE(blocks[i] != NULL);
    }
    for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
        kfree(blocks[i]);
    }
    CHECK_GE(kmalloc_statistics().quick_blocks, ARRAY_SIZE(blocks));
    kmalloc_trim();
    CHECK_EQ(kmalloc_statistics().quick_blocks, 0);
    CHECK_EQ(kmalloc_statistics().quick_bytes, 0);
}

KTEST(kmalloc, check_finds_damage)
{
    REQUIRE(kmalloc_ready());
    struct heap_evidence evidence;
    size_t before = kmalloc_statistics().live_blocks;
    uint64_t *block = kmalloc(50);

    REQUIRE(block != NULL);
    block[-1] ^= BIT(40); /* a tag, or a red zone */
    enum heap_fault fault = kmalloc_check(&evidence);

    CHECK_NE(fault, HEAP_SOUND);
    CHECK_EQ(evidence.fault, fault);
    CHECK_NE(evidence.pointer, 0);
    block[-1] ^= BIT(40);
    check_sound(before + 1);
    kfree(block);
}

KTEST(kmalloc, absurd_sizes_answer_null)
{
    REQUIRE(kmalloc_ready());
    void *block = kmalloc(1);

    CHECK_EQ(kmalloc(SIZE_MAX), NULL);
    CHECK_EQ(kzalloc(SIZE_MAX), NULL);
    CHECK_EQ(kmalloc_aligned(SIZE_MAX, 64), NULL);
    CHECK_EQ(krealloc(block, SIZE_MAX), NULL);
    CHECK_EQ(kmalloc(HEAP_PAYLOAD_MAX), NULL);
    kfree(block);
}

KTEST(kmalloc, nothing_is_a_size)
{
    REQUIRE(kmalloc_ready());
    void *first = kmalloc(0);
    void *second = krealloc(NULL, 0);

    CHECK(first != NULL && second != NULL && first != second);
    kfree(first);
    kfree(second);
}
