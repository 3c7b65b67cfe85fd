/* SPDX-License-Identifier: MIT */
/* Local APIC and HPET, as firmware may have left them. */
#include "kernel/irq_route.h"

#include <stddef.h>

#include "drivers/hpet.h"
#include "kernel/acpi.h"
#include "kernel/boot.h"
#include "kernel/cpu.h"
#include "kernel/log.h"
#include "mm/memory_map.h"
#include "mm/paging.h"

static struct irq_route route;

static void free_local_apic(void)
{
    enum local_apic_mode mode = LOCAL_APIC_DISABLED;
    void *registers = NULL;

    if (cpu_current()->features.apic) {
        mode = local_apic_mode();
    }
    route.apic_mode = mode;
    if (mode == LOCAL_APIC_XAPIC &&
        paging_map_device(local_apic_base(), LOCAL_APIC_SIZE, PAGE_WRITE | PAGE_UNCACHED,
                          &registers) != OK) {
        log_warn("local_apic", "left as the firmware set it: its registers cannot be mapped");
        return;
    }
    local_apic_quieten(mode, registers, &route.apic_entries);
    route.apic_is_reached = mode != LOCAL_APIC_DISABLED;
    if (registers != NULL) {
        paging_unmap_device(registers, LOCAL_APIC_SIZE);
    }
    log_debug("local_apic", "%s", route.apic_is_reached ? "quiet" : "disabled, or none");
}

static void free_timer_lines(void)
{
    void *registers;
    paddr_t address;

    if (!acpi_hpet_address(&address)) {
        return;
    }
    if (memory_map_contains(&boot_info()->usable, address, 1) ||
        paging_map_device(address, HPET_SIZE, PAGE_WRITE | PAGE_UNCACHED, &registers) != OK) {
        log_warn("hpet", "got 0x%lx for its address, want registers there", address.value);
        return;
    }
    route.has_hpet = true;
    route.hpet = address;
    route.hpet_had_timers = hpet_release_legacy(registers);
    if (route.hpet_had_timers) {
        log_info("hpet", "had the PIT's interrupt; given back");
    }
    paging_unmap_device(registers, HPET_SIZE);
}

void irq_route_init(void)
{
    route = (struct irq_route){0};
    free_local_apic();
    free_timer_lines();
}

const struct irq_route *irq_route(void)
{
    return &route;
}
