/* SPDX-License-Identifier: MIT */
/* The trap handler's half of probe_read(). */
#include "kernel/probe.h"

/* In kernel/probe_read.asm: the instruction that may fault, and where it then goes on. */
extern const uint8_t probe_read_access[] __asm__("probe_read.access");
extern const uint8_t probe_read_failed[] __asm__("probe_read.failed");

void probe_string(char *to, size_t size, const char *from)
{
    size_t length = 0;

    do {
        if (!probe_read(&to[length], (uint64_t)from + length, 1)) {
            to[0] = '?';
            length = 1;
            break;
        }
    } while (to[length] != '\0' && ++length < size - 1);
    to[length] = '\0';
}

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
