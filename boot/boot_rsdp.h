/* SPDX-License-Identifier: MIT */
/*
 * The way to the ACPI tables as a loader passes it on: believed only with a
 * right signature and right checksums.
 */
#pragma once

#include <stdint.h>

#include "boot/boot_builder.h"
#include "boot/phys_window.h"

/*
 * Record a Root System Description Pointer, or report what is wrong with it.
 * Of several good ones the first of the longest form stays.
 *
 * available  bytes that may be read. Where they are too few for the long form
 *            of revision 2, the short one in front of it is taken.
 *
 * Context: any time after boot_builder_begin().
 * Source: ACPI Specification, "Root System Description Pointer (RSDP)".
 */
void boot_rsdp_set(struct boot_builder *builder, const uint8_t *rsdp, uint64_t available);

/*
 * Where the loader told of no sound RSDP, look for one where a BIOS leaves it:
 * in the first KiB of the extended BIOS data area, then between 0xe0000 and
 * 0xfffff. One that carries the signature and is not sound is reported.
 *
 * window  physical memory; what of the above it does not have is not looked at
 *
 * Context: after the parse, while `window` is readable.
 * Source: ACPI Specification, "Finding the RSDP on IA-PC Systems".
 */
void boot_rsdp_search(struct boot_info *info, const struct phys_window *window);
