/* SPDX-License-Identifier: MIT */
/*
 * The kernel comes up: one call a line, in the order in which things become
 * possible.
 */
#include <stddef.h>
#include <stdint.h>

#include "kernel/acpi.h"
#include "kernel/boot.h"
#include "kernel/clock.h"
#include "kernel/command_line.h"
#include "kernel/console.h"
#include "kernel/cpu.h"
#include "kernel/executor.h"
#include "kernel/idle.h"
#include "kernel/input.h"
#include "kernel/irq.h"
#include "kernel/irq_route.h"
#include "kernel/kmain.h"
#include "kernel/log.h"
#include "kernel/memory.h"
#include "kernel/panic.h"
#include "kernel/program.h"
#include "kernel/screen.h"
#include "kernel/trap.h"
#include "kernel/version.h"
#include "kernel/wall_clock.h"
#include "lib/bits.h"
#include "lib/quote.h"
#include "lib/x86/cpu.h"

static struct command_line command_line;

static void command_line_apply(void)
{
    log_set_level((enum log_level)command_line.loglevel);
    console_select(command_line.console_screen, command_line.console_serial);
    panic_set_reboot(command_line.panic == PANIC_REBOOT);
    if (command_line.clock == CLOCK_TSC) {
        clock_set_preference(CLOCK_PREFER_TSC);
    } else if (command_line.clock == CLOCK_TICK) {
        clock_set_preference(CLOCK_PREFER_TICKS);
    }
}

static void refused_report(const char *why, const struct command_line_refused *refused)
{
    char word[64];

    for (size_t i = 0; i < MIN(refused->count, (size_t)COMMAND_LINE_REFUSED_MAX); i++) {
        quote(word, sizeof(word), refused->words[i].text, refused->words[i].length);
        log_warn("command_line", "%s: %s, ignored", why, word);
    }
    if (refused->count > COMMAND_LINE_REFUSED_MAX) {
        log_warn("command_line", "%s: %zu more", why, refused->count - COMMAND_LINE_REFUSED_MAX);
    }
}

static void command_line_report(void)
{
    refused_report("unknown word", &command_line.unknown);
    refused_report("bad value", &command_line.bad);
}

static void main_spawn(void)
{
    enum status status = task_spawn(program_name, program_main, NULL, PROGRAM_STACK_BYTES, NULL);

    if (status != OK) {
        panic("kmain: first task: %s", status_sentence(status));
    }
}

void kmain(uint32_t boot_protocol, uint32_t boot_information)
{
    cpu_init(); /* this CPU's tables and stacks */
    trap_init(); /* from here on a fault explains itself */
    clock_init(); /* time passes */
    console_init(); /* to the screen, text or pixels, and COM1, as far as they exist */
    boot_load(boot_protocol, boot_information);
    command_line_parse(boot_info()->command_line, &program_words, &command_line);
    command_line_apply();
    program_prepare();

    kprintf("Hello from ODYSSEY OS!\n");
    version_print(); /* which build this is */
    boot_report(); /* loader, and what was wrong with what it said */
    command_line_report(); /* words that mean nothing */
    memory_init(); /* frames, and an address space with exact rights */
    memory_open_heap(); /* blocks of any size */
    screen_grow(); /* all pixels, where there are any */
    memory_report(); /* how much there is, and whether rights are what they should be */
    acpi_init(); /* what the firmware's tables say of power and timers */
    executor_init(executor_this(), &idle_hooks); /* tasks can be started, and wait to run */
    irq_init(); /* the PIC, every line masked */
    irq_route_init(); /* and nothing between it and the CPU */
    clock_start_ticks(); /* once interrupts are enabled */
    wall_clock_init(); /* the time of day */
    input_init(command_line.keymap); /* keyboard and serial line */
    irq_enable();

    kprintf("System initialized. Entering main loop...\n");
    main_spawn(); /* the first task */
    executor_run(); /* and this is the idle task from here on */
}
