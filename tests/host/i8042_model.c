/* SPDX-License-Identifier: MIT */
/* The controller and keyboard of variables; and the driver, compiled to talk to them. */
#include "tests/host/i8042_model.h"

#include <string.h>

#include "drivers/i8042.h"
#include "drivers/i8042_registers.h"
#include "drivers/ps2_commands.h"
#include "lib/x86/port.h"

#define CONTROLLER_ANSWER_US 60
#define KEYBOARD_ANSWER_US   3000
#define CABLE_US             1100 /* 11 bits at 10 kHz */
#define BUSY_US              20

#define CONFIG_AT_POWER_ON (I8042_CONFIG_PORT1_IRQ | I8042_CONFIG_PORT2_IRQ)
#define CONFIG_OF_FIRMWARE                                                        \
    (I8042_CONFIG_PORT1_IRQ | I8042_CONFIG_PORT2_IRQ | I8042_CONFIG_SYSTEM_FLAG | \
     I8042_CONFIG_TRANSLATE)

struct i8042_model model;
struct i8042_model_received model_received;

static void put(struct model_queue *queue, uint8_t byte, uint64_t delay_us)
{
    size_t last = (queue->first + queue->count++) % MODEL_QUEUE_SIZE;

    queue->entries[last].byte = byte;
    queue->entries[last].ready_us = model.us + delay_us;
}

static bool take(struct model_queue *queue, uint8_t *byte)
{
    if (queue->count == 0 || queue->entries[queue->first].ready_us > model.us) {
        return false;
    }
    *byte = queue->entries[queue->first].byte;
    queue->first = (queue->first + 1) % MODEL_QUEUE_SIZE;
    queue->count--;
    return true;
}

void model_power_on(void)
{
    memset(&model, 0, sizeof(model));
    model.config = CONFIG_OF_FIRMWARE;
    model.scancode_set = 2;
    model.lights = PS2_LED_NUM_LOCK;
    model.self_test_us = CONTROLLER_ANSWER_US;
    model.keyboard_us = KEYBOARD_ANSWER_US;
    model.cable_us = CABLE_US;
}

void model_strike(uint8_t byte)
{
    put(&model.keys, byte, 0);
}

void model_move_mouse(uint8_t byte)
{
    put(&model.aux, byte, 0);
}

/* What was under way when a command came, and arrives before its answer. */
static void interject(void)
{
    if (model.interjected_key != 0) {
        put(&model.replies, model.interjected_key, 0);
    }
    if (model.interjected_aux != 0) {
        put(&model.aux, model.interjected_aux, 0);
    }
}

static void controller_answer(unsigned byte, uint64_t delay_us)
{
    interject();
    if (!model.answers_nothing) {
        put(&model.answers, (uint8_t)byte, delay_us);
    }
}

static void keyboard_obey(uint8_t byte)
{
    switch (model.keyboard_command) {
    case PS2_COMMAND_SET_LEDS:
        model.lights = byte;
        model.keyboard_command = 0;
        return;
    case PS2_COMMAND_SCANCODE_SET:
        model.scancode_set = byte;
        model.keyboard_command = 0;
        return;
    default:
        break;
    }
    if (byte == PS2_COMMAND_SET_LEDS || byte == PS2_COMMAND_SCANCODE_SET) {
        model.keyboard_command = byte;
    } else if (byte == PS2_COMMAND_ENABLE) {
        model.is_scanning = true;
    }
}

static void keyboard_hear(uint8_t byte)
{
    if (model.has_no_keyboard) {
        if (model.sends_refuse_instead) {
            put(&model.answers, PS2_ANSWER_RESEND, KEYBOARD_ANSWER_US);
        }
        return;
    }
    if (model.heard_count < sizeof(model.heard)) {
        model.heard[model.heard_count++] = byte;
    }
    interject();
    if (model.refusals > 0) {
        model.refusals--;
        put(&model.replies, PS2_ANSWER_RESEND, model.keyboard_us);
    } else if (model.asked_again < model.refusals_each) {
        model.asked_again++;
        put(&model.replies, PS2_ANSWER_RESEND, model.keyboard_us);
    } else if (model.silences > 0) {
        model.silences--;
    } else {
        model.asked_again = 0;
        keyboard_obey(byte);
        put(&model.replies, PS2_ANSWER_ACK, model.keyboard_us);
    }
}

static void controller_command(uint8_t command)
{
    model.command = 0;
    switch (command) {
    case I8042_COMMAND_READ_CONFIG:
        controller_answer(model.config, CONTROLLER_ANSWER_US);
        break;
    case I8042_COMMAND_WRITE_CONFIG:
        model.command = command;
        break;
    case I8042_COMMAND_DISABLE_PORT1:
        model.config |= I8042_CONFIG_PORT1_OFF;
        break;
    case I8042_COMMAND_DISABLE_PORT2:
        model.config |= I8042_CONFIG_PORT2_OFF;
        break;
    case I8042_COMMAND_SELF_TEST:
        model.config_at_self_test = model.config;
        if (model.test_resets) {
            model.config = CONFIG_AT_POWER_ON;
        }
        controller_answer(I8042_SELF_TEST_PASSED + model.self_test_flaw, model.self_test_us);
        break;
    case I8042_COMMAND_TEST_PORT1:
        controller_answer(I8042_PORT_TEST_PASSED + model.port_test_flaw, CONTROLLER_ANSWER_US);
        break;
    case I8042_COMMAND_PULSE_RESET:
        model.was_reset = true;
        break;
    default:
        break;
    }
}

static void controller_data(uint8_t byte)
{
    if (model.command == I8042_COMMAND_WRITE_CONFIG) {
        model.config = byte;
        model.command = 0;
    } else if ((model.config & I8042_CONFIG_PORT1_OFF) == 0) {
        keyboard_hear(byte);
    }
}

static void fill_buffer(void)
{
    if (model.buffer_full) {
        return;
    }
    model.buffer_is_aux = false;
    if (take(&model.answers, &model.buffer)) {
        model.buffer_full = true;
    } else if (take(&model.aux, &model.buffer)) {
        model.buffer_full = true;
        model.buffer_is_aux = true;
    } else if ((model.config & I8042_CONFIG_PORT1_OFF) == 0 && model.us >= model.cable_free_us) {
        struct model_queue *queue = model.replies.count != 0 ? &model.replies : &model.keys;

        model.buffer_full = take(queue, &model.buffer);
        model.cable_free_us = model.buffer_full ? model.us + model.cable_us : 0;
    }
}

static uint8_t model_read8(uint16_t port)
{
    uint64_t status = 0;

    model.us++;
    if (model.is_absent) {
        return 0xff;
    }
    fill_buffer();
    if (port == I8042_DATA) {
        model.buffer_full = false;
        return model.buffer;
    }
    status |= model.buffer_full || model.is_stuck ? I8042_STATUS_OUTPUT_FULL : 0;
    status |= model.buffer_full && model.buffer_is_aux ? I8042_STATUS_AUX : 0;
    if (model.us < model.busy_until_us || model.takes_nothing ||
        (model.is_worn_out && model.writes_left == 0)) {
        status |= I8042_STATUS_INPUT_FULL;
    }
    return (uint8_t)status;
}

static void model_write8(uint16_t port, uint8_t byte)
{
    model.us++;
    if (model.is_absent) {
        return;
    }
    if (model.us < model.busy_until_us) {
        model.was_overwritten = true;
        return;
    }
    model.busy_until_us = model.us + BUSY_US;
    model.writes_left -= model.is_worn_out;
    if (port == I8042_COMMAND) {
        controller_command(byte);
    } else {
        controller_data(byte);
    }
}

static void model_delay(void)
{
    model.us++;
}

static void receive(const uint8_t *bytes, size_t count)
{
    model_received.calls++;
    for (size_t i = 0; i < count && model_received.count < sizeof(model_received.bytes); i++) {
        model_received.bytes[model_received.count++] = bytes[i];
    }
}

void model_listen(void)
{
    memset(&model_received, 0, sizeof(model_received));
    i8042_set_receiver(receive);
}

/* From here on a port is the model's: the driver below is the kernel's own file. */
#define port_read8  model_read8
#define port_write8 model_write8
#define port_delay  model_delay

#include "drivers/i8042.c"
