/* SPDX-License-Identifier: MIT */
/* Catches an expected exception and resumes behind the call that raised it. */
#include "tests/kernel/trap_expect.h"

#include "lib/x86/cpu.h"

/* Where trap_expect_call() left off; its assembly knows the order. */
struct landing {
    uint64_t rsp;
    uint64_t rip;
};

/* Call function(argument). Returns false when it returned, true when something resumed at the
 * landing. */
bool trap_expect_call(void (*function)(void *), void *argument, struct landing *landing);

static struct {
    struct landing landing;
    struct trap_frame frame;
    uint64_t rflags; /* to resume with */
} caught;

static bool catch (struct trap_frame *frame)
{
    caught.frame = *frame;
    frame->rip = caught.landing.rip;
    frame->rsp = caught.landing.rsp;
    frame->rflags = caught.rflags;
    return true;
}

bool trap_expect(unsigned vector, void (*function)(void *argument), void *argument,
                 struct trap_frame *frame)
{
    trap_handler *previous = trap_set_handler(vector, catch);
    uint64_t flags = irq_save();
    bool came;

    caught.rflags = flags;
    irq_restore(flags);
    came = trap_expect_call(function, argument, &caught.landing);
    trap_set_handler(vector, previous);
    if (came) {
        *frame = caught.frame;
    }
    return came;
}
