/* SPDX-License-Identifier: MIT */
/*
 * The functions that the compiler calls: before each access, around the scope
 * of each local variable whose address is taken, and for each file's globals.
 */
#include "kernel/sanitize/kasan.h"

#include "lib/compiler.h"
#include "lib/string.h"

static unsigned suspended;

void kasan_suspend(void)
{
    suspended++;
}

void kasan_resume(void)
{
    suspended--;
}

unsigned kasan_suspension(void)
{
    return suspended;
}

void kasan_set_suspension(unsigned depth)
{
    suspended = depth;
}

void kasan_check(struct sanitizer_caller caller, uintptr_t address, size_t size,
                 enum kasan_access access)
{
    uintptr_t poisoned;

    if (suspended != 0) {
        return;
    }
    poisoned = kasan_first_poisoned(address, size);
    if (poisoned != address + size) {
        kasan_report(caller, address, size, access, poisoned);
    }
}

/* An access of up to 16 bytes: nearly always within eight of which all may be used. */
static ALWAYS_INLINE void check_small(struct sanitizer_caller caller, uintptr_t address,
                                      size_t size, enum kasan_access access)
{
    if (suspended != 0 || !kasan_has_shadow(address) ||
        (address % KASAN_GRANULE + size <= KASAN_GRANULE && *kasan_shadow(address) == 0)) {
        return;
    }
    kasan_check(caller, address, size, access);
}

/* The compiler's names. "noabort": the access takes place whatever is found. */
#define ACCESS(name, size, access)                                  \
    void __asan_##name##_noabort(uintptr_t address);                \
    void __asan_##name##_noabort(uintptr_t address)                 \
    {                                                               \
        check_small(SANITIZER_CALLER(), address, (size), (access)); \
    }

ACCESS(load1, 1, KASAN_READ)
ACCESS(load2, 2, KASAN_READ)
ACCESS(load4, 4, KASAN_READ)
ACCESS(load8, 8, KASAN_READ)
ACCESS(load16, 16, KASAN_READ)
ACCESS(store1, 1, KASAN_WRITE)
ACCESS(store2, 2, KASAN_WRITE)
ACCESS(store4, 4, KASAN_WRITE)
ACCESS(store8, 8, KASAN_WRITE)
ACCESS(store16, 16, KASAN_WRITE)

void __asan_loadN_noabort(uintptr_t address, size_t size);
void __asan_storeN_noabort(uintptr_t address, size_t size);
void __asan_handle_no_return(void);
void __asan_poison_stack_memory(uintptr_t address, size_t size);
void __asan_unpoison_stack_memory(uintptr_t address, size_t size);

void __asan_loadN_noabort(uintptr_t address, size_t size)
{
    kasan_check(SANITIZER_CALLER(), address, size, KASAN_READ);
}

void __asan_storeN_noabort(uintptr_t address, size_t size)
{
    kasan_check(SANITIZER_CALLER(), address, size, KASAN_WRITE);
}

/* Called before what does not return: its stack is cleared when it is used again. */
void __asan_handle_no_return(void)
{
}

void __asan_poison_stack_memory(uintptr_t address, size_t size)
{
    kasan_poison(address, size, KASAN_OUT_OF_SCOPE);
}

void __asan_unpoison_stack_memory(uintptr_t address, size_t size)
{
    kasan_unpoison(address, size);
}

/* Clang's, for frames with much in them: bytes of the shadow itself. */
#define SET_SHADOW(name, value)                            \
    void __asan_set_shadow_##name(void *shadow, size_t n); \
    void __asan_set_shadow_##name(void *shadow, size_t n)  \
    {                                                      \
        memset(shadow, (value), n);                        \
    }

SET_SHADOW(00, 0)
SET_SHADOW(f1, KASAN_STACK_LEFT)
SET_SHADOW(f2, KASAN_STACK_BETWEEN)
SET_SHADOW(f3, KASAN_STACK_RIGHT)
SET_SHADOW(f8, KASAN_OUT_OF_SCOPE)
