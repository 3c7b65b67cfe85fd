/* SPDX-License-Identifier: MIT */
/*
 * Everything the kernel says goes through here to every console there is: the
 * screen, the serial line, whatever the test kernel adds. No locks: what is
 * printed from an interrupt may fall into the middle of a line, and a panic
 * can always print.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/compiler.h"

struct console {
    const char *name; /* as the command line's console= names it */
    void (*write)(const char *text, size_t length);
    void (*recover)(void); /* have the next text seen, whatever came before; may be NULL */
    bool enabled;

    /* The registry's own. */
    bool mid_line; /* the last byte did not end or begin a line: neither LF nor CR */
    bool has_faulted; /* its own code did, in a panic */
    struct console *next;
};

/*
 * Add a console, enabled; it sees what is printed from now on.
 *
 * console  lives for ever
 *
 * Context: once for each, at boot.
 */
void console_register(struct console *console);

/* The console of that name, or NULL. Any context. */
struct console *console_find(const char *name);

/* Print on every enabled console. Any context. */
void console_write(const char *text, size_t length);

/* Formatted printing, as lib/format.h describes it, to every enabled console. Any context. */
void kprintf(const char *format, ...) PRINTF_LIKE(1, 2);
void kvprintf(const char *format, va_list arguments) PRINTF_LIKE(1, 0);

/* Begin a new line, unless the last byte was a line feed or a return. Any context. */
void console_begin_line(void);

/*
 * Have a function called before the next output, whoever's it is, to take from
 * the consoles what must not be in its way; once, then it has to be set again.
 * NULL for none. It may print.
 *
 * Context: a task; the function's: whoever prints, so any.
 */
void console_set_guard(void (*guard)(void));

/* Whether a console is the screen. Any context. */
bool console_is_screen(const struct console *console);

/* --- For the panic, which reports to one console after the other ------------------- */

/* The first console; `next` leads to the others. NULL where there is none. */
struct console *console_first(void);

/* Print on this console alone, whatever was chosen, and so that it is seen. */
void console_isolate(struct console *only);

/* Whether the fault that has just come was in a console's own code. */
bool console_has_faulted(void);

/* Print on all consoles again, but those whose own code faulted. */
void console_rejoin(void);

/* --- At boot ------------------------------------------------------------------------ */

/*
 * Bring up the consoles that this machine has: the screen, be it text or the
 * loader's pixels, and the serial line; none at all is fine. What has been
 * brought up, or tried, is left alone, so that a panic can ask for what boot
 * has not come to yet.
 *
 * Context: at boot, on the boot tables; a panic any number of times.
 */
void console_init(void);

/*
 * Load the kernel's own page tables, in which the screen's memory has a mapping
 * of its own; a screen that cannot have it is left out, which is said.
 *
 * Context: once, after paging_init().
 */
void console_change_tables(void);

/* Print on those alone that are named; on all when none of them is there, so that one is seen. */
void console_select(bool screen, bool serial);
