/* SPDX-License-Identifier: MIT */
/* The dialogue with a keyboard, played by the test: a good one, a deaf one, one that stutters. */
#include "drivers/ps2_commands.h"

#include "lib/bits.h"
#include "tests/ktest.h"

#define ACK    PS2_ANSWER_ACK
#define RESEND PS2_ANSWER_RESEND
#define KEY    0x1e /* a byte that is no answer */

#define NOTHING 0x100 /* sent() when nothing is to be sent */

static const struct ps2_command enable = {{PS2_COMMAND_ENABLE}, 1};

static struct ps2_command leds(uint8_t lights)
{
    return (struct ps2_command){{PS2_COMMAND_SET_LEDS, lights}, 2};
}

/* Send what is to be sent, and say what it was. */
static unsigned sent(struct ps2_commands *commands)
{
    uint8_t byte;

    if (!ps2_commands_next(commands, &byte)) {
        return NOTHING;
    }
    ps2_commands_note_sent(commands);
    return byte;
}

KTEST(ps2_commands, idle_queue_sends_nothing_and_takes_nothing)
{
    struct ps2_commands commands = {0};
    uint8_t byte = KEY;

    CHECK(ps2_commands_is_idle(&commands));
    CHECK(!ps2_commands_next(&commands, &byte));
    CHECK_EQ(byte, KEY);
    CHECK(!ps2_commands_receive(&commands, ACK));
    CHECK(!ps2_commands_receive(&commands, RESEND));
    CHECK(ps2_commands_is_idle(&commands));
}

KTEST(ps2_commands, command_and_argument_go_out_one_acknowledge_apart)
{
    struct ps2_commands commands = {0};

    CHECK(ps2_commands_push(&commands, leds(PS2_LED_CAPS_LOCK)));
    CHECK(!ps2_commands_is_idle(&commands));
    CHECK_EQ(sent(&commands), (unsigned)PS2_COMMAND_SET_LEDS);
    CHECK_EQ(sent(&commands), (unsigned)NOTHING); /* before the answer */
    CHECK(ps2_commands_receive(&commands, ACK));
    CHECK_EQ(sent(&commands), (unsigned)PS2_LED_CAPS_LOCK);
    CHECK_EQ(sent(&commands), (unsigned)NOTHING);
    CHECK(!ps2_commands_is_idle(&commands));
    CHECK(ps2_commands_receive(&commands, ACK));
    CHECK(ps2_commands_is_idle(&commands));
    CHECK_EQ(sent(&commands), (unsigned)NOTHING);
    CHECK(!ps2_commands_receive(&commands, ACK)); /* one too many is a key's */
    CHECK_EQ(commands.failures, 0u);
}

KTEST(ps2_commands, answer_before_the_byte_was_sent_is_a_key)
{
    struct ps2_commands commands = {0};

    CHECK(ps2_commands_push(&commands, enable));
    CHECK(!ps2_commands_receive(&commands, ACK));
    CHECK(!ps2_commands_receive(&commands, RESEND));
    CHECK_EQ(sent(&commands), (unsigned)PS2_COMMAND_ENABLE);
}

/* The byte may wait to be sent: it is offered again until the owner says that it has gone. */
KTEST(ps2_commands, byte_is_offered_until_it_was_sent)
{
    struct ps2_commands commands = {0};
    uint8_t byte = 0;

    CHECK(ps2_commands_push(&commands, enable));
    CHECK(ps2_commands_next(&commands, &byte));
    CHECK(ps2_commands_next(&commands, &byte));
    CHECK_EQ(byte, PS2_COMMAND_ENABLE);
}

KTEST(ps2_commands, keys_in_between_are_not_answers)
{
    struct ps2_commands commands = {0};

    CHECK(ps2_commands_push(&commands, leds(PS2_LED_NUM_LOCK)));
    CHECK_EQ(sent(&commands), (unsigned)PS2_COMMAND_SET_LEDS);
    CHECK(!ps2_commands_receive(&commands, KEY));
    CHECK(!ps2_commands_receive(&commands, KEY | 0x80));
    CHECK_EQ(sent(&commands), (unsigned)NOTHING);
    CHECK(ps2_commands_receive(&commands, ACK));
    CHECK(!ps2_commands_receive(&commands, KEY));
    CHECK_EQ(sent(&commands), (unsigned)PS2_LED_NUM_LOCK);
    CHECK(!ps2_commands_receive(&commands, KEY));
    CHECK(ps2_commands_receive(&commands, ACK));
    CHECK(ps2_commands_is_idle(&commands));
}

KTEST(ps2_commands, resend_repeats_the_byte_and_not_the_command)
{
    struct ps2_commands commands = {0};

    CHECK(ps2_commands_push(&commands, leds(PS2_LED_CAPS_LOCK)));
    CHECK_EQ(sent(&commands), (unsigned)PS2_COMMAND_SET_LEDS);
    CHECK(ps2_commands_receive(&commands, RESEND));
    CHECK_EQ(sent(&commands), (unsigned)PS2_COMMAND_SET_LEDS);
    CHECK(ps2_commands_receive(&commands, ACK));
    for (int i = 1; i < PS2_TRIES; i++) { /* each byte has all its tries */
        CHECK_EQ(sent(&commands), (unsigned)PS2_LED_CAPS_LOCK);
        CHECK(ps2_commands_receive(&commands, RESEND));
    }
    CHECK_EQ(sent(&commands), (unsigned)PS2_LED_CAPS_LOCK);
    CHECK(ps2_commands_receive(&commands, ACK));
    CHECK(ps2_commands_is_idle(&commands));
    CHECK_EQ(commands.failures, 0u);
}

KTEST(ps2_commands, command_is_given_up_after_its_last_try)
{
    struct ps2_commands commands = {0};

    CHECK(ps2_commands_push(&commands, leds(0)));
    CHECK(ps2_commands_push(&commands, enable));
    for (int i = 0; i < PS2_TRIES; i++) {
        CHECK_EQ(sent(&commands), (unsigned)PS2_COMMAND_SET_LEDS);
        CHECK(ps2_commands_receive(&commands, RESEND));
    }
    CHECK_EQ(commands.failures, 1u);
    /* On to the next, no argument without its command, and with all its own tries. */
    for (int i = 0; i < PS2_TRIES; i++) {
        CHECK_EQ(sent(&commands), (unsigned)PS2_COMMAND_ENABLE);
        CHECK(!ps2_commands_is_idle(&commands));
        CHECK(ps2_commands_receive(&commands, RESEND));
    }
    CHECK(ps2_commands_is_idle(&commands));
    CHECK_EQ(commands.failures, 2u);
}

KTEST(ps2_commands, silent_keyboard_is_given_up_after_enough_keys)
{
    struct ps2_commands commands = {0};

    CHECK(ps2_commands_push(&commands, leds(0)));
    CHECK_EQ(sent(&commands), (unsigned)PS2_COMMAND_SET_LEDS);
    for (int i = 1; i < PS2_PATIENCE; i++) {
        CHECK(!ps2_commands_receive(&commands, KEY));
        CHECK(!ps2_commands_is_idle(&commands));
    }
    CHECK(!ps2_commands_receive(&commands, KEY));
    CHECK(ps2_commands_is_idle(&commands));
    CHECK_EQ(commands.failures, 1u);
    CHECK(!ps2_commands_receive(&commands, ACK)); /* too late */
    CHECK(ps2_commands_push(&commands, enable));
    CHECK_EQ(sent(&commands), (unsigned)PS2_COMMAND_ENABLE);
    CHECK(ps2_commands_receive(&commands, ACK));
    CHECK(ps2_commands_is_idle(&commands));
}

/* Patience is counted from the last time a byte went out. */
KTEST(ps2_commands, patience_begins_anew_with_each_byte)
{
    struct ps2_commands commands = {0};

    CHECK(ps2_commands_push(&commands, leds(0)));
    for (int byte = 0; byte < 2; byte++) {
        CHECK_NE(sent(&commands), (unsigned)NOTHING);
        for (int i = 1; i < PS2_PATIENCE; i++) {
            CHECK(!ps2_commands_receive(&commands, KEY));
        }
        CHECK(ps2_commands_receive(&commands, ACK));
    }
    CHECK(ps2_commands_is_idle(&commands));
    CHECK_EQ(commands.failures, 0u);
}

/* Keys received while the line was not free for the command do not count against it. */
KTEST(ps2_commands, patience_does_not_begin_before_the_byte_was_sent)
{
    struct ps2_commands commands = {0};

    CHECK(ps2_commands_push(&commands, enable));
    for (int i = 0; i < 2 * PS2_PATIENCE; i++) {
        CHECK(!ps2_commands_receive(&commands, KEY));
    }
    CHECK_EQ(sent(&commands), (unsigned)PS2_COMMAND_ENABLE);
}

KTEST(ps2_commands, waiting_setting_is_replaced_by_a_newer_one)
{
    struct ps2_commands commands = {0};

    CHECK(ps2_commands_push(&commands, leds(PS2_LED_CAPS_LOCK)));
    CHECK(ps2_commands_push(&commands, enable));
    CHECK(ps2_commands_push(&commands, leds(PS2_LED_NUM_LOCK)));
    CHECK_EQ(sent(&commands), (unsigned)PS2_COMMAND_SET_LEDS);
    CHECK(ps2_commands_receive(&commands, ACK));
    CHECK_EQ(sent(&commands), (unsigned)PS2_LED_NUM_LOCK);
    CHECK(ps2_commands_receive(&commands, ACK));
    CHECK_EQ(sent(&commands), (unsigned)PS2_COMMAND_ENABLE);
    CHECK(ps2_commands_receive(&commands, ACK));
    CHECK(ps2_commands_is_idle(&commands));
}

/* Replacing half of a command under way would give the keyboard a mixture. */
KTEST(ps2_commands, command_under_way_is_not_replaced)
{
    for (int stage = 0; stage < 3; stage++) {
        struct ps2_commands commands = {0};

        CHECK(ps2_commands_push(&commands, leds(PS2_LED_CAPS_LOCK)));
        CHECK_EQ(sent(&commands), (unsigned)PS2_COMMAND_SET_LEDS);
        if (stage == 1) {
            CHECK(ps2_commands_receive(&commands, RESEND));
        } else if (stage == 2) {
            CHECK(ps2_commands_receive(&commands, ACK));
        }
        CHECK(ps2_commands_push(&commands, enable));
        CHECK(ps2_commands_push(&commands, leds(PS2_LED_NUM_LOCK)));
        CHECK(ps2_commands_push(&commands, leds(PS2_LED_SCROLL_LOCK)));
        CHECK_EQ(commands.count, 3u);
        CHECK_EQ(commands.queue[0].bytes[1], PS2_LED_CAPS_LOCK);
        CHECK_EQ(commands.queue[1].bytes[0], PS2_COMMAND_ENABLE);
        CHECK_EQ(commands.queue[2].bytes[1], PS2_LED_SCROLL_LOCK);
    }
}

KTEST(ps2_commands, full_queue_refuses_and_keeps_what_it_has)
{
    struct ps2_commands commands = {0};

    for (uint8_t i = 0; i < PS2_COMMANDS_CAPACITY; i++) {
        CHECK(ps2_commands_push(&commands, (struct ps2_command){{(uint8_t)(0xe0 + i)}, 1}));
    }
    CHECK(!ps2_commands_push(&commands, enable));
    for (uint8_t i = 0; i < PS2_COMMANDS_CAPACITY; i++) {
        CHECK_EQ(sent(&commands), 0xe0u + i);
        CHECK(ps2_commands_receive(&commands, ACK));
    }
    CHECK(ps2_commands_is_idle(&commands));
}
