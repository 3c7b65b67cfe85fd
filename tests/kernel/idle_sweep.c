/* SPDX-License-Identifier: MIT */
/* The PIT as a one-shot timer, a wait for it, and a delay between the two that grows by one. */
#include "tests/kernel/idle_sweep.h"

#include <stddef.h>
#include <stdint.h>

#include "kernel/clock.h"
#include "kernel/console.h"
#include "kernel/cpu.h"
#include "kernel/event.h"
#include "kernel/irq.h"
#include "lib/assert.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"

#define PIT_CHANNEL0 0x40
#define PIT_CONTROL  0x43
#define PIT_ONE_SHOT \
    0x30 /* channel 0, both bytes, mode 0: one interrupt when it has counted down */

/* Counts of 838 ns to the interrupt: some 2,500 instructions. */
#define ONE_SHOT_COUNTS 2

/* From well before the interrupt to well behind it. */
#define OFFSETS 4000

void idle_sweep_delay(uint64_t instructions);

static struct event fired = EVENT_INIT("one-shot timer", true);

static void fire(void)
{
    event_set(&fired);
}

static void one_shot_start(void)
{
    port_write8(PIT_CONTROL, PIT_ONE_SHOT);
    port_write8(PIT_CHANNEL0, ONE_SHOT_COUNTS);
    port_write8(PIT_CHANNEL0, 0);
}

static void sweep(void)
{
    irq_detach(IRQ_TIMER);
    enum status status = irq_attach(IRQ_TIMER, fire);

    ASSERT_OK(status);
    for (uint64_t offset = 0; offset < OFFSETS; offset++) {
        one_shot_start();
        idle_sweep_delay(offset);
        status = event_wait(&fired, DEADLINE_NEVER);
        ASSERT_OK(status);
    }
    kprintf("idle sweep: %u offsets of one instruction, no wake-up lost\n", OFFSETS);
}

void idle_sweep(void)
{
    sweep();
}

/* As it must not be done: an interrupt that comes behind STI is served before HLT. */
static void halt_with_gap(struct executor *executor)
{
    (void)executor;
    __asm__ volatile("sti; nop; nop; hlt" : : : "memory");
}

void idle_sweep_with_gap(void)
{
    static const struct executor_hooks hooks = {.halt = halt_with_gap};

    executor_this()->hooks = &hooks;
    kprintf("idle sweep: with a gap\n");
    sweep();
}
