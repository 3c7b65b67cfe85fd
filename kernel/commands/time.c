/* SPDX-License-Identifier: MIT */
/* uptime, date, sleep: what the clocks say, and waiting. */
#include "kernel/clock.h"
#include "kernel/console.h"
#include "kernel/shell/command.h"
#include "kernel/task.h"
#include "kernel/wall_clock.h"
#include "lib/number.h"

#define MINUTE 60UL
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

SHELL_COMMAND(uptime, .summary = "time since boot")
{
    uint64_t ns = clock_now_ns();
    uint64_t seconds = ns / NS_PER_SECOND;

    (void)words;
    kprintf("up: %lu d %02lu:%02lu:%02lu.%03lu\n", seconds / DAY, seconds % DAY / HOUR,
            seconds % HOUR / MINUTE, seconds % MINUTE, ns % NS_PER_SECOND / NS_PER_MS);
    kprintf("clock: %s\n", clock_source_name());
    return OK;
}

SHELL_COMMAND(date, .summary = "date and time of day",
              .help = "As the machine's real-time clock has it, which knows no time zones.\n")
{
    struct rtc_time time;

    (void)words;
    if (!wall_clock_now(&time)) {
        return ERR_NO_DEVICE;
    }
    kprintf("date: %04u-%02u-%02u %02u:%02u:%02u\n", time.year, time.month, time.day, time.hour,
            time.minute, time.second);
    return OK;
}

SHELL_COMMAND(sleep, .arguments = "SECONDS", .least = 1, .most = 1, .summary = "wait some seconds",
              .help = "Fractions are welcome: sleep 0.5\n")
{
    uint64_t ns;

    if (!number_parse_seconds(words->at[1], &ns)) {
        return ERR_BAD_ARG;
    }
    return task_sleep_for(ns);
}
