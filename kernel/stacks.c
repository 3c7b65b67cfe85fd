/* SPDX-License-Identifier: MIT */
/* The linker's stacks, with names. */
#include "kernel/stacks.h"

#include <stddef.h>

#include "kernel/task_stack.h"
#include "mm/address.h"

#define STACK_SYMBOLS(name) extern const uint8_t __##name##_stack_bottom[], __##name##_stack_top[]

STACK_SYMBOLS(boot);
STACK_SYMBOLS(interrupt);
STACK_SYMBOLS(double_fault);
STACK_SYMBOLS(nmi);
STACK_SYMBOLS(machine_check);
STACK_SYMBOLS(panic);

#define STACK(title, symbol)                                            \
    {                                                                   \
        .name = (title), .bottom = (uint64_t)__##symbol##_stack_bottom, \
        .top = (uint64_t)__##symbol##_stack_top                         \
    }

static const struct stack stacks[STACK_COUNT] = {
    [STACK_BOOT] = STACK("boot", boot),
    [STACK_INTERRUPT] = STACK("interrupt", interrupt),
    [STACK_DOUBLE_FAULT] = STACK("double fault", double_fault),
    [STACK_NMI] = STACK("NMI", nmi),
    [STACK_MACHINE_CHECK] = STACK("machine check", machine_check),
    [STACK_PANIC] = STACK("panic", panic),
};

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
