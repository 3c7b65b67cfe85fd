/* SPDX-License-Identifier: MIT */
/* Keyboard and serial line as one input. */
#include "kernel/input.h"

#include "drivers/i8042.h"
#include "drivers/i8042_registers.h"
#include "drivers/keyboard.h"
#include "kernel/irq.h"
#include "kernel/log.h"
#include "kernel/screen.h"
#include "kernel/serial.h"
#include "kernel/tick.h"
#include "kernel/vt_keys.h"
#include "lib/x86/cpu.h"

static struct {
    bool keyboard_polled;
    struct vt_keys serial_keys;
    struct keystroke serial_strokes[VT_KEYS_MAX]; /* typed and not yet handed out */
    unsigned serial_count;
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

static void keyboard_start(const struct keymap *keymap)
{
    struct i8042_report report;
    enum status status = keyboard_init(&report);

    keyboard_set_keymap(keymap);
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
    log_info("keyboard", "PS/2, layout %s, %s", keymap->name,
             input.keyboard_polled ? "polled" : "by interrupt");
}

void input_init(const struct keymap *keymap)
{
    keyboard_start(keymap);
    serial_start_input();
}

/* Act upon the keystrokes that are not for the reader. Returns whether this was one. */
static bool is_for_the_screen(struct keystroke stroke)
{
    bool is_page_up = stroke.key == KEY_PAGE_UP;

    if (stroke.modifiers == KEYSTROKE_SHIFT && (is_page_up || stroke.key == KEY_PAGE_DOWN)) {
        screen_scroll_view(is_page_up ? 1 : -1);
        return true;
    }
    screen_end_view();
    return false;
}

static bool keyboard_read_for_reader(struct keystroke *stroke)
{
    struct keystroke next;

    while (keyboard_read(&next)) {
        if (!is_for_the_screen(next)) {
            *stroke = next;
            return true;
        }
    }
    return false;
}

static bool serial_read_stroke(struct keystroke *stroke)
{
    uint8_t byte;

    while (input.serial_count == 0) {
        if (!serial_read(&byte)) {
            return false;
        }
        input.serial_count = vt_keys_decode(&input.serial_keys, byte, input.serial_strokes);
    }
    *stroke = input.serial_strokes[0];
    input.serial_strokes[0] = input.serial_strokes[1];
    input.serial_count--;
    return true;
}

bool input_read(struct keystroke *stroke)
{
    return keyboard_read_for_reader(stroke) || serial_read_stroke(stroke);
}

static bool is_waiting(void)
{
    return keyboard_has_input() || serial_has_input() || input.serial_count > 0;
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
