/* SPDX-License-Identifier: MIT */
/* Commands to a PS/2 keyboard, as a state machine; the table is in the header. */
#include "drivers/ps2_commands.h"

#include "lib/assert.h"
#include "lib/string.h"

/* On to the next command. */
static void drop_first(struct ps2_commands *commands)
{
    commands->count--;
    memmove(&commands->queue[0], &commands->queue[1], commands->count * sizeof(commands->queue[0]));
    commands->acknowledged = 0;
    commands->tries = 0;
    commands->is_sent = false;
}

static void give_up(struct ps2_commands *commands)
{
    commands->failures++;
    drop_first(commands);
}

bool ps2_commands_push(struct ps2_commands *commands, struct ps2_command command)
{
    bool has_begun = commands->acknowledged != 0 || commands->tries != 0;

    for (uint8_t i = has_begun ? 1 : 0; i < commands->count; i++) {
        if (commands->queue[i].bytes[0] == command.bytes[0]) {
            commands->queue[i] = command;
            return true;
        }
    }
    if (commands->count == PS2_COMMANDS_CAPACITY) {
        return false;
    }
    commands->queue[commands->count++] = command;
    return true;
}

bool ps2_commands_next(const struct ps2_commands *commands, uint8_t *byte)
{
    if (commands->count == 0 || commands->is_sent) {
        return false;
    }
    *byte = commands->queue[0].bytes[commands->acknowledged];
    return true;
}

void ps2_commands_note_sent(struct ps2_commands *commands)
{
    ASSERT(commands->count != 0 && !commands->is_sent);
    commands->is_sent = true;
    commands->tries++;
    commands->other_bytes = 0;
}

bool ps2_commands_receive(struct ps2_commands *commands, uint8_t byte)
{
    if (!commands->is_sent) {
        return false;
    }
    switch (byte) {
    case PS2_ANSWER_ACK:
        commands->is_sent = false;
        commands->tries = 0;
        commands->acknowledged++;
        if (commands->acknowledged == commands->queue[0].length) {
            drop_first(commands);
        }
        return true;
    case PS2_ANSWER_RESEND:
        commands->is_sent = false;
        if (commands->tries == PS2_TRIES) {
            give_up(commands);
        }
        return true;
    default:
        commands->other_bytes++;
        if (commands->other_bytes == PS2_PATIENCE) {
            give_up(commands);
        }
        return false;
    }
}

bool ps2_commands_is_idle(const struct ps2_commands *commands)
{
    return commands->count == 0;
}
