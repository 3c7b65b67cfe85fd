/* SPDX-License-Identifier: MIT */
/*
 * Brings up memory: frames from the boot information, the kernel's own address
 * space, the heap. The modules of mm/ know nothing of boot information or
 * CPU features; here is where they get them.
 */
#pragma once

/*
 * Panics where the machine has too little memory for the kernel to go on.
 *
 * Context: once at boot, after boot_load(), interrupts masked.
 */
void memory_init(void);

/* Log what there is: "N KiB usable, N KiB reserved, N KiB free". */
void memory_report(void);
