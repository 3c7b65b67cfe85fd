/* SPDX-License-Identifier: MIT */
/*
 * The panic: who comes first is reported on every console, who comes later is
 * a fault in the report, and costs it no more than the part it came from.
 *
 * All of it runs on a stack of its own, which each fault begins anew; whatever
 * has to survive that is in `state`. Invariant: every fault in the report
 * takes a part or a console out of it for good, so it ends. docs/panic.md has
 * what happens in which state.
 */
#include "kernel/panic.h"

#include <stdarg.h>
#include <stddef.h>

#include "kernel/console.h"
#include "kernel/panic_essentials.h"
#include "kernel/panic_qr.h"
#include "kernel/panic_report.h"
#include "kernel/power.h"
#include "kernel/symbols.h"
#include "kernel/trap_words.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/x86/cpu.h"

#define COUNT_DOWN_SECONDS 5 /* to read the report in, or to photograph it */

/* Behind the last part and the line that ends the report: what faults now costs nothing said. */
#define ALL_SAID (PANIC_PART_COUNT + 2)

enum phase {
    PHASE_NONE,
    PHASE_BEGUN, /* on the stack of who panics: the subject is being noted */
    PHASE_SENTENCE, /* being put together; the caller's arguments may be bad */
    PHASE_ESSENTIALS,
    PHASE_REPORTING,
    PHASE_FINISHED,
};

static struct {
    enum phase phase;
    bool reboots;
    void (*end)(const struct panic_info *info);

    /* What the report is about: the first panic, whatever follows it. */
    struct panic_subject subject;
    const char *format; /* of the sentence; NULL for a trap's, which is found out */
    va_list arguments;
    char essentials[PANIC_ESSENTIALS_MAX + 1];

    /* How far the report is. */
    struct console *console; /* being reported to */
    size_t part; /* to be printed next, or being printed; 0 is the sentence */
    uint64_t broken; /* parts that faulted, a bit for each: no console sees them */
    unsigned faults; /* in the report to the present console */
    bool sentence_is_whole; /* else a fault cut it short */
    struct {
        bool is_trap; /* else another panic() */
        uint64_t vector;
        uint64_t rip;
    } fault; /* the last in the report */
} state;

/* Assembly: call panic_run() on the panic stack. */
NORETURN void panic_on_own_stack(void);
NORETURN void panic_run(void);

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

/* "(a second fault cut this short: #PF at 0x... memcpy+0x4)" */
static void cut_print(const char *what)
{
    struct symbol symbol;

    console_begin_line();
    if (!state.fault.is_trap) {
        kprintf("(%s: another panic)\n", what);
    } else if (symbol_is_code(state.fault.rip) && symbol_find(state.fault.rip, &symbol)) {
        kprintf("(%s: %s at 0x%016lx %s+0x%lx)\n", what,
                trap_mnemonic((unsigned)state.fault.vector), state.fault.rip, symbol.name,
                symbol.offset);
    } else {
        kprintf("(%s: %s at 0x%016lx)\n", what, trap_mnemonic((unsigned)state.fault.vector),
                state.fault.rip);
    }
}

/* Print what is left of the report on the present console, from `part` on. */
static void report_go_on(void)
{
    for (; state.part <= PANIC_PART_COUNT; state.part++) {
        if (state.part == 0) {
            console_begin_line();
            kprintf("KERNEL PANIC: %s\n", state.subject.sentence);
            if (!state.sentence_is_whole) {
                cut_print("a second fault cut this short");
            }
        } else if ((state.broken & BIT(state.part)) != 0) {
            kprintf("(left out here: this part faulted on another console)\n");
        } else {
            panic_part_print(state.part - 1, &state.subject);
        }
    }
    end_print();
    state.part = ALL_SAID;
    if (console_is_screen(state.console)) {
        panic_qr_paint(state.essentials, state.subject.sentence);
    }
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

NORETURN static void finish(void)
{
    state.phase = PHASE_FINISHED;
    if (state.end != NULL) {
        state.end(&(struct panic_info){.sentence = state.subject.sentence,
                                       .frame = state.subject.is_trap ? &state.subject.frame : NULL,
                                       .cr2 = state.subject.cr2});
    }
    if (state.reboots) {
        console_rejoin();
        power_count_down(COUNT_DOWN_SECONDS);
    }
    leave();
}

/* Report to the present console and all after it, then end. */
NORETURN static void report_to_rest(void)
{
    state.phase = PHASE_REPORTING;
    for (; state.console != NULL; state.console = state.console->next) {
        state.part = 0;
        state.faults = 0;
        console_isolate(state.console);
        report_go_on();
    }
    finish();
}

/* Both of these may fault, and then leave what they have written so far. */
static void sentence_write(void)
{
    state.phase = PHASE_SENTENCE;
    if (state.format != NULL) {
        kvsnprintf(state.subject.sentence, sizeof(state.subject.sentence), state.format,
                   state.arguments);
    } else {
        panic_subject_explain(&state.subject);
    }
    state.sentence_is_whole = true;
}

static void essentials_write(void)
{
    state.phase = PHASE_ESSENTIALS;
    panic_subject_essentials(&state.subject, state.essentials);
}

/*
 * After a fault in the report: the second fault costs a part, a third the rest
 * of the report to this console. What a console's own code did costs that console.
 */
NORETURN static void report_after_fault(void)
{
    if (!console_has_faulted() && state.part != ALL_SAID) {
        state.broken |= BIT(state.part);
        state.part++;
        if (state.faults++ == 0) {
            cut_print("a second fault cut this short");
            report_go_on();
        } else {
            cut_print("a third fault ended it");
            end_print();
        }
    }
    state.console = state.console->next;
    report_to_rest();
}

/* On the panic stack, for the first panic and each that comes into it. */
void panic_run(void)
{
    switch (state.phase) {
    case PHASE_BEGUN:
        sentence_write();
        __attribute__((fallthrough));
    case PHASE_SENTENCE:
        essentials_write();
        __attribute__((fallthrough));
    case PHASE_ESSENTIALS:
        /* Boot may not have come to some; a step that faults is not tried for ever. */
        console_init();
        state.console = console_first();
        report_to_rest();
    case PHASE_REPORTING:
        report_after_fault();
    default:
        leave(); /* all was said; the fault was in what follows the report */
    }
}

/* Note who panics; frame is NULL for a plain panic(). Returns for the first alone. */
static void begin(const struct trap_frame *frame)
{
    irq_disable();
    if (state.phase != PHASE_NONE) {
        state.fault.is_trap = frame != NULL;
        state.fault.vector = frame != NULL ? frame->vector : 0;
        state.fault.rip = frame != NULL ? frame->rip : 0;
        panic_on_own_stack();
    }
    state.phase = PHASE_BEGUN;
}

NOINLINE void panic(const char *format, ...)
{
    const uint64_t *frame = __builtin_frame_address(0);

    begin(NULL);
    state.subject.frame.rip = (uint64_t)__builtin_return_address(0);
    state.subject.frame.rsp = (uint64_t)frame;
    state.subject.frame.rbp = frame[0];
    state.format = format;
    va_start(state.arguments, format); /* they stay: nothing returns to the caller's stack */
    panic_on_own_stack();
}

void panic_at(const struct trap_frame *frame)
{
    begin(frame);
    state.subject.cr2 = cr2_read();
    state.subject.frame = *frame;
    state.subject.is_trap = true;
    panic_on_own_stack();
}
