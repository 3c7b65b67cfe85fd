/* SPDX-License-Identifier: MIT */
/* Names for code addresses, from the table the build made. */
#include "kernel/symbols.h"

#include "kernel/image.h"
#include "kernel/trap.h"
#include "tests/ktest.h"

KTEST(symbols, function_is_found_at_its_first_byte_and_inside)
{
    struct symbol symbol;

    REQUIRE(symbol_find((uint64_t)trap_init, &symbol));
    CHECK_STR_EQ(symbol.name, "trap_init");
    CHECK_EQ(symbol.offset, 0);
    REQUIRE(symbol_find((uint64_t)trap_init + 4, &symbol));
    CHECK_STR_EQ(symbol.name, "trap_init");
    CHECK_EQ(symbol.offset, 4);
}

KTEST(symbols, byte_before_a_function_belongs_to_another)
{
    struct symbol symbol;

    REQUIRE(symbol_find((uint64_t)trap_init - 1, &symbol));
    CHECK(symbol.offset > 0);
}

static const uint8_t constants[24] = {1};
static uint8_t initialised[24] = {1};
static uint8_t zeroed[24];

static void check_object(const uint8_t *object, const char *name)
{
    struct symbol symbol;

    REQUIRE(symbol_find((uint64_t)object, &symbol));
    CHECK_STR_EQ(symbol.name, name);
    CHECK_EQ(symbol.offset, 0);
    REQUIRE(symbol_find((uint64_t)object + 23, &symbol));
    CHECK_STR_EQ(symbol.name, name);
    CHECK_EQ(symbol.offset, 23);
}

KTEST(symbols, objects_are_found_in_every_section)
{
    check_object(constants, "constants");
    check_object(initialised, "initialised");
    check_object(zeroed, "zeroed");
}

KTEST(symbols, string_literals_belong_to_no_object)
{
    struct symbol symbol = {.name = "untouched"};
    const char *volatile literal = "a literal that is longer than what may be padding between two";

    CHECK(!symbol_find((uint64_t)literal + 40, &symbol));
    CHECK_STR_EQ(symbol.name, "untouched");
}

KTEST(symbols, address_outside_the_image_has_no_name)
{
    struct symbol symbol = {.name = "untouched", .offset = 1};

    CHECK(!symbol_find((uint64_t)__text_start - 1, &symbol));
    CHECK(!symbol_find((uint64_t)__bss_end, &symbol));
    CHECK(!symbol_find(0, &symbol));
    CHECK_STR_EQ(symbol.name, "untouched");
}
