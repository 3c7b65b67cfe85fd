/* SPDX-License-Identifier: MIT */
/*
 * Every exception, raised: by what raises it on a CPU where ring 0 can do that,
 * else by INT, which for an exception without an error code is the same to the
 * kernel, else by entering its stub with the frame that the CPU would push.
 *
 * Each function is one of a kind: it leaves tables and control registers as the
 * exception needs them. Context: a boot that ends here; task, interrupts on or off.
 */
#pragma once

#include <stdint.h>

#include "kernel/trap.h"

/* By vector. Breakpoints, and they alone, come back. */
extern void (*const raise_exception[TRAP_EXCEPTION_COUNT])(void);

/* Those that scenarios have by name. */
void raise_divide_error(void);
void raise_invalid_opcode(void);
void raise_general_protection(void);
void raise_page_fault(void);
void raise_breakpoint(void);

/* Nothing is mapped there: where raise_page_fault() strikes. */
#define RAISE_UNMAPPED_ADDRESS 0xffffe9000000beefUL

/* Error codes, of those that bring one that is not 0. */
#define RAISE_TSS_ERROR        0x18U /* the task state segment's own selector */
#define RAISE_SELECTOR_ERROR   0x28U /* the selector of a slot past the kernel's own GDT */
#define RAISE_CONTROL_ERROR    3U /* no ENDBR where an indirect jump led */
#define RAISE_HYPERVISOR_ERROR 0x72U /* the exit code of CPUID */
#define RAISE_SECURITY_ERROR   1U
