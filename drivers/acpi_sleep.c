/* SPDX-License-Identifier: MIT */
/*
 * Finds and decodes \_S5_. Invariant: a reader's `at` never passes its `end`,
 * whatever the bytes say.
 */
#include "drivers/acpi_sleep.h"

#include "lib/string.h"

#define NAME_S5   "_S5_"
#define NAME_SIZE 4

#define AML_ZERO_OP      0x00
#define AML_ONE_OP       0x01
#define AML_NAME_OP      0x08
#define AML_BYTE_PREFIX  0x0a
#define AML_WORD_PREFIX  0x0b
#define AML_DWORD_PREFIX 0x0c
#define AML_QWORD_PREFIX 0x0e
#define AML_PACKAGE_OP   0x12
#define AML_ROOT_CHAR    '\\'
#define AML_PARENT_CHAR  '^'

/* A package length's first byte: how many follow, and its own part of the number. */
#define PKG_LENGTH_MORE(lead)   ((lead) >> 6)
#define PKG_LENGTH_ALONE(lead)  ((lead)&0x3f)
#define PKG_LENGTH_NIBBLE(lead) ((lead)&0x0f)

struct reader {
    const uint8_t *at;
    const uint8_t *end;
};

static size_t rest(const struct reader *reader)
{
    return (size_t)(reader->end - reader->at);
}

static bool read_byte(struct reader *reader, uint8_t *byte)
{
    if (reader->at == reader->end) {
        return false;
    }
    *byte = *reader->at++;
    return true;
}

static bool read_number(struct reader *reader, unsigned size, uint64_t *number)
{
    uint64_t value = 0;
    uint8_t byte;

    for (unsigned i = 0; i < size; i++) {
        if (!read_byte(reader, &byte)) {
            return false;
        }
        value |= (uint64_t)byte << 8 * i;
    }
    *number = value;
    return true;
}

/* Read an integer constant; anything else, a name or a sum for one, is not understood. */
static bool read_integer(struct reader *reader, uint64_t *number)
{
    uint8_t prefix;

    if (!read_byte(reader, &prefix)) {
        return false;
    }
    switch (prefix) {
    case AML_ZERO_OP:
    case AML_ONE_OP:
        *number = prefix;
        return true;
    case AML_BYTE_PREFIX:
        return read_number(reader, 1, number);
    case AML_WORD_PREFIX:
        return read_number(reader, 2, number);
    case AML_DWORD_PREFIX:
        return read_number(reader, 4, number);
    case AML_QWORD_PREFIX:
        return read_number(reader, 8, number);
    default:
        return false;
    }
}

/* Cut the reader to a package whose length, which counts itself, comes next. */
static bool enter_package(struct reader *reader)
{
    const uint8_t *start = reader->at;
    uint64_t length;
    uint64_t high;
    uint8_t lead;

    if (!read_byte(reader, &lead)) {
        return false;
    }
    length = PKG_LENGTH_ALONE(lead);
    if (PKG_LENGTH_MORE(lead) != 0) {
        if (!read_number(reader, PKG_LENGTH_MORE(lead), &high)) {
            return false;
        }
        length = PKG_LENGTH_NIBBLE(lead) | high << 4;
    }
    if (length < (size_t)(reader->at - start) || length > (size_t)(reader->end - start)) {
        return false;
    }
    reader->end = start + length;
    return true;
}

/* Read a package of sleep types: a number for either block, or both as the bytes of one. */
static bool read_types(struct reader reader, struct acpi_sleep_types *types)
{
    uint64_t pm1a;
    uint64_t pm1b;
    uint8_t opcode;
    uint8_t count;

    if (!read_byte(&reader, &opcode) || opcode != AML_PACKAGE_OP || !enter_package(&reader) ||
        !read_byte(&reader, &count) || count == 0 || !read_integer(&reader, &pm1a)) {
        return false;
    }
    if (count == 1) {
        pm1b = pm1a >> 8;
        pm1a &= UINT8_MAX;
    } else if (!read_integer(&reader, &pm1b)) {
        return false;
    }
    if (pm1a > ACPI_SLEEP_TYPE_MAX || pm1b > ACPI_SLEEP_TYPE_MAX) {
        return false;
    }
    *types = (struct acpi_sleep_types){.pm1a = (uint8_t)pm1a, .pm1b = (uint8_t)pm1b};
    return true;
}

/* Whether a name is being defined: NameOp in front of it, with nothing between but the root. */
static bool is_defined(const uint8_t *aml, const uint8_t *name)
{
    while (name > aml && (name[-1] == AML_ROOT_CHAR || name[-1] == AML_PARENT_CHAR)) {
        name--;
    }
    return name > aml && name[-1] == AML_NAME_OP;
}

bool acpi_sleep_find_s5(const uint8_t *aml, size_t size, struct acpi_sleep_types *types)
{
    struct reader reader = {.at = aml, .end = aml + size};

    for (; rest(&reader) >= NAME_SIZE; reader.at++) {
        const struct reader behind = {.at = reader.at + NAME_SIZE, .end = reader.end};

        if (reader.at[0] == NAME_S5[0] && memcmp(reader.at, NAME_S5, NAME_SIZE) == 0 &&
            is_defined(aml, reader.at) && read_types(behind, types)) {
            return true;
        }
    }
    return false;
}
