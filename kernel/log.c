/* SPDX-License-Identifier: MIT */
/*
 * The log ring: text bytes at ever growing positions, of which the last
 * LOG_SIZE exist. Invariant: a line is stored whole, so the oldest bytes may
 * be a line's torn end but the newest never are.
 */
#include "kernel/log.h"

#include <stdarg.h>
#include <stdint.h>

#include "kernel/clock.h"
#include "kernel/console.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/x86/cpu.h"

#define LOG_LINE_SIZE 256

static const char *const level_names[] = {"ERROR", "WARN", "INFO", "DEBUG"};

static enum log_level print_level = LOG_INFO;

static struct {
    uint64_t end; /* bytes ever stored */
    char text[LOG_SIZE];
} ring;

const char *log_level_name(enum log_level level)
{
    return level_names[level];
}

void log_set_level(enum log_level level)
{
    print_level = level;
}

/* Interrupts log, too: one that came in between would have its line in the same place. */
static void store(const char *line, size_t length)
{
    uint64_t flags = irq_save();

    for (size_t i = 0; i < length; i++) {
        ring.text[(ring.end + i) % LOG_SIZE] = line[i];
    }
    ring.end += length;
    irq_restore(flags);
}

void log_write(enum log_level level, const char *module, const char *format, ...)
{
    char line[LOG_LINE_SIZE];
    uint64_t now_us = clock_now_ns() / NS_PER_US;
    va_list arguments;
    size_t length;

    length = ksnprintf(line, sizeof(line), "[%lu.%06lu] %s %s: ", now_us / US_PER_SECOND,
                       now_us % US_PER_SECOND, level_names[level], module);
    length = MIN(length, sizeof(line) - 1);
    va_start(arguments, format);
    length += kvsnprintf(line + length, sizeof(line) - length, format, arguments);
    va_end(arguments);
    length = MIN(length, sizeof(line) - 2);
    line[length++] = '\n';

    store(line, length);
    if (level <= print_level) {
        console_write(line, length);
    }
}

size_t log_copy(char *buffer, size_t size)
{
    uint64_t flags = irq_save();
    uint64_t start = ring.end > LOG_SIZE ? ring.end - LOG_SIZE : 0;
    bool cut = start > 0;
    size_t length = 0;

    if (ring.end - start > size) {
        start = ring.end - size;
        cut = true;
    }
    while (cut && start < ring.end) {
        cut = ring.text[start++ % LOG_SIZE] != '\n';
    }
    while (start < ring.end) {
        buffer[length++] = ring.text[start++ % LOG_SIZE];
    }
    irq_restore(flags);
    return length;
}
