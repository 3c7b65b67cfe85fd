/* SPDX-License-Identifier: MIT */
/* Prefixes what is not KTAP, on its way to the serial line and port 0xe9. */
#include "tests/kernel/ktap.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "kernel/console.h"
#include "kernel/serial.h"
#include "lib/format.h"
#include "lib/x86/port.h"
#include "tests/ktest.h"

#define COMMENT_PREFIX "# "

static struct {
    bool begun;
    bool in_ktap_line; /* what is printed now is KTAP already */
} ktap;

/* A console that prefixes: who really prints, and whether a line starts. */
struct prefixer {
    void (*write)(const char *text, size_t length);
    bool mid_line;
};

/* Bytes up to and with the first line feed, or all. */
static size_t line_length(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\n') {
            return i + 1;
        }
    }
    return length;
}

static void prefix_write(struct prefixer *prefixer, const char *text, size_t length)
{
    while (length > 0) {
        size_t piece = line_length(text, length);

        if (ktap.begun && !ktap.in_ktap_line && !prefixer->mid_line) {
            prefixer->write(COMMENT_PREFIX, sizeof(COMMENT_PREFIX) - 1);
        }
        prefixer->write(text, piece);
        prefixer->mid_line = text[piece - 1] != '\n';
        text += piece;
        length -= piece;
    }
}

static void debug_console_write(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        port_write8(DEBUG_CONSOLE_PORT, (uint8_t)text[i]);
    }
}

static struct prefixer serial_prefixer = {.write = serial_write};
static struct prefixer debug_prefixer = {.write = debug_console_write};

static void serial_prefixed_write(const char *text, size_t length)
{
    prefix_write(&serial_prefixer, text, length);
}

static void debug_prefixed_write(const char *text, size_t length)
{
    prefix_write(&debug_prefixer, text, length);
}

void ktap_init(void)
{
    static struct console debug_console = {.name = "debug", .write = debug_prefixed_write};
    struct console *serial = console_find("serial");

    if (serial != NULL) {
        serial->write = serial_prefixed_write;
    }
    console_register(&debug_console);
}

void ktap_begin(void)
{
    ktap.begun = true;
    ktap_line("KTAP version 1");
}

static void print_line(const char *line)
{
    console_begin_line();
    ktap.in_ktap_line = true;
    kprintf("%s\n", line);
    ktap.in_ktap_line = false;
}

void ktap_line(const char *format, ...)
{
    char line[128];
    va_list arguments;

    va_start(arguments, format);
    kvsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    print_line(line);
}

void ktest_emit(const char *line)
{
    print_line(line);
}
