/* SPDX-License-Identifier: MIT */
/*
 * Exceptions: the table of 256 gates, the frame an entry stub saves, and what
 * happens when nobody handles one. Every vector below 32 that is not handled
 * ends in a panic that explains it; a breakpoint is noted and returns.
 * Source: Intel SDM, volume 3, "Interrupt and Exception Handling".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define TRAP_VECTOR_COUNT    256
#define TRAP_EXCEPTION_COUNT 32

enum trap_vector {
    TRAP_DIVIDE_ERROR = 0,
    TRAP_DEBUG = 1,
    TRAP_NMI = 2,
    TRAP_BREAKPOINT = 3,
    TRAP_OVERFLOW = 4,
    TRAP_BOUND_RANGE = 5,
    TRAP_INVALID_OPCODE = 6,
    TRAP_DEVICE_NOT_AVAILABLE = 7,
    TRAP_DOUBLE_FAULT = 8,
    TRAP_INVALID_TSS = 10,
    TRAP_SEGMENT_NOT_PRESENT = 11,
    TRAP_STACK_FAULT = 12,
    TRAP_GENERAL_PROTECTION = 13,
    TRAP_PAGE_FAULT = 14,
    TRAP_X87_ERROR = 16,
    TRAP_ALIGNMENT_CHECK = 17,
    TRAP_MACHINE_CHECK = 18,
    TRAP_SIMD_ERROR = 19,
    TRAP_VIRTUALIZATION = 20,
    TRAP_CONTROL_PROTECTION = 21,
    TRAP_HYPERVISOR_INJECTION = 28,
    TRAP_VMM_COMMUNICATION = 29,
    TRAP_SECURITY = 30,
};

/* Vectors for which the CPU pushes an error code; the stubs push 0 for the others. */
#define TRAP_VECTORS_WITH_ERROR_CODE                                                             \
    (1U << TRAP_DOUBLE_FAULT | 1U << TRAP_INVALID_TSS | 1U << TRAP_SEGMENT_NOT_PRESENT |         \
     1U << TRAP_STACK_FAULT | 1U << TRAP_GENERAL_PROTECTION | 1U << TRAP_PAGE_FAULT |            \
     1U << TRAP_ALIGNMENT_CHECK | 1U << TRAP_CONTROL_PROTECTION | 1U << TRAP_VMM_COMMUNICATION | \
     1U << TRAP_SECURITY)

/* What an entry stub leaves on the stack: lowest address first. */
struct trap_frame {
    uint64_t r15, r14, r13, r12; /* of a hardware interrupt these four are not saved: anything */
    uint64_t r11, r10, r9, r8;
    uint64_t rdi, rsi, rbp, rbx, rdx, rcx, rax;
    uint64_t vector; /* 0-255, pushed by the stub */
    uint64_t error_code; /* the CPU's, or 0 */
    uint64_t rip; /* from here on, as the CPU pushes it */
    uint64_t cs;
    uint64_t rflags;
    uint64_t rsp;
    uint64_t ss;
};
_Static_assert(sizeof(struct trap_frame) == 22 * sizeof(uint64_t), "the stubs push 22 quadwords");

/* Page fault error code. */
#define PAGE_FAULT_PRESENT        (1U << 0) /* a right was missing, not the page */
#define PAGE_FAULT_WRITE          (1U << 1)
#define PAGE_FAULT_USER           (1U << 2)
#define PAGE_FAULT_RESERVED       (1U << 3) /* a reserved bit was set in a table entry */
#define PAGE_FAULT_FETCH          (1U << 4)
#define PAGE_FAULT_PROTECTION_KEY (1U << 5)
#define PAGE_FAULT_SHADOW_STACK   (1U << 6)
#define PAGE_FAULT_SGX            (1U << 15)

/*
 * Takes an exception. Returns true when execution may go on at the frame,
 * which it may have changed; false to let the next in line decide.
 * Context: the trap, interrupts masked.
 */
typedef bool trap_handler(struct trap_frame *frame);

/*
 * Load the IDT: all 256 vectors lead to a stub, #DF, NMI and #MC on stacks of
 * their own. Context: once at boot, after cpu_init(), interrupts masked.
 */
void trap_init(void);

/*
 * Put a handler before the default for one exception.
 *
 * vector   0 to 31
 * handler  NULL for the default again
 *
 * Returns the handler that was there before. Context: not from a trap.
 */
trap_handler *trap_set_handler(unsigned vector, trap_handler *handler);

/* Called by the entry stub for vectors 0-31, on the stack the CPU chose. */
void trap_dispatch(struct trap_frame *frame);

/* The entry stubs, by vector. */
extern const uint64_t trap_stub_table[TRAP_VECTOR_COUNT];
