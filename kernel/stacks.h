/* SPDX-License-Identifier: MIT */
/*
 * Where stacks are. The fixed ones are laid out by linker.ld, each above a
 * guard page that is never mapped; tasks' stacks are kernel/task_stack.h's.
 * Any context.
 */
#pragma once

#include <stdint.h>

/* The fixed stacks: their numbers, what linker.ld calls them, and what reports do. */
#define STACK_LIST(X)                                      \
    X(STACK_BOOT, boot, "boot")                            \
    X(STACK_INTERRUPT, interrupt, "interrupt")             \
    X(STACK_DOUBLE_FAULT, double_fault, "double fault")    \
    X(STACK_NMI, nmi, "NMI")                               \
    X(STACK_MACHINE_CHECK, machine_check, "machine check") \
    X(STACK_PANIC, panic, "panic") /* the report's own: kernel/panic.c */

#define STACK_ID(id, symbol, name) id,

enum stack_id { STACK_LIST(STACK_ID) STACK_COUNT };

/* The first byte of a fixed stack, and one past the last, by linker.ld's name. */
#define STACK_BOTTOM(symbol) __##symbol##_stack_bottom
#define STACK_TOP(symbol)    __##symbol##_stack_top

#define STACK_DECLARE(id, symbol, name) \
    extern const uint8_t STACK_BOTTOM(symbol)[], STACK_TOP(symbol)[];

STACK_LIST(STACK_DECLARE)

struct stack {
    const char *name;
    uint64_t bottom; /* lowest address; the guard page lies below */
    uint64_t top; /* one past the highest */
};

/* Where a stack starts: the value RSP gets, 16-byte aligned. */
uint64_t stack_top(enum stack_id id);

/* The stack that holds an address, fixed or a task's, or NULL. */
const struct stack *stack_containing(uint64_t address);

/* The fixed stack whose guard page holds an address, or NULL: that stack has overflowed. */
const struct stack *stack_guarded_by(uint64_t address);
