/* SPDX-License-Identifier: MIT */
/*
 * Stacks of tasks, each above a page that is never mapped. What is known about
 * a stack lies at its own top. A stack that is given back is kept for the next
 * task, a few of each size; the others' memory is freed, and their addresses
 * come round again only when all others of their size have had their turn.
 *
 * Context of all functions: tasks and boot, unless they say more.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "kernel/stacks.h"
#include "lib/compiler.h"
#include "lib/status.h"

#define TASK_STACK_BYTES_MIN (4UL << 10)
#define TASK_STACK_BYTES_MAX (256UL << 10)

/* Stacks kept of each size. */
#define TASK_STACKS_KEPT 64

struct ALIGNED(16) task_stack {
    struct stack range; /* all of it, this structure included */
    struct task_stack *next_kept;
    size_t kept_below; /* itself included, while it is kept */
};

/*
 * Allocate a stack.
 *
 * bytes  1 to TASK_STACK_BYTES_MAX, rounded up to a power of two of pages
 * name   the task's, for reports
 * stack  out: untouched on failure
 *
 * Returns OK
 *         ERR_BAD_ARG    no such size
 *         ERR_NO_MEMORY  no frame for it, or for its page tables; nothing has changed
 */
MUST_CHECK enum status task_stack_alloc(size_t bytes, const char *name, struct task_stack **stack);

/* Give a stack back that nothing runs on. */
void task_stack_free(struct task_stack *stack);

/* Where RSP begins: 16-byte aligned. */
static inline uint64_t task_stack_top(const struct task_stack *stack)
{
    return (uint64_t)stack;
}

/*
 * Bytes of a stack that were ever used, since its memory was last mapped: a
 * task that got a stack of another has that one's mark as its least.
 */
size_t task_stack_high_water(const struct task_stack *stack);

/* Free the memory of all stacks that are kept. */
void task_stack_trim(void);

/* The task's stack that holds an address, or whose guard page does, or NULL. Any context. */
const struct stack *task_stack_containing(uint64_t address);
const struct stack *task_stack_guarded_by(uint64_t address);
