/* SPDX-License-Identifier: MIT */
/* Keyboard and serial line as one input. */
#include "kernel/input.h"

#include "drivers/i8042.h"
#include "drivers/i8042_registers.h"
#include "drivers/keyboard.h"
#include "kernel/irq.h"
#include "kernel/log.h"
#include "kernel/serial.h"
#include "kernel/tick.h"
#include "lib/x86/cpu.h"

#define ASCII_BACKSPACE '\b'
#define ASCII_DELETE    0x7f

static struct {
    bool keyboard_polled;
    bool last_was_cr; /* so that CR LF is one Enter */
} input;

/* A failed test is said and no more: the keyboard is used as long as it answers. */
static void test_report(const char *test, unsigned got, unsigned want)
{
    if (got == I8042_NO_ANSWER) {
        log_warn("i8042", "%s: got no answer, want 0x%x", test, want);
    } else if (got != want) {
        log_warn("i8042", "%s: got 0x%x, want 0x%x", test, got, want);
    }
}

static void keyboard_start(void)
{
    struct i8042_report report;
    enum status status = keyboard_init(&report);

    if (status == ERR_NO_DEVICE) {
        log_warn("keyboard", "no keyboard found: no 8042 controller");
        return;
    }
    if (status == ERR_TIMED_OUT) {
        log_warn("keyboard", "no keyboard found: the 8042 controller does not answer");
        return;
    }
    test_report("self-test", report.self_test, I8042_SELF_TEST_PASSED);
    test_report("port test", report.port_test, I8042_PORT_TEST_PASSED);
    input.keyboard_polled = irq_attach(IRQ_KEYBOARD, i8042_interrupt) != OK;
    keyboard_poll(); /* an edge that came before does not come again */
    if (status == ERR_NOT_FOUND) {
        log_warn("keyboard", "no keyboard found: none answers the 8042 controller");
        return;
    }
    log_info("keyboard", "PS/2, US layout, %s", input.keyboard_polled ? "polled" : "by interrupt");
}

void input_init(void)
{
    keyboard_start();
    serial_start_input();
}

static bool serial_read_character(uint32_t *character)
{
    uint8_t byte;

    while (serial_read(&byte)) {
        bool after_cr = input.last_was_cr;

        input.last_was_cr = byte == '\r';
        if (byte == '\n' && after_cr) {
            continue;
        }
        if (byte == '\r') {
            byte = '\n';
        } else if (byte == ASCII_DELETE) {
            byte = ASCII_BACKSPACE;
        }
        *character = byte;
        return true;
    }
    return false;
}

bool input_read(uint32_t *character)
{
    return keyboard_read_char(character) || serial_read_character(character);
}

static bool is_waiting(void)
{
    return keyboard_has_input() || serial_has_input();
}

void input_wait(void)
{
    if (input.keyboard_polled) {
        keyboard_poll();
    }
    serial_poll();
    bool may_halt = tick_is_settled() && irq_is_available();

    irq_disable();
    if (is_waiting() || !may_halt) {
        irq_enable();
        cpu_relax();
    } else {
        irq_enable_and_halt();
    }
}
