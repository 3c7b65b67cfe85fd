/* SPDX-License-Identifier: MIT */
/* The linker's stacks, with names. */
#include "kernel/stacks.h"

#include <stddef.h>

#include "kernel/task_stack.h"
#include "mm/address.h"

#define STACK(id, symbol, title)                      \
    [id] = {.name = (title),                          \
            .bottom = (uint64_t)STACK_BOTTOM(symbol), \
            .top = (uint64_t)STACK_TOP(symbol)},

static const struct stack stacks[STACK_COUNT] = {STACK_LIST(STACK)};

uint64_t stack_top(enum stack_id id)
{
    return stacks[id].top;
}

const struct stack *stack_containing(uint64_t address)
{
    for (const struct stack *stack = stacks; stack < stacks + STACK_COUNT; stack++) {
        if (address >= stack->bottom && address < stack->top) {
            return stack;
        }
    }
    return task_stack_containing(address);
}

const struct stack *stack_guarded_by(uint64_t address)
{
    for (const struct stack *stack = stacks; stack < stacks + STACK_COUNT; stack++) {
        if (address >= stack->bottom - PAGE_SIZE && address < stack->bottom) {
            return stack;
        }
    }
    return NULL;
}
