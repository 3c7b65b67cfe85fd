/* SPDX-License-Identifier: MIT */
/* Tasks' stacks: guarded, recycled, painted, and ten thousand of them. */
#include "kernel/task_stack.h"

#include "kernel/clock.h"
#include "kernel/cpu.h"
#include "kernel/event.h"
#include "kernel/task.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "mm/address.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "mm/paging.h"
#include "tests/kernel/allocation_sweep.h"
#include "tests/kernel/tasks_settle.h"
#include "tests/ktest.h"

#define MANY_TASKS 10000

KTEST(task_stack, every_size_is_mapped_above_a_page_that_is_not)
{
    /* Without NX whatever can be read can be executed. */
    uint64_t rights = PAGE_WRITE | (cpu_current()->features.nx ? 0 : PAGE_EXECUTE);

    for (size_t bytes = TASK_STACK_BYTES_MIN; bytes <= TASK_STACK_BYTES_MAX; bytes *= 2) {
        struct task_stack *stack;
        struct page_view view;

        REQUIRE_OK(task_stack_alloc(bytes, "tested", &stack));
        CHECK_EQ(stack->range.top - stack->range.bottom, bytes);
        CHECK(task_stack_top(stack) % 16 == 0);
        CHECK(!paging_look_up(stack->range.bottom - 1, &view));
        for (uint64_t page = stack->range.bottom; page < stack->range.top; page += PAGE_SIZE) {
            REQUIRE(paging_look_up(page, &view));
            CHECK_EQ(view.flags, rights);
        }
        CHECK_EQ(task_stack_containing(stack->range.bottom), &stack->range);
        CHECK_EQ(task_stack_containing(stack->range.top - 1), &stack->range);
        CHECK_EQ(task_stack_containing(stack->range.bottom - 1), NULL);
        CHECK_EQ(task_stack_guarded_by(stack->range.bottom - 1), &stack->range);
        CHECK_EQ(task_stack_guarded_by(stack->range.bottom - PAGE_SIZE), &stack->range);
        CHECK_EQ(task_stack_guarded_by(stack->range.bottom), NULL);
        task_stack_free(stack);
    }
}

KTEST(task_stack, odd_sizes_are_rounded_up_and_none_or_too_much_refused)
{
    struct task_stack *stack = NULL;

    CHECK_STATUS(task_stack_alloc(0, "none", &stack), ERR_BAD_ARG);
    CHECK_STATUS(task_stack_alloc(TASK_STACK_BYTES_MAX + 1, "huge", &stack), ERR_BAD_ARG);
    CHECK_EQ(stack, NULL);
    REQUIRE_OK(task_stack_alloc(1, "tiny", &stack));
    CHECK_EQ(stack->range.top - stack->range.bottom, PAGE_SIZE);
    task_stack_free(stack);
    REQUIRE_OK(task_stack_alloc(PAGE_SIZE + 1, "odd", &stack));
    CHECK_EQ(stack->range.top - stack->range.bottom, 2 * PAGE_SIZE);
    task_stack_free(stack);
}

KTEST(task_stack, one_given_back_is_the_next_given_out)
{
    struct task_stack *first;
    struct task_stack *second;

    REQUIRE_OK(task_stack_alloc(PAGE_SIZE, "first", &first));
    task_stack_free(first);
    REQUIRE_OK(task_stack_alloc(PAGE_SIZE, "second", &second));
    CHECK_EQ(second, first);
    CHECK_STR_EQ(second->range.name, "second");
    task_stack_free(second);
}

KTEST(task_stack, trimmed_stack_is_memory_again_and_its_address_faults)
{
    struct task_stack *stack;
    struct page_view view;

    tasks_settle();
    uint64_t free_frames = frame_free_count();

    REQUIRE_OK(task_stack_alloc(4 * PAGE_SIZE, "trimmed", &stack));
    uint64_t bottom = stack->range.bottom;

    CHECK_LE(frame_free_count(), free_frames - 4);
    task_stack_free(stack);
    task_stack_trim();
    CHECK_EQ(frame_free_count(), free_frames);
    CHECK(!paging_look_up(bottom, &view));
    CHECK_EQ(task_stack_containing(bottom), NULL);
    CHECK_EQ(task_stack_guarded_by(bottom - 1), NULL);
}

KTEST(task_stack, high_water_mark_is_the_deepest_use)
{
    struct task_stack *stack;

    task_stack_trim();
    REQUIRE_OK(task_stack_alloc(2 * PAGE_SIZE, "marked", &stack));
    size_t fresh = task_stack_high_water(stack);

    CHECK_EQ(fresh, sizeof(*stack));
    *(uint8_t *)(stack->range.top - 5000) = 1;
    CHECK_GE(task_stack_high_water(stack), 5000);
    CHECK_LT(task_stack_high_water(stack), 5000 + sizeof(uint64_t));
    *(uint8_t *)stack->range.bottom = 1;
    CHECK_EQ(task_stack_high_water(stack), 2 * PAGE_SIZE);
    task_stack_free(stack);
}

static intptr_t wait_for(void *argument)
{
    return event_wait(argument, DEADLINE_NEVER);
}

KTEST(task_stack, ten_thousand_tasks_live_at_once)
{
    static struct event start = EVENT_INIT("start", true);
    struct task **tasks;
    size_t spawned = 0;

    if (frame_free_count() < 2 * MANY_TASKS) {
        SKIP("needs 80 MiB of free memory");
    }
    tasks = kmalloc(MANY_TASKS * sizeof(struct task *));
    REQUIRE(tasks != NULL);
    while (spawned < MANY_TASKS &&
           task_spawn("one of many", wait_for, &start, PAGE_SIZE, &tasks[spawned]) == OK) {
        spawned++;
    }
    CHECK_EQ(spawned, MANY_TASKS);
    task_yield();
    size_t done = 0;

    for (size_t i = 0; i < spawned; i++) {
        intptr_t result = -1;

        event_set(&start);
        done += task_join(tasks[i], DEADLINE_NEVER, &result) == OK && result == OK;
        task_release(tasks[i]);
    }
    CHECK_EQ(done, spawned);
    kfree(tasks);
}

static intptr_t do_nothing(void *argument)
{
    (void)argument;
    return 5;
}

/* Start three tasks and join them; what could not be started is not missed. */
static bool spawn_three(void)
{
    struct task *tasks[3] = {NULL};
    bool spawned_all = true;

    for (size_t i = 0; i < 3; i++) {
        enum status status =
            task_spawn("swept", do_nothing, NULL, (i + 1) * 2 * PAGE_SIZE, &tasks[i]);

        CHECK(status == OK || status == ERR_NO_MEMORY);
        CHECK_EQ(tasks[i] != NULL, status == OK);
        spawned_all = spawned_all && status == OK;
    }
    for (size_t i = 0; i < 3; i++) {
        intptr_t result = 0;

        if (tasks[i] != NULL) {
            CHECK_OK(task_join(tasks[i], DEADLINE_NEVER, &result));
            CHECK_EQ(result, 5);
            task_release(tasks[i]);
        }
    }
    return spawned_all;
}

KTEST(task_stack, every_allocation_of_a_spawn_may_fail)
{
    struct allocations found = allocation_sweep(spawn_three);

    /* Stacks of 2, 4 and 8 pages, in regions of their own with page tables of their own. */
    CHECK_GE(found.frames, 2 + 4 + 8);
    CHECK_EQ(found.blocks, 3);
}
