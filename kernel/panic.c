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

#define COUNT_DOWN_SECONDS 5 /* to read the report in, or to photograph it */

enum phase {
    PHASE_NONE,
    PHASE_GATHERING, /* what the report will say; the caller's arguments may be bad */
    PHASE_REPORTING,
    PHASE_FINISHED,
};

static struct {
    enum phase phase;
    bool reboots;
    bool was_cut; /* the present console has been told that its report ends early */
    struct console *console; /* being reported to */
    void (*end)(const struct panic_info *info);

    /*
     * What the report is about: the first panic, whatever follows it. The
     * frame is a copy, since its stack may be used again by the next trap.
     */
    char sentence[256];
    char cut[64]; /* a fault while this was gathered, in words; empty for none */
    bool is_trap;
    struct trap_frame frame;
    uint64_t cr2;
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

bool panic_has_begun(void)
{
    return state.phase != PHASE_NONE;
}

static void end_print(void)
{
    kprintf("System halted.\n");
}

static void cut_print(const char *cut)
{
    console_begin_line();
    kprintf("(a second fault cut the report short%s)\n", cut);
    end_print();
}

static void report_print(void)
{
    console_begin_line();
    kprintf("KERNEL PANIC: %s\n", state.sentence);
    if (state.cut[0] != '\0') {
        cut_print(state.cut);
        return;
    }
    if (state.is_trap) {
        trap_report_print(&state.frame, state.cr2);
        version_print();
        backtrace_print_trap(state.frame.rip, state.frame.rsp, state.frame.rbp);
    } else {
        version_print();
        backtrace_print_call(state.return_address, state.frame_pointer);
    }
    end_print();
}

/*
 * All is said. A fault on the way to a restart comes here again: a console that
 * was the cause is left out, and another way is taken.
 */
NORETURN static void leave(void)
{
    if (state.reboots) {
        console_rejoin();
        power_reboot();
    }
    cpu_halt_forever();
}

/* Report to the present console and all after it, then end. */
NORETURN static void report_and_finish(void)
{
    state.phase = PHASE_REPORTING;
    for (; state.console != NULL; state.console = state.console->next) {
        state.was_cut = false;
        console_isolate(state.console);
        report_print();
    }
    state.phase = PHASE_FINISHED;
    if (state.end != NULL) {
        state.end(&(struct panic_info){.sentence = state.sentence,
                                       .frame = state.is_trap ? &state.frame : NULL,
                                       .cr2 = state.cr2});
    }
    if (state.reboots) {
        console_rejoin();
        power_count_down(COUNT_DOWN_SECONDS);
    }
    leave();
}

/* Report to every console, be it one that boot has not come to bringing up. */
NORETURN static void report_to_all(void)
{
    console_init();
    state.console = console_first();
    report_and_finish();
}

/* ": #PF at 0x..." for a trap, nothing for a plain panic. */
static void cut_describe(char *text, size_t size, const struct trap_frame *frame)
{
    if (frame != NULL) {
        ksnprintf(text, size, ": %s at 0x%016lx", trap_mnemonic((unsigned)frame->vector),
                  frame->rip);
    } else {
        ksnprintf(text, size, ": another panic");
    }
}

/* A panic inside the panic: go on with it, as far as that works. */
NORETURN static void resume_after_fault(const struct trap_frame *frame)
{
    char cut[sizeof(state.cut)];

    switch (state.phase) {
    case PHASE_GATHERING:
        cut_describe(state.cut, sizeof(state.cut), frame);
        report_to_all(); /* with as much of the sentence as there is */
    case PHASE_REPORTING:
        /* A console is not asked again after a fault in its own code. */
        if (!console_has_faulted() && !state.was_cut) {
            state.was_cut = true;
            cut_describe(cut, sizeof(cut), frame);
            cut_print(cut);
        }
        state.console = state.console->next;
        report_and_finish();
    default:
        leave(); /* all was said; the fault was in what follows the report */
    }
}

/* Returns for the first panic alone. */
static void begin(const struct trap_frame *frame)
{
    irq_disable();
    if (state.phase != PHASE_NONE) {
        resume_after_fault(frame);
    }
    state.cr2 = cr2_read();
    state.phase = PHASE_GATHERING;
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
    report_to_all();
}

void panic_at(const struct trap_frame *frame, const char *format, ...)
{
    va_list arguments;

    begin(frame);
    state.frame = *frame;
    state.is_trap = true;
    va_start(arguments, format);
    kvsnprintf(state.sentence, sizeof(state.sentence), format, arguments);
    va_end(arguments);
    report_to_all();
}
