/* SPDX-License-Identifier: MIT */
/* The 8254 interval timer of a PC. */
#include "drivers/pit8254.h"

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"

#define PIT_CHANNEL0 0x40
#define PIT_CONTROL  0x43

/* The control word. */
#define PIT_CONTROL_CHANNEL0       (0UL << 6)
#define PIT_CONTROL_LATCH          (0UL << 4) /* freeze a copy of the count for reading */
#define PIT_CONTROL_LOW_THEN_HIGH  (3UL << 4) /* both bytes of the divisor follow */
#define PIT_CONTROL_RATE_GENERATOR (2UL << 1) /* mode 2 */
#define PIT_CONTROL_BINARY         (0UL << 0)

/* Each look takes three port accesses, some 3 us: enough for a count to pass many times over. */
#define PIT_LIVENESS_READS 2000

/* The longest period there is, 55 ms: looks may come as late as that. */
#define PIT_LONGEST_DIVISOR 0xffff

void pit_start(uint16_t divisor)
{
    uint64_t flags = irq_save();

    ASSERT_CMP(divisor, >=, 2);
    port_write8(PIT_CONTROL, PIT_CONTROL_CHANNEL0 | PIT_CONTROL_LOW_THEN_HIGH |
                                 PIT_CONTROL_RATE_GENERATOR | PIT_CONTROL_BINARY);
    port_write8(PIT_CHANNEL0, (uint8_t)divisor);
    port_write8(PIT_CHANNEL0, (uint8_t)(divisor >> 8));
    irq_restore(flags);
}

uint16_t pit_read_counter(void)
{
    uint64_t flags = irq_save();

    port_write8(PIT_CONTROL, PIT_CONTROL_CHANNEL0 | PIT_CONTROL_LATCH);
    uint8_t low = port_read8(PIT_CHANNEL0);
    uint8_t high = port_read8(PIT_CHANNEL0);
    irq_restore(flags);
    return (uint16_t)(high << 8 | low);
}

bool pit_is_counting(void)
{
    uint16_t first = pit_read_counter();

    for (unsigned reads = 0; reads < PIT_LIVENESS_READS; reads++) {
        if (pit_read_counter() != first) {
            return true;
        }
    }
    return false;
}

bool pit_wait_polled(uint32_t us)
{
    uint64_t left = (uint64_t)us * PIT_HZ / 1000000;
    unsigned still_reads = 0;
    uint16_t last;

    pit_start(PIT_LONGEST_DIVISOR);
    last = pit_read_counter();
    while (left != 0 && still_reads < PIT_LIVENESS_READS) {
        uint16_t now = pit_read_counter();
        /* It counts down, and from 1 goes on at the divisor. */
        uint16_t passed = (uint16_t)(last >= now ? last - now : last + PIT_LONGEST_DIVISOR - now);

        still_reads = passed == 0 ? still_reads + 1 : 0;
        left -= MIN(left, passed);
        last = now;
    }
    return left == 0;
}
