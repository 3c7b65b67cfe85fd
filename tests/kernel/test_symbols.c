/* SPDX-License-Identifier: MIT */
/* Names for code addresses, from the table the build made. */
#include "kernel/symbols.h"

#include "kernel/kmain.h"
#include "kernel/trap.h"
#include "tests/ktest.h"

extern const uint8_t __text_start[], __text_end[];

KTEST(symbols, function_is_found_at_its_first_byte_and_inside)
{
    struct symbol symbol;

    REQUIRE(symbol_find((uint64_t)kmain, &symbol));
    CHECK_STR_EQ(symbol.name, "kmain");
    CHECK_EQ(symbol.offset, 0);
    REQUIRE(symbol_find((uint64_t)kmain + 4, &symbol));
    CHECK_STR_EQ(symbol.name, "kmain");
    CHECK_EQ(symbol.offset, 4);
}

KTEST(symbols, byte_before_a_function_belongs_to_another)
{
    struct symbol symbol;

    REQUIRE(symbol_find((uint64_t)trap_init - 1, &symbol));
    CHECK(symbol.offset > 0);
}

KTEST(symbols, address_outside_the_text_has_no_name)
{
    struct symbol symbol = {.name = "untouched", .offset = 1};

    CHECK(!symbol_find((uint64_t)__text_start - 1, &symbol));
    CHECK(!symbol_find((uint64_t)__text_end, &symbol));
    CHECK(!symbol_find(0, &symbol));
    CHECK_STR_EQ(symbol.name, "untouched");
}
