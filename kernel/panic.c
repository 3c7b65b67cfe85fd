/* SPDX-License-Identifier: MIT */
/*
 * The panic report. Invariant: whatever goes wrong while it is printed, the
 * report appears at most once: a fault inside it prints one short line, a
 * fault inside that only halts.
 */
#include "kernel/panic.h"

#include <stdarg.h>
#include <stddef.h>

#include "kernel/backtrace.h"
#include "kernel/console.h"
#include "kernel/power.h"
#include "kernel/trap_report.h"
#include "lib/format.h"
#include "lib/x86/cpu.h"

static struct {
    unsigned depth; /* how many panics have begun */
    bool reboots;
    void (*end)(const struct panic_info *info);
    char sentence[256];
} state;

void panic_set_reboot(bool reboots)
{
    state.reboots = reboots;
}

void panic_set_end(void (*end)(const struct panic_info *info))
{
    state.end = end;
}

NORETURN static void finish(const struct trap_frame *frame)
{
    if (state.end != NULL) {
        state.end(&(struct panic_info){.sentence = state.sentence, .frame = frame});
    }
    if (state.reboots) {
        power_reboot();
    }
    cpu_halt_forever();
}

/* Returns for the first panic alone: a later one says so, or only halts. */
static void begin(const struct trap_frame *frame)
{
    irq_disable();
    switch (state.depth++) {
    case 0:
        return;
    case 1:
        console_begin_line();
        kprintf("(a second fault cut the report short");
        if (frame != NULL) {
            kprintf(": %s at 0x%016lx", trap_mnemonic((unsigned)frame->vector), frame->rip);
        }
        kprintf(")\nSystem halted.\n");
        finish(frame);
    default:
        cpu_halt_forever();
    }
}

static void sentence_print(const char *format, va_list arguments)
{
    kvsnprintf(state.sentence, sizeof(state.sentence), format, arguments);
    console_enable_all();
    console_begin_line();
    kprintf("KERNEL PANIC: %s\n", state.sentence);
}

NOINLINE void panic(const char *format, ...)
{
    const uint64_t *frame = __builtin_frame_address(0);
    va_list arguments;

    begin(NULL);
    va_start(arguments, format);
    sentence_print(format, arguments);
    va_end(arguments);
    backtrace_print_call((uint64_t)__builtin_return_address(0), frame[0]);
    kprintf("System halted.\n");
    finish(NULL);
}

void panic_at(const struct trap_frame *frame, const char *format, ...)
{
    va_list arguments;

    begin(frame);
    va_start(arguments, format);
    sentence_print(format, arguments);
    va_end(arguments);
    trap_report_print(frame);
    backtrace_print_trap(frame->rip, frame->rbp);
    kprintf("System halted.\n");
    finish(frame);
}
