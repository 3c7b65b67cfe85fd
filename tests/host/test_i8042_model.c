/* SPDX-License-Identifier: MIT */
/* The 8042 driver with a controller that works: keyboards good, slow, deaf and absent, and bytes.
 */
#include "drivers/i8042.h"

#include "drivers/i8042_registers.h"
#include "drivers/ps2_commands.h"
#include "lib/bits.h"
#include "tests/host/i8042_model.h"
#include "tests/ktest.h"

#define SECOND_US 1000000

/* As i8042_init() leaves it: interrupt 1, translation, port two off, the firmware's own flag. */
#define CONFIG_READY                                                            \
    (I8042_CONFIG_PORT1_IRQ | I8042_CONFIG_TRANSLATE | I8042_CONFIG_PORT2_OFF | \
     I8042_CONFIG_SYSTEM_FLAG)

#define KEY 0x1e

static void check_ready(void)
{
    CHECK_EQ(model.config, CONFIG_READY);
    CHECK(model.is_scanning);
    CHECK_EQ(model.lights, 0);
    CHECK(!model.was_overwritten);
}

KTEST(i8042_model, good_machine_is_set_up)
{
    struct i8042_report report;

    model_power_on();
    CHECK_OK(i8042_init(&report));
    check_ready();
    CHECK_EQ(report.self_test, I8042_SELF_TEST_PASSED);
    CHECK_EQ(report.port_test, I8042_PORT_TEST_PASSED);
    CHECK(!report.translation_was_off);
    CHECK_EQ(model.scancode_set, 2);
    CHECK_EQ(model.heard_count, 3u); /* enable, lights */
    CHECK_EQ(model.config_at_self_test & (I8042_CONFIG_PORT1_IRQ | I8042_CONFIG_PORT2_IRQ), 0u);
    CHECK_LT(model.us, 20000u);
}

KTEST(i8042_model, slowest_controller_and_keyboard_are_waited_for)
{
    struct i8042_report report;

    model_power_on();
    model.self_test_us = 400000;
    model.keyboard_us = 20000;
    model.refusals_each = PS2_TRIES - 1;
    CHECK_OK(i8042_init(&report));
    CHECK_EQ(report.self_test, I8042_SELF_TEST_PASSED);
    check_ready();
}

KTEST(i8042_model, missing_keyboard_is_told_from_a_missing_controller)
{
    struct i8042_report report;

    model_power_on();
    model.has_no_keyboard = true;
    CHECK_STATUS(i8042_init(&report), ERR_NOT_FOUND);
    CHECK_EQ(report.self_test, I8042_SELF_TEST_PASSED);
    CHECK_EQ(model.config, CONFIG_READY);
    CHECK_LT(model.us, 3 * SECOND_US / 5);

    model_listen(); /* one plugged in now is heard */
    model_strike(0xaa);
    i8042_interrupt();
    CHECK_EQ(model_received.count, 1u);
}

KTEST(i8042_model, controller_that_refuses_for_the_missing_keyboard_is_understood)
{
    struct i8042_report report;

    model_power_on();
    model.has_no_keyboard = true;
    model.sends_refuse_instead = true;
    CHECK_STATUS(i8042_init(&report), ERR_NOT_FOUND);
    CHECK_LT(model.us, SECOND_US / 10);
}

KTEST(i8042_model, self_test_that_resets_the_configuration_is_repaired)
{
    struct i8042_report report;

    model_power_on();
    model.config &= (uint8_t)~I8042_CONFIG_SYSTEM_FLAG;
    model.test_resets = true;
    CHECK_OK(i8042_init(&report));
    CHECK_EQ(model.config, CONFIG_READY & ~I8042_CONFIG_SYSTEM_FLAG);
    CHECK(model.is_scanning);
}

KTEST(i8042_model, failed_tests_are_reported_and_the_keyboard_used)
{
    struct i8042_report report;

    model_power_on();
    model.self_test_flaw = 1;
    model.port_test_flaw = 3;
    CHECK_OK(i8042_init(&report));
    CHECK_EQ(report.self_test, I8042_SELF_TEST_PASSED + 1);
    CHECK_EQ(report.port_test, I8042_PORT_TEST_PASSED + 3);
    check_ready();
}

KTEST(i8042_model, keyboard_in_an_unknown_set_is_told_set_2)
{
    struct i8042_report report;

    model_power_on();
    model.config &= (uint8_t)~I8042_CONFIG_TRANSLATE;
    model.scancode_set = 1;
    CHECK_OK(i8042_init(&report));
    CHECK(report.translation_was_off);
    CHECK_EQ(model.scancode_set, 2);
    check_ready();
}

KTEST(i8042_model, keyboard_that_asks_again_or_is_deaf_at_first_is_started)
{
    for (unsigned refusals = 0; refusals <= 5; refusals++) {
        for (unsigned silences = 0; silences <= 1; silences++) {
            struct i8042_report report;

            model_power_on();
            model.refusals = refusals;
            model.silences = silences;
            CHECK_OK(i8042_init(&report));
            check_ready();
        }
    }
}

KTEST(i8042_model, keyboard_that_only_refuses_is_not_found)
{
    struct i8042_report report;

    model_power_on();
    model.refusals = 1000;
    CHECK_STATUS(i8042_init(&report), ERR_NOT_FOUND);
    CHECK_EQ(model.heard_count, 9u); /* three tries of three */
    CHECK_EQ(model.config, CONFIG_READY);
}

/* Keys from before, keys in between, and the mouse: none is an answer, none is left over. */
KTEST(i8042_model, keys_and_mouse_during_init_neither_disturb_nor_stay)
{
    struct i8042_report report;
    uint64_t dropped = i8042_aux_dropped();

    model_power_on();
    for (int i = 0; i < 20; i++) {
        model_strike(KEY);
        model_move_mouse(I8042_SELF_TEST_PASSED);
    }
    model.interjected_key = KEY;
    model.interjected_aux = PS2_ANSWER_ACK;
    CHECK_OK(i8042_init(&report));
    check_ready();
    CHECK_EQ(report.self_test, I8042_SELF_TEST_PASSED);
    CHECK_EQ(report.port_test, I8042_PORT_TEST_PASSED);
    CHECK_GT(i8042_aux_dropped(), dropped + 20);

    model_listen();
    for (int i = 0; i < 100; i++) {
        model.us += 1000;
        i8042_interrupt();
    }
    CHECK_EQ(model_received.calls, 0u);
}

/* More than a flush waits for the end of: the keyboard works all the same. */
KTEST(i8042_model, endless_typing_during_init_does_not_kill_the_keyboard)
{
    struct i8042_report report;

    model_power_on();
    for (int i = 0; i < MODEL_QUEUE_SIZE; i++) {
        model_strike(KEY);
    }
    CHECK_OK(i8042_init(&report));
    check_ready();
    CHECK_GT(model.keys.count, 0u);
    CHECK_LT(model.us, SECOND_US / 5);
}

KTEST(i8042_model, interrupt_hands_up_what_waits_in_one_call)
{
    struct i8042_report report;

    model_power_on();
    REQUIRE_OK(i8042_init(&report));
    model_listen();
    model.cable_us = 0; /* an emulator's */
    model_strike(1);
    model_strike(2);
    model_move_mouse(3);
    model_strike(4);
    uint64_t dropped = i8042_aux_dropped();

    i8042_interrupt();
    CHECK_EQ(model_received.calls, 1u);
    CHECK_MEM_EQ(model_received.bytes, "\1\2\4", 3);
    CHECK_EQ(model_received.count, 3u);
    CHECK_EQ(i8042_aux_dropped(), dropped + 1);
    uint64_t before = model.us;

    i8042_interrupt();
    CHECK_EQ(model_received.calls, 1u);
    CHECK_EQ(model.us, before + 1); /* one look was enough */
    i8042_set_receiver(NULL);
    model_strike(5);
    i8042_interrupt();
    CHECK_EQ(model_received.calls, 1u);
}

KTEST(i8042_model, interrupt_is_bounded_and_leaves_the_rest)
{
    struct i8042_report report;

    model_power_on();
    REQUIRE_OK(i8042_init(&report));
    model_listen();
    model.cable_us = 0;
    for (uint8_t i = 0; i < 40; i++) {
        model_strike(i);
    }
    i8042_interrupt();
    CHECK_EQ(model_received.count, 32u);
    i8042_interrupt();
    CHECK_EQ(model_received.count, 40u);
    CHECK_EQ(model_received.bytes[39], 39);
}

KTEST(i8042_model, send_is_refused_while_the_input_buffer_is_full)
{
    struct i8042_report report;

    model_power_on();
    REQUIRE_OK(i8042_init(&report));
    model.heard_count = 0;
    model.takes_nothing = true;
    CHECK(!i8042_try_send(PS2_COMMAND_ENABLE));
    CHECK_EQ(model.heard_count, 0u);
    model.takes_nothing = false;
    model.us += 1000;
    CHECK(i8042_try_send(PS2_COMMAND_ENABLE));
    CHECK_EQ(model.heard_count, 1u);
}

KTEST(i8042_model, reset_line_is_pulsed)
{
    struct i8042_report report;

    model_power_on();
    REQUIRE_OK(i8042_init(&report));
    uint64_t before = model.us;

    i8042_pulse_reset();
    CHECK(model.was_reset);
    CHECK_GE(model.us - before, 20000u);
    CHECK_LT(model.us - before, 100000u);
}
