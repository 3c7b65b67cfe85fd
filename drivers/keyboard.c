/* SPDX-License-Identifier: MIT */
/*
 * The keyboard's two halves. Interrupt: answers to the command queue, key
 * bytes to the ring. Reader: ring to decoder to layout. The command queue
 * belongs to both and is touched with interrupts masked only.
 */
#include "drivers/keyboard.h"

#include "drivers/ps2_commands.h"
#include "drivers/scancode.h"
#include "lib/ring.h"
#include "lib/x86/cpu.h"

static uint8_t ring_bytes[KEYBOARD_RING_SIZE];

static struct {
    struct ring ring;
    struct ps2_commands commands;
    keyboard_listener *listener;
    uint64_t bytes; /* received for keys */
    bool has_lost_bytes; /* and the ring does not say so yet */

    /* The reader's. */
    struct scancode_decoder decoder;
    uint16_t locks_shown; /* what the lights were last told */
    uint32_t restarts_seen;
    struct keystroke_decoder layout;
    struct keystroke strokes[KEYSTROKES_MAX]; /* typed and not yet handed out */
    size_t stroke_count;
} keyboard = {.ring = RING_INIT(ring_bytes), .layout = {.keymap = &keymap_us}};

/*
 * Send the next byte of a command, if there is one and the controller takes it
 * at once. Its answer brings us back here; if it could not be sent, the next
 * byte from the keyboard or the next poll does.
 */
static void send_command_byte(void)
{
    uint8_t byte;

    if (ps2_commands_next(&keyboard.commands, &byte) && i8042_try_send(byte)) {
        ps2_commands_note_sent(&keyboard.commands);
    }
}

/*
 * A byte for which there is no room may be a break code. When there is room
 * again the decoder is told, in the keyboard's own words, so that no key stays
 * down for ever.
 */
static void put_key_byte(uint8_t byte)
{
    keyboard.bytes++;
    if (keyboard.has_lost_bytes && !ring_put(&keyboard.ring, SCANCODE_OVERRUN)) {
        return;
    }
    keyboard.has_lost_bytes = !ring_put(&keyboard.ring, byte);
}

static void receive(const uint8_t *bytes, size_t count)
{
    bool has_key_bytes = false;

    for (size_t i = 0; i < count; i++) {
        if (!ps2_commands_receive(&keyboard.commands, bytes[i])) {
            put_key_byte(bytes[i]);
            has_key_bytes = true;
        }
    }
    send_command_byte();
    if (has_key_bytes && keyboard.listener != NULL) {
        keyboard.listener();
    }
}

enum status keyboard_init(struct i8042_report *report)
{
    enum status status = i8042_init(report);
    uint8_t byte;

    while (ring_get(&keyboard.ring, &byte)) {
    }
    keyboard.bytes = 0;
    keyboard.has_lost_bytes = false;
    keyboard.ring.dropped = 0;
    keyboard.commands = (struct ps2_commands){0};
    keyboard.decoder = (struct scancode_decoder){0};
    keyboard.locks_shown = 0;
    keyboard.restarts_seen = 0;
    keyboard.layout.dead_key = 0;
    keyboard.stroke_count = 0;
    i8042_set_receiver(receive);
    return status;
}

void keyboard_set_keymap(const struct keymap *keymap)
{
    keyboard.layout = (struct keystroke_decoder){.keymap = keymap};
}

const struct keymap *keyboard_keymap(void)
{
    return keyboard.layout.keymap;
}

keyboard_listener *keyboard_set_listener(keyboard_listener *listener)
{
    keyboard_listener *previous = keyboard.listener;

    keyboard.listener = listener;
    return previous;
}

void keyboard_poll(void)
{
    uint64_t flags = irq_save();

    i8042_interrupt();
    send_command_byte();
    irq_restore(flags);
}

bool keyboard_has_input(void)
{
    return keyboard.stroke_count != 0 || !ring_is_empty(&keyboard.ring);
}

/* Have the lights follow the locks, also when a keyboard has just been plugged in, its own out. */
static void update_lights(void)
{
    uint16_t locks = keyboard.decoder.locks;
    uint32_t restarts = keyboard.decoder.restarts;

    if (locks == keyboard.locks_shown && restarts == keyboard.restarts_seen) {
        return;
    }
    uint64_t lights = ((locks & KEYMOD_SCROLL_LOCK) != 0 ? PS2_LED_SCROLL_LOCK : 0) |
                      ((locks & KEYMOD_NUM_LOCK) != 0 ? PS2_LED_NUM_LOCK : 0) |
                      ((locks & KEYMOD_CAPS_LOCK) != 0 ? PS2_LED_CAPS_LOCK : 0);
    struct ps2_command command = {{PS2_COMMAND_SET_LEDS, (uint8_t)lights}, 2};
    uint64_t flags = irq_save();

    if (ps2_commands_push(&keyboard.commands, command)) {
        keyboard.locks_shown = locks;
        keyboard.restarts_seen = restarts;
    }
    send_command_byte();
    irq_restore(flags);
}

bool keyboard_read_event(struct key_event *event)
{
    uint8_t byte;

    while (ring_get(&keyboard.ring, &byte)) {
        bool has_event = scancode_decode(&keyboard.decoder, byte, event);

        update_lights();
        if (has_event) {
            return true;
        }
    }
    return false;
}

bool keyboard_take(struct keystroke *stroke)
{
    struct key_event event;

    while (keyboard.stroke_count == 0) {
        if (!keyboard_read_event(&event)) {
            return false;
        }
        keyboard.stroke_count = keystroke_decode(&keyboard.layout, event, keyboard.strokes);
    }
    *stroke = keyboard.strokes[0];
    keyboard.strokes[0] = keyboard.strokes[1];
    keyboard.stroke_count--;
    return true;
}

struct keyboard_counts keyboard_counts(void)
{
    uint64_t flags = irq_save();
    struct keyboard_counts counts = {.bytes = keyboard.bytes,
                                     .bytes_lost = keyboard.ring.dropped,
                                     .commands_failed = keyboard.commands.failures};

    irq_restore(flags);
    return counts;
}
