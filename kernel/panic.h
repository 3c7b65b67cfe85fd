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
 * Panic for an exception: what happened is found out from the frame and what
 * it points at, and said in a sentence.
 *
 * frame  where it happened; CR2 is as the exception left it
 *
 * Context: a trap.
 */
NORETURN COLD void panic_at(const struct trap_frame *frame);

/* Whether a panic is under way, or over. Any context. */
bool panic_has_begun(void);

/* Whether the machine restarts after the report; it halts until told otherwise. Any context. */
void panic_set_reboot(bool reboots);

/* What the report was about; frame is NULL for a plain panic(). */
struct panic_info {
    const char *sentence;
    const struct trap_frame *frame;
    uint64_t cr2; /* as it was when the panic began */
};

/*
 * Have a function called once the report is out, before the halt or restart; it
 * need not return. NULL for none. The test kernel ends the emulator there.
 */
void panic_set_end(void (*end)(const struct panic_info *info));
