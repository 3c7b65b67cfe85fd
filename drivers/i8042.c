/* SPDX-License-Identifier: MIT */
/* The 8042: registers and waits. The commands to the keyboard are ps2_commands' affair. */
#include "drivers/i8042.h"

#include "drivers/i8042_registers.h"
#include "drivers/ps2_commands.h"
#include "lib/x86/port.h"

/* A look at the status and the delay after it: a port access takes 1 us on a PC. */
#define LOOK_US       2
#define LOOKS_FOR(us) ((us) / LOOK_US)

#define CONTROLLER_US 500000 /* to take a byte or answer; a self-test may last this long */
#define KEYBOARD_US   150000 /* to obey: two bytes, each sent three times, answered in 20 ms */
#define QUIET_US      2000 /* a byte takes 1 ms on the cable */
#define FLUSH_US      50000 /* a keyboard holds back 20 bytes at the most */
#define RESET_US      20000 /* until the CPU notices that its reset line was low */

/* An empty bus reads as ones, which no controller shows so often in a row. */
#define EMPTY_BUS       0xff
#define EMPTY_BUS_LOOKS 16

#define INTERRUPT_BYTES_MAX 32
#define ENABLE_TRIES        3

static struct {
    bool is_present;
    i8042_receiver *receiver;
    uint64_t aux_dropped;
} controller;

static bool is_absent(void)
{
    for (int look = 0; look < EMPTY_BUS_LOOKS; look++) {
        if (port_read8(I8042_STATUS) != EMPTY_BUS) {
            return false;
        }
        port_delay();
    }
    return true;
}

enum source { SOURCE_NONE, SOURCE_PORT1, SOURCE_PORT2 };

/* Read what waits, if anything does, and say whose it is; port one's includes the controller's. */
static enum source read_waiting(uint8_t *byte)
{
    uint8_t status = port_read8(I8042_STATUS);

    if ((status & I8042_STATUS_OUTPUT_FULL) == 0) {
        return SOURCE_NONE;
    }
    *byte = port_read8(I8042_DATA);
    if ((status & I8042_STATUS_AUX) != 0) {
        controller.aux_dropped++;
        return SOURCE_PORT2;
    }
    return SOURCE_PORT1;
}

bool i8042_try_send(uint8_t byte)
{
    if ((port_read8(I8042_STATUS) & I8042_STATUS_INPUT_FULL) != 0) {
        return false;
    }
    port_write8(I8042_DATA, byte);
    return true;
}

/* Write to either port as soon as the controller can take it. Returns whether it could. */
static bool write_when_ready(uint16_t port, uint8_t byte)
{
    for (int look = 0; look < LOOKS_FOR(CONTROLLER_US); look++) {
        if ((port_read8(I8042_STATUS) & I8042_STATUS_INPUT_FULL) == 0) {
            port_write8(port, byte);
            return true;
        }
        port_delay();
    }
    return false;
}

/* Give a command and wait for its answer. Returns the answer, or I8042_NO_ANSWER. */
static uint16_t ask(uint8_t command)
{
    uint8_t answer;

    if (!write_when_ready(I8042_COMMAND, command)) {
        return I8042_NO_ANSWER;
    }
    for (int look = 0; look < LOOKS_FOR(CONTROLLER_US); look++) {
        if (read_waiting(&answer) == SOURCE_PORT1) {
            return answer;
        }
        port_delay();
    }
    return I8042_NO_ANSWER;
}

static bool write_config(unsigned config)
{
    return write_when_ready(I8042_COMMAND, I8042_COMMAND_WRITE_CONFIG) &&
           write_when_ready(I8042_DATA, (uint8_t)config);
}

/* Throw away what comes until nothing has for a while. Returns false when there was no end. */
static bool flush(void)
{
    uint8_t byte;
    int quiet_looks = 0;

    for (int look = 0; look < LOOKS_FOR(FLUSH_US); look++) {
        if (read_waiting(&byte) != SOURCE_NONE) {
            quiet_looks = 0;
        } else if (++quiet_looks == LOOKS_FOR(QUIET_US)) {
            return true;
        }
        port_delay();
    }
    return false;
}

/* Put a command to the keyboard, dropping keys that come in between. Returns whether it obeyed. */
static bool command_keyboard(struct ps2_command command)
{
    struct ps2_commands commands = {.queue = {command}, .count = 1};
    uint8_t byte;

    for (int look = 0; look < LOOKS_FOR(KEYBOARD_US); look++) {
        if (ps2_commands_next(&commands, &byte) && i8042_try_send(byte)) {
            ps2_commands_note_sent(&commands);
        }
        if (read_waiting(&byte) == SOURCE_PORT1) {
            ps2_commands_receive(&commands, byte);
        }
        if (ps2_commands_is_idle(&commands)) {
            return commands.failures == 0;
        }
        port_delay();
    }
    return false;
}

/*
 * Bring the keyboard to scan, its lights out. Where the firmware did without
 * translation the keyboard may be sending any set; translation wants set 2.
 */
static bool start_keyboard(bool set_scancode_set)
{
    if (set_scancode_set) {
        (void)command_keyboard((struct ps2_command){{PS2_COMMAND_SCANCODE_SET, 2}, 2});
    }
    for (int i = 0; i < ENABLE_TRIES; i++) {
        if (command_keyboard((struct ps2_command){{PS2_COMMAND_ENABLE}, 1})) {
            (void)command_keyboard((struct ps2_command){{PS2_COMMAND_SET_LEDS, 0}, 2});
            return true;
        }
    }
    return false;
}

/* The controller's part: port one on, its interrupt off. config: out, what has been written. */
static enum status start_controller(struct i8042_report *report, uint16_t *config)
{
    if (is_absent()) {
        return ERR_NO_DEVICE;
    }
    if (!write_when_ready(I8042_COMMAND, I8042_COMMAND_DISABLE_PORT1) ||
        !write_when_ready(I8042_COMMAND, I8042_COMMAND_DISABLE_PORT2) || !flush()) {
        return ERR_TIMED_OUT;
    }
    uint16_t found = ask(I8042_COMMAND_READ_CONFIG);
    if (found == I8042_NO_ANSWER) {
        return ERR_TIMED_OUT;
    }
    report->translation_was_off = (found & I8042_CONFIG_TRANSLATE) == 0;
    found &= (uint16_t) ~(I8042_CONFIG_PORT1_IRQ | I8042_CONFIG_PORT2_IRQ | I8042_CONFIG_PORT1_OFF);
    found |= I8042_CONFIG_TRANSLATE | I8042_CONFIG_PORT2_OFF;
    if (!write_config(found | I8042_CONFIG_PORT1_OFF)) {
        return ERR_TIMED_OUT;
    }
    report->self_test = ask(I8042_COMMAND_SELF_TEST);
    report->port_test = ask(I8042_COMMAND_TEST_PORT1);
    /* The self-test has put some controllers back to their state at power-on. */
    *config = found;
    return write_config(found) ? OK : ERR_TIMED_OUT;
}

enum status i8042_init(struct i8042_report *report)
{
    struct i8042_report found;
    uint16_t config;

    controller.is_present = false;
    enum status status = start_controller(&found, &config);
    if (status != OK) {
        return status;
    }
    bool has_keyboard = start_keyboard(found.translation_was_off);

    (void)flush(); /* without an end somebody is typing: that the buffer can be emptied is known */
    if (!write_config(config | I8042_CONFIG_PORT1_IRQ)) {
        return ERR_TIMED_OUT;
    }
    controller.is_present = true;
    *report = found;
    return has_keyboard ? OK : ERR_NOT_FOUND;
}

void i8042_set_receiver(i8042_receiver *receiver)
{
    controller.receiver = receiver;
}

void i8042_interrupt(void)
{
    uint8_t bytes[INTERRUPT_BYTES_MAX];
    size_t count = 0;

    if (!controller.is_present) {
        return;
    }
    for (int i = 0; i < INTERRUPT_BYTES_MAX; i++) {
        enum source source = read_waiting(&bytes[count]);

        if (source == SOURCE_NONE) {
            break;
        }
        count += source == SOURCE_PORT1;
    }
    if (count != 0 && controller.receiver != NULL) {
        controller.receiver(bytes, count);
    }
}

uint64_t i8042_aux_dropped(void)
{
    return controller.aux_dropped;
}

void i8042_pulse_reset(void)
{
    if (is_absent() || !write_when_ready(I8042_COMMAND, I8042_COMMAND_PULSE_RESET)) {
        return;
    }
    for (int i = 0; i < LOOKS_FOR(RESET_US); i++) {
        port_delay();
        port_delay();
    }
}
