/* SPDX-License-Identifier: MIT */
/* Benchmarks of the screen, the serial line and the way through an interrupt. */
#include "kernel/irq.h"
#include "kernel/screen.h"
#include "kernel/serial.h"
#include "lib/x86/cpu.h"
#include "tests/kbench.h"

#define FREE_IRQ 5

static void fill_screen(void)
{
    for (unsigned row = 0; row < 25; row++) {
        screen_write("\nThe quick brown fox jumps over the lazy dog, again and again and again",
                     71);
    }
}

KBENCH(screen, line_of_1_with_scroll)
{
    fill_screen();
    KBENCH_REPEAT(bench, 200)
    {
        screen_write("x\n", 2);
    }
}

KBENCH(screen, line_of_79_with_scroll)
{
    static const char line[] = "0123456789012345678901234567890123456789"
                               "012345678901234567890123456789012345678\n";
    fill_screen();
    KBENCH_REPEAT(bench, 200)
    {
        screen_write(line, 80);
    }
}

KBENCH(serial, character_of_a_64_byte_line)
{
    static const char line[] = "# 3456789012345678901234567890123456789012345678901234567890123\n";

    KBENCH_REPEAT(bench, 100)
    {
        serial_write(line, 64);
    }
    bench->repetitions *= 64;
}

static void do_nothing(void)
{
}

KBENCH(irq, entry_to_iretq_with_an_empty_handler)
{
    if (irq_attach(FREE_IRQ, do_nothing) != OK) {
        return;
    }
    KBENCH_REPEAT(bench, 1000)
    {
        __asm__ volatile("int %0" : : "i"(IRQ_VECTOR_BASE + FREE_IRQ) : "memory");
    }
    irq_detach(FREE_IRQ);
}
