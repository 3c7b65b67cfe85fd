/* SPDX-License-Identifier: MIT */
/*
 * What the compiler says of types and values in a report of undefined
 * behaviour, and its text. Source: compiler-rt's interface, which GCC follows
 * (lib/ubsan/ubsan_value.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ubsan_type {
    uint16_t kind; /* UBSAN_INTEGER or something that has no value in a report */
    uint16_t info; /* of an integer: whether it is signed, and log2 of its bits from bit 1 on */
    char name[]; /* as in the source, in single quotes */
};

#define UBSAN_INTEGER 0

/* Bits of an integer type. */
unsigned ubsan_type_bits(const struct ubsan_type *type);

/* Whether a value of this type is below zero. */
bool ubsan_is_negative(const struct ubsan_type *type, uintptr_t value);

/* A value that is no address: the number itself, or where it is when it has more than 64 bits. */
uint64_t ubsan_value_bits(const struct ubsan_type *type, uintptr_t value);

/* The value in decimal; in hexadecimal where it is longer than 64 bits. Answers as ksnprintf(). */
size_t ubsan_value_text(char *buffer, size_t size, const struct ubsan_type *type, uintptr_t value);
