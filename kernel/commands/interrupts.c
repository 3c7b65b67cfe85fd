/* SPDX-License-Identifier: MIT */
/* irq: how often each line of the 8259 pair has interrupted. */
#include "kernel/console.h"
#include "kernel/irq.h"
#include "kernel/shell/command.h"
#include "kernel/symbols.h"

static void print_line(unsigned irq)
{
    struct irq_counts counts = irq_counts(irq);
    struct symbol symbol = {.name = "-"};

    if (irq_handler_of(irq) != NULL) {
        symbol_find((uint64_t)irq_handler_of(irq), &symbol);
    }
    kprintf("%4u  %-18s %10lu %10lu %10lu\n", irq, symbol.name, counts.handled, counts.spurious,
            counts.unclaimed);
}

SHELL_COMMAND(irq, .summary = "interrupts by line",
              .help =
                  "Unclaimed: the line interrupted and had no handler. Stray: on a vector that\n"
                  "no line has.\n")
{
    (void)words;
    if (!irq_is_available()) {
        kprintf("irq: this machine has no interrupt controller; devices are polled\n");
        return OK;
    }
    kprintf("%4s  %-18s %10s %10s %10s\n", "line", "handler", "handled", "spurious", "unclaimed");
    for (unsigned irq = 0; irq < IRQ_COUNT; irq++) {
        print_line(irq);
    }
    kprintf("stray: %lu\n", irq_stray_count());
    return OK;
}
