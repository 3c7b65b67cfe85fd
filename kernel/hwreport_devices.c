/* SPDX-License-Identifier: MIT */
/* What the drivers found: each asked for what it knows, none of them touched. */
#include "kernel/hwreport_devices.h"

#include <stddef.h>

#include "drivers/pic8259.h"
#include "drivers/rtc.h"
#include "kernel/clock.h"
#include "kernel/cpu.h"
#include "kernel/input.h"
#include "kernel/irq.h"
#include "kernel/irq_route.h"
#include "kernel/serial.h"
#include "kernel/tick.h"
#include "kernel/wall_clock.h"
#include "lib/format.h"

#define KHZ 1000UL
#define MHZ (1000 * KHZ)

static void add_pic(struct report *report)
{
    if (!irq_is_available()) {
        report_line(report, "pic", "none, devices are polled");
        return;
    }
    report_line(report, "pic", "8259 pair, masks 0x%04x, spurious %lu and %lu", pic_read_masks(),
                irq_counts(7).spurious, irq_counts(15).spurious);
}

static void add_apic(struct report *report)
{
    const struct irq_route *route = irq_route();

    if (!cpu_current()->features.apic) {
        report_line(report, "apic", "none");
    } else if (route->apic_mode == LOCAL_APIC_DISABLED) {
        report_line(report, "apic", "disabled");
    } else if (!route->apic_is_reached) {
        report_line(report, "apic", "at 0x%lx, cannot be mapped", local_apic_base().value);
    } else {
        report_line(report, "apic", "%s at 0x%lx, LINT0 was 0x%x, timer was 0x%x",
                    route->apic_mode == LOCAL_APIC_X2APIC ? "x2APIC" : "xAPIC",
                    local_apic_base().value, route->apic_entries.lint0, route->apic_entries.timer);
    }
}

static const char *pit_state(void)
{
    if (!clock_pit_counts()) {
        return "does not count";
    }
    if (tick_source() == TICK_PIT) {
        return "counts and ticks";
    }
    return irq_is_available() ? "counts, its interrupt does not come" : "counts";
}

static void add_pit(struct report *report)
{
    const struct irq_route *route = irq_route();

    if (route->has_hpet) {
        report_line(report, "pit", "%s; HPET at 0x%lx%s", pit_state(), route->hpet.value,
                    route->hpet_had_timers ? " had its interrupt" : "");
    } else {
        report_line(report, "pit", "%s; no HPET", pit_state());
    }
}

static void add_rtc(struct report *report)
{
    struct rtc_time time;

    if (wall_clock_now(&time)) {
        report_line(report, "rtc", "%04u-%02u-%02u %02u:%02u:%02u", time.year, time.month, time.day,
                    time.hour, time.minute, time.second);
    } else {
        report_line(report, "rtc", "%s", rtc_is_present() ? "time cannot be read" : "none");
    }
}

/* Write what a test of the controller answered. */
static void format_answer(char answer[8], uint16_t value)
{
    if (value == I8042_NO_ANSWER) {
        ksnprintf(answer, 8, "none");
    } else {
        ksnprintf(answer, 8, "0x%02x", value);
    }
}

static void add_i8042(struct report *report)
{
    const struct input_keyboard *found = input_keyboard();
    char self_test[8];
    char port_test[8];

    if (found->status != OK && found->status != ERR_NOT_FOUND) {
        report_line(report, "i8042", "%s, no keyboard found",
                    found->status == ERR_NO_DEVICE ? "none" : "does not answer");
        return;
    }
    format_answer(self_test, found->controller.self_test);
    format_answer(port_test, found->controller.port_test);
    report_line(report, "i8042", "%s, self-test %s, port test %s, %s%s",
                found->status == OK ? "keyboard" : "no keyboard found", self_test, port_test,
                found->controller.translation_was_off ? "untranslated" : "translated",
                found->is_polled ? ", polled" : "");
}

static void add_uart(struct report *report)
{
    if (!serial_is_present()) {
        report_line(report, "uart", "none at 0x%x", UART_COM1);
        return;
    }
    report_line(report, "uart", "COM1 at 0x%x, %u 8N1, FIFO of %u, %s, %lu lost", UART_COM1,
                SERIAL_BAUD, serial_fifo_size(), serial_is_polled() ? "polled" : "by interrupt",
                serial_lost_count());
}

static void add_clock(struct report *report)
{
    static const char *const names[] = {
        [TICK_NONE] = "nothing ticks", [TICK_PIT] = "PIT", [TICK_RTC] = "RTC"};
    uint64_t period_ns = tick_period_ns();
    uint64_t hz = tick_tsc_hz();
    char rate[32] = "";
    char tsc[32] = "unknown";

    if (period_ns != 0) {
        ksnprintf(rate, sizeof(rate), " at %lu Hz", NS_PER_SECOND / period_ns);
    }
    if (hz != 0) {
        ksnprintf(tsc, sizeof(tsc), "%lu.%03lu MHz", hz / MHZ, hz % MHZ / KHZ);
    }
    report_line(report, "clock", "%s; tick: %s%s, %lu so far; TSC: %s", clock_source_name(),
                names[tick_source()], rate, tick_count(), tsc);
}

static void add_irq(struct report *report)
{
    uint64_t unclaimed = 0;

    report_begin_list(report, "irq", 1);
    for (unsigned irq = 0; irq < IRQ_COUNT; irq++) {
        struct irq_counts counts = irq_counts(irq);

        unclaimed += counts.unclaimed;
        if (irq_handler_of(irq) != NULL) {
            report_item(report, "%u=%lu", irq, counts.handled);
        }
    }
    report_item(report, "unclaimed=%lu", unclaimed);
    report_item(report, "stray=%lu", irq_stray_count());
    report_end_list(report);
}

void hwreport_add_devices(struct report *report)
{
    add_pic(report);
    add_apic(report);
    add_pit(report);
    add_rtc(report);
    add_i8042(report);
    add_uart(report);
    add_clock(report);
    add_irq(report);
}
