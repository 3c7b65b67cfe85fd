/* SPDX-License-Identifier: MIT */
/* What an exception leaves out never clears up behind its variables. */
#include "kernel/sanitize/kasan.h"
#include "kernel/stacks.h"
#include "tests/kernel/trap_expect.h"

bool __real_trap_expect(unsigned vector, void (*function)(void *argument), void *argument,
                        struct trap_frame *frame);
bool __wrap_trap_expect(unsigned vector, void (*function)(void *argument), void *argument,
                        struct trap_frame *frame);

bool __wrap_trap_expect(unsigned vector, void (*function)(void *argument), void *argument,
                        struct trap_frame *frame)
{
    unsigned suspension = kasan_suspension();
    bool came = __real_trap_expect(vector, function, argument, frame);
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    const struct stack *stack = stack_containing(here);

    kasan_set_suspension(suspension);
    /* All that lies below is of functions that do not run any more. */
    kasan_unpoison(stack->bottom, here - stack->bottom);
    return came;
}
