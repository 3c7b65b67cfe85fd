/* SPDX-License-Identifier: MIT */
/*
 * As much of an instruction as it takes to say what it tripped over: what kind
 * it is, and which addresses it used. For the panic report, not for running
 * anything: what is not known is left out. Pure. Source: Intel SDM, volume 2,
 * "Instruction Format", "Opcode Map".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/trap.h"

#define INSTRUCTION_BYTES_MAX 15

enum instruction_kind {
    INSTRUCTION_OTHER,
    INSTRUCTION_DIVIDE,
    INSTRUCTION_UNDEFINED, /* ud2 and its like: meant to fault */
    INSTRUCTION_INTERRUPT, /* int n */
    INSTRUCTION_RETURN,
    INSTRUCTION_BRANCH, /* call or jmp to where a register or memory says */
    INSTRUCTION_MSR_READ,
    INSTRUCTION_MSR_WRITE,
    INSTRUCTION_CONTROL_WRITE, /* mov to CR */
    INSTRUCTION_X87, /* or MMX */
    INSTRUCTION_SSE,
};

/* A memory operand: the sum that makes its address, or just a register's value. */
struct instruction_operand {
    uint64_t value;
    const char *registers; /* "rax": whose value it is made from; NULL for none */
};

#define INSTRUCTION_OPERANDS_MAX 2

struct instruction {
    enum instruction_kind kind;
    uint8_t number; /* of the interrupt, or of the control register */
    /* Addresses used, as far as registers make them; of string instructions both. */
    struct instruction_operand memory[INSTRUCTION_OPERANDS_MAX];
    size_t memory_count;
    /* What is divided by, or branched to, where a register has it. */
    struct instruction_operand source;
    bool has_source;
    unsigned source_bytes; /* 1, 2, 4 or 8: how much of it counts */
};

/*
 * Decode the first instruction in some bytes.
 *
 * count  bytes there are; one that does not end in them is INSTRUCTION_OTHER
 * frame  the registers as they were before it ran
 *
 * Any context.
 */
struct instruction instruction_decode(const uint8_t *bytes, size_t count,
                                      const struct trap_frame *frame);
