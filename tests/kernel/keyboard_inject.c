/* SPDX-License-Identifier: MIT */
/* Bytes from a keyboard that nobody touches. */
#include "tests/kernel/keyboard_inject.h"

#include "drivers/i8042_registers.h"
#include "lib/x86/port.h"

#define LOOKS_MAX 100000

bool keyboard_inject_settle(void)
{
    for (unsigned look = 0; look < LOOKS_MAX; look++) {
        uint8_t status = port_read8(I8042_STATUS);

        if ((status & (I8042_STATUS_INPUT_FULL | I8042_STATUS_OUTPUT_FULL)) == 0) {
            return true;
        }
        port_delay();
    }
    return false;
}

bool keyboard_inject(uint8_t byte)
{
    if (!keyboard_inject_settle()) {
        return false;
    }
    port_write8(I8042_COMMAND, I8042_COMMAND_WRITE_OUTPUT);
    for (unsigned look = 0; (port_read8(I8042_STATUS) & I8042_STATUS_INPUT_FULL) != 0; look++) {
        if (look == LOOKS_MAX) {
            return false;
        }
    }
    port_write8(I8042_DATA, byte);
    return true;
}
