/* SPDX-License-Identifier: MIT */
/* All registers an entry stub must give back, before and after one. */
#pragma once

#include <stdint.h>

/* The assembly knows the order. */
struct registers {
    uint64_t rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15, rsp;
};

/* Fill every register with a value of its own, raise int3, and note both sides of it. */
void registers_across_int3(struct registers *before, struct registers *after);

/* The same across vector 37, IRQ 5. */
void registers_across_irq(struct registers *before, struct registers *after);
