/* SPDX-License-Identifier: MIT */
/*
 * Restart. Source: IBM PC AT Technical Reference, "Keyboard controller
 * commands"; Intel SDM, volume 3, "Interrupt 8 - Double Fault Exception".
 */
#include "kernel/power.h"

#include "drivers/i8042.h"
#include "kernel/descriptors.h"
#include "kernel/serial.h"
#include "lib/x86/cpu.h"

void power_reboot(void)
{
    const struct descriptor_table_pointer empty = {0};

    irq_disable();
    serial_drain();
    i8042_pulse_reset();
    /* With no gate to go to, the breakpoint becomes a double fault, and that a shutdown. */
    __asm__ volatile("lidt %0; int3" : : "m"(empty));
    cpu_halt_forever();
}
