/* SPDX-License-Identifier: MIT */
/*
 * What the tests of boot information share: a machine, what was parsed of it,
 * checks on that and on the problems reported, and bytes as loaders write them.
 */
#pragma once

#include "boot/boot_info.h"
#include "lib/bits.h"
#include "lib/bytes.h"
#include "lib/string.h"
#include "tests/ktest.h"

#define KERNEL_START 0x100000UL
#define KERNEL_END   0x180000UL
#define RAM_END      0x4000000UL

/* A small PC: memory below 639 KiB and from 1 MiB to RAM_END, firmware below 4 GiB; 36 bits. */
#define MACHINE_MAP_COUNT 4
extern const struct boot_map_entry machine_map[MACHINE_MAP_COUNT];
extern const struct boot_limits machine_limits;

/* Where every test's parse goes to: too large for a stack. */
extern struct boot_info parsed;

#define CHECK_NO_PROBLEM() CHECK_EQ(parsed.problem_count, 0)

#define CHECK_PROBLEM_AT(index, kind_, tag_, got_)              \
    do {                                                        \
        CHECK_EQ(parsed.problems[index].kind, kind_);           \
        CHECK_EQ(parsed.problems[index].tag, (uint32_t)(tag_)); \
        CHECK_EQ(parsed.problems[index].got, (uint64_t)(got_)); \
    } while (0)

/* That this problem was reported, and no other. */
#define CHECK_PROBLEM(kind_, tag_, got_)        \
    do {                                        \
        CHECK_EQ(parsed.problem_count, 1);      \
        CHECK_PROBLEM_AT(0, kind_, tag_, got_); \
    } while (0)

/* Whether all of a range is usable and none of it free. */
bool is_reserved(uint64_t start, uint64_t end);

/* Whether all of a range is free. */
bool is_free(uint64_t start, uint64_t end);

void put_u32(uint8_t *bytes, uint32_t value);
void put_u64(uint8_t *bytes, uint64_t value);

/* Make `count` bytes sum to 0, by way of the one at `checksum_at`. */
void fix_checksum(uint8_t *bytes, size_t count, size_t checksum_at);

#define RSDP_SHORT 20
#define RSDP_LONG  36

/* Write a sound RSDP: `length` bytes, RSDP_SHORT for revision 0, RSDP_LONG or more from 2 on. */
void put_rsdp(uint8_t *bytes, uint8_t revision, uint32_t length);
