/* SPDX-License-Identifier: MIT */
/* Started in one order, awake in another: sorting by sleep. */
#include <stddef.h>
#include <stdint.h>

#include "kernel/clock.h"
#include "kernel/console.h"
#include "kernel/demos/demos.h"
#include "kernel/task.h"
#include "lib/bits.h"

static intptr_t sleeper(void *argument)
{
    uint64_t tenths = (uintptr_t)argument;

    if (task_sleep_for(tenths * 100 * NS_PER_MS) == OK) {
        kprintf("sleeper: awake after 0.%lu s\n", tenths);
    }
    return 0;
}

enum status demo_sleepers(void)
{
    static const uint8_t tenths[] = {5, 1, 4, 2, 3};
    enum status status = OK;

    for (size_t i = 0; i < ARRAY_SIZE(tenths) && status == OK; i++) {
        status =
            task_spawn("sleeper", sleeper, (void *)(uintptr_t)tenths[i], TASK_STACK_DEFAULT, NULL);
    }
    return status;
}
