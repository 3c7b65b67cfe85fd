/* SPDX-License-Identifier: MIT */
/*
 * The end of the road: one report on every console, then halt. lib/panic.h
 * has panic() itself; this is what only kernel/ needs.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "kernel/trap.h"
#include "lib/panic.h"

/*
 * Panic for an exception: the sentence, then the trap's registers.
 *
 * frame   where it happened
 * format  the sentence, no newline
 *
 * Context: a trap.
 */
NORETURN COLD void panic_at(const struct trap_frame *frame, const char *format, ...)
    PRINTF_LIKE(2, 3);

/* Whether a panic is under way, or over. Any context. */
bool panic_has_begun(void);

/* Whether the machine restarts after the report; it halts until told otherwise. */
void panic_set_reboot(bool reboots);

/* What the report was about; frame is NULL for a plain panic(). */
struct panic_info {
    const char *sentence;
    const struct trap_frame *frame;
    uint64_t cr2; /* as it was when the panic began */
};

/*
 * Have a function called once the report is out, before the halt or restart; it need
 * not return. NULL for none. The test kernel ends the emulator there.
 */
void panic_set_end(void (*end)(const struct panic_info *info));
