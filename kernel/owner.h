/* SPDX-License-Identifier: MIT */
/*
 * Who owns an address: what of the kernel lies there, whether mapped or not.
 * owner_describe() is pure; owner_find() looks at the running kernel, with care.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum owner_kind {
    OWNER_UNKNOWN, /* nobody has asked */
    OWNER_NOBODY,
    OWNER_NOT_CANONICAL,
    OWNER_LOW_HALF, /* nothing of this kernel is there */
    OWNER_CODE,
    OWNER_DATA, /* of the image: .rodata, .data, .bss */
    OWNER_STACK,
    OWNER_GUARD, /* the page below a stack */
    OWNER_BLOCK, /* of the heap, live */
    OWNER_FREED_BLOCK,
    OWNER_FREE_HEAP, /* in the heap's window, in no block that is known */
    OWNER_HEAP_WINDOW, /* where the heap has not grown to */
    OWNER_DIRECT_MAP,
    OWNER_DEVICE,
};

#define OWNER_NAME_MAX  39 /* characters of a symbol's or task's name; a longer one is cut */
#define OWNER_TEXT_SIZE 144 /* room for whatever owner_describe() writes */

struct owner {
    enum owner_kind kind;
    uint64_t address; /* that was asked about */
    const char *region; /* of image addresses, ".rodata" */
    char name[OWNER_NAME_MAX + 1]; /* the symbol's or stack's, cut to fit; empty for none */
    bool is_task; /* the stack is a task's, and so is the name */
    uint64_t start; /* of a symbol that has a name, of a stack or block */
    uint64_t size; /* of a block */
    const char *allocated_by; /* functions, by their symbols' names; NULL where not known */
    const char *freed_by;
    char frame[48]; /* what the direct map's frame is, in words */
};

/*
 * Find out who owns an address.
 *
 * Context: any; slow, as it may walk the heap. On damaged structures it may
 * fault, so it is for who can stand that, or knows that they are whole.
 */
void owner_find(uint64_t address, struct owner *owner);

/*
 * Write who it is in words, as they stand behind "in": ".rodata, 24 bytes into
 * `digits`", "a 64-byte heap block freed by `close`", "the stack of task `a`".
 *
 * size  bytes in buffer, 1 or more; the text is cut to fit
 *
 * Returns buffer. Context: any.
 */
const char *owner_describe(char *buffer, size_t size, const struct owner *owner);
