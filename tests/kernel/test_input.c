/* SPDX-License-Identifier: MIT */
/* What is typed, as a stream: nothing lost at speed, and losses counted and said. */
#include "kernel/input.h"

#include "drivers/keyboard.h"
#include "kernel/clock.h"
#include "kernel/irq.h"
#include "kernel/task.h"
#include "tests/kernel/keyboard_inject.h"
#include "tests/kernel/log_search.h"
#include "tests/ktest.h"

#define KEY_A    0x1e
#define RELEASED 0x80

#define KEYS 500

/* 10,000 bytes a second. */
#define BYTE_NS (100 * NS_PER_US)

static bool has_keyboard(void)
{
    struct keystroke stroke;

    if (!irq_is_available() || !keyboard_inject(RELEASED | KEY_A)) {
        return false;
    }
    return keyboard_read(&stroke, deadline_after(10 * NS_PER_MS)) == ERR_TIMED_OUT;
}

static intptr_t count_characters(void *argument)
{
    struct keystroke stroke;
    intptr_t count = 0;

    (void)argument;
    while (count < KEYS && input_read(&stroke, deadline_after(NS_PER_SECOND)) == OK) {
        count += stroke.character == 'a';
    }
    return count;
}

/* A byte, and the time of a byte for the others. */
static bool type(uint8_t byte)
{
    uint64_t next_ns = deadline_after(BYTE_NS);
    bool was_taken = keyboard_inject(byte);

    while (clock_now_ns() < next_ns) {
        task_yield();
    }
    return was_taken;
}

KTEST(input, ten_thousand_bytes_a_second_lose_nothing)
{
    struct task *reader;
    intptr_t count = 0;
    unsigned typed = 0;

    if (!has_keyboard()) {
        SKIP("no keyboard controller, or none that takes bytes");
    }
    uint64_t lost = keyboard_counts().bytes_lost;

    REQUIRE_OK(task_spawn("reader", count_characters, NULL, TASK_STACK_DEFAULT, &reader));
    for (unsigned i = 0; i < KEYS; i++) {
        typed += type(KEY_A) + type(KEY_A | RELEASED);
    }
    CHECK_OK(task_join(reader, DEADLINE_NEVER, &count));
    task_release(reader);
    CHECK_EQ(typed, 2 * KEYS);
    CHECK_EQ(count, KEYS);
    CHECK_EQ(keyboard_counts().bytes_lost, lost);
}

KTEST(input, losses_are_counted_and_said)
{
    enum { SURPLUS = 100 };
    struct keystroke stroke;
    unsigned count = 0;

    if (!has_keyboard()) {
        SKIP("no keyboard controller, or none that takes bytes");
    }
    uint64_t lost = keyboard_counts().bytes_lost;

    for (unsigned i = 0; i < (KEYBOARD_RING_SIZE + SURPLUS) / 2; i++) {
        CHECK(keyboard_inject(KEY_A));
        CHECK(keyboard_inject(KEY_A | RELEASED));
    }
    CHECK(keyboard_inject_settle()); /* before there is room for the last one */
    while (keyboard_read(&stroke, deadline_after(10 * NS_PER_MS)) == OK) {
        count++;
    }
    CHECK_EQ(count, KEYBOARD_RING_SIZE / 2);
    lost = keyboard_counts().bytes_lost - lost;
    CHECK_GE(lost, SURPLUS);
    CHECK_LE(lost, SURPLUS + 1);
    CHECK(log_has(" bytes lost\n"));
    CHECK(keyboard_inject(KEY_A | RELEASED)); /* the first that there was room for again */
    CHECK_STATUS(keyboard_read(&stroke, deadline_after(10 * NS_PER_MS)), ERR_TIMED_OUT);
}
