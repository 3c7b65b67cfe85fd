/* SPDX-License-Identifier: MIT */
/* What can be wrong with a heap, and the evidence for it, in words. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The first five are about the heap's own structure, the others about its users. */
#define HEAP_FAULT_LIST(X)                                         \
    X(HEAP_SOUND, "nothing is wrong")                              \
    X(HEAP_BAD_BLOCK, "a block's tag is damaged")                  \
    X(HEAP_BAD_NEIGHBOURS, "two blocks disagree about each other") \
    X(HEAP_BAD_LIST, "a list of free blocks is damaged")           \
    X(HEAP_BAD_COUNT, "the counters do not match the blocks")      \
    X(HEAP_WRONG_POINTER, "wrong pointer")                         \
    X(HEAP_DOUBLE_FREE, "double free")                             \
    X(HEAP_UNDERRUN, "write before the block")                     \
    X(HEAP_OVERRUN, "write past the end")                          \
    X(HEAP_USE_AFTER_FREE, "write after free")

enum heap_fault {
#define HEAP_FAULT_ENUM(name, sentence) name,
    HEAP_FAULT_LIST(HEAP_FAULT_ENUM)
#undef HEAP_FAULT_ENUM
};

/* Addresses are 0 where there is nothing to say. */
struct heap_evidence {
    enum heap_fault fault;
    uintptr_t pointer; /* what was handed in, or where the damage was found */
    uintptr_t block; /* the payload of the block that it is about */
    size_t size; /* what was asked for when that was allocated */
    uint8_t found; /* the byte at pointer, where a known one should be */
    uintptr_t allocated_by; /* return addresses */
    uintptr_t freed_by;
    uintptr_t now_by; /* who handed pointer in */
};

/* The fault in words, "double free"; "?" for a value outside the list. Any context. */
const char *heap_fault_sentence(enum heap_fault fault);

/* Writes who a return address belongs to, as ksnprintf() writes and answers. */
typedef size_t heap_caller_writer(char *buffer, size_t size, uintptr_t return_address);

/*
 * The evidence as one sentence, as ksnprintf() writes and answers.
 *
 * write_caller  NULL to name callers by their bare addresses
 *
 * Any context.
 */
size_t heap_evidence_describe(char *buffer, size_t size, const struct heap_evidence *evidence,
                              heap_caller_writer *write_caller);
