/* SPDX-License-Identifier: MIT */
/*
 * The local APIC made of variables, in both of its modes: what firmware may
 * have left in it is gone, and nothing is touched that the chip does not have,
 * which in x2APIC mode would be a general protection fault.
 */
#include "drivers/local_apic.h"

#include <string.h>

#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "tests/ktest.h"

/* Registers by their numbers in x2APIC mode less 0x800; in the page they are 16 bytes apart. */
#define VERSION     0x03
#define EOI         0x0b
#define SVR         0x0f
#define LVT_CMCI    0x2f
#define LVT_TIMER   0x32
#define LVT_THERMAL 0x33
#define LVT_PERF    0x34
#define LVT_LINT0   0x35
#define LVT_LINT1   0x36
#define LVT_ERROR   0x37
#define REGISTERS   0x40

#define MASKED              0x10000U
#define FIXED_VECTOR(entry) (((entry)&0x700) == 0 ? (entry)&0xff : UINT32_MAX)
#define UNSEEN              0xdeadbeefU

/* What the firmware left. */
#define LEFT_LINT0 0x8700U
#define LEFT_TIMER 0x20020U

static struct {
    uint64_t base; /* IA32_APIC_BASE */
    uint32_t registers[REGISTERS];
    bool ended_before_enabled;
} chip;

static uint64_t model_msr_read(uint32_t msr)
{
    if (msr == MSR_APIC_BASE) {
        return chip.base;
    }
    CHECK(msr == 0x800 + VERSION || msr == 0x800 + LVT_LINT0 || msr == 0x800 + LVT_TIMER);
    return chip.registers[msr - 0x800];
}

static void model_msr_write(uint32_t msr, uint64_t value)
{
    uint32_t number = msr - 0x800;

    REQUIRE(number < REGISTERS);
    CHECK_LE(value, UINT32_MAX);
    if (number == EOI) {
        CHECK_EQ(value, 0); /* any other value is a fault */
        chip.ended_before_enabled = chip.registers[SVR] == UNSEEN;
    }
    chip.registers[number] = (uint32_t)value;
    if (number >= LVT_CMCI && FIXED_VECTOR(value) < 16) {
        CHECK_EQ(chip.registers[LVT_ERROR],
                 MASKED); /* else the vector is an error to interrupt for */
    }
}

#define msr_read  model_msr_read
#define msr_write model_msr_write

#include "drivers/local_apic.c"

static struct local_apic_entries found;

static void power_on(uint32_t lvt_entries)
{
    for (size_t i = 0; i < REGISTERS; i++) {
        chip.registers[i] = UNSEEN;
    }
    chip.registers[LVT_LINT0] = LEFT_LINT0;
    chip.registers[LVT_TIMER] = LEFT_TIMER;
    found = (struct local_apic_entries){.lint0 = UNSEEN, .timer = UNSEEN};
    chip.registers[VERSION] = (lvt_entries - 1) << 16 | 0x15;
    chip.ended_before_enabled = false;
}

static void check_quiet(uint32_t lvt_entries)
{
    const uint32_t *registers = chip.registers;

    CHECK_EQ(found.lint0, LEFT_LINT0);
    CHECK_EQ(found.timer, LEFT_TIMER);
    CHECK_EQ(registers[SVR], 0x1ff);
    CHECK_EQ(registers[LVT_LINT0], 0x700);
    CHECK_EQ(registers[LVT_LINT1], 0x400);
    CHECK_EQ(registers[LVT_TIMER], MASKED);
    CHECK_EQ(registers[LVT_ERROR], MASKED);
    CHECK_EQ(registers[LVT_PERF], lvt_entries >= 5 ? MASKED : UNSEEN);
    CHECK_EQ(registers[LVT_THERMAL], lvt_entries >= 6 ? MASKED : UNSEEN);
    CHECK_EQ(registers[LVT_CMCI], lvt_entries >= 7 ? MASKED : UNSEEN);
    CHECK_EQ(registers[EOI], 0);
}

KTEST(local_apic, is_quiet_in_x2apic_mode_and_only_what_it_has_is_written)
{
    for (uint32_t entries = 4; entries <= 7; entries++) {
        power_on(entries);
        local_apic_quieten(LOCAL_APIC_X2APIC, NULL, &found);
        check_quiet(entries);
        CHECK(!chip.ended_before_enabled);
    }
}

KTEST(local_apic, is_quiet_in_xapic_mode)
{
    static uint32_t page[LOCAL_APIC_SIZE / sizeof(uint32_t)];

    for (uint32_t entries = 4; entries <= 7; entries++) {
        power_on(entries);
        for (size_t i = 0; i < REGISTERS; i++) {
            page[i * 4] = chip.registers[i];
        }
        local_apic_quieten(LOCAL_APIC_XAPIC, page, &found);
        for (size_t i = 0; i < REGISTERS; i++) {
            chip.registers[i] = page[i * 4];
            CHECK_EQ(page[i * 4 + 1] | page[i * 4 + 2] | page[i * 4 + 3], 0);
        }
        check_quiet(entries);
    }
}

KTEST(local_apic, nothing_is_touched_when_it_is_disabled)
{
    power_on(6);
    local_apic_quieten(LOCAL_APIC_DISABLED, NULL, &found);
    CHECK_EQ(chip.registers[SVR], UNSEEN);
    CHECK_EQ(chip.registers[LVT_LINT0], LEFT_LINT0);
    CHECK_EQ(found.lint0, UNSEEN);
}

KTEST(local_apic, mode_and_address_are_as_the_base_register_says)
{
    chip.base = 0xfee00900;
    CHECK_EQ(local_apic_mode(), LOCAL_APIC_XAPIC);
    CHECK_EQ(local_apic_base().value, 0xfee00000);
    chip.base = 0xfee00d00;
    CHECK_EQ(local_apic_mode(), LOCAL_APIC_X2APIC);
    chip.base = 0xfee00100;
    CHECK_EQ(local_apic_mode(), LOCAL_APIC_DISABLED);
    chip.base = 0xabcfffffffff900;
    CHECK_EQ(local_apic_base().value, 0xcfffffffff000);
}
