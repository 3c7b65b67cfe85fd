/* SPDX-License-Identifier: MIT */
/* Runs benchmarks. */
#include "tests/kbench.h"

#include "kernel/console.h"
#include "lib/format.h"
#include "lib/x86/cpu.h"
#include "tests/select.h"

extern const struct kbench __kbenches_start[], __kbenches_end[];

/* Instructions of an empty KBENCH_REPEAT, fixed and for each repetition, in 1/1000. */
static struct {
    uint64_t fixed;
    uint64_t each_milli;
} overhead;

uint64_t kbench_start(struct kbench_run *bench, uint64_t repetitions)
{
    bench->repetitions = repetitions;
    bench->started = tsc_read();
    return 0;
}

bool kbench_stop(struct kbench_run *bench)
{
    uint64_t spent = tsc_read() - bench->started;
    uint64_t loop = overhead.fixed + overhead.each_milli * bench->repetitions / 1000;

    bench->instructions = spent > loop ? spent - loop : 0;
    return false;
}

/* The loop itself, kept by a statement that costs nothing. */
static uint64_t empty_loop(uint64_t repetitions)
{
    struct kbench_run run;

    KBENCH_REPEAT(&run, repetitions)
    {
        COMPILER_BARRIER();
    }
    return run.instructions;
}

static void overhead_measure(void)
{
    uint64_t none = empty_loop(0);
    uint64_t many = empty_loop(1000);

    /* Where cycles are not instructions, the first loop may have taken longer than the second. */
    overhead.fixed = none;
    overhead.each_milli = many > none ? many - none : 0;
}

static void run_one(const struct kbench *entry, uint32_t scale)
{
    struct kbench_run run = {.scale = scale};
    char at[16] = "";
    uint64_t flags = irq_save();

    entry->run(&run);
    irq_restore(flags);
    if (run.repetitions == 0) {
        return;
    }
    uint64_t tenths = run.instructions * 10 / run.repetitions;

    if (scale != 0) {
        ksnprintf(at, sizeof(at), "@%u", scale);
    }
    kprintf("bench %s.%s%s: %lu.%lu instructions\n", entry->suite, entry->name, at, tenths / 10,
            tenths % 10);
}

size_t kbench_run(const char *pattern)
{
    size_t count = 0;

    overhead_measure();
    for (const struct kbench *entry = __kbenches_start; entry < __kbenches_end; entry++) {
        if (is_selected(pattern, entry->suite, entry->name)) {
            for (size_t i = 0; i < entry->scale_count; i++) {
                run_one(entry, entry->scales[i]);
            }
            count++;
        }
    }
    return count;
}
