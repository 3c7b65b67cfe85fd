/* SPDX-License-Identifier: MIT */
/*
 * The heap under the address sanitizer: of its window only the payloads of live
 * blocks may be used, to the byte. The checked heap itself, which keeps its
 * records between them, is not looked at while it runs. Its own tests' heaps,
 * in arenas of theirs, are let be.
 */
#include "kernel/sanitize/kasan.h"

#include "kernel/symbols.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/status.h"
#include "mm/checked/heap_checked.h"
#include "mm/layout.h"

static const struct heap_checked *kernel_heap;

/* As the linker's --wrap has it: in front of mm/checked/heap_checked.h's functions. */
#define WRAPPED(type, name, ...)     \
    type __real_##name(__VA_ARGS__); \
    type __wrap_##name(__VA_ARGS__); \
    type __wrap_##name(__VA_ARGS__)

static bool is_kernel_heaps(const void *payload)
{
    return (uintptr_t)payload >= HEAP_WINDOW_BASE && (uintptr_t)payload < HEAP_WINDOW_END;
}

/* The size that a live block was asked for with. */
static size_t size_of(const struct heap_checked *checked, const void *payload)
{
    struct heap_evidence evidence;

    return heap_checked_inspect(checked, payload, &evidence) == HEAP_SOUND ? evidence.size : 0;
}

WRAPPED(enum status, heap_checked_init, struct heap_checked *checked, uintptr_t base,
        uintptr_t limit, const struct heap_window *window,
        void (*report)(const struct heap_evidence *evidence))
{
    enum status status;

    if (base == HEAP_WINDOW_BASE) {
        kernel_heap = checked;
    }
    kasan_suspend();
    status = __real_heap_checked_init(checked, base, limit, window, report);
    kasan_resume();
    return status;
}

WRAPPED(void *, heap_checked_alloc, struct heap_checked *checked, size_t size, size_t alignment,
        uintptr_t caller)
{
    void *payload;

    kasan_suspend();
    payload = __real_heap_checked_alloc(checked, size, alignment, caller);
    kasan_resume();
    if (is_kernel_heaps(payload)) {
        kasan_unpoison((uintptr_t)payload, size);
    }
    return payload;
}

/* A pointer that is no live block's is reported here, and the block left as it is. */
static bool is_acceptable(struct sanitizer_caller caller, const struct heap_checked *checked,
                          const void *payload)
{
    struct heap_evidence evidence;
    char place[160];

    if (!is_kernel_heaps(payload) ||
        (heap_checked_inspect(checked, payload, &evidence) != HEAP_DOUBLE_FREE &&
         evidence.fault != HEAP_WRONG_POINTER)) {
        return true;
    }
    kasan_describe_heap(place, sizeof(place), (uintptr_t)payload);
    sanitizer_report(caller, SANITIZER_GOES_ON, NULL, "kasan: %s: 0x%lx, %s",
                     heap_fault_sentence(evidence.fault), (uintptr_t)payload, place);
    return false;
}

WRAPPED(void, heap_checked_free, struct heap_checked *checked, void *payload, uintptr_t caller)
{
    size_t size;

    kasan_suspend();
    if (is_acceptable(SANITIZER_CALLER(), checked, payload)) {
        size = size_of(checked, payload);
        __real_heap_checked_free(checked, payload, caller);
        if (is_kernel_heaps(payload)) {
            kasan_poison((uintptr_t)payload, size, KASAN_FREED);
        }
    }
    kasan_resume();
}

WRAPPED(void *, heap_checked_realloc, struct heap_checked *checked, void *payload, size_t size,
        uintptr_t caller)
{
    void *moved = NULL;

    kasan_suspend();
    if (is_acceptable(SANITIZER_CALLER(), checked, payload)) {
        size_t old_size = size_of(checked, payload);

        moved = __real_heap_checked_realloc(checked, payload, size, caller);
        if (moved != NULL && is_kernel_heaps(payload)) {
            kasan_poison((uintptr_t)payload, old_size,
                         moved == payload ? KASAN_NO_BLOCK : KASAN_FREED);
        }
        if (is_kernel_heaps(moved)) {
            kasan_unpoison((uintptr_t)moved, size);
        }
    }
    kasan_resume();
    return moved;
}

WRAPPED(enum heap_fault, heap_checked_inspect, const struct heap_checked *checked,
        const void *payload, struct heap_evidence *evidence)
{
    enum heap_fault fault;

    kasan_suspend();
    fault = __real_heap_checked_inspect(checked, payload, evidence);
    kasan_resume();
    return fault;
}

WRAPPED(struct heap_place, heap_checked_find, const struct heap_checked *checked, uintptr_t address)
{
    struct heap_place place;

    kasan_suspend();
    place = __real_heap_checked_find(checked, address);
    kasan_resume();
    return place;
}

WRAPPED(enum heap_fault, heap_checked_check, const struct heap_checked *checked,
        struct heap_evidence *evidence)
{
    enum heap_fault fault;

    kasan_suspend();
    fault = __real_heap_checked_check(checked, evidence);
    kasan_resume();
    return fault;
}

WRAPPED(void, heap_checked_trim, struct heap_checked *checked)
{
    kasan_suspend();
    __real_heap_checked_trim(checked);
    kasan_resume();
}

WRAPPED(struct heap_statistics, heap_checked_statistics, const struct heap_checked *checked)
{
    struct heap_statistics statistics;

    kasan_suspend();
    statistics = __real_heap_checked_statistics(checked);
    kasan_resume();
    return statistics;
}

/* ", allocated by name", or nothing where that is not known. */
static size_t describe_caller(char *buffer, size_t size, const char *did, uintptr_t return_address)
{
    struct symbol symbol;

    if (return_address == 0 || !symbol_find(return_address - 1, &symbol)) {
        return 0;
    }
    return ksnprintf(buffer, size, ", %s by %s", did, symbol.name);
}

size_t kasan_describe_heap(char *buffer, size_t size, uintptr_t poisoned)
{
    struct heap_place place = heap_checked_find(kernel_heap, poisoned);
    size_t done;

    if (place.block == 0) {
        return ksnprintf(buffer, size, "where the heap has no block");
    }
    done = kasan_describe_offset(buffer, size, poisoned, place.block, place.size);
    done += ksnprintf(buffer + MIN(done, size), size - MIN(done, size), "the %zu-byte block 0x%lx",
                      place.size, place.block);
    done += describe_caller(buffer + MIN(done, size), size - MIN(done, size), "allocated",
                            place.allocated_by);
    return done + describe_caller(buffer + MIN(done, size), size - MIN(done, size), "freed",
                                  place.freed_by);
}
