/* SPDX-License-Identifier: MIT */
/*
 * A clock in the screen's corner: the time of day, or since boot where that is
 * not known. On the screen alone: on a serial line it would get into every log.
 */
#include "kernel/clock.h"

#include <stddef.h>
#include <stdint.h>

#include "kernel/console.h"
#include "kernel/demos/demos.h"
#include "kernel/task.h"
#include "kernel/wall_clock.h"
#include "lib/bits.h"
#include "lib/format.h"

/* ESC 7 and ESC 8 save and restore the cursor and its colours; SGR 7 is reverse. */
#define CLOCK_FORMAT "\x1b\x37\x1b[1;71H\x1b[7m %02u:%02u:%02u \x1b\x38"

/* Often enough to be back soon where text has scrolled it away. */
#define REDRAW_NS (100 * NS_PER_MS)

static struct rtc_time time_to_show(void)
{
    struct rtc_time time;

    if (!wall_clock_now(&time)) {
        time = rtc_time_from_seconds((int64_t)(clock_now_ns() / NS_PER_SECOND));
    }
    return time;
}

static void draw(const struct console *screen)
{
    struct rtc_time time = time_to_show();
    char text[64];
    size_t length =
        ksnprintf(text, sizeof(text), CLOCK_FORMAT, time.hour, time.minute, time.second);

    screen->write(text, MIN(length, sizeof(text) - 1));
}

static intptr_t clock(void *argument)
{
    do {
        draw(argument);
    } while (task_sleep_for(REDRAW_NS) == OK);
    return 0;
}

enum status demo_clock(void)
{
    struct console *screen = console_find("screen");

    if (screen == NULL || !screen->enabled) {
        return ERR_NO_DEVICE;
    }
    return task_spawn("clock", clock, screen, TASK_STACK_DEFAULT, NULL);
}
