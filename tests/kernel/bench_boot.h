/* SPDX-License-Identifier: MIT */
/* What the boot cost, from the first instruction of the entry code. */
#pragma once

/* Note the time: the main loop is about to be entered. Context: once. */
void boot_cycles_note(void);
