/* SPDX-License-Identifier: MIT */
/*
 * Brings up memory: frames from the boot information, the kernel's own address
 * space, the heap. The modules of mm/ know nothing of boot information or
 * CPU features; here is where they get them.
 */
#pragma once

/*
 * Set up frames, and an address space of the kernel's own: what only the boot
 * tables mapped is out of reach afterwards, and consoles have moved. Panics
 * where the machine has too little memory for the kernel to go on.
 *
 * Context: once at boot, after boot_load(), interrupts masked.
 */
void memory_init(void);

/* Open the heap; panics likewise. Context: once at boot, after memory_init(). */
void memory_open_heap(void);

/*
 * Log what there is, "N KiB usable, N KiB reserved, N KiB free", and what the
 * audit of the address space finds.
 *
 * Context: after memory_init().
 */
void memory_report(void);
