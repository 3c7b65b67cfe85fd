/* SPDX-License-Identifier: MIT */
/*
 * Looks an address up in the build's table: starts of functions and objects in
 * rising order, and beside each the place of its name in one block of strings;
 * an empty name where nothing begins. The first link has an empty table.
 */
#include "kernel/symbols.h"

#include "kernel/image.h"
#include "lib/bits.h"

/* From the table; count 0 in the first link. */
extern const uint32_t symbol_table_count;
extern const uint32_t symbol_table_offsets[];
extern const uint32_t symbol_table_names[];
extern const char symbol_table_strings[];

/* Writable data counts from __data_start: what lies before that, the table makes longer. */
#define WRITABLE BIT(31)

bool symbol_is_code(uint64_t address)
{
    return address >= (uint64_t)__text_start && address < (uint64_t)__text_end;
}

bool symbol_find(uint64_t address, struct symbol *symbol)
{
    uint32_t low = 0;
    uint32_t high = symbol_table_count;
    uint64_t offset = address - (uint64_t)__text_start;
    const char *name;

    if (address < (uint64_t)__text_start || address >= (uint64_t)__bss_end) {
        return false;
    }
    if (address >= (uint64_t)__data_start) {
        offset = WRITABLE + address - (uint64_t)__data_start;
    }
    /* The last start at or below the address: low - 1 after the search. */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (symbol_table_offsets[middle] <= offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0) {
        return false;
    }
    name = symbol_table_strings + symbol_table_names[low - 1];
    if (name[0] == '\0') {
        return false;
    }
    symbol->name = name;
    symbol->offset = offset - symbol_table_offsets[low - 1];
    return true;
}
