/* SPDX-License-Identifier: MIT */
/*
 * The 8259 pair: masks, and spurious interrupts told from real ones. A
 * software interrupt on a line's vector comes with nothing in service, which
 * is just what a spurious one looks like.
 */
#include "drivers/pic8259.h"

#include "drivers/rtc.h"
#include "kernel/irq.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "tests/ktest.h"

#define CASCADE BIT(2)

#define WAIT_LOOKS 100000000 /* for a clock period of one millisecond */

#define NO_PIC "no PIC"

static unsigned handled;

static void count_interrupt(void)
{
    handled++;
}

static uint64_t read_masks(void)
{
    return pic_read_masks();
}

KTEST_COUNTER(pic_masks, read_masks);

static uint64_t interrupts_enabled(void)
{
    return irq_is_enabled();
}

KTEST_COUNTER(interrupts_enabled, interrupts_enabled);

KTEST(pic8259, attach_unmasks_one_line_and_detach_masks_it)
{
    uint16_t before = pic_read_masks();

    if (!irq_is_available()) {
        SKIP(NO_PIC);
    }
    REQUIRE_EQ(before >> 5 & 1, 1);
    REQUIRE_OK(irq_attach(5, count_interrupt));
    CHECK_EQ(pic_read_masks(), before & ~BIT(5));
    CHECK_STATUS(irq_attach(5, count_interrupt), ERR_EXISTS);
    irq_detach(5);
    CHECK_EQ(pic_read_masks(), before);
}

KTEST(pic8259, line_of_the_secondary_opens_the_cascade_with_it)
{
    uint16_t before = pic_read_masks();

    if (!irq_is_available()) {
        SKIP(NO_PIC);
    }
    REQUIRE_OK(irq_attach(11, count_interrupt));
    CHECK_EQ(pic_read_masks() & (BIT(11) | CASCADE), 0);
    irq_detach(11);
    CHECK_EQ(pic_read_masks(), before);
}

KTEST(pic8259, handler_is_called_and_counted)
{
    uint64_t before = irq_counts(5).handled;

    if (irq_attach(5, count_interrupt) == ERR_NO_DEVICE) {
        SKIP(NO_PIC);
    }
    uint64_t flags = irq_save();

    handled = 0;
    __asm__ volatile("int $37" : : : "memory");
    irq_restore(flags);
    irq_detach(5);
    CHECK_EQ(handled, 1);
    CHECK_EQ(irq_counts(5).handled - before, 1);
}

KTEST(pic8259, interrupt_without_a_handler_is_counted_as_unclaimed)
{
    uint64_t flags = irq_save();
    uint64_t before = irq_counts(5).unclaimed;

    __asm__ volatile("int $37" : : : "memory");
    irq_restore(flags);
    CHECK_EQ(irq_counts(5).unclaimed - before, 1);
}

KTEST(pic8259, spurious_on_line_7_is_counted_and_not_handled)
{
    uint64_t before = irq_counts(7).spurious;

    if (irq_attach(7, count_interrupt) == ERR_NO_DEVICE) {
        SKIP(NO_PIC);
    }
    uint64_t flags = irq_save();

    handled = 0;
    __asm__ volatile("int $39" : : : "memory");
    irq_restore(flags);
    irq_detach(7);
    CHECK_EQ(handled, 0);
    CHECK_EQ(irq_counts(7).spurious - before, 1);
}

/* What a handler of the clock's interrupt saw of the chips, first in it and last. */
static struct {
    unsigned calls;
    uint16_t in_service_first;
    uint16_t in_service_last;
    unsigned spurious_irq; /* have a spurious interrupt on this line come in between; 0 for none */
} clock_interrupt;

static void clock_handler(void)
{
    rtc_acknowledge();
    if (clock_interrupt.calls++ == 0) {
        clock_interrupt.in_service_first = pic_read_in_service();
        if (clock_interrupt.spurious_irq != 0) {
            irq_dispatch(
                &(struct trap_frame){.vector = IRQ_VECTOR_BASE + clock_interrupt.spurious_irq});
        }
        clock_interrupt.in_service_last = pic_read_in_service();
    }
}

/* Let the clock interrupt on IRQ 8 until its handler has run. Returns whether it could. */
static bool run_clock_interrupt(unsigned spurious_irq)
{
    clock_interrupt.calls = 0;
    clock_interrupt.spurious_irq = spurious_irq;
    if (!rtc_is_present() || irq_attach(IRQ_RTC, clock_handler) != OK) {
        return false;
    }
    rtc_start_periodic();
    for (unsigned looks = 0; looks < WAIT_LOOKS && clock_interrupt.calls == 0; looks++) {
        COMPILER_BARRIER();
    }
    rtc_stop_periodic();
    irq_detach(IRQ_RTC);
    rtc_acknowledge();
    return true;
}

KTEST(pic8259, end_of_interrupt_clears_what_is_in_service_on_both_chips)
{
    if (!run_clock_interrupt(0)) {
        SKIP("no RTC free to interrupt on the secondary");
    }
    REQUIRE(clock_interrupt.calls > 0);
    CHECK_EQ(clock_interrupt.in_service_first, CASCADE | BIT(8));
    CHECK_EQ(pic_read_in_service(), 0);
}

/*
 * While IRQ 8 is served both chips have something in service. A spurious
 * interrupt on line 15 ends the primary's, and must leave the secondary's.
 */
KTEST(pic8259, spurious_on_line_15_ends_the_cascade_on_the_primary_alone)
{
    uint64_t before = irq_counts(15).spurious;

    if (!run_clock_interrupt(15)) {
        SKIP("no RTC free to interrupt on the secondary");
    }
    REQUIRE(clock_interrupt.calls > 0);
    CHECK_EQ(clock_interrupt.in_service_last, BIT(8));
    CHECK_EQ(irq_counts(15).spurious - before, 1);
    CHECK_EQ(pic_read_in_service(), 0);
}

/* One on line 7 was never in service: an end of interrupt would end another's. */
KTEST(pic8259, spurious_on_line_7_ends_nothing)
{
    if (!run_clock_interrupt(7)) {
        SKIP("no RTC free to interrupt on the secondary");
    }
    REQUIRE(clock_interrupt.calls > 0);
    CHECK_EQ(clock_interrupt.in_service_last, CASCADE | BIT(8));
}
