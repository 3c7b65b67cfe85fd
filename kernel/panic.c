/* SPDX-License-Identifier: MIT */
/*
 * The panic report: printed whole on one console, then on the next. Invariant:
 * every console sees at most one report. A console whose own code faults is
 * left for the next; a fault in the report itself ends it there with a line
 * that says so. Either way the next console is one further, so it ends.
 */
#include "kernel/panic.h"

#include <stdarg.h>
#include <stddef.h>

#include "kernel/backtrace.h"
#include "kernel/console.h"
#include "kernel/power.h"
#include "kernel/trap_report.h"
#include "kernel/version.h"
#include "lib/format.h"
#include "lib/x86/cpu.h"

static struct {
    bool begun;
    bool reboots;
    bool was_cut; /* the present console has been told that its report ends early */
    struct console *console; /* being reported to */
    void (*end)(const struct panic_info *info);

    /* What the report is about: the first panic, whatever follows it. */
    char sentence[256];
    const struct trap_frame *frame; /* NULL for a plain panic() */
    uint64_t return_address; /* of a plain panic(), and the caller's frame pointer */
    uint64_t frame_pointer;
} state;

void panic_set_reboot(bool reboots)
{
    state.reboots = reboots;
}

void panic_set_end(void (*end)(const struct panic_info *info))
{
    state.end = end;
}

static void report_print(void)
{
    console_begin_line();
    kprintf("KERNEL PANIC: %s\n", state.sentence);
    if (state.frame != NULL) {
        trap_report_print(state.frame);
        version_print();
        backtrace_print_trap(state.frame->rip, state.frame->rsp, state.frame->rbp);
    } else {
        version_print();
        backtrace_print_call(state.return_address, state.frame_pointer);
    }
    kprintf("System halted.\n");
}

/* Report to the present console and all after it, then end. */
NORETURN static void report_and_finish(void)
{
    for (; state.console != NULL; state.console = state.console->next) {
        state.was_cut = false;
        console_isolate(state.console);
        report_print();
    }
    if (state.end != NULL) {
        state.end(&(struct panic_info){.sentence = state.sentence, .frame = state.frame});
    }
    if (state.reboots) {
        power_reboot();
    }
    cpu_halt_forever();
}

/* A panic inside the report: end it on this console, as far as that works, and go on. */
NORETURN static void resume_after_fault(const struct trap_frame *frame)
{
    if (!console_has_faulted() && !state.was_cut) {
        state.was_cut = true;
        console_begin_line();
        kprintf("(a second fault cut the report short");
        if (frame != NULL) {
            kprintf(": %s at 0x%016lx", trap_mnemonic((unsigned)frame->vector), frame->rip);
        }
        kprintf(")\nSystem halted.\n");
    }
    if (state.console != NULL) {
        state.console = state.console->next;
        report_and_finish();
    }
    cpu_halt_forever(); /* the fault was in what follows the report */
}

/* Returns for the first panic alone. */
static void begin(const struct trap_frame *frame)
{
    irq_disable();
    if (state.begun) {
        resume_after_fault(frame);
    }
    state.begun = true;
    state.frame = frame;
    state.console = console_first();
}

NOINLINE void panic(const char *format, ...)
{
    const uint64_t *frame = __builtin_frame_address(0);
    va_list arguments;

    begin(NULL);
    state.return_address = (uint64_t)__builtin_return_address(0);
    state.frame_pointer = frame[0];
    va_start(arguments, format);
    kvsnprintf(state.sentence, sizeof(state.sentence), format, arguments);
    va_end(arguments);
    report_and_finish();
}

void panic_at(const struct trap_frame *frame, const char *format, ...)
{
    va_list arguments;

    begin(frame);
    va_start(arguments, format);
    kvsnprintf(state.sentence, sizeof(state.sentence), format, arguments);
    va_end(arguments);
    report_and_finish();
}
