/* SPDX-License-Identifier: MIT */
/* Faults in bad places: each leaves something half done that the report must do without. */
#include "tests/kernel/bad_places.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel/console.h"
#include "kernel/panic.h"
#include "kernel/trap.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "mm/address.h"
#include "mm/kmalloc.h"
#include "tests/kernel/stepping.h"

/* The formatter meets an unmapped address: what it had printed stays, one report follows. */
void fault_while_printing(void)
{
    kprintf("printing %s\n", (const char *)BAD_PLACES_ADDRESS);
}

/* A console that faults, and is only asked once the report is under way. */
static void faulty_write(const char *text, size_t length)
{
    (void)text;
    (void)length;
    *(volatile uint8_t *)BAD_PLACES_ADDRESS = 0;
}

/* In the middle of a line, on a console that is in use. */
void fault_in_console(void)
{
    static struct console faulty = {.name = "faulty", .write = faulty_write};

    kprintf("scenario fault_in_console: ");
    console_register(&faulty);
    kprintf("not on every console\n");
}

void fault_in_panic(void)
{
    static struct console faulty = {.name = "faulty", .write = faulty_write};

    console_register(&faulty);
    faulty.enabled = false;
    panic("scenario fault_in_panic: the report itself will fault");
}

/* A fault with a console that faults in front: the report is about the first fault all the same. */
void fault_with_faulty_console(void)
{
    static struct console faulty = {.name = "faulty", .write = faulty_write};

    console_register(&faulty);
    faulty.enabled = false;
    (void)*(volatile uint8_t *)(BAD_PLACES_ADDRESS + PAGE_SIZE);
}

/* The report over, and one console not to be asked any more: the count goes down on the others. */
void reboot_with_faulty_console(void)
{
    panic_set_end(NULL);
    panic_set_reboot(true);
    fault_in_panic();
}

/* A console that faults once "System halted." has been said, as soon as it is written to again. */
static void late_faulty_write(const char *text, size_t length)
{
    static const char end[] = "System halted.\n";
    static bool was_said;

    if (was_said) {
        faulty_write(text, length);
    }
    was_said = length == strlen(end) && memcmp(text, end, length) == 0;
}

/* The fault is in the count, and what comes behind it is the restart. */
void reboot_despite_fault(void)
{
    static struct console faulty = {.name = "faulty", .write = late_faulty_write};

    console_register(&faulty);
    panic_set_end(NULL);
    panic_set_reboot(true);
    panic("scenario reboot_despite_fault: what follows the report will fault");
}

/* The sentence itself cannot be put together: what there is of it is printed. */
void fault_in_report(void)
{
    panic("scenario fault_in_report: %s", (const char *)BAD_PLACES_ADDRESS);
}

/* --- Between two instructions ------------------------------------------------------ */

static struct {
    uint64_t steps; /* taken so far */
    uint64_t strike_at; /* the step after which `address` is read; 0 for none */
    uint64_t address;
} stepping;

/* After each instruction of what is stepped through. The fault is this handler's own. */
static bool step(struct trap_frame *frame)
{
    (void)frame;
    stepping.steps++;
    if (stepping.steps == stepping.strike_at) {
        (void)*(volatile uint8_t *)stepping.address;
    }
    return true;
}

static void step_through(void (*work)(void))
{
    stepping.steps = 0;
    stepping_begin();
    work();
    stepping_end();
}

/* Go all the way once, to know how long it is, then up to where it ends. */
static void strike_in(void (*work)(void), uint64_t address, unsigned eighths)
{
    trap_set_handler(TRAP_DEBUG, step);
    irq_disable();
    step_through(work);
    stepping.address = address;
    stepping.strike_at = stepping.steps * eighths / 8;
    step_through(work);
}

static void print_a_line(void)
{
    kprintf("a line of %d words, the last of which is %s\n", 10, "this");
}

void strike_printing(unsigned eighths)
{
    strike_in(print_a_line, BAD_PLACES_ADDRESS, eighths);
}

/* Blocks are split from what is free, and the last to come back joins its neighbours. */
static void use_heap(void)
{
    void *first = kmalloc(100);
    void *middle = kmalloc(3000);
    void *last = kmalloc(100);

    kfree(first);
    kfree(last);
    kfree(middle);
}

void strike_heap(unsigned eighths)
{
    strike_in(use_heap, BAD_PLACES_HEAP_ADDRESS, eighths);
}
