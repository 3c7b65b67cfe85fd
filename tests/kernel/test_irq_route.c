/* SPDX-License-Identifier: MIT */
/*
 * The way of the tick to the CPU, after firmware of the worst kind: each test
 * sets one thing wrong, sees the ticks stop or something else come, runs what
 * the boot runs, and leaves the hardware as it found it.
 */
#include "kernel/irq_route.h"

#include "drivers/hpet.h"
#include "drivers/local_apic.h"
#include "drivers/pit8254.h"
#include "kernel/acpi.h"
#include "kernel/cpu.h"
#include "kernel/irq.h"
#include "kernel/tick.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "mm/paging.h"
#include "tests/ktest.h"

/* The APIC's registers, from the manual and not from the driver. */
#define APIC_EOI              0x0b0
#define APIC_ISR_224_TO_255   0x170 /* in service: these vectors */
#define APIC_LVT_TIMER        0x320
#define APIC_LVT_LINT0        0x350
#define APIC_TIMER_INITIAL    0x380
#define APIC_LVT_MASKED       0x10000U
#define APIC_LVT_EXTINT       0x700U
#define APIC_LVT_PERIODIC     0x20000U
#define APIC_TIMER_VECTOR     0xf0U
#define APIC_TIMER_VECTOR_BIT BIT(APIC_TIMER_VECTOR % 32)
#define APIC_TIMER_COUNT      100000U

#define HPET_CONFIGURATION 0x10
#define HPET_ENABLE        BIT(0)
#define HPET_LEG_RT        BIT(1)

#define PERIODS 5 /* of the PIT: some milliseconds */
#define LOOKS   10000000 /* for something that has to come */

/* Ticks that come while the PIT counts PERIODS down. Interrupts are enabled meanwhile. */
static uint64_t ticks_in_periods(void)
{
    uint64_t before = tick_count();
    uint16_t last = pit_read_counter();

    irq_enable();
    for (unsigned periods = 0; periods < PERIODS;) {
        uint16_t now = pit_read_counter();

        periods += now > last;
        last = now;
    }
    irq_disable();
    return tick_count() - before;
}

/* Run what the boot runs and see the tick, as before. */
static void check_way_is_free_again(void)
{
    irq_route_init();
    (void)ticks_in_periods(); /* of one that was held back there is only one */
    CHECK_GT(ticks_in_periods(), 0);
}

/* Map the local APIC. NULL where there is none in this mode. */
static volatile uint8_t *apic_map(void)
{
    void *registers;

    if (tick_source() != TICK_PIT || !cpu_current()->features.apic ||
        local_apic_mode() != LOCAL_APIC_XAPIC ||
        paging_map_device(local_apic_base(), LOCAL_APIC_SIZE, PAGE_WRITE | PAGE_UNCACHED,
                          &registers) != OK) {
        return NULL;
    }
    return registers;
}

static volatile uint32_t *reg(volatile uint8_t *registers, unsigned offset)
{
    return (volatile uint32_t *)(registers + offset);
}

KTEST(irq_route, is_freed_when_lint0_was_left_masked)
{
    volatile uint8_t *apic = apic_map();
    bool was_shut;

    if (apic == NULL) {
        SKIP("needs a local APIC, and the PIT as tick");
    }
    irq_disable();
    *reg(apic, APIC_LVT_LINT0) = APIC_LVT_MASKED | APIC_LVT_EXTINT;
    was_shut = ticks_in_periods() == 0;
    check_way_is_free_again();
    CHECK_EQ(*reg(apic, APIC_LVT_LINT0) & (APIC_LVT_MASKED | APIC_LVT_EXTINT), APIC_LVT_EXTINT);
    CHECK(irq_route()->apic_is_reached);
    CHECK_EQ(irq_route()->apic_entries.lint0, APIC_LVT_MASKED | APIC_LVT_EXTINT);
    irq_enable();
    paging_unmap_device((void *)(uint64_t)apic, LOCAL_APIC_SIZE);
    if (!was_shut) {
        SKIP("the PIC's requests do not go through LINT0 here"); /* as in Bochs */
    }
}

KTEST(irq_route, is_quiet_when_the_apic_timer_was_left_running)
{
    volatile uint8_t *apic = apic_map();
    uint64_t strays;

    if (apic == NULL) {
        SKIP("needs a local APIC, and the PIT as tick");
    }
    strays = irq_stray_count();
    *reg(apic, APIC_LVT_TIMER) = APIC_LVT_PERIODIC | APIC_TIMER_VECTOR;
    *reg(apic, APIC_TIMER_INITIAL) = APIC_TIMER_COUNT;
    for (unsigned i = 0; i < LOOKS && irq_stray_count() == strays; i++) {
        cpu_relax();
    }
    CHECK_GT(irq_stray_count(), strays);
    irq_disable();
    CHECK_NE(*reg(apic, APIC_ISR_224_TO_255) & APIC_TIMER_VECTOR_BIT, 0); /* nobody ended it */
    irq_route_init();
    CHECK_EQ(irq_route()->apic_entries.timer, APIC_LVT_PERIODIC | APIC_TIMER_VECTOR);
    CHECK_EQ(*reg(apic, APIC_ISR_224_TO_255), 0);
    CHECK_NE(*reg(apic, APIC_LVT_TIMER) & APIC_LVT_MASKED, 0);
    (void)ticks_in_periods(); /* one may have been on its way */
    *reg(apic, APIC_EOI) = 0;
    strays = irq_stray_count();
    CHECK_GT(ticks_in_periods(), 0);
    CHECK_EQ(irq_stray_count(), strays);
    irq_enable();
    *reg(apic, APIC_TIMER_INITIAL) = 0;
    paging_unmap_device((void *)(uint64_t)apic, LOCAL_APIC_SIZE);
}

KTEST(irq_route, is_freed_when_the_hpet_had_the_pits_place)
{
    volatile uint32_t *configuration;
    void *registers;
    paddr_t address;
    uint32_t found;

    if (tick_source() != TICK_PIT || !acpi_hpet_address(&address)) {
        SKIP("needs an HPET, and the PIT as tick");
    }
    REQUIRE_OK(paging_map_device(address, HPET_SIZE, PAGE_WRITE | PAGE_UNCACHED, &registers));
    configuration = reg(registers, HPET_CONFIGURATION);
    found = *configuration;
    irq_disable();
    *configuration = (uint32_t)(HPET_LEG_RT | HPET_ENABLE);
    (void)ticks_in_periods(); /* one may have been on its way */
    CHECK_EQ(ticks_in_periods(), 0);
    check_way_is_free_again();
    CHECK_EQ(*configuration, (uint32_t)HPET_ENABLE);
    CHECK(irq_route()->has_hpet);
    CHECK_EQ(irq_route()->hpet.value, address.value);
    CHECK(irq_route()->hpet_had_timers);
    irq_route_init();
    CHECK(!irq_route()->hpet_had_timers);
    *configuration = found;
    irq_enable();
    paging_unmap_device(registers, HPET_SIZE);
}
