/* SPDX-License-Identifier: MIT */
/*
 * Ports by which emulators are turned off, for those that come without ACPI
 * tables. On a real machine other devices may be behind these ports.
 * Source: QEMU's and Bochs's default chipset addresses, Bochs's "shutdown
 * port", VirtualBox's.
 */
#pragma once

/* Write what each of them takes for soft-off. Returns when none was there. Any context. */
void emulator_power_off(void);
