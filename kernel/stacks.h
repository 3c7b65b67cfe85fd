/* SPDX-License-Identifier: MIT */
/*
 * Where stacks are. The fixed ones are laid out by linker.ld, each above a
 * guard page that is never mapped; tasks' stacks are kernel/task_stack.h's.
 * Any context.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum stack_id {
    STACK_BOOT,
    STACK_INTERRUPT,
    STACK_DOUBLE_FAULT,
    STACK_NMI,
    STACK_MACHINE_CHECK,
    STACK_PANIC, /* the report's own: kernel/panic.c */
    STACK_COUNT,
};

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
