/* SPDX-License-Identifier: MIT */
/* Each kind of owner in its words. */
#include "kernel/owner.h"

#include "lib/string.h"
#include "mm/layout.h"
#include "tests/ktest.h"

static char text[160];

static const char *say(struct owner owner)
{
    return owner_describe(text, sizeof(text), &owner);
}

KTEST(owner, image_addresses_have_a_section_and_a_symbol)
{
    CHECK_STR_EQ(say((struct owner){.kind = OWNER_DATA,
                                    .region = ".rodata",
                                    .name = "digits",
                                    .start = 0x1000,
                                    .address = 0x1018}),
                 ".rodata, 24 bytes into `digits`");
    CHECK_STR_EQ(say((struct owner){.kind = OWNER_CODE, .region = ".text", .address = 0x1018}),
                 ".text");
}

KTEST(owner, stacks_are_a_tasks_or_have_a_purpose)
{
    CHECK_STR_EQ(say((struct owner){.kind = OWNER_STACK, .name = "shell", .is_task = true}),
                 "the stack of task `shell`");
    CHECK_STR_EQ(say((struct owner){.kind = OWNER_STACK, .name = "NMI"}), "the NMI stack");
    CHECK_STR_EQ(say((struct owner){.kind = OWNER_GUARD, .name = "interrupt"}),
                 "the guard page below the interrupt stack");
    CHECK_STR_EQ(say((struct owner){.kind = OWNER_GUARD, .name = "a", .is_task = true}),
                 "the guard page below the stack of task `a`");
}

static struct owner block_at(uint64_t address, enum owner_kind kind)
{
    return (struct owner){.kind = kind,
                          .start = 0x2000,
                          .size = 64,
                          .address = address,
                          .allocated_by = "channel_open",
                          .freed_by = kind == OWNER_FREED_BLOCK ? "channel_close" : NULL};
}

KTEST(owner, blocks_are_named_by_who_had_them_last)
{
    struct owner unknown = {.kind = OWNER_BLOCK, .size = 40};

    CHECK_STR_EQ(say(block_at(0x2000, OWNER_BLOCK)),
                 "a 64-byte heap block allocated by `channel_open`");
    CHECK_STR_EQ(say(block_at(0x2008, OWNER_FREED_BLOCK)),
                 "8 bytes into a 64-byte heap block freed by `channel_close`");
    CHECK_STR_EQ(say(block_at(0x2040, OWNER_BLOCK)),
                 "0 bytes behind a 64-byte heap block allocated by `channel_open`");
    CHECK_STR_EQ(say(block_at(0x1fff, OWNER_BLOCK)),
                 "1 bytes before a 64-byte heap block allocated by `channel_open`");
    CHECK_STR_EQ(say(unknown), "a 40-byte heap block");
    unknown.kind = OWNER_FREED_BLOCK;
    CHECK_STR_EQ(say(unknown), "a 40-byte heap block that is free");
}

KTEST(owner, direct_map_says_what_the_frame_is)
{
    struct owner owner = {.kind = OWNER_DIRECT_MAP, .address = DIRECT_MAP_BASE + 0x5008};

    memcpy(owner.frame, "a free frame", sizeof("a free frame"));
    CHECK_STR_EQ(say(owner), "the direct map, physical 0x5008, a free frame");
}

KTEST(owner, every_kind_has_words_of_its_own)
{
    static char seen[OWNER_DEVICE + 1][160];

    for (enum owner_kind kind = OWNER_UNKNOWN; kind <= OWNER_DEVICE; kind++) {
        struct owner owner = {.kind = kind, .region = kind == OWNER_CODE ? ".text" : ".data"};

        owner_describe(seen[kind], sizeof(seen[kind]), &owner);
        CHECK_GT(strlen(seen[kind]), 0);
        for (enum owner_kind other = OWNER_UNKNOWN; other < kind; other++) {
            CHECK_NE(strcmp(seen[kind], seen[other]), 0);
        }
    }
}

KTEST(owner, long_names_are_cut_and_the_buffer_is_kept)
{
    char small[16];
    struct owner owner = {
        .kind = OWNER_DATA, .region = ".data", .name = "a_name_that_is_longer_than_there_is_roo"};

    CHECK_STR_EQ(say(owner), ".data, 0 bytes into `a_name_that_is_longer_than_there_is_roo`");
    CHECK_STR_EQ(owner_describe(small, sizeof(small), &owner), ".data, 0 bytes ");
}
