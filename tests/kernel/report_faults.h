/* SPDX-License-Identifier: MIT */
/*
 * Panics whose reports fault themselves, by breakpoints of the CPU's on what
 * the report calls: scenarios, each the end of the machine.
 */
#pragma once

void fault_in_one_part(void);
void fault_in_two_parts(void);

/* And again in whatever asks who owns an address. */
void fault_in_explanation(void);
