/* SPDX-License-Identifier: MIT */
/* The machine under the executor, made of variables and contexts. */
#include "tests/host/executor_model.h"

#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "kernel/clock.h"
#include "kernel/context.h"
#include "kernel/cpu.h"
#include "kernel/task_stack.h"
#include "lib/x86/cpu.h"
#include "mm/kmalloc.h"
#include "tests/unit/task_fixture.h"

#define STACK_BYTES    (256UL << 10)
#define CHOICES_MAX    256
#define INTERRUPTS_MAX 8

/* A stack and where it was left. */
struct model_stack {
    struct task_stack stack; /* first: the executor knows this part */
    ucontext_t context;
    void (*start)(void);
    void *memory;
    void *fake_stack; /* the sanitizer's */
    struct model_stack *next_kept;
};

static struct model_stack *kept_stacks;

struct choice {
    size_t taken;
    size_t count;
};

static struct {
    struct executor executor;
    struct model_stack *running;
    struct model_stack *idle;
    ucontext_t test; /* who called task_fixture_run() */
    const void *test_stack;
    size_t test_stack_bytes;
    bool is_over; /* the body has returned */
    bool irq_enabled;
    bool in_interrupt;
    uint64_t now_ns;
    void (*body)(void);
    void (*deadlocked)(void);
    void (*interrupts[INTERRUPTS_MAX])(void);
    size_t interrupt_count;
} model;

static struct {
    bool is_on;
    bool has_failed;
    struct choice choices[CHOICES_MAX];
    size_t length; /* choices made by the run so far, or to be made again */
    size_t next;
} explored;

size_t model_choose(size_t count)
{
    if (!explored.is_on || count < 2) {
        return 0;
    }
    if (explored.next == explored.length) {
        if (explored.length == CHOICES_MAX) {
            model_check(false, "the run ends within so many choices");
            return 0;
        }
        explored.choices[explored.length++] = (struct choice){0, count};
    }
    return explored.choices[explored.next++].taken;
}

void model_check(bool holds, const char *what)
{
    if (holds || explored.has_failed) {
        return;
    }
    explored.has_failed = true;
    ktest_note("%s", what);
    for (size_t i = 0; i < explored.next; i++) {
        ktest_note("choice %zu: %zu of %zu", i, explored.choices[i].taken,
                   explored.choices[i].count);
    }
}

/* Go on to the next way of choosing. Returns false when there is none. */
static bool next_way(void)
{
    while (explored.length > 0) {
        struct choice *last = &explored.choices[explored.length - 1];

        if (++last->taken < last->count) {
            return true;
        }
        explored.length--;
    }
    return false;
}

static void deliver(size_t which)
{
    void (*handler)(void) = model.interrupts[which];

    model.interrupts[which] = model.interrupts[--model.interrupt_count];
    model.in_interrupt = true;
    model.irq_enabled = false;
    handler();
    model.irq_enabled = true;
    model.in_interrupt = false;
}

/* A place where interrupts may come. */
static void point(void)
{
    while (model.irq_enabled && !model.in_interrupt && model.interrupt_count > 0) {
        size_t which = model_choose(model.interrupt_count + 1);

        if (which == 0) {
            return;
        }
        deliver(which - 1);
    }
}

void model_interrupt(void (*handler)(void))
{
    model.interrupts[model.interrupt_count++] = handler;
    point();
}

size_t model_interrupts_left(void)
{
    return model.interrupt_count;
}

static uint64_t model_irq_save(void)
{
    point();
    uint64_t flags = model.irq_enabled ? RFLAGS_IF : 0;

    model.irq_enabled = false;
    return flags;
}

static void model_irq_enable(void)
{
    model.irq_enabled = true;
    point();
}

static void model_irq_restore(uint64_t flags)
{
    if ((flags & RFLAGS_IF) != 0) {
        model_irq_enable();
    }
}

static void model_irq_disable(void)
{
    (void)model_irq_save();
}

static bool model_irq_is_enabled(void)
{
    return model.irq_enabled;
}

static uint64_t model_tsc_read(void)
{
    static uint64_t tsc;

    return tsc++;
}

uint64_t clock_now_ns(void)
{
    return model.now_ns;
}

uint64_t deadline_after(uint64_t ns)
{
    return ns < DEADLINE_NEVER - model.now_ns ? model.now_ns + ns : DEADLINE_NEVER;
}

/* Stacks are kept for the next run: asking the system for one each time takes longer than a run. */
static struct model_stack *stack_new(void)
{
    struct model_stack *stack = kept_stacks;

    if (stack == NULL) {
        stack = calloc(1, sizeof(*stack));
        stack->memory = malloc(STACK_BYTES);
    } else {
        kept_stacks = stack->next_kept;
        ASAN_UNPOISON_MEMORY_REGION(stack->memory, STACK_BYTES); /* of frames that never returned */
    }
    return stack;
}

static void stack_delete(struct model_stack *stack)
{
    stack->next_kept = kept_stacks;
    kept_stacks = stack;
}

enum status task_stack_alloc(size_t bytes, const char *name, struct task_stack **stack)
{
    (void)name;
    if (bytes == 0 || bytes > TASK_STACK_BYTES_MAX) {
        return ERR_BAD_ARG;
    }
    *stack = &stack_new()->stack;
    return OK;
}

void task_stack_free(struct task_stack *stack)
{
    stack_delete((struct model_stack *)stack);
}

static void begin(void)
{
    const void *stack;
    size_t bytes;

    __sanitizer_finish_switch_fiber(NULL, &stack, &bytes);
    if (model.test_stack == NULL) { /* the first to begin comes from there */
        model.test_stack = stack;
        model.test_stack_bytes = bytes;
    }
    model.running->start();
}

static uint64_t model_context_prepare(uint64_t top, void (*start)(void))
{
    struct model_stack *stack = (struct model_stack *)top;

    stack->start = start;
    getcontext(&stack->context);
    stack->context.uc_stack.ss_sp = stack->memory;
    stack->context.uc_stack.ss_size = STACK_BYTES;
    makecontext(&stack->context, begin, 0);
    return top;
}

static void model_context_switch(uint64_t *save, uint64_t load)
{
    struct model_stack *from = model.running;
    struct model_stack *to = (struct model_stack *)load;

    *save = (uint64_t)from;
    model.running = to;
    __sanitizer_start_switch_fiber(&from->fake_stack, to->memory, STACK_BYTES);
    swapcontext(&from->context, &to->context);
    __sanitizer_finish_switch_fiber(from->fake_stack, NULL, NULL);
}

#define executor_this() (&model.executor)
#define irq_save        model_irq_save
#define irq_restore     model_irq_restore
#define irq_enable      model_irq_enable
#define irq_disable     model_irq_disable
#define irq_is_enabled  model_irq_is_enabled
#define tsc_read        model_tsc_read
#define context_prepare model_context_prepare
#define context_switch  model_context_switch
#define kmalloc         malloc
#define kfree           free

#include "kernel/channel.c"
#include "kernel/event.c"
#include "kernel/executor.c"
#include "kernel/select.c"
#include "kernel/task.c"
#include "kernel/wait.c"

void model_tick(uint64_t ns)
{
    model.now_ns += ns;
    executor_tick_from_irq(&model.executor);
}

/* Back to who called task_fixture_run(), from the idle task's context. */
static void leave(void)
{
    __sanitizer_start_switch_fiber(NULL, model.test_stack, model.test_stack_bytes);
    setcontext(&model.test);
}

static void halt(struct executor *executor)
{
    uint64_t next_ns = timer_next_deadline(&executor->timers);

    if (model.is_over) {
        leave();
    } else if (model.interrupt_count > 0) {
        deliver(model_choose(model.interrupt_count));
    } else if (next_ns != TIMER_NEVER) {
        model.now_ns = next_ns;
        executor->attention |= ATTENTION_TIME;
        model_irq_enable();
    } else {
        bool something_ends_the_halt = false;

        model_check(something_ends_the_halt, "something ends the halt");
        CHECK(something_ends_the_halt);
        leave();
    }
}

static void deadlocked(struct executor *executor)
{
    (void)executor;
    bool is_expected = model.deadlocked != NULL && !model.is_over;

    model_check(is_expected, "no deadlock");
    CHECK(is_expected);
    if (!is_expected) {
        leave();
    }
    model.deadlocked();
}

static void stuck(struct executor *executor)
{
    (void)executor;
}

void task_fixture_on_deadlock(void (*function)(void))
{
    model.deadlocked = function;
}

static intptr_t main_task(void *argument)
{
    (void)argument;
    model.body();
    model.is_over = true;
    return 0;
}

static void idle_task(void)
{
    CHECK_OK(task_spawn("main", main_task, NULL, TASK_STACK_DEFAULT, NULL));
    executor_run();
}

void task_fixture_run(void (*body)(void))
{
    static const struct executor_hooks hooks = {
        .halt = halt, .deadlocked = deadlocked, .stuck = stuck};
    volatile bool has_left = false;

    memset(&model, 0, sizeof(model));
    model.body = body;
    model.irq_enabled = true;
    model.idle = stack_new();
    model.running = model.idle;
    executor_init(&model.executor, &hooks);
    journal_clear();
    model_context_prepare((uint64_t)model.idle, idle_task);
    getcontext(&model.test);
    if (!has_left) {
        has_left = true;
        void *fake_stack;

        __sanitizer_start_switch_fiber(&fake_stack, model.idle->memory, STACK_BYTES);
        setcontext(&model.idle->context);
    }
    __sanitizer_finish_switch_fiber(NULL, NULL, NULL);
    CHECK_EQ(model.executor.task_count, 0);
    CHECK_EQ(model.executor.timers.count, 0);
    CHECK_EQ(model.executor.external_waiters, 0);
    stack_delete(model.idle);
}

size_t model_explore(void (*body)(void))
{
    size_t runs = 0;

    explored.is_on = true;
    explored.has_failed = false;
    explored.length = 0;
    do {
        explored.next = 0;
        task_fixture_run(body);
        runs++;
    } while (!explored.has_failed && next_way());
    explored.is_on = false;
    CHECK(!explored.has_failed);
    return runs;
}
