/* SPDX-License-Identifier: MIT */
/*
 * The address sanitizer's shadow: a byte for each eight of memory, which says
 * how many of the eight may be used. It is there for the kernel's image, and
 * for the heap and tasks' stacks as far as they are mapped; other memory is not
 * looked at. Source: GCC's and Clang's -fsanitize=kernel-address.
 *
 * Private to kernel/sanitize/kasan*.c, and to the tests of it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/sanitize/report.h"

/* The compiler is told the same: the shadow of 0xffff800000000000 is 0xffffec0000000000. */
#define KASAN_SHADOW_OFFSET 0xdffffc0000000000UL
#define KASAN_SHADOW_SHIFT  3
#define KASAN_GRANULE       (1UL << KASAN_SHADOW_SHIFT)

/*
 * What a byte of the shadow says: 0 for all eight usable, 1 to 7 for so many of
 * them, and else none, because of this. The first five are the compiler's.
 */
enum kasan_poison {
    KASAN_STACK_LEFT = 0xf1,
    KASAN_STACK_BETWEEN = 0xf2,
    KASAN_STACK_RIGHT = 0xf3,
    KASAN_OUT_OF_SCOPE = 0xf8,
    KASAN_GLOBAL = 0xf9,
    KASAN_NO_BLOCK = 0xfa,
    KASAN_FREED = 0xfd,
};

static inline uint8_t *kasan_shadow(uintptr_t address)
{
    return (uint8_t *)((address >> KASAN_SHADOW_SHIFT) + KASAN_SHADOW_OFFSET);
}

/* Map the shadow of the image in the tables that are loaded, whichever these are. */
void kasan_map_image_shadow(void);

/* Whether there is shadow for an address. */
bool kasan_has_shadow(uintptr_t address);

/*
 * Make a range unusable, for one reason; make it usable. Only as far as it has
 * shadow.
 *
 * address  a multiple of KASAN_GRANULE
 * size     any; the rest of a last piece of eight is unusable afterwards, in
 *          both cases
 */
void kasan_poison(uintptr_t address, size_t size, enum kasan_poison why);
void kasan_unpoison(uintptr_t address, size_t size);

/* The first byte of a range that may not be used; the range's end if there is none. */
uintptr_t kasan_first_poisoned(uintptr_t address, size_t size);

enum kasan_access { KASAN_READ, KASAN_WRITE };

/* Report a range of which something may not be used, unless looking is suspended. */
void kasan_check(struct sanitizer_caller caller, uintptr_t address, size_t size,
                 enum kasan_access access);

/* Report an access to a byte that may not be used. */
void kasan_report(struct sanitizer_caller caller, uintptr_t address, size_t size,
                  enum kasan_access access, uintptr_t poisoned);

/*
 * Between these nothing is looked at: what runs handles memory that is nobody's.
 * They nest. An exception that leaves them sets the depth back.
 */
void kasan_suspend(void);
void kasan_resume(void);
unsigned kasan_suspension(void);
void kasan_set_suspension(unsigned depth);

/* In words where a byte is that may not be used; as ksnprintf() writes and answers. */
size_t kasan_describe_heap(char *buffer, size_t size, uintptr_t poisoned);
size_t kasan_describe_global(char *buffer, size_t size, uintptr_t poisoned);
size_t kasan_describe_stack(char *buffer, size_t size, uintptr_t poisoned);

/* " N bytes behind `what`", in front of it or into it, in the way these three say it. */
size_t kasan_describe_offset(char *buffer, size_t size, uintptr_t poisoned, uintptr_t object,
                             size_t object_size);
