/* SPDX-License-Identifier: MIT */
/* Keyboard and serial line as one input. */
#include "kernel/input.h"

#include "drivers/i8042_registers.h"
#include "drivers/keyboard.h"
#include "kernel/clock.h"
#include "kernel/event.h"
#include "kernel/irq.h"
#include "kernel/log.h"
#include "kernel/power.h"
#include "kernel/screen.h"
#include "kernel/select.h"
#include "kernel/serial.h"
#include "kernel/vt_keys.h"
#include "kernel/wait.h"
#include "lib/bits.h"

/* How often a device without an interrupt is asked: 10,000 bytes a second are 10 each time. */
#define POLL_NS NS_PER_MS

static struct {
    struct input_keyboard keyboard;
    struct vt_keys serial_keys;
    struct keystroke serial_strokes[VT_KEYS_MAX]; /* typed and not yet handed out */
    unsigned serial_count;
    uint64_t keyboard_lost; /* bytes, as last said */
    uint64_t serial_lost;
} input;

static struct event keyboard_arrived = EVENT_INIT("keyboard", true);
static struct event serial_arrived = EVENT_INIT("serial line", true);

static void keyboard_listen(void)
{
    event_set(&keyboard_arrived);
}

static void serial_listen(void *context)
{
    (void)context;
    event_set(&serial_arrived);
}

/* A failed test is said and no more: the keyboard is used as long as it answers. */
static void test_report(const char *test, unsigned got, unsigned want)
{
    if (got == I8042_NO_ANSWER) {
        log_warn("i8042", "%s: got no answer, want 0x%x", test, want);
    } else if (got != want) {
        log_warn("i8042", "%s: got 0x%x, want 0x%x", test, got, want);
    }
}

/* Where somebody sits in front of a keyboard that does nothing, it is on USB. */
static void no_keyboard_report(const char *why)
{
    log_warn("keyboard", "no keyboard found: %s", why);
    log_info("keyboard", "one on USB works only where the firmware shows it as PS/2");
}

static void keyboard_start(const struct keymap *keymap)
{
    struct i8042_report *report = &input.keyboard.controller;
    enum status status = keyboard_init(report);

    input.keyboard.status = status;
    keyboard_set_keymap(keymap);
    if (status == ERR_NO_DEVICE) {
        no_keyboard_report("no 8042 controller");
        return;
    }
    if (status == ERR_TIMED_OUT) {
        no_keyboard_report("the 8042 controller does not answer");
        return;
    }
    test_report("self-test", report->self_test, I8042_SELF_TEST_PASSED);
    test_report("port test", report->port_test, I8042_PORT_TEST_PASSED);
    input.keyboard.is_polled = irq_attach(IRQ_KEYBOARD, i8042_interrupt) != OK;
    keyboard_poll(); /* an edge that came before does not come again */
    if (status == ERR_NOT_FOUND) {
        no_keyboard_report("none answers the 8042 controller");
        return;
    }
    log_info("keyboard", "PS/2, layout %s, %s", keymap->name,
             input.keyboard.is_polled ? "polled" : "by interrupt");
}

void input_init(const struct keymap *keymap)
{
    keyboard_set_listener(keyboard_listen);
    keyboard_start(keymap);
    serial_start_input(serial_listen);
}

const struct input_keyboard *input_keyboard(void)
{
    return &input.keyboard;
}

/* Act on the keys that no reader gets: restart, look back. Returns whether this was one. */
static bool take_for_itself(struct keystroke stroke)
{
    bool is_page_up = stroke.key == KEY_PAGE_UP;

    if (stroke.key == KEY_DELETE && stroke.modifiers == (KEYSTROKE_CTRL | KEYSTROKE_ALT)) {
        power_reboot();
    }
    if (stroke.modifiers == KEYSTROKE_SHIFT && (is_page_up || stroke.key == KEY_PAGE_DOWN)) {
        screen_scroll_view(is_page_up ? 1 : -1);
        return true;
    }
    screen_end_view();
    return false;
}

static bool take_from_keyboard(struct keystroke *stroke)
{
    struct keystroke next;

    while (keyboard_take(&next)) {
        if (!take_for_itself(next)) {
            *stroke = next;
            return true;
        }
    }
    return false;
}

static bool take_from_serial(struct keystroke *stroke)
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

static void poll_devices(void)
{
    if (input.keyboard.is_polled) {
        keyboard_poll();
    }
    serial_poll();
}

/* Say what was lost since it was last said. */
static void loss_report(const char *module, uint64_t lost, uint64_t *said)
{
    if (UNLIKELY(lost > *said)) {
        log_warn(module, "%lu bytes lost", lost - *said);
    }
    *said = lost;
}

static void losses_report(void)
{
    loss_report("keyboard", keyboard_counts().bytes_lost, &input.keyboard_lost);
    loss_report("uart16550", serial_lost_count(), &input.serial_lost);
}

/* When to look again: where a device must be asked, in a moment. */
static uint64_t next_look(bool is_polled, uint64_t deadline_ns)
{
    return LIKELY(!is_polled) ? deadline_ns : MIN(deadline_ns, deadline_after(POLL_NS));
}

/* Wait until the keyboard may have something. */
static enum status wait_for_keyboard(uint64_t deadline_ns)
{
    uint64_t until_ns = next_look(input.keyboard.is_polled, deadline_ns);
    enum status status = event_wait(&keyboard_arrived, until_ns);

    losses_report();
    return status == ERR_TIMED_OUT && until_ns != deadline_ns ? OK : status;
}

bool input_take(struct keystroke *stroke)
{
    poll_devices();
    return take_from_keyboard(stroke) || take_from_serial(stroke);
}

enum status input_wait(struct event *also, uint64_t deadline_ns)
{
    struct select_case cases[] = {SELECT_EVENT(&keyboard_arrived), SELECT_EVENT(&serial_arrived),
                                  SELECT_EVENT(also)};
    size_t count = also != NULL ? ARRAY_SIZE(cases) : ARRAY_SIZE(cases) - 1;
    uint64_t until_ns = next_look(input.keyboard.is_polled || serial_is_polled(), deadline_ns);
    size_t chosen;
    enum status status = select_wait(cases, count, until_ns, &chosen);

    losses_report();
    return status == ERR_TIMED_OUT && until_ns != deadline_ns ? OK : status;
}

enum status input_read(struct keystroke *stroke, uint64_t deadline_ns)
{
    enum status status = wait_enter();

    while (status == OK && !input_take(stroke)) {
        status = input_wait(NULL, deadline_ns);
    }
    return status;
}

enum status keyboard_read(struct keystroke *stroke, uint64_t deadline_ns)
{
    enum status status = wait_enter();

    while (status == OK) {
        poll_devices();
        if (take_from_keyboard(stroke)) {
            return OK;
        }
        status = wait_for_keyboard(deadline_ns);
    }
    return status;
}
