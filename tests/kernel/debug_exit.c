/* SPDX-License-Identifier: MIT */
/* QEMU's isa-debug-exit, and what Bochs has instead. */
#include "tests/kernel/debug_exit.h"

#include "kernel/serial.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"

#define DEBUG_EXIT_PORT 0xf4

/* Bochs ends when this word is written here, byte by byte; it knows no status. */
#define BOCHS_SHUTDOWN_PORT 0x8900
#define BOCHS_SHUTDOWN_WORD "Shutdown"

void debug_exit(enum debug_exit_value value)
{
    serial_drain();
    port_write32(DEBUG_EXIT_PORT, value);
    for (const char *byte = BOCHS_SHUTDOWN_WORD; *byte != '\0'; byte++) {
        port_write8(BOCHS_SHUTDOWN_PORT, (uint8_t)*byte);
    }
    cpu_halt_forever();
}
