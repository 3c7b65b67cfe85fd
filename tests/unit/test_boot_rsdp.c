/* SPDX-License-Identifier: MIT */
/*
 * The RSDP: what is taken, and each way to be refused. The bytes end where
 * their array ends, so that a sanitizer sees any read behind what is available.
 */
#include "boot/boot_rsdp.h"
#include "tests/unit/boot_fixture.h"

static struct boot_builder builder = {.info = &parsed, .limits = &machine_limits};

#define RSDP_ROOM 512

static uint8_t room[RSDP_ROOM];

/* Where `size` bytes go that nothing readable follows. */
static uint8_t *last_bytes(size_t size)
{
    return room + sizeof(room) - size;
}

/* Take a sound RSDP of which only `available` bytes are there. */
static void set(uint8_t revision, uint32_t length, size_t available)
{
    uint8_t bytes[RSDP_ROOM];

    put_rsdp(bytes, revision, length);
    memcpy(last_bytes(available), bytes, available);
    boot_builder_begin(&builder, BOOT_MULTIBOOT2);
    boot_rsdp_set(&builder, last_bytes(available), available);
}

KTEST(boot_rsdp, is_taken_when_short_and_sound)
{
    set(0, RSDP_SHORT, RSDP_SHORT);
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.rsdp_size, RSDP_SHORT);
    CHECK_MEM_EQ(parsed.rsdp, last_bytes(RSDP_SHORT), RSDP_SHORT);
}

KTEST(boot_rsdp, is_taken_when_long_and_sound)
{
    set(2, RSDP_LONG, RSDP_LONG);
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.rsdp_size, RSDP_LONG);
    CHECK_MEM_EQ(parsed.rsdp, last_bytes(RSDP_LONG), RSDP_LONG);
}

KTEST(boot_rsdp, is_short_when_revision_is_below_2)
{
    set(0, RSDP_LONG, RSDP_LONG);
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.rsdp_size, RSDP_SHORT);
    set(1, RSDP_LONG, RSDP_LONG);
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.rsdp_size, RSDP_SHORT);
}

KTEST(boot_rsdp, is_short_when_the_long_form_is_not_all_there)
{
    for (size_t available = RSDP_SHORT; available < RSDP_LONG; available++) {
        set(2, RSDP_LONG, available);
        CHECK_NO_PROBLEM();
        CHECK_EQ(parsed.rsdp_size, RSDP_SHORT);
    }
}

KTEST(boot_rsdp, is_long_when_revision_is_above_2)
{
    set(3, RSDP_LONG, RSDP_LONG);
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.rsdp_size, RSDP_LONG);
}

KTEST(boot_rsdp, is_taken_when_its_length_is_above_36)
{
    set(2, 40, 40);
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.rsdp_size, RSDP_LONG);
    set(2, 256, 300);
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.rsdp_size, RSDP_LONG);
}

KTEST(boot_rsdp, is_refused_when_its_length_is_impossible)
{
    set(2, 257, 300);
    CHECK_PROBLEM(BOOT_PROBLEM_RSDP_SIZE, BOOT_NO_TAG, 257);
    set(2, 40, 39);
    CHECK_PROBLEM(BOOT_PROBLEM_RSDP_SIZE, BOOT_NO_TAG, 40);
    CHECK_EQ(parsed.rsdp_size, 0);
}

/* Take a long RSDP with another length by its own word, checksums right as far as they go. */
static void set_with_length(uint32_t length)
{
    uint8_t *bytes = last_bytes(RSDP_LONG);

    put_rsdp(bytes, 2, RSDP_LONG);
    put_u32(bytes + 20, length);
    fix_checksum(bytes, RSDP_LONG, 32);
    boot_builder_begin(&builder, BOOT_MULTIBOOT2);
    boot_rsdp_set(&builder, bytes, RSDP_LONG);
}

KTEST(boot_rsdp, is_refused_when_its_length_is_below_36)
{
    static const uint32_t lengths[] = {0, 20, 35, 37, UINT32_MAX};

    for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
        set_with_length(lengths[i]);
        CHECK_PROBLEM(BOOT_PROBLEM_RSDP_SIZE, BOOT_NO_TAG, lengths[i]);
        CHECK_EQ(parsed.rsdp_size, 0);
    }
    set_with_length(RSDP_LONG);
    CHECK_NO_PROBLEM();
}

KTEST(boot_rsdp, is_refused_when_less_than_20_bytes_are_there)
{
    for (size_t available = 0; available < RSDP_SHORT; available++) {
        set(0, RSDP_SHORT, available);
        CHECK_PROBLEM(BOOT_PROBLEM_RSDP_SIZE, BOOT_NO_TAG, available);
        CHECK_EQ(parsed.rsdp_size, 0);
    }
}

/* Change a byte of a sound RSDP and take it; `fixed` is a byte that makes the short sum right. */
static void set_changed(uint8_t revision, size_t at, bool is_sum_fixed)
{
    size_t size = revision < 2 ? RSDP_SHORT : RSDP_LONG;
    uint8_t *bytes = last_bytes(size);

    put_rsdp(bytes, revision, (uint32_t)size);
    bytes[at] ^= 0x40;
    if (is_sum_fixed) {
        fix_checksum(bytes, RSDP_SHORT, 8);
    }
    boot_builder_begin(&builder, BOOT_MULTIBOOT2);
    boot_rsdp_set(&builder, bytes, size);
}

static void check_refused(enum boot_problem_kind kind)
{
    CHECK_EQ(parsed.problem_count, 1);
    CHECK_EQ(parsed.problems[0].kind, kind);
    CHECK_EQ(parsed.rsdp_size, 0);
}

KTEST(boot_rsdp, is_refused_when_a_byte_of_the_signature_is_wrong)
{
    for (size_t i = 0; i < 8; i++) {
        set_changed(0, i, true);
        check_refused(BOOT_PROBLEM_RSDP_SIGNATURE);
    }
}

KTEST(boot_rsdp, is_refused_when_the_short_checksum_is_wrong)
{
    for (size_t i = 8; i < RSDP_SHORT; i++) {
        set_changed(0, i, false);
        check_refused(BOOT_PROBLEM_RSDP_CHECKSUM);
    }
}

KTEST(boot_rsdp, is_refused_when_the_long_checksum_is_wrong)
{
    for (size_t i = 24; i < RSDP_LONG; i++) {
        set_changed(2, i, false);
        check_refused(BOOT_PROBLEM_RSDP_LONG_CHECKSUM);
    }
}

KTEST(boot_rsdp, longest_stays_when_several_are_sound)
{
    uint8_t old[RSDP_SHORT];
    uint8_t new[RSDP_LONG];
    uint8_t newer[RSDP_LONG];

    put_rsdp(old, 0, sizeof(old));
    put_rsdp(new, 2, sizeof(new));
    put_rsdp(newer, 3, sizeof(newer));
    boot_builder_begin(&builder, BOOT_MULTIBOOT2);
    boot_rsdp_set(&builder, old, sizeof(old));
    CHECK_EQ(parsed.rsdp_size, RSDP_SHORT);
    boot_rsdp_set(&builder, new, sizeof(new));
    CHECK_EQ(parsed.rsdp_size, RSDP_LONG);
    boot_rsdp_set(&builder, old, sizeof(old));
    boot_rsdp_set(&builder, newer, sizeof(newer));
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.rsdp_size, RSDP_LONG);
    CHECK_MEM_EQ(parsed.rsdp, new, RSDP_LONG);
}
