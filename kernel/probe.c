/* SPDX-License-Identifier: MIT */
/* The trap handler's half of probe_read(). */
#include "kernel/probe.h"

/* In kernel/probe_read.asm: the instruction that may fault, and where it then goes on. */
extern const uint8_t probe_read_access[] __asm__("probe_read.access");
extern const uint8_t probe_read_failed[] __asm__("probe_read.failed");

bool probe_take_fault(struct trap_frame *frame)
{
    if (frame->rip != (uint64_t)probe_read_access) {
        return false;
    }
    if (frame->vector != TRAP_PAGE_FAULT && frame->vector != TRAP_GENERAL_PROTECTION) {
        return false;
    }
    frame->rip = (uint64_t)probe_read_failed;
    return true;
}
