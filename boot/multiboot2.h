/* SPDX-License-Identifier: MIT */
/*
 * The Multiboot2 protocol: what the image's header says, and what the loader
 * answers: a block of tags, read here into a boot_info.
 *
 * Source: Multiboot2 Specification 2.0, "OS image format", "Boot information
 * format". Where its tables and its C header differ, GRUB follows the header.
 */
#pragma once

#include "boot/boot_info.h"
#include "boot/phys_window.h"
#include "lib/compiler.h"
#include "lib/status.h"
#include "mm/address.h"

/* The header in the image. */
#define MULTIBOOT2_HEADER_MAGIC                   0xe85250d6
#define MULTIBOOT2_ARCHITECTURE_I386              0
#define MULTIBOOT2_HEADER_TAG_END                 0
#define MULTIBOOT2_HEADER_TAG_INFORMATION_REQUEST 1

/* In EAX when the kernel is entered; EBX has the physical address of the information. */
#define MULTIBOOT2_BOOTLOADER_MAGIC 0x36d76289

/* Types of tags in the information. Others are skipped. */
#define MULTIBOOT2_TAG_END               0
#define MULTIBOOT2_TAG_COMMAND_LINE      1
#define MULTIBOOT2_TAG_LOADER_NAME       2
#define MULTIBOOT2_TAG_MODULE            3
#define MULTIBOOT2_TAG_MEMORY_MAP        6
#define MULTIBOOT2_TAG_FRAMEBUFFER       8
#define MULTIBOOT2_TAG_ELF_SECTIONS      9
#define MULTIBOOT2_TAG_EFI64             12
#define MULTIBOOT2_TAG_ACPI_OLD          14
#define MULTIBOOT2_TAG_ACPI_NEW          15
#define MULTIBOOT2_TAG_EFI_MEMORY_MAP    17
#define MULTIBOOT2_TAG_EFI_BOOT_SERVICES 18

/* The header of the information, and of each tag; tags start at multiples of the alignment. */
#define MULTIBOOT2_INFO_HEADER_SIZE 8
#define MULTIBOOT2_TAG_HEADER_SIZE  8
#define MULTIBOOT2_TAG_ALIGNMENT    8

/* The smallest information there is: its header and an end tag. */
#define MULTIBOOT2_INFO_SIZE_LEAST (MULTIBOOT2_INFO_HEADER_SIZE + MULTIBOOT2_TAG_HEADER_SIZE)

/* Types of framebuffers, as their tag says. */
#define MULTIBOOT2_FRAMEBUFFER_INDEXED  0
#define MULTIBOOT2_FRAMEBUFFER_RGB      1
#define MULTIBOOT2_FRAMEBUFFER_EGA_TEXT 2

/*
 * Read boot information.
 *
 * window   the memory that may be read; only total_size bytes of it are, from address on
 * address  of the information, as EBX had it
 * limits   the kernel's place and the CPU's width
 * info     out: everything that could be understood, problems included, on
 *          failure too: the sentence that ends the boot needs them
 *
 * Whatever the bytes, it returns, in time proportional to total_size, which is
 * cut to BOOT_TABLE_SIZE_MAX and to the window. A tag that is malformed is
 * reported and skipped; one whose own size is impossible ends the walk. Tags
 * may come in any order. Memory map tags add up, modules repeat, of all others
 * that are known the first counts. A total_size that is no multiple of 8 is
 * legal: the last tag's padding is nobody's.
 *
 * Returns OK
 *         ERR_BAD_ARG    address is misaligned or outside the window
 *         ERR_CORRUPT    total_size is less than a header and an end tag
 *         ERR_NOT_FOUND  no memory map that makes sense
 *         ERR_NO_MEMORY  the memory map has no available page
 *
 * Context: before memory is given out; any stack with 2 KiB to spare.
 */
MUST_CHECK enum status multiboot2_parse(const struct phys_window *window, paddr_t address,
                                        const struct boot_limits *limits, struct boot_info *info);

/*
 * Read only the framebuffer, for whoever cannot wait for the rest or does not
 * live to see it. The parameters are those of multiboot2_parse(); nothing else
 * in `info` counts.
 */
void multiboot2_find_framebuffer(const struct phys_window *window, paddr_t address,
                                 const struct boot_limits *limits, struct boot_info *info);
