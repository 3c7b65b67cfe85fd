/* SPDX-License-Identifier: MIT */
/*
 * The keyboard on the machine's own controller, which is asked to say that
 * bytes came from its ports. Each test takes the keyboard for itself, set up
 * anew, with interrupts masked, and leaves it set up and empty. The faults
 * that this machine does not have are in tests/host/test_i8042_model.c.
 */
#include "drivers/i8042.h"

#include "drivers/i8042_registers.h"
#include "drivers/keyboard.h"
#include "kernel/irq.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"
#include "tests/ktest.h"

#define NO_CONTROLLER "no 8042 controller"

#define A          0x1e
#define CAPS_LOCK  0x3a
#define LEFT_SHIFT 0x2a
#define RELEASED   0x80

/* A look and a delay each, so half a second on a PC; a keyboard has 20 ms to answer. */
#define LOOKS_MAX    250000
#define ANSWER_LOOKS 20000

static uint64_t borrowed_flags;

static bool borrow_keyboard(void)
{
    struct i8042_report report;

    borrowed_flags = irq_save();
    if (keyboard_init(&report) == ERR_NO_DEVICE) {
        irq_restore(borrowed_flags);
        return false;
    }
    return true;
}

static void give_keyboard_back(void)
{
    struct i8042_report report;

    CHECK_OK(keyboard_init(&report));
    irq_restore(borrowed_flags);
}

static bool wait_for_status(unsigned mask, unsigned value)
{
    for (int look = 0; look < LOOKS_MAX; look++) {
        if ((port_read8(I8042_STATUS) & mask) == value) {
            return true;
        }
        port_delay();
    }
    return false;
}

static void controller_write(uint16_t port, unsigned byte)
{
    CHECK(wait_for_status(I8042_STATUS_INPUT_FULL, 0));
    port_write8(port, (uint8_t)byte);
}

/* Have the controller say that a byte has come. command: WRITE_OUTPUT or WRITE_AUX */
static void inject(uint8_t command, uint8_t byte)
{
    controller_write(I8042_COMMAND, command);
    controller_write(I8042_DATA, byte);
    CHECK(wait_for_status(I8042_STATUS_OUTPUT_FULL, I8042_STATUS_OUTPUT_FULL));
}

static void inject_key(uint8_t byte)
{
    inject(I8042_COMMAND_WRITE_OUTPUT, byte);
    keyboard_poll();
}

static uint8_t read_config(void)
{
    controller_write(I8042_COMMAND, I8042_COMMAND_READ_CONFIG);
    CHECK(wait_for_status(I8042_STATUS_OUTPUT_FULL, I8042_STATUS_OUTPUT_FULL));
    return port_read8(I8042_DATA);
}

static void write_config(unsigned config)
{
    controller_write(I8042_COMMAND, I8042_COMMAND_WRITE_CONFIG);
    controller_write(I8042_DATA, config);
}

/* The character that waits, 0 without one. */
static uint32_t typed(void)
{
    struct keystroke stroke;

    return keyboard_take(&stroke) ? stroke.character : 0;
}

static void check_config(void)
{
    uint8_t config = read_config();

    CHECK_EQ(config & I8042_CONFIG_PORT1_IRQ, I8042_CONFIG_PORT1_IRQ);
    CHECK_EQ(config & I8042_CONFIG_PORT2_IRQ, 0u);
    CHECK_EQ(config & I8042_CONFIG_PORT1_OFF, 0u);
    CHECK_EQ(config & I8042_CONFIG_PORT2_OFF, I8042_CONFIG_PORT2_OFF);
    CHECK_EQ(config & I8042_CONFIG_TRANSLATE, I8042_CONFIG_TRANSLATE);
}

KTEST(i8042, init_leaves_port_one_on_by_interrupt_and_translated)
{
    if (!borrow_keyboard()) {
        SKIP(NO_CONTROLLER);
    }
    check_config();
    give_keyboard_back();
}

KTEST(i8042, init_repairs_what_it_finds)
{
    struct i8042_report report;

    if (!borrow_keyboard()) {
        SKIP(NO_CONTROLLER);
    }
    write_config(I8042_CONFIG_PORT2_IRQ | I8042_CONFIG_PORT1_OFF);
    CHECK_OK(keyboard_init(&report));
    CHECK(report.translation_was_off);
    CHECK_EQ(report.self_test, I8042_SELF_TEST_PASSED);
    CHECK_EQ(report.port_test, I8042_PORT_TEST_PASSED);
    check_config();
    give_keyboard_back();
}

KTEST(i8042, key_becomes_a_character)
{
    if (!borrow_keyboard()) {
        SKIP(NO_CONTROLLER);
    }
    inject_key(A);
    inject_key(A | RELEASED);
    inject_key(LEFT_SHIFT);
    inject_key(A);
    inject_key(LEFT_SHIFT | RELEASED);
    CHECK_EQ(typed(), (uint32_t)'a');
    CHECK_EQ(typed(), (uint32_t)'A');
    CHECK_EQ(typed(), 0u);
    CHECK_EQ(keyboard_counts().bytes, 5u);
    give_keyboard_back();
}

KTEST(i8042, bytes_of_port_two_are_dropped)
{
    uint64_t before;

    if (!borrow_keyboard()) {
        SKIP(NO_CONTROLLER);
    }
    before = i8042_aux_dropped();
    inject(I8042_COMMAND_WRITE_AUX, A);
    keyboard_poll();
    CHECK_EQ(i8042_aux_dropped() - before, 1u);
    CHECK(!keyboard_has_input());
    inject_key(A);
    CHECK_EQ(typed(), (uint32_t)'a');
    give_keyboard_back();
}

KTEST(i8042, key_struck_before_init_is_forgotten)
{
    struct i8042_report report;

    if (!borrow_keyboard()) {
        SKIP(NO_CONTROLLER);
    }
    inject_key(LEFT_SHIFT);
    inject(I8042_COMMAND_WRITE_OUTPUT, A);
    CHECK_OK(keyboard_init(&report));
    keyboard_poll();
    CHECK(!keyboard_has_input());
    inject_key(A);
    CHECK_EQ(typed(), (uint32_t)'a');
    give_keyboard_back();
}

/* The machine's keyboard is told about its lights, and its answers are not taken for keys. */
KTEST(i8042, lock_sets_the_lights_of_the_real_keyboard)
{
    if (!borrow_keyboard()) {
        SKIP(NO_CONTROLLER);
    }
    for (int i = 0; i < 2; i++) {
        inject_key(CAPS_LOCK);
        inject_key(CAPS_LOCK | RELEASED);
        CHECK_EQ(typed(), 0u);
        for (int look = 0; look < ANSWER_LOOKS; look++) {
            keyboard_poll();
            port_delay();
        }
        inject_key(A);
        inject_key(A | RELEASED);
        CHECK_EQ(typed(), (uint32_t)(i == 0 ? 'A' : 'a'));
    }
    CHECK_EQ(keyboard_counts().bytes, 8u);
    CHECK_EQ(keyboard_counts().commands_failed, 0u);
    give_keyboard_back();
}

KTEST(i8042, two_hundred_keys_arrive)
{
    if (!borrow_keyboard()) {
        SKIP(NO_CONTROLLER);
    }
    for (int i = 0; i < 200; i++) {
        inject_key(A);
        inject_key(A | RELEASED);
    }
    for (int i = 0; i < 200; i++) {
        CHECK_EQ(typed(), (uint32_t)'a');
    }
    CHECK_EQ(typed(), 0u);
    CHECK_EQ(keyboard_counts().bytes_lost, 0u);
    give_keyboard_back();
}

KTEST(i8042, interrupt_brings_the_key)
{
    if (!irq_is_available()) {
        SKIP("no PIC");
    }
    if (!borrow_keyboard()) {
        SKIP(NO_CONTROLLER);
    }
    uint64_t before = irq_counts(IRQ_KEYBOARD).handled;

    inject(I8042_COMMAND_WRITE_OUTPUT, A);
    CHECK(!keyboard_has_input());
    irq_enable();
    for (int look = 0; look < LOOKS_MAX && !keyboard_has_input(); look++) {
        port_delay();
    }
    irq_disable();
    CHECK_GE(irq_counts(IRQ_KEYBOARD).handled - before, 1u);
    CHECK_EQ(typed(), (uint32_t)'a');
    give_keyboard_back();
}
