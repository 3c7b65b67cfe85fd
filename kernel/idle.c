/* SPDX-License-Identifier: MIT */
/* Halting, polling where nothing would end a halt, and reports about tasks. */
#include "kernel/idle.h"

#include "kernel/backtrace.h"
#include "kernel/irq.h"
#include "kernel/log.h"
#include "kernel/task_report.h"
#include "kernel/tick.h"
#include "lib/x86/cpu.h"

#define STUCK_TRACE_LINES 8

/*
 * Until the tick is known to come, and where it never does, a halt might not
 * end: then look again at once.
 */
static void halt(struct executor *executor)
{
    if (LIKELY(tick_is_settled() && tick_source() != TICK_NONE)) {
        irq_enable_and_halt();
        return;
    }
    executor_look_at_time(executor);
    irq_enable();
    cpu_relax();
}

static void stuck_report(struct executor *executor)
{
    const struct trap_frame *frame = irq_interrupted();
    struct backtrace trace;

    log_warn("watchdog", "task `%s` has not given way for 2 seconds", executor->current->name);
    backtrace_begin_trap(&trace, frame->rip, frame->rsp, frame->rbp);
    backtrace_print(&trace, STUCK_TRACE_LINES);
}

const struct executor_hooks idle_hooks = {
    .halt = halt, .deadlocked = task_report_deadlock, .stuck = stuck_report};
