/* SPDX-License-Identifier: MIT */
/* The example task: what an `async` function is elsewhere is a plain function here. */
#include <stddef.h>
#include <stdint.h>

#include "kernel/clock.h"
#include "kernel/console.h"
#include "kernel/demos/demos.h"
#include "kernel/task.h"

static intptr_t find_number(void *argument)
{
    (void)argument;
    return task_sleep_for(NS_PER_MS) == OK ? 42 : 0;
}

static intptr_t example(void *argument)
{
    struct task *finder;
    intptr_t number = 0;
    enum status status = task_spawn("find number", find_number, NULL, TASK_STACK_DEFAULT, &finder);

    (void)argument;
    if (status != OK) {
        return status;
    }
    status = task_join(finder, DEADLINE_NEVER, &number);
    task_release(finder);
    if (status == OK) {
        kprintf("async number: %ld\n", number);
    }
    return status;
}

enum status demo_example(void)
{
    return task_spawn("example", example, NULL, TASK_STACK_DEFAULT, NULL);
}
