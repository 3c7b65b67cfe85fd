/* SPDX-License-Identifier: MIT */
/*
 * Who called whom, by the chain of frame pointers, innermost first. The chain
 * is followed only within the kernel's stacks and to a fixed depth, and each
 * record is read with care, so a broken chain costs the rest of the trace and no
 * more. Any context.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * What a place in the chain is. A return address lies behind its call, which
 * may be a function's last instruction: what is looked up is the call.
 */
enum backtrace_kind {
    BACKTRACE_INSTRUCTION, /* where an exception or interrupt came into */
    BACKTRACE_RETURN,
};

struct backtrace {
    uint64_t next_address; /* 0: none but what the chain has */
    uint64_t guess; /* a return address that comes before the chain; 0 for none */
    uint64_t frame_pointer;
    enum backtrace_kind next_kind;
    unsigned depth; /* of the next line */
    bool is_over; /* the chain does not lead on */
    bool is_cut; /* it does, and is not followed */
};

struct backtrace_line {
    unsigned depth;
    uint64_t address;
    enum backtrace_kind kind;
};

/* Begin at the instruction that trapped: RIP, RSP and RBP as they were there. */
void backtrace_begin_trap(struct backtrace *trace, uint64_t rip, uint64_t stack_pointer,
                          uint64_t frame_pointer);

/* Begin at a call: the address it returns to, and the caller's RBP. */
void backtrace_begin_call(struct backtrace *trace, uint64_t return_address, uint64_t frame_pointer);

/* Go one place further out. Returns false, line untouched, at the end. */
bool backtrace_next(struct backtrace *trace, struct backtrace_line *line);

/*
 * Print what is left as "#N address function+offset" lines. A recursion takes
 * one line, and where an exception or interrupt came into the chain it is said.
 *
 * lines_max  lines to print at the most, remarks included
 */
void backtrace_print(struct backtrace *trace, unsigned lines_max);
