/* SPDX-License-Identifier: MIT */
/*
 * The PVH protocol, by which `qemu -kernel` and Xen start a kernel: a note in
 * the image says where, and a start_info structure says with what.
 *
 * Source: Xen, "x86/HVM direct boot ABI", and public header
 * arch-x86/hvm/start_info.h.
 */
#pragma once

#include "boot/boot_info.h"
#include "boot/phys_window.h"
#include "lib/compiler.h"
#include "lib/status.h"
#include "mm/address.h"

/* The image's note, of name "Xen": the 32-bit entry point, as a physical address. */
#define PVH_NOTE_TYPE_ENTRY32 18

/* The structure's first word; EBX has its physical address when the kernel is entered. */
#define PVH_START_INFO_MAGIC 0x336ec578

/*
 * Read a start_info and what it points to.
 *
 * window   the memory that may be read
 * address  of the structure, as EBX had it; any alignment
 * limits   the kernel's place and the CPU's width
 * info     out: everything that could be understood, problems included, on
 *          failure too: the sentence that ends the boot needs them
 *
 * Whatever the bytes, it returns. A table that is not wholly in the window or
 * is larger than BOOT_TABLE_SIZE_MAX is reported and left out.
 *
 * Returns OK
 *         ERR_BAD_ARG    address is outside the window
 *         ERR_CORRUPT    the magic number is not there
 *         ERR_NOT_FOUND  no memory map (version 0 has none)
 *         ERR_NO_MEMORY  the memory map has no available page
 *
 * Context: before memory is given out; any stack with 2 KiB to spare.
 */
MUST_CHECK enum status pvh_parse(const struct phys_window *window, paddr_t address,
                                 const struct boot_limits *limits, struct boot_info *info);
