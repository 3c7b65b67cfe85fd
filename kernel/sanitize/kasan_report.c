/* SPDX-License-Identifier: MIT */
/* What was done, and to what, in one sentence; and the shadow around it. */
#include "kernel/sanitize/kasan.h"

#include "lib/bits.h"
#include "lib/format.h"
#include "mm/layout.h"

#define ROW_BYTES 16 /* of shadow */
#define ROWS      3

size_t kasan_describe_offset(char *buffer, size_t size, uintptr_t poisoned, uintptr_t object,
                             size_t object_size)
{
    uintptr_t end = object + object_size;
    const char *where = poisoned < object ? "in front of" : poisoned >= end ? "behind" : "into";
    size_t bytes = poisoned < object ? object - poisoned
                   : poisoned >= end ? poisoned - end
                                     : poisoned - object;

    return ksnprintf(buffer, size, "%zu byte%s %s ", bytes, bytes == 1 ? "" : "s", where);
}

/* Why a byte may not be used: of a piece that is usable in part the next one says it. */
static uint8_t reason_at(uintptr_t poisoned)
{
    uint8_t reason = *kasan_shadow(poisoned);

    if (reason < KASAN_GRANULE && kasan_has_shadow(poisoned + KASAN_GRANULE)) {
        reason = *kasan_shadow(poisoned + KASAN_GRANULE);
    }
    return reason;
}

static void describe(char *buffer, size_t size, uintptr_t poisoned)
{
    size_t done;

    switch (reason_at(poisoned)) {
    case KASAN_NO_BLOCK:
    case KASAN_FREED:
        kasan_describe_heap(buffer, size, poisoned);
        break;
    case KASAN_GLOBAL:
        kasan_describe_global(buffer, size, poisoned);
        break;
    case KASAN_OUT_OF_SCOPE:
        done = ksnprintf(buffer, size, "out of scope, ");
        kasan_describe_stack(buffer + MIN(done, size), size - MIN(done, size), poisoned);
        break;
    case KASAN_STACK_LEFT:
    case KASAN_STACK_BETWEEN:
    case KASAN_STACK_RIGHT:
        kasan_describe_stack(buffer, size, poisoned);
        break;
    default:
        ksnprintf(buffer, size, "poisoned by 0x%02x", reason_at(poisoned));
    }
}

/* Rows of the shadow, that of the byte in question in brackets. */
static void shadow_text(char *buffer, size_t size, uintptr_t poisoned)
{
    uintptr_t span = ROW_BYTES * KASAN_GRANULE;
    uintptr_t row = ALIGN_DOWN(poisoned, span) - ROWS / 2 * span;
    size_t done = 0;

    for (uintptr_t at = row; at < row + ROWS * span; at += KASAN_GRANULE) {
        bool is_it = at == ALIGN_DOWN(poisoned, KASAN_GRANULE);

        if (at % span == 0) {
            done += ksnprintf(buffer + done, size - done,
                              "%sshadow of 0x%016lx:", at == row ? "" : "\n", at);
        }
        if (kasan_has_shadow(at)) {
            done += ksnprintf(buffer + done, size - done, is_it ? "[%02x]" : " %02x ",
                              *kasan_shadow(at));
        }
    }
}

void kasan_report(struct sanitizer_caller caller, uintptr_t address, size_t size,
                  enum kasan_access access, uintptr_t poisoned)
{
    char place[160];
    char shadow[ROWS * (32 + 4 * ROW_BYTES)];

    kasan_suspend();
    describe(place, sizeof(place), poisoned);
    shadow_text(shadow, sizeof(shadow), poisoned);
    sanitizer_report(caller, SANITIZER_GOES_ON, shadow, "kasan: %s of %zu byte%s at 0x%lx, %s",
                     access == KASAN_WRITE ? "write" : "read", size, size == 1 ? "" : "s", address,
                     place);
    kasan_resume();
}

const char *__real_region_describe(char *buffer, size_t size, uint64_t address);
const char *__wrap_region_describe(char *buffer, size_t size, uint64_t address);

/* The one region that other kernels do not have. */
const char *__wrap_region_describe(char *buffer, size_t size, uint64_t address)
{
    if (address >= (uint64_t)kasan_shadow(DIRECT_MAP_BASE) &&
        address <= (uint64_t)kasan_shadow(UINT64_MAX)) {
        ksnprintf(buffer, size, "shadow of the address sanitizer");
        return buffer;
    }
    return __real_region_describe(buffer, size, address);
}
