/* SPDX-License-Identifier: MIT */
/* The registry of consoles, and printing to all of them. */
#include "kernel/console.h"

#include "kernel/boot.h"
#include "kernel/screen.h"
#include "kernel/serial.h"
#include "lib/format.h"
#include "lib/string.h"

static struct {
    struct console *first;
    struct console *writing; /* whose write() runs now; stays set when it faults */
    void (*guard)(void); /* to be called before the next output */
} registry;

static bool screen_is_wanted = true;
static struct console screen = {.name = "screen", .write = screen_write, .recover = screen_recover};
static struct console serial = {.name = "serial", .write = serial_write};

void console_register(struct console *console)
{
    console->enabled = true;
    console->next = registry.first;
    registry.first = console;
}

struct console *console_find(const char *name)
{
    struct console *console = registry.first;

    while (console != NULL && strcmp(console->name, name) != 0) {
        console = console->next;
    }
    return console;
}

static void write_to(struct console *console, const char *text, size_t length)
{
    struct console *interrupted = registry.writing;

    registry.writing = console;
    console->write(text, length);
    console->mid_line = text[length - 1] != '\n' && text[length - 1] != '\r';
    registry.writing = interrupted;
}

void console_set_guard(void (*guard)(void))
{
    registry.guard = guard;
}

static void call_guard(void)
{
    void (*guard)(void) = registry.guard;

    if (UNLIKELY(guard != NULL)) {
        registry.guard = NULL;
        guard();
    }
}

void console_write(const char *text, size_t length)
{
    call_guard();
    for (struct console *console = registry.first; console != NULL; console = console->next) {
        if (console->enabled && length > 0) {
            write_to(console, text, length);
        }
    }
}

static void sink(void *context, const char *text, size_t length)
{
    (void)context;
    console_write(text, length);
}

void kvprintf(const char *format, va_list arguments)
{
    format_to_sink(sink, NULL, format, arguments);
}

void kprintf(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    kvprintf(format, arguments);
    va_end(arguments);
}

void console_begin_line(void)
{
    call_guard();
    for (struct console *console = registry.first; console != NULL; console = console->next) {
        if (console->enabled && console->mid_line) {
            write_to(console, "\n", 1);
        }
    }
}

struct console *console_first(void)
{
    return registry.first;
}

/* A console that was left in the middle of its own write() will not come back to it. */
static void forget_writing(void)
{
    if (registry.writing != NULL) {
        registry.writing->has_faulted = true;
    }
    registry.writing = NULL;
}

void console_isolate(struct console *only)
{
    forget_writing();
    registry.guard = NULL;
    for (struct console *console = registry.first; console != NULL; console = console->next) {
        console->enabled = console == only;
    }
    registry.writing = only;
    if (only->recover != NULL) {
        only->recover();
    }
    registry.writing = NULL;
}

void console_rejoin(void)
{
    forget_writing();
    for (struct console *console = registry.first; console != NULL; console = console->next) {
        console->enabled = !console->has_faulted;
    }
}

bool console_has_faulted(void)
{
    return registry.writing != NULL;
}

/* The screen may come late: it is in the registry from when there is one. */
static void screen_join(void)
{
    if (screen_is_there() && console_find(screen.name) == NULL) {
        console_register(&screen);
        screen.enabled = screen_is_wanted;
    }
}

void console_init(void)
{
    screen_init();
    screen_join();
    if (serial_init() == OK) {
        console_register(&serial);
    }
}

void console_use_framebuffer(void)
{
    screen_use_framebuffer(&boot_info()->framebuffer);
    screen_join();
}

void console_remap(void)
{
    if (screen_remap() != OK) {
        screen.enabled = false;
    }
    screen_join();
}

void console_select(bool want_screen, bool want_serial)
{
    struct console *found_screen = console_find(screen.name);
    struct console *found_serial = console_find(serial.name);

    if (!(want_screen && found_screen != NULL) && !(want_serial && found_serial != NULL)) {
        return;
    }
    screen_is_wanted = want_screen;
    screen.enabled = want_screen;
    serial.enabled = want_serial;
}
