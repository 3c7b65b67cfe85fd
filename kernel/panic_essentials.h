/* SPDX-License-Identifier: MIT */
/*
 * A report in as few bytes as tell what happened and where, for who has to
 * carry it off a screen: together with the build's debug file every address in
 * it becomes a line of source again. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define PANIC_ESSENTIALS_MAX   130 /* bytes of text */
#define PANIC_ESSENTIALS_TRACE 8

struct panic_essentials {
    const char *sentence;
    uint64_t build_id;
    const char *mnemonic; /* of the exception; NULL for a plain panic, whose next members are 0 */
    uint64_t error_code;
    uint64_t cr2; /* 0 where it has nothing to say */
    const char *function; /* where it happened; NULL outside of all functions */
    uint64_t offset; /* in it */
    uint64_t trace[PANIC_ESSENTIALS_TRACE]; /* addresses of the backtrace, innermost first */
    size_t trace_count;
};

/*
 * Write the essentials as lines, as many of the backtrace's addresses as fit:
 *
 *     write to read-only page of .rodata, 24 bytes int
 *     1652872522850f1e #PF 3 ffffffff8012a018
 *     write_rodata+4
 *     80105a1c 80105b00 80106000
 *
 * A sentence or name that is longer than its share is cut. Kernel addresses
 * are without their upper half, which is all ones.
 *
 * size  bytes in buffer, PANIC_ESSENTIALS_MAX + 1 or more
 *
 * Returns the text's length, PANIC_ESSENTIALS_MAX at most. Any context.
 */
size_t panic_essentials_write(char *buffer, size_t size, const struct panic_essentials *essentials);
