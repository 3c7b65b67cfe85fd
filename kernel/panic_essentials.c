/* SPDX-License-Identifier: MIT */
/* Text to a fixed budget: each line has its share, the backtrace what is left. */
#include "kernel/panic_essentials.h"

#include "lib/assert.h"
#include "lib/format.h"

#define SENTENCE_MAX 48
#define FUNCTION_MAX 20

/* Kernel addresses have these bits, so they need not be said. */
#define KERNEL_HALF 0xffffffff00000000UL

static uint64_t without_half(uint64_t address)
{
    return (address & KERNEL_HALF) == KERNEL_HALF ? address & ~KERNEL_HALF : address;
}

size_t panic_essentials_write(char *buffer, size_t size, const struct panic_essentials *essentials)
{
    size_t length;

    ASSERT_CMP(size, >, (size_t)PANIC_ESSENTIALS_MAX);
    size = PANIC_ESSENTIALS_MAX + 1;
    length = ksnprintf(buffer, size, "%.*s\n%016lx", SENTENCE_MAX, essentials->sentence,
                       essentials->build_id);
    if (essentials->mnemonic != NULL) {
        length += ksnprintf(buffer + length, size - length, " %.4s %lx", essentials->mnemonic,
                            essentials->error_code & UINT32_MAX);
    }
    if (essentials->cr2 != 0) {
        length += ksnprintf(buffer + length, size - length, " %lx", essentials->cr2);
    }
    if (essentials->function != NULL) {
        length += ksnprintf(buffer + length, size - length, "\n%.*s+%lx", FUNCTION_MAX,
                            essentials->function, essentials->offset & UINT32_MAX);
    }
    for (size_t i = 0; i < essentials->trace_count; i++) {
        char address[20];
        size_t added = ksnprintf(address, sizeof(address), "%c%lx", i == 0 ? '\n' : ' ',
                                 without_half(essentials->trace[i]));

        if (length + added >= size) {
            break;
        }
        length += ksnprintf(buffer + length, size - length, "%s", address);
    }
    return length;
}
