/* SPDX-License-Identifier: MIT */
/* QEMU, Bochs and VirtualBox, by their fixed ports. */
#include "drivers/emulator_power.h"

#include <stdint.h>

#include "lib/bits.h"
#include "lib/x86/port.h"

/* Where these put their PM1a control block, and S5 with SLP_EN in its terms. */
static const struct {
    uint16_t port;
    uint16_t value;
} control_blocks[] = {
    {0x604, 0x2000}, /* QEMU, either board */
    {0xb004, 0x2000}, /* Bochs, and QEMU of old */
    {0x4004, 0x3400}, /* VirtualBox */
};

/* Bochs ends when this word is written here, byte by byte. */
#define BOCHS_SHUTDOWN_PORT 0x8900
#define BOCHS_SHUTDOWN_WORD "Shutdown"

void emulator_power_off(void)
{
    for (const char *byte = BOCHS_SHUTDOWN_WORD; *byte != '\0'; byte++) {
        port_write8(BOCHS_SHUTDOWN_PORT, (uint8_t)*byte);
    }
    for (unsigned i = 0; i < ARRAY_SIZE(control_blocks); i++) {
        port_write16(control_blocks[i].port, control_blocks[i].value);
    }
}
