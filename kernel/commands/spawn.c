/* SPDX-License-Identifier: MIT */
/* spawn: the demonstrations of kernel/demos. */
#include <stddef.h>

#include "kernel/console.h"
#include "kernel/demos/demos.h"
#include "kernel/shell/command.h"
#include "lib/bits.h"
#include "lib/string.h"

static const struct demo {
    const char *name;
    const char *what;
    enum status (*start)(void);
} demos[] = {
    {"example", "a task waits for the number that another finds", demo_example},
    {"channel", "one task makes numbers, another takes them", demo_channel},
    {"sleepers", "tasks that sleep, each for another time", demo_sleepers},
    {"clock", "the time in the screen's corner; kill ends it", demo_clock},
    {"echo", "a task that reads the keyboard, until Ctrl-D", demo_echo},
};

static const char *demo_name(size_t index)
{
    return index < ARRAY_SIZE(demos) ? demos[index].name : NULL;
}

SHELL_COMMAND(spawn, .arguments = "[DEMO]", .most = 1, .value = demo_name,
              .summary = "start a demonstration", .help = "Without a demonstration, lists them.\n")
{
    for (size_t i = 0; i < ARRAY_SIZE(demos); i++) {
        if (words->count == 1) {
            kprintf("  %-8s  %s\n", demos[i].name, demos[i].what);
        } else if (strcmp(words->at[1], demos[i].name) == 0) {
            return demos[i].start();
        }
    }
    return words->count == 1 ? OK : ERR_BAD_ARG;
}
