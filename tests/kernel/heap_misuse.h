/* SPDX-License-Identifier: MIT */
/*
 * Scenarios of the heap: each does one thing that its users must not do, and
 * the checked heap ends it with a panic that names the functions of this file.
 */
#pragma once

void heap_double_free(void);
void heap_wrong_pointer(void);
void heap_overrun(void);
void heap_use_after_free(void);
void heap_in_interrupt(void);
