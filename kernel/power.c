/* SPDX-License-Identifier: MIT */
/*
 * The ways down. Source: ACPI Specification; IBM PC AT Technical Reference,
 * "Keyboard controller commands"; Intel SDM, volume 3, "Interrupt 8 - Double
 * Fault Exception", volume 2, "CPUID".
 */
#include "kernel/power.h"

#include <stdbool.h>
#include <stddef.h>

#include "drivers/acpi_power.h"
#include "drivers/emulator_power.h"
#include "drivers/i8042.h"
#include "drivers/pit8254.h"
#include "kernel/acpi.h"
#include "kernel/console.h"
#include "kernel/descriptors.h"
#include "kernel/log.h"
#include "kernel/serial.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"

#define CPUID_FEATURES_ECX_HYPERVISOR BIT(31)

#define SECOND_US 1000000U

/* What of a restart has not been tried yet, the announcement of the last way included. */
static enum { REBOOT_BY_ACPI, REBOOT_BY_I8042, REBOOT_ANNOUNCED, REBOOT_BY_FAULT } next_way;

/* By port accesses, a microsecond each on a PC: where no timer can be relied on. */
static void wait_by_ports(unsigned us)
{
    for (; us != 0; us--) {
        port_delay();
    }
}

/* All that was said is to be seen before the machine goes. */
static void announce(const char *way)
{
    log_info("power", "%s", way);
    serial_drain();
}

static void off_by_acpi(void)
{
    const struct acpi_fadt *fadt = acpi_fixed_hardware();
    const struct acpi_sleep_types *s5 = acpi_soft_off();

    if (fadt == NULL || s5 == NULL) {
        log_warn("power", "ACPI: got no %s, need it to turn the machine off",
                 fadt == NULL ? "FADT" : "_S5_ package");
        return;
    }
    announce("off by ACPI");
    if (acpi_power_off(fadt, s5) == ERR_NO_DEVICE) {
        log_warn("power", "ACPI: got no control register, need one to turn the machine off");
    } else {
        log_warn("power", "ACPI: the machine is still on");
    }
}

static bool may_be_emulated(void)
{
    return !acpi_is_present() ||
           (cpuid(CPUID_FEATURES, 0).ecx & CPUID_FEATURES_ECX_HYPERVISOR) != 0;
}

void power_off(void)
{
    uint64_t flags = irq_save();

    off_by_acpi();
    if (may_be_emulated()) {
        announce("off by an emulator's port");
        emulator_power_off();
        wait_by_ports(SECOND_US);
    }
    log_error("power", "this machine cannot be turned off from here: use its switch");
    irq_restore(flags);
}

static void reboot_by_acpi(void)
{
    const struct acpi_fadt *fadt = acpi_fixed_hardware();

    if (fadt == NULL || fadt->reset.space == ACPI_SPACE_NONE) {
        return;
    }
    announce("restart by ACPI's reset register");
    if (acpi_reset(fadt) != OK) {
        log_warn("power", "ACPI: the reset register does nothing");
    }
}

static void reboot_by_i8042(void)
{
    announce("restart by the keyboard controller");
    i8042_pulse_reset();
}

/* With no gate to go to, the breakpoint becomes a double fault, and that a shutdown. */
NORETURN static void reboot_by_fault(void)
{
    const struct descriptor_table_pointer empty = {0};

    __asm__ volatile("lidt %0; int3" : : "m"(empty));
    cpu_halt_forever();
}

/* A fault on a way comes here again by a panic: each step is counted as done before it is taken. */
void power_reboot(void)
{
    irq_disable();
    if (next_way == REBOOT_BY_ACPI) {
        next_way = REBOOT_BY_I8042;
        reboot_by_acpi();
    }
    if (next_way == REBOOT_BY_I8042) {
        next_way = REBOOT_ANNOUNCED;
        reboot_by_i8042();
    }
    if (next_way == REBOOT_ANNOUNCED) {
        next_way = REBOOT_BY_FAULT;
        announce("restart by a triple fault");
    }
    reboot_by_fault();
}

void power_count_down(unsigned seconds)
{
    kprintf("Restarting in");
    for (; seconds != 0; seconds--) {
        kprintf(" %u", seconds);
        if (!pit_wait_polled(SECOND_US)) {
            wait_by_ports(SECOND_US);
        }
    }
    kprintf("\n");
}
