/* SPDX-License-Identifier: MIT */
/*
 * What tasks cost. Interrupts are enabled, as tasks have them: a tick takes
 * part in a measurement about once in a million instructions.
 */
#include "drivers/keyboard.h"
#include "kernel/channel.h"
#include "kernel/clock.h"
#include "kernel/context.h"
#include "kernel/event.h"
#include "kernel/input.h"
#include "kernel/irq.h"
#include "kernel/task.h"
#include "kernel/task_stack.h"
#include "kernel/timer.h"
#include "lib/assert.h"
#include "lib/x86/cpu.h"
#include "mm/kmalloc.h"
#include "tests/kbench.h"
#include "tests/kernel/keyboard_inject.h"
#include "tests/unit/pseudo_random.h"

#define YIELDS        100000
#define SPAWNS        1000
#define ITEMS         10000
#define TIMERS        10000 /* that expire */
#define STACK_BYTES   4096
#define NS_RANGE      1000000000UL
#define SETTLE_YIELDS 3

static struct {
    bool is_over;
} crowd;

static intptr_t yield_until_over(void *argument)
{
    (void)argument;
    while (!crowd.is_over) {
        task_yield();
    }
    return 0;
}

static intptr_t do_nothing(void *argument)
{
    (void)argument;
    return 0;
}

static void spawn(task_entry *entry, void *argument)
{
    enum status status = task_spawn("bench", entry, argument, STACK_BYTES, NULL);

    ASSERT_OK(status);
}

/* Yield in the midst of so many others, until each has had its turn often; count single yields. */
static void bench_yield(struct kbench_run *bench, uint64_t others)
{
    uint64_t rounds = YIELDS / (others + 1);

    irq_enable();
    crowd.is_over = false;
    for (uint64_t i = 0; i < others; i++) {
        spawn(yield_until_over, NULL);
    }
    for (int i = 0; i < SETTLE_YIELDS; i++) {
        task_yield();
    }
    KBENCH_REPEAT(bench, rounds)
    {
        task_yield();
    }
    bench->repetitions = rounds * (others + 1);
    crowd.is_over = true;
    for (int i = 0; i < SETTLE_YIELDS; i++) {
        task_yield();
    }
}

KBENCH_OVER(tasks, yield, 1, 2, 10, 100, 1000, 10000)
{
    bench_yield(bench, bench->scale - 1);
}

static uint64_t this_side, other_side; /* stack pointers */

static void switch_back_for_ever(void)
{
    for (;;) {
        context_switch(&other_side, this_side);
    }
}

/* From one stack to another and nothing else; there and back are two. */
KBENCH(tasks, bare_switch)
{
    struct task_stack *stack;

    if (task_stack_alloc(STACK_BYTES, "bench", &stack) != OK) {
        return;
    }
    other_side = context_prepare(task_stack_top(stack), switch_back_for_ever);
    KBENCH_REPEAT(bench, 1000)
    {
        context_switch(&this_side, other_side);
    }
    bench->repetitions *= 2;
    task_stack_free(stack);
}

KBENCH(tasks, spawn_and_complete_on_a_recycled_stack)
{
    irq_enable();
    spawn(do_nothing, NULL);
    task_yield();
    KBENCH_REPEAT(bench, SPAWNS)
    {
        spawn(do_nothing, NULL);
        task_yield();
    }
}

KBENCH(tasks, spawn_on_a_new_stack)
{
    irq_enable();
    task_stack_trim();
    KBENCH_REPEAT(bench, SPAWNS)
    {
        spawn(do_nothing, NULL);
    }
    task_yield();
}

KBENCH(tasks, spawn_on_a_new_stack_and_complete)
{
    uint64_t instructions = 0;

    irq_enable();
    for (unsigned i = 0; i < SPAWNS / TASK_STACKS_KEPT; i++) {
        task_stack_trim();
        KBENCH_REPEAT(bench, TASK_STACKS_KEPT)
        {
            spawn(do_nothing, NULL);
        }
        instructions += bench->instructions;
        KBENCH_REPEAT(bench, 1)
        {
            task_yield();
        }
        instructions += bench->instructions;
    }
    bench->instructions = instructions;
    bench->repetitions = SPAWNS / TASK_STACKS_KEPT * TASK_STACKS_KEPT;
}

KBENCH(tasks, spawn_and_join)
{
    irq_enable();
    KBENCH_REPEAT(bench, SPAWNS)
    {
        struct task *task;

        ASSERT_OK(task_spawn("bench", do_nothing, NULL, STACK_BYTES, &task));
        ASSERT_OK(task_join(task, DEADLINE_NEVER, NULL));
        task_release(task);
    }
}

static intptr_t wait_for_all(void *argument)
{
    while (event_wait(argument, DEADLINE_NEVER) == OK) {
    }
    return 0;
}

/* Set by this task, which then lets the other run: it takes the event and waits again. */
KBENCH(tasks, event_set_to_its_waiter_and_back)
{
    struct event event = EVENT_INIT("bench", false);

    irq_enable();
    spawn(wait_for_all, &event);
    task_yield();
    KBENCH_REPEAT(bench, ITEMS)
    {
        event_set(&event);
        task_yield();
    }
    event_close(&event);
    task_yield();
}

static intptr_t receive_all(void *argument)
{
    struct channel *channel = argument;
    uint64_t item;

    while (channel_receive(channel, &item, DEADLINE_NEVER) == OK) {
    }
    return 0;
}

/* Each item is sent by this task and received by another. */
static void bench_channel(struct kbench_run *bench, size_t capacity)
{
    static uint64_t room[256];
    struct channel channel;

    irq_enable();
    channel_init(&channel, "bench", room, capacity, sizeof(uint64_t));
    spawn(receive_all, &channel);
    KBENCH_REPEAT(bench, ITEMS)
    {
        enum status status = channel_send(&channel, &kbench_i, DEADLINE_NEVER);

        ASSERT_OK(status);
    }
    channel_close(&channel);
    task_yield();
}

KBENCH(tasks, channel_send_and_receive_without_room)
{
    bench_channel(bench, 0);
}

/* Over the items that it has room for. */
KBENCH_OVER(tasks, channel_send_and_receive, 1, 2, 16, 256)
{
    bench_channel(bench, bench->scale);
}

/* Over timers that are pending. */
KBENCH_OVER(tasks, timer_insert_and_expire, 10, 100, 1000, 10000, 100000)
{
    static struct timer_queue queue;
    size_t pending = bench->scale;
    struct timer *timers = kzalloc(pending * sizeof(*timers));
    uint64_t random = 0x5eed;

    ASSERT(timers != NULL);
    timer_queue_init(&queue);
    for (size_t i = 0; i < pending; i++) {
        timer_set(&queue, &timers[i], pseudo_random_below(&random, NS_RANGE));
    }
    /* Each that comes due is set again, some time later than the present: the usual life. */
    uint64_t ahead_ns = 0;
    uint64_t pseudo_random_cost;
    KBENCH_REPEAT(bench, TIMERS)
    {
        ahead_ns += pseudo_random_below(&random, NS_RANGE);
    }
    ASSERT(ahead_ns != 0);
    pseudo_random_cost = bench->instructions;
    KBENCH_REPEAT(bench, TIMERS)
    {
        struct timer *timer = timer_take_due(&queue, TIMER_NEVER);

        timer_set(&queue, timer, timer->deadline_ns + pseudo_random_below(&random, NS_RANGE));
    }
    bench->instructions -= pseudo_random_cost;
    kfree(timers);
}

/* By an instruction that has the tick's vector: entry, both stacks, dispatch, count and return. */
KBENCH(tasks, timer_interrupt_without_expiries)
{
    KBENCH_REPEAT(bench, 1000)
    {
        __asm__ volatile("int %0" : : "i"(IRQ_VECTOR_BASE + IRQ_TIMER) : "memory");
    }
}

static struct event struck = EVENT_INIT("key", true);
static struct kbench_run stroke_run; /* from a key's interrupt to the task that waits for it */

static void key_strikes(void)
{
    event_set(&struck);
}

static intptr_t wait_for_keys(void *argument)
{
    (void)argument;
    while (event_wait(&struck, deadline_after(NS_PER_SECOND)) == OK) {
        kbench_stop(&stroke_run);
    }
    return 0;
}

static intptr_t read_keys(void *argument)
{
    struct keystroke stroke;

    (void)argument;
    while (keyboard_read(&stroke, deadline_after(NS_PER_SECOND)) == OK) {
        kbench_stop(&stroke_run);
    }
    return 0;
}

/* Strike keys, which a task waits for. Counts from the interrupt to its next instruction. */
static void bench_keys(struct kbench_run *bench, task_entry *reader)
{
    enum { KEYS = 20, MAKE_A = 0x1e, BREAK_A = 0x9e };

    irq_enable();
    spawn(reader, NULL);
    task_yield();
    for (int key = 0; key < KEYS; key++) {
        irq_disable();
        if (!keyboard_inject(MAKE_A)) {
            break;
        }
        kbench_start(&stroke_run, 1);
        irq_enable();
        task_yield();
        bench->instructions += stroke_run.instructions;
        bench->repetitions++;
        keyboard_inject(BREAK_A);
        task_yield();
    }
    enum status status = task_sleep_for(2 * NS_PER_SECOND); /* until the reader has given up */

    ASSERT_OK(status);
}

KBENCH(tasks, key_from_interrupt_to_waiting_task)
{
    keyboard_listener *previous = keyboard_set_listener(key_strikes);
    struct keystroke stroke;

    bench_keys(bench, wait_for_keys);
    keyboard_set_listener(previous);
    while (keyboard_read(&stroke, DEADLINE_NOW) == OK) {
    }
}

KBENCH(tasks, key_from_interrupt_to_its_character_read)
{
    bench_keys(bench, read_keys);
}
