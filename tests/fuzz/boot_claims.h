/* SPDX-License-Identifier: MIT */
/* What boot information may claim, whatever it was made from. */
#pragma once

#include "boot/boot_info.h"
#include "lib/status.h"

/* A kernel of half a MiB at 1 MiB, on a CPU of 36 bits. */
extern const struct boot_limits boot_claims_limits;

/* Whether a byte of [start, start + size) is free. */
bool boot_claims_is_free(const struct boot_info *info, uint64_t start, uint64_t size);

/* ASSERT all that holds for what a parser has answered. */
void boot_claims_check(const struct boot_info *info, enum status status);
