/* SPDX-License-Identifier: MIT */
/* The boot as a benchmark: measured once, whoever asks later. */
#include "tests/kernel/bench_boot.h"

#include "kernel/kmain.h"
#include "lib/x86/cpu.h"
#include "tests/kbench.h"

static uint64_t boot_cycles;

void boot_cycles_note(void)
{
    boot_cycles = tsc_read() - boot_entry_tsc;
}

KBENCH(boot, entry_to_main_loop)
{
    bench->repetitions = 1;
    bench->instructions = boot_cycles;
}
