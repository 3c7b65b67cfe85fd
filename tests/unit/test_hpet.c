/* SPDX-License-Identifier: MIT */
/* The HPET's table, and its registers made of memory. */
#include "drivers/hpet.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"

#define TABLE_SIZE 56U

#define ENABLE BIT(0)
#define LEG_RT BIT(1)

static bool address_of(uint8_t space, uint64_t address, uint32_t length, paddr_t *found)
{
    static uint8_t room[TABLE_SIZE];
    uint8_t table[TABLE_SIZE] = {0};

    table[40] = space;
    memcpy(table + 44, &address, sizeof(address));
    memcpy(room + sizeof(room) - length, table, length);
    *found = paddr(1);
    return hpet_table_address(room + sizeof(room) - length, length, found);
}

KTEST(hpet, address_is_read_from_the_table)
{
    paddr_t found;

    CHECK(address_of(0, 0x1fed00000, TABLE_SIZE, &found));
    CHECK_EQ(found.value, 0x1fed00000);
}

KTEST(hpet, there_is_no_address_when_the_table_cannot_have_one)
{
    paddr_t found;

    CHECK(!address_of(0, 0xfed00000, TABLE_SIZE - 1, &found));
    CHECK(!address_of(0, 0xfed00000, 36, &found));
    CHECK(!address_of(1, 0xfed00000, TABLE_SIZE, &found)); /* in I/O space */
    CHECK(!address_of(0, 0, TABLE_SIZE, &found));
    CHECK_EQ(found.value, 1);
}

KTEST(hpet, legacy_replacement_alone_is_cleared)
{
    static uint32_t registers[HPET_SIZE / 4];

    registers[0] = 0x8086a201;
    registers[4] = (uint32_t)(LEG_RT | ENABLE);
    CHECK(hpet_release_legacy(registers));
    CHECK_EQ(registers[4], (uint32_t)ENABLE);
    CHECK(!hpet_release_legacy(registers));
    CHECK_EQ(registers[4], (uint32_t)ENABLE);
}

KTEST(hpet, nothing_is_written_when_nothing_is_there)
{
    static uint32_t registers[HPET_SIZE / 4];

    memset(registers, 0xff, sizeof(registers));
    CHECK(!hpet_release_legacy(registers));
    CHECK_EQ(registers[4], UINT32_MAX);
}
