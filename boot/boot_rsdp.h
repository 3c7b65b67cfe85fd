/* SPDX-License-Identifier: MIT */
/*
 * The way to the ACPI tables as a loader passes it on: believed only with a
 * right signature and right checksums.
 */
#pragma once

#include <stdint.h>

#include "boot/boot_builder.h"

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
