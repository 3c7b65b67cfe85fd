/* SPDX-License-Identifier: MIT */
/*
 * Running code step by step: between these the CPU raises a debug exception
 * after each instruction, in the calling task alone. trap_set_handler() says
 * what it meets.
 */
#pragma once

#include "lib/x86/cpu.h"

static inline void stepping_begin(void)
{
    __asm__ volatile("pushfq; orq %0, (%%rsp); popfq" : : "i"(RFLAGS_TF) : "memory", "cc");
}

static inline void stepping_end(void)
{
    __asm__ volatile("pushfq; andq %0, (%%rsp); popfq" : : "i"(~(int)RFLAGS_TF) : "memory", "cc");
}
