/* SPDX-License-Identifier: MIT */
/* QEMU's isa-debug-exit, and what Bochs has instead. */
#include "tests/kernel/debug_exit.h"

#include "kernel/serial.h"
#include "lib/format.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"
#include "tests/kernel/ktap.h"

#define DEBUG_EXIT_PORT 0xf4

/*
 * Bochs ends when this word is written here, byte by byte; it knows no status. So
 * the verdict goes before it, as a line on the debug console.
 */
#define BOCHS_SHUTDOWN_PORT 0x8900
#define BOCHS_SHUTDOWN_WORD "Shutdown"

static void write_bytes(uint16_t port, const char *text)
{
    for (const char *byte = text; *byte != '\0'; byte++) {
        port_write8(port, (uint8_t)*byte);
    }
}

void debug_exit(enum debug_exit_value value)
{
    char verdict[24];

    serial_drain();
    port_write32(DEBUG_EXIT_PORT, value); /* from here on it is not QEMU */
    ksnprintf(verdict, sizeof(verdict), "\n# exit 0x%x\n", value);
    write_bytes(DEBUG_CONSOLE_PORT, verdict);
    write_bytes(BOCHS_SHUTDOWN_PORT, BOCHS_SHUTDOWN_WORD);
    cpu_halt_forever();
}
