/* SPDX-License-Identifier: MIT */
/*
 * lib/string.h's functions that are written with `rep` instructions, which the
 * compiler does not see into: their ranges are looked at before. Calls that the
 * compiler makes on its own come here as well.
 */
#include "kernel/sanitize/kasan.h"

void *__real_memcpy(void *restrict destination, const void *restrict source, size_t size);
void *__real_memmove(void *destination, const void *source, size_t size);
void *__real_memset(void *destination, int byte, size_t size);
void *__wrap_memcpy(void *restrict destination, const void *restrict source, size_t size);
void *__wrap_memmove(void *destination, const void *source, size_t size);
void *__wrap_memset(void *destination, int byte, size_t size);

/* What copies or fills is checked already. */
static void *done(void *destination)
{
    kasan_resume();
    return destination;
}

void *__wrap_memcpy(void *restrict destination, const void *restrict source, size_t size)
{
    kasan_check(SANITIZER_CALLER(), (uintptr_t)source, size, KASAN_READ);
    kasan_check(SANITIZER_CALLER(), (uintptr_t)destination, size, KASAN_WRITE);
    kasan_suspend();
    return done(__real_memcpy(destination, source, size));
}

void *__wrap_memmove(void *destination, const void *source, size_t size)
{
    kasan_check(SANITIZER_CALLER(), (uintptr_t)source, size, KASAN_READ);
    kasan_check(SANITIZER_CALLER(), (uintptr_t)destination, size, KASAN_WRITE);
    kasan_suspend();
    return done(__real_memmove(destination, source, size));
}

void *__wrap_memset(void *destination, int byte, size_t size)
{
    kasan_check(SANITIZER_CALLER(), (uintptr_t)destination, size, KASAN_WRITE);
    kasan_suspend();
    return done(__real_memset(destination, byte, size));
}
