/* SPDX-License-Identifier: MIT */
/* The wait that needs no interrupts, by the clock that the tick has measured. */
#include "drivers/pit8254.h"

#include "kernel/tick.h"
#include "lib/x86/cpu.h"
#include "tests/ktest.h"

#define WAIT_US        120000 /* more than two of the longest periods */
#define MEASURED_TICKS 200 /* after as many the TSC's rate is known */

KTEST(pit8254, polled_wait_lasts_as_long_as_asked)
{
    uint64_t cycles;
    bool counted;

    if (tick_source() != TICK_PIT) {
        SKIP("needs the PIT as tick");
    }
    for (uint64_t enough = tick_count() + MEASURED_TICKS; tick_count() < enough;) {
        if (tick_tsc_hz() != 0) {
            break;
        }
        cpu_relax();
    }
    REQUIRE(tick_tsc_hz() != 0);
    irq_disable();
    cycles = tsc_read();
    counted = pit_wait_polled(WAIT_US);
    cycles = tsc_read() - cycles;
    pit_start(TICK_PIT_DIVISOR);
    irq_enable();
    CHECK(counted);
    /* Where an emulator follows the host's clock either may be some way off. */
    CHECK_GE(cycles / (tick_tsc_hz() / 1000000), WAIT_US / 2);
    CHECK_LE(cycles / (tick_tsc_hz() / 1000000), WAIT_US * 2);
}
