/* SPDX-License-Identifier: MIT */
/*
 * Who called whom, by the chain of frame pointers, as "#N address function+offset"
 * lines, innermost first. The chain is followed only within the kernel's
 * stacks and to a fixed depth, so a broken one costs the rest of the trace and
 * no more. Any context, printing allowed.
 */
#pragma once

#include <stdint.h>

/* From the instruction that trapped: RIP, RSP and RBP as they were there. */
void backtrace_print_trap(uint64_t rip, uint64_t stack_pointer, uint64_t frame_pointer);

/* From a call: the address it returns to, and the caller's RBP. */
void backtrace_print_call(uint64_t return_address, uint64_t frame_pointer);
