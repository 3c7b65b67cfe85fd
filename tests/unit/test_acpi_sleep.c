/* SPDX-License-Identifier: MIT */
/* \_S5_ in AML: each form that firmware writes it in, and each way to be cut or wrong. */
#include "drivers/acpi_sleep.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"

#define ROOM 512

static struct acpi_sleep_types types;

/* Search bytes behind which nothing readable follows. */
static bool search(const uint8_t *aml, size_t size)
{
    static uint8_t room[ROOM];
    uint8_t *bytes = room + sizeof(room) - size;

    memcpy(bytes, aml, size);
    types = (struct acpi_sleep_types){0xaa, 0xaa};
    return acpi_sleep_find_s5(bytes, size, &types);
}

#define SEARCH(...) search((const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

#define CHECK_TYPES(a, b)        \
    do {                         \
        CHECK_EQ(types.pm1a, a); \
        CHECK_EQ(types.pm1b, b); \
    } while (0)

#define CHECK_NOTHING(...)           \
    do {                             \
        CHECK(!SEARCH(__VA_ARGS__)); \
        CHECK_TYPES(0xaa, 0xaa);     \
    } while (0)

#define NAME     0x08
#define S5       '_', 'S', '5', '_'
#define PACKAGE  0x12
#define BYTE(n)  0x0a, (n)
#define WORD(n)  0x0b, (n)&0xff, (n) >> 8
#define DWORD(n) 0x0c, (n)&0xff, (n) >> 8, 0, 0

KTEST(acpi_sleep, package_of_byte_constants_is_read)
{
    CHECK(SEARCH(NAME, S5, PACKAGE, 10, 4, BYTE(5), BYTE(3), BYTE(0), BYTE(0)));
    CHECK_TYPES(5, 3);
}

KTEST(acpi_sleep, package_of_zero_and_one_is_read)
{
    CHECK(SEARCH(NAME, S5, PACKAGE, 6, 4, 0, 1, 0, 0));
    CHECK_TYPES(0, 1);
    CHECK(SEARCH(NAME, S5, PACKAGE, 6, 4, 1, 0, 0, 0));
    CHECK_TYPES(1, 0);
}

KTEST(acpi_sleep, package_of_wider_constants_is_read)
{
    CHECK(SEARCH(NAME, S5, PACKAGE, 8, 2, WORD(7), WORD(6)));
    CHECK_TYPES(7, 6);
    CHECK(SEARCH(NAME, S5, PACKAGE, 12, 2, DWORD(4), DWORD(2)));
    CHECK_TYPES(4, 2);
    CHECK(SEARCH(NAME, S5, PACKAGE, 12, 2, 0x0e, 5, 0, 0, 0, 0, 0, 0, 0, 1));
    CHECK_TYPES(5, 1);
}

KTEST(acpi_sleep, both_types_may_be_in_one_number)
{
    CHECK(SEARCH(NAME, S5, PACKAGE, 5, 1, WORD(0x0307)));
    CHECK_TYPES(7, 3);
    CHECK(SEARCH(NAME, S5, PACKAGE, 4, 1, BYTE(5)));
    CHECK_TYPES(5, 0);
}

KTEST(acpi_sleep, name_may_begin_at_the_root)
{
    CHECK(SEARCH(0, NAME, '\\', S5, PACKAGE, 6, 2, BYTE(5), BYTE(4)));
    CHECK_TYPES(5, 4);
    CHECK(SEARCH(0, NAME, '^', S5, PACKAGE, 6, 2, BYTE(5), BYTE(4)));
}

KTEST(acpi_sleep, package_length_may_take_up_to_four_bytes)
{
    CHECK(SEARCH(NAME, S5, PACKAGE, 0x47, 0, 2, BYTE(1), BYTE(2)));
    CHECK_TYPES(1, 2);
    CHECK(SEARCH(NAME, S5, PACKAGE, 0x88, 0, 0, 2, BYTE(3), BYTE(4)));
    CHECK_TYPES(3, 4);
    CHECK(SEARCH(NAME, S5, PACKAGE, 0xc9, 0, 0, 0, 2, BYTE(5), BYTE(6)));
    CHECK_TYPES(5, 6);
}

KTEST(acpi_sleep, package_length_has_four_bits_and_then_eight_each)
{
    static const uint8_t head[] = {NAME, S5, PACKAGE, 0x48, 0x12, 2, BYTE(5), BYTE(4)};
    uint8_t aml[6 + 0x128] = {0}; /* the length counts itself and all behind it */

    memcpy(aml, head, sizeof(head));
    CHECK(search(aml, sizeof(aml)));
    CHECK_TYPES(5, 4);
    CHECK(!search(aml, sizeof(aml) - 1));
}

KTEST(acpi_sleep, it_is_found_behind_what_only_looks_like_it)
{
    CHECK(SEARCH('_', 'S', '5', S5, 0x0d, S5, 0, NAME, S5, 0x0d, 'x', 0, NAME, S5, PACKAGE, 6, 2,
                 BYTE(5), BYTE(4)));
    CHECK_TYPES(5, 4);
}

KTEST(acpi_sleep, other_states_are_not_it)
{
    CHECK_NOTHING(NAME, '_', 'S', '4', '_', PACKAGE, 6, 2, BYTE(5), BYTE(4));
    CHECK_NOTHING(NAME, '_', 'S', '5', 'D', PACKAGE, 6, 2, BYTE(5), BYTE(4));
}

KTEST(acpi_sleep, name_that_is_only_used_is_not_it)
{
    CHECK_NOTHING(S5, PACKAGE, 6, 2, BYTE(5), BYTE(4));
    CHECK_NOTHING('\\', S5, PACKAGE, 6, 2, BYTE(5), BYTE(4));
    CHECK_NOTHING(0x70, S5, PACKAGE, 6, 2, BYTE(5), BYTE(4));
    CHECK_NOTHING(0x70, '\\', S5, PACKAGE, 6, 2, BYTE(5), BYTE(4));
}

KTEST(acpi_sleep, what_is_no_package_of_numbers_is_refused)
{
    CHECK_NOTHING(NAME, S5, 0x14, 6, 0, BYTE(5), BYTE(4)); /* a method */
    CHECK_NOTHING(NAME, S5, 0x0a, 5);
    CHECK_NOTHING(NAME, S5, PACKAGE, 2, 0);
    CHECK_NOTHING(NAME, S5, PACKAGE, 10, 2, 'S', 'L', 'P', 'T', 'S', 'L', 'P', 'T');
    CHECK_NOTHING(NAME, S5, PACKAGE, 8, 2, BYTE(5), 'S', 'L', 'P', 'T');
    CHECK_NOTHING(NAME, S5, PACKAGE, 4, 2, 0xff, 0xff); /* Ones */
}

KTEST(acpi_sleep, type_of_more_than_three_bits_is_refused)
{
    CHECK(SEARCH(NAME, S5, PACKAGE, 6, 2, BYTE(7), BYTE(7)));
    CHECK_NOTHING(NAME, S5, PACKAGE, 6, 2, BYTE(8), BYTE(0));
    CHECK_NOTHING(NAME, S5, PACKAGE, 6, 2, BYTE(0), BYTE(8));
    CHECK_NOTHING(NAME, S5, PACKAGE, 8, 2, WORD(0x105), WORD(0));
    CHECK_NOTHING(NAME, S5, PACKAGE, 5, 1, WORD(0x0807));
    CHECK_NOTHING(NAME, S5, PACKAGE, 12, 2, 0x0e, 5, 0, 0, 0, 0, 0, 0, 1, 1);
}

KTEST(acpi_sleep, package_shorter_than_its_numbers_is_refused)
{
    for (uint8_t length = 0; length < 6; length++) {
        CHECK_NOTHING(NAME, S5, PACKAGE, length, 2, BYTE(5), BYTE(4));
    }
    CHECK(SEARCH(NAME, S5, PACKAGE, 6, 2, BYTE(5), BYTE(4)));
}

KTEST(acpi_sleep, package_longer_than_the_table_is_refused)
{
    CHECK_NOTHING(NAME, S5, PACKAGE, 7, 2, BYTE(5), BYTE(4));
    CHECK_NOTHING(NAME, S5, PACKAGE, 0x4f, 0xff, 2, BYTE(5), BYTE(4));
    CHECK_NOTHING(NAME, S5, PACKAGE, 0xcf, 0xff, 0xff, 0xff, 2, BYTE(5), BYTE(4));
}

KTEST(acpi_sleep, table_cut_anywhere_is_searched_to_its_end_alone)
{
    static const uint8_t aml[] = {0, NAME, '\\', S5, PACKAGE, 0x89, 0, 0, 2, WORD(5), BYTE(4)};

    CHECK(search(aml, sizeof(aml)));
    for (size_t size = 0; size < sizeof(aml); size++) {
        CHECK(!search(aml, size));
    }
}

KTEST(acpi_sleep, nothing_in_front_of_the_block_is_read)
{
    static const uint8_t aml[] = {S5, PACKAGE, 6, 2, BYTE(5), BYTE(4)};

    CHECK(!acpi_sleep_find_s5(aml, sizeof(aml), &types));
}
