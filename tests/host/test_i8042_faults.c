/* SPDX-License-Identifier: MIT */
/* The 8042 driver where there is no controller, or a broken one: every wait ends. */
#include "drivers/i8042.h"

#include "tests/host/i8042_model.h"
#include "tests/ktest.h"

#define SECOND_US 1000000

static const struct i8042_report untouched = {0x1234, 0x5678, true};

static void check_untouched(const struct i8042_report *report)
{
    CHECK_EQ(report->self_test, untouched.self_test);
    CHECK_EQ(report->port_test, untouched.port_test);
    CHECK_EQ(report->translation_was_off, untouched.translation_was_off);
}

KTEST(i8042_faults, empty_bus_is_no_device)
{
    struct i8042_report report = untouched;

    model_power_on();
    model.is_absent = true;
    CHECK_STATUS(i8042_init(&report), ERR_NO_DEVICE);
    check_untouched(&report);
    CHECK_LT(model.us, 100u);
    model_listen();
    i8042_interrupt();
    CHECK_EQ(model_received.calls, 0u);
    i8042_pulse_reset();
    CHECK_LT(model.us, 200u);
}

KTEST(i8042_faults, controller_that_takes_nothing_times_out)
{
    struct i8042_report report = untouched;

    model_power_on();
    model.takes_nothing = true;
    CHECK_STATUS(i8042_init(&report), ERR_TIMED_OUT);
    check_untouched(&report);
    CHECK_GE(model.us, SECOND_US / 2u);
    CHECK_LT(model.us, SECOND_US);
    i8042_pulse_reset();
    CHECK(!model.was_reset);
}

KTEST(i8042_faults, controller_that_answers_nothing_times_out)
{
    struct i8042_report report = untouched;

    model_power_on();
    model.answers_nothing = true;
    CHECK_STATUS(i8042_init(&report), ERR_TIMED_OUT);
    check_untouched(&report);
    CHECK_LT(model.us, SECOND_US);
    model.buffer_full = true;
    model_listen();
    i8042_interrupt(); /* it was not found */
    CHECK_EQ(model_received.calls, 0u);
}

KTEST(i8042_faults, controller_whose_buffer_never_empties_times_out)
{
    struct i8042_report report = untouched;

    model_power_on();
    model.is_stuck = true;
    CHECK_STATUS(i8042_init(&report), ERR_TIMED_OUT);
    check_untouched(&report);
    CHECK_LT(model.us, SECOND_US / 10);
}

/* One that stops taking bytes after the first, the second, ... of all that a good one takes. */
KTEST(i8042_faults, controller_that_dies_on_the_way_times_out)
{
    unsigned writes = 0;
    enum status status;

    do {
        struct i8042_report report = untouched;

        model_power_on();
        model.is_worn_out = true;
        model.writes_left = writes++;
        status = i8042_init(&report);
        CHECK_LT(model.us, 8 * SECOND_US / 5);
        if (status != OK) {
            CHECK_STATUS(status, ERR_TIMED_OUT);
            check_untouched(&report);
        }
    } while (status != OK && writes < 100);
    CHECK_EQ(writes - 1, 14u);
}

KTEST(i8042_faults, lost_controller_is_not_read_any_more)
{
    struct i8042_report report;

    model_power_on();
    CHECK_OK(i8042_init(&report));
    model.is_absent = true;
    CHECK_STATUS(i8042_init(&report), ERR_NO_DEVICE);
    uint64_t before = model.us;

    i8042_interrupt();
    CHECK_EQ(model.us, before);
}
