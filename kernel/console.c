/* SPDX-License-Identifier: MIT */
/* The registry of consoles, and printing to all of them. */
#include "kernel/console.h"

#include "kernel/log.h"
#include "kernel/screen.h"
#include "kernel/serial.h"
#include "lib/format.h"
#include "lib/string.h"

/* What console_init() does, and how often it tries each. */
enum step { STEP_SERIAL, STEP_SCREEN, STEP_COUNT };
#define TRIES 2U

static struct {
    struct console *first;
    struct console *writing; /* whose write() runs now; stays set when it faults */
    void (*guard)(void); /* to be called before the next output */
    unsigned tries; /* of console_init()'s steps, TRIES for each */
} registry;

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

bool console_is_screen(const struct console *console)
{
    return console == &screen;
}

/* Where a console is linked in; for NULL, the list's end. */
static struct console **link_to(const struct console *console)
{
    struct console **link = &registry.first;

    while (*link != console && *link != NULL) {
        link = &(*link)->next;
    }
    return link;
}

/* Behind the serial line: what goes wrong with the more intricate device loses no report there. */
static void screen_bring_up(void)
{
    screen_init();
    if (screen_is_there()) {
        screen.enabled = true;
        *link_to(NULL) = &screen;
    }
}

static void serial_bring_up(void)
{
    if (serial_init() == OK) {
        console_register(&serial);
    }
}

/* A step that faults is tried once more, by the panic: it may have been chance. */
void console_init(void)
{
    while (registry.tries < TRIES * STEP_COUNT) {
        unsigned step = registry.tries++ / TRIES;

        if (step == STEP_SERIAL) {
            serial_bring_up();
        } else {
            screen_bring_up();
        }
        registry.tries = TRIES * (step + 1);
    }
}

void console_change_tables(void)
{
    bool was_there = screen_is_there();

    screen_change_tables();
    if (was_there && !screen_is_there()) {
        *link_to(&screen) = screen.next;
        log_warn("console", "the screen cannot be mapped: left out");
    }
}

void console_select(bool want_screen, bool want_serial)
{
    struct console *found_screen = console_find(screen.name);
    struct console *found_serial = console_find(serial.name);

    if (!(want_screen && found_screen != NULL) && !(want_serial && found_serial != NULL)) {
        return;
    }
    screen.enabled = want_screen;
    serial.enabled = want_serial;
}
