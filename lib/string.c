/* SPDX-License-Identifier: MIT */
/*
 * Memory and strings. Short blocks are moved as two or four words that may
 * overlap each other, long ones by a `rep` instruction; nothing outside the
 * given ranges is read or written, at any alignment.
 *
 * Compilers turn loops that copy, fill or measure into calls to the very
 * functions defined here, which would then never return. So what copies and
 * fills is a `rep` instruction or has a barrier in its loop, and strlen takes
 * steps that no compiler knows for one.
 */
#include "lib/string.h"

#include <stdint.h>

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/compiler.h"

/* Words at any address, and of whatever type the object there has. */
typedef uint64_t __attribute__((aligned(1), may_alias)) word64_t;
typedef uint32_t __attribute__((aligned(1), may_alias)) word32_t;
typedef uint16_t __attribute__((aligned(1), may_alias)) word16_t;

/* Blocks up to this long take no loop. */
#define SHORT_MAX 32

/*
 * Copy up to SHORT_MAX bytes: the words at the front and the words at the
 * back, which meet or overlap in the middle. All are loaded before any is
 * stored, so the blocks may overlap in any way.
 */
static inline void copy_short(char *to, const char *from, size_t size)
{
    if (size > 16) {
        uint64_t first = *(const word64_t *)from;
        uint64_t second = *(const word64_t *)(from + 8);
        uint64_t third = *(const word64_t *)(from + size - 16);
        uint64_t last = *(const word64_t *)(from + size - 8);

        *(word64_t *)to = first;
        *(word64_t *)(to + 8) = second;
        *(word64_t *)(to + size - 16) = third;
        *(word64_t *)(to + size - 8) = last;
    } else if (size >= 8) {
        uint64_t first = *(const word64_t *)from;
        uint64_t last = *(const word64_t *)(from + size - 8);

        *(word64_t *)to = first;
        *(word64_t *)(to + size - 8) = last;
    } else if (size >= 4) {
        uint32_t first = *(const word32_t *)from;
        uint32_t last = *(const word32_t *)(from + size - 4);

        *(word32_t *)to = first;
        *(word32_t *)(to + size - 4) = last;
    } else if (size >= 2) {
        uint16_t first = *(const word16_t *)from;
        uint16_t last = *(const word16_t *)(from + size - 2);

        *(word16_t *)to = first;
        *(word16_t *)(to + size - 2) = last;
    } else if (size == 1) {
        *to = *from;
    }
}

/* Copy more than SHORT_MAX bytes from the front on; right unless `to` lies within `from`. */
static inline void copy_forward(char *to, const char *from, size_t size)
{
    char *to_last = to + size - 8;
    uint64_t last = *(const word64_t *)(from + size - 8); /* before it is copied over */
    size_t words = size / 8;

    __asm__ volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(words) : : "memory");
    *(word64_t *)to_last = last;
}

/* Copy more than SHORT_MAX bytes from the back on; right where `to` lies above `from`. */
static inline void copy_backward(char *to, const char *from, size_t size)
{
    uint64_t first = *(const word64_t *)from; /* before it is copied over */

    for (; size > 8; size -= 8) {
        *(word64_t *)(to + size - 8) = *(const word64_t *)(from + size - 8);
        COMPILER_BARRIER();
    }
    *(word64_t *)to = first;
}

void *memcpy(void *restrict destination, const void *restrict source, size_t size)
{
    if (size <= SHORT_MAX) {
        copy_short(destination, source, size);
    } else {
        copy_forward(destination, source, size);
    }
    return destination;
}

void *memmove(void *destination, const void *source, size_t size)
{
    if (size <= SHORT_MAX) {
        copy_short(destination, source, size);
    } else if ((uintptr_t)destination - (uintptr_t)source >= size) {
        copy_forward(destination, source, size); /* below wraps round to a large difference */
    } else {
        copy_backward(destination, source, size);
    }
    return destination;
}

void *memset(void *destination, int byte, size_t size)
{
    char *to = destination;
    uint64_t pattern = (uint8_t)byte * 0x0101010101010101UL;

    if (size > SHORT_MAX) {
        char *last = to + size - 8;
        size_t words = size / 8;

        __asm__ volatile("rep stosq" : "+D"(to), "+c"(words) : "a"(pattern) : "memory");
        *(word64_t *)last = pattern;
    } else if (size >= 8) {
        *(word64_t *)to = pattern;
        *(word64_t *)(to + size - 8) = pattern;
        if (size > 16) {
            *(word64_t *)(to + 8) = pattern;
            *(word64_t *)(to + size - 16) = pattern;
        }
    } else if (size >= 4) {
        *(word32_t *)to = (uint32_t)pattern;
        *(word32_t *)(to + size - 4) = (uint32_t)pattern;
    } else if (size >= 2) {
        *(word16_t *)to = (uint16_t)pattern;
        *(word16_t *)(to + size - 2) = (uint16_t)pattern;
    } else if (size == 1) {
        *to = (char)pattern;
    }
    return destination;
}

int memcmp(const void *left, const void *right, size_t size)
{
    const uint8_t *a = left;
    const uint8_t *b = right;

    for (; size >= 8; size -= 8, a += 8, b += 8) {
        uint64_t word_a = *(const word64_t *)a;
        uint64_t word_b = *(const word64_t *)b;

        if (word_a != word_b) {
            /* Most significant byte first, words compare as their first unequal bytes do. */
            return __builtin_bswap64(word_a) < __builtin_bswap64(word_b) ? -1 : 1;
        }
    }
    for (; size > 0; size--, a++, b++) {
        if (*a != *b) {
            return *a - *b;
        }
    }
    return 0;
}

size_t strlen(const char *text)
{
    const char *end = text;

    /* Four steps a turn: close to half the instructions, and not the loop compilers know. */
    for (;; end += 4) {
        if (end[0] == '\0') {
            return (size_t)(end - text);
        }
        if (end[1] == '\0') {
            return (size_t)(end - text) + 1;
        }
        if (end[2] == '\0') {
            return (size_t)(end - text) + 2;
        }
        if (end[3] == '\0') {
            return (size_t)(end - text) + 3;
        }
    }
}

size_t strnlen(const char *text, size_t limit)
{
    size_t length = 0;

    while (length < limit && text[length] != '\0') {
        length++;
    }
    return length;
}

int strcmp(const char *left, const char *right)
{
    while (*left != '\0' && *left == *right) {
        left++;
        right++;
    }
    return (uint8_t)*left - (uint8_t)*right;
}

int strncmp(const char *left, const char *right, size_t limit)
{
    for (; limit > 0; limit--, left++, right++) {
        if (*left != *right || *left == '\0') {
            return (uint8_t)*left - (uint8_t)*right;
        }
    }
    return 0;
}

char *strchr(const char *text, int byte)
{
    for (; *text != (char)byte; text++) {
        if (*text == '\0') {
            return NULL;
        }
    }
    return (char *)text;
}

size_t string_copy(char *destination, size_t size, const char *source, size_t length)
{
    ASSERT(size != 0);
    length = strnlen(source, MIN(length, size - 1));
    memcpy(destination, source, length);
    destination[length] = '\0';
    return length;
}
