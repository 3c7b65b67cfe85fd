/* SPDX-License-Identifier: MIT */
/* Evidence in words. */
#include "lib/string.h"
#include "mm/heap_fault.h"
#include "tests/ktest.h"

#define CHECK_TEXT(want, ...)                                                                    \
    do {                                                                                         \
        const struct heap_evidence evidence = {__VA_ARGS__};                                     \
        char text[256];                                                                          \
                                                                                                 \
        CHECK_EQ(heap_evidence_describe(text, sizeof(text), &evidence, NULL), sizeof(want) - 1); \
        CHECK_STR_EQ(text, want);                                                                \
    } while (0)

KTEST(heap_fault, every_fault_has_its_own_sentence)
{
    for (unsigned fault = HEAP_SOUND; fault <= HEAP_USE_AFTER_FREE; fault++) {
        const char *sentence = heap_fault_sentence((enum heap_fault)fault);

        CHECK_GT(strlen(sentence), 10);
        for (unsigned other = HEAP_SOUND; other < fault; other++) {
            CHECK_NE(strcmp(sentence, heap_fault_sentence((enum heap_fault)other)), 0);
        }
    }
    CHECK_STR_EQ(heap_fault_sentence((enum heap_fault)(HEAP_USE_AFTER_FREE + 1)), "?");
    CHECK_STR_EQ(heap_fault_sentence((enum heap_fault) - 1), "?");
}

KTEST(heap_fault, description_says_what_is_known)
{
    CHECK_TEXT("double free: 0x5010 of 24 bytes, allocated by 0x111, freed by 0x222, "
               "handed in by 0x333",
               .fault = HEAP_DOUBLE_FREE, .pointer = 0x5010, .block = 0x5010, .size = 24,
               .allocated_by = 0x111, .freed_by = 0x222, .now_by = 0x333);
    CHECK_TEXT("write past the end: 0x502b, 3 bytes behind the block 0x5010 of 24 bytes, "
               "byte 0x41, allocated by 0x111",
               .fault = HEAP_OVERRUN, .pointer = 0x502b, .block = 0x5010, .size = 24, .found = 0x41,
               .allocated_by = 0x111);
    CHECK_TEXT("write past the end: 0x5028, 0 bytes behind the block 0x5010 of 24 bytes, "
               "byte 0x00, allocated by 0x111",
               .fault = HEAP_OVERRUN, .pointer = 0x5028, .block = 0x5010, .size = 24,
               .allocated_by = 0x111);
    CHECK_TEXT("write before the block: 0x500f, 1 bytes before the block 0x5010 of 24 bytes, "
               "byte 0x0a, allocated by 0x111, handed in by 0x333",
               .fault = HEAP_UNDERRUN, .pointer = 0x500f, .block = 0x5010, .size = 24, .found = 10,
               .allocated_by = 0x111, .now_by = 0x333);
    CHECK_TEXT("write after free: 0x5018, 8 bytes into the block 0x5010 of 24 bytes, byte 0xff, "
               "allocated by 0x111, freed by 0x222",
               .fault = HEAP_USE_AFTER_FREE, .pointer = 0x5018, .block = 0x5010, .size = 24,
               .found = 0xff, .allocated_by = 0x111, .freed_by = 0x222);
    CHECK_TEXT("wrong pointer: 0x1, handed in by 0x333", .fault = HEAP_WRONG_POINTER, .pointer = 1,
               .now_by = 0x333);
    CHECK_TEXT("the counters do not match the blocks", .fault = HEAP_BAD_COUNT);
    CHECK_TEXT("a block's tag is damaged: 0x5010", .fault = HEAP_BAD_BLOCK, .pointer = 0x5010);
}

KTEST(heap_fault, description_is_cut_to_fit)
{
    static const char whole[] = "double free: 0x5010 of 24 bytes, allocated by 0x111";
    const struct heap_evidence evidence = {.fault = HEAP_DOUBLE_FREE,
                                           .pointer = 0x5010,
                                           .block = 0x5010,
                                           .size = 24,
                                           .allocated_by = 0x111};

    for (size_t size = 0; size <= sizeof(whole); size++) {
        char text[sizeof(whole) + 8];

        memset(text, '!', sizeof(text));
        CHECK_EQ(heap_evidence_describe(text, size, &evidence, NULL), sizeof(whole) - 1);
        if (size > 0) {
            CHECK_EQ(strlen(text), size - 1);
            CHECK_EQ(strncmp(text, whole, size - 1), 0);
        }
        CHECK_EQ(text[size], '!');
    }
}
