/* SPDX-License-Identifier: MIT */
/* Stacks that run into their guard pages. */
#include "tests/kernel/stack_overflows.h"

#include <stddef.h>
#include <stdint.h>

#include "kernel/irq.h"
#include "kernel/stacks.h"
#include "kernel/task.h"
#include "lib/compiler.h"

#define SPARE_IRQ 5 /* no device of this kernel has it */

/* Volatile, and used after the call, so that the frames really pile up. */
NOINLINE static uint64_t recurse(volatile uint64_t depth)
{
    volatile uint64_t kept[16] = {depth};

    return depth == UINT64_MAX ? 0 : recurse(depth + 1) + kept[0];
}

static void recurse_without_end(void)
{
    recurse(0);
}

void overflow_main_stack(void)
{
    recurse_without_end();
}

static intptr_t recurse_in_task(void *argument)
{
    (void)argument;
    return (intptr_t)recurse(0);
}

void overflow_task_stack(void)
{
    if (task_spawn("deep", recurse_in_task, NULL, TASK_STACK_DEFAULT, NULL) == OK) {
        task_yield();
    }
}

/* Nothing runs on it once there are tasks: it is entered here as entry.asm does it. */
void overflow_boot_stack(void)
{
    __asm__ volatile("movq %0, %%rsp\n\t"
                     "xorl %%ebp, %%ebp\n\t"
                     "call *%1"
                     :
                     : "r"(stack_top(STACK_BOOT)), "r"(recurse_without_end)
                     : "memory");
}

void overflow_interrupt_stack(void)
{
    if (irq_attach(SPARE_IRQ, recurse_without_end) == OK) {
        __asm__ volatile("int %0" : : "i"(IRQ_VECTOR_BASE + SPARE_IRQ) : "memory");
    }
}
