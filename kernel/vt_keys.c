/* SPDX-License-Identifier: MIT */
/*
 * A serial terminal's keys. A control code ends whatever sequence it comes
 * into; ESC begins another.
 */
#include "kernel/vt_keys.h"

#include "lib/bits.h"

#define CAN    0x18
#define SUB    0x1a
#define ESC    0x1b
#define DELETE 0x7f

#define PARAMETER_MAX 9999

/* xterm's modifiers less one: ours, and Meta, which is Alt. */
#define MODIFIERS_MASK 7U
#define MODIFIERS_META 8U

static const uint8_t tilde_keys[] = {
    [1] = KEY_HOME,      [2] = KEY_INSERT, [3] = KEY_DELETE, [4] = KEY_END,  [5] = KEY_PAGE_UP,
    [6] = KEY_PAGE_DOWN, [7] = KEY_HOME,   [8] = KEY_END,    [11] = KEY_F1,  [12] = KEY_F2,
    [13] = KEY_F3,       [14] = KEY_F4,    [15] = KEY_F5,    [17] = KEY_F6,  [18] = KEY_F7,
    [19] = KEY_F8,       [20] = KEY_F9,    [21] = KEY_F10,   [23] = KEY_F11, [24] = KEY_F12,
};

/* By the byte that ends CSI or SS3, from 'A' on. */
static const uint8_t letter_keys[] = {
    ['A' - 'A'] = KEY_UP,  ['B' - 'A'] = KEY_DOWN, ['C' - 'A'] = KEY_RIGHT, ['D' - 'A'] = KEY_LEFT,
    ['F' - 'A'] = KEY_END, ['H' - 'A'] = KEY_HOME, ['P' - 'A'] = KEY_F1,    ['Q' - 'A'] = KEY_F2,
    ['R' - 'A'] = KEY_F3,  ['S' - 'A'] = KEY_F4,
};

static unsigned report(struct vt_keys *keys, struct keystroke stroke, struct keystroke *out)
{
    if (keys->has_alt) {
        stroke.modifiers |= KEYSTROKE_ALT;
    }
    keys->has_alt = false;
    keys->state = VT_KEYS_GROUND;
    *out = stroke;
    return 1;
}

static unsigned report_nothing(struct vt_keys *keys)
{
    keys->has_alt = false;
    keys->state = VT_KEYS_GROUND;
    return 0;
}

static unsigned report_key(struct vt_keys *keys, enum key key, struct keystroke *out)
{
    uint32_t bits =
        keys->parameter_count > 1 && keys->parameters[1] > 0 ? keys->parameters[1] - 1U : 0;
    uint64_t modifiers =
        (bits & MODIFIERS_MASK) | ((bits & MODIFIERS_META) != 0 ? KEYSTROKE_ALT : 0);

    if (key == KEY_NONE) {
        return report_nothing(keys);
    }
    return report(keys, (struct keystroke){.key = key, .modifiers = (uint8_t)modifiers}, out);
}

static enum key key_of_letter(uint8_t letter)
{
    size_t index = letter - (size_t)'A';

    return index < sizeof(letter_keys) ? (enum key)letter_keys[index] : KEY_NONE;
}

static enum key key_of_number(uint32_t number)
{
    return number < sizeof(tilde_keys) ? (enum key)tilde_keys[number] : KEY_NONE;
}

/* F1 to F5 of the Linux console. */
static enum key key_of_linux_letter(uint8_t letter)
{
    return letter >= 'A' && letter <= 'E' ? KEY_F1 + (enum key)(letter - 'A') : KEY_NONE;
}

static void add_digit(struct vt_keys *keys, uint8_t digit)
{
    if (keys->parameter_count == 0) {
        keys->parameter_count = 1;
    }
    if (keys->parameter_count <= ARRAY_SIZE(keys->parameters)) {
        uint16_t *parameter = &keys->parameters[keys->parameter_count - 1];

        *parameter = (uint16_t)MIN(*parameter * 10U + digit, (unsigned)PARAMETER_MAX);
    }
}

static unsigned take_csi(struct vt_keys *keys, uint8_t byte, struct keystroke *out)
{
    if (byte >= '0' && byte <= '9') {
        add_digit(keys, byte - '0');
        return 0;
    }
    if (byte == ';') {
        /* One more than there are says that digits are dropped from now on. */
        keys->parameter_count = (uint8_t)MIN(MAX(keys->parameter_count, 1) + 1, 3);
        return 0;
    }
    if (byte < '@') {
        return 0; /* a mark or an intermediate byte of something that is no key */
    }
    if (byte == '[' && keys->parameter_count == 0) {
        keys->state = VT_KEYS_LINUX;
        return 0;
    }
    if (byte == 'Z') {
        return report(keys, (struct keystroke){.character = '\t', .modifiers = KEYSTROKE_SHIFT},
                      out);
    }
    return report_key(keys, byte == '~' ? key_of_number(keys->parameters[0]) : key_of_letter(byte),
                      out);
}

static unsigned take_escape(struct vt_keys *keys, uint8_t byte, struct keystroke *out)
{
    keys->parameter_count = 0;
    keys->parameters[0] = keys->parameters[1] = 0;
    switch (byte) {
    case '[':
        keys->state = VT_KEYS_CSI;
        return 0;
    case 'O':
        keys->state = VT_KEYS_SS3;
        return 0;
    default:
        keys->has_alt = true;
        return report(keys, keystroke_of(byte), out);
    }
}

/* Control codes; true also for the line feed that a carriage return came before. */
static unsigned take_control(struct vt_keys *keys, uint8_t byte, struct keystroke *out)
{
    bool after_cr = keys->after_cr;

    keys->after_cr = byte == '\r';
    switch (byte) {
    case ESC:
        keys->has_alt = keys->state == VT_KEYS_ESCAPE;
        keys->state = VT_KEYS_ESCAPE;
        return 0;
    case CAN:
    case SUB:
        if (keys->state != VT_KEYS_GROUND) {
            return report_nothing(keys);
        }
        return report(keys, keystroke_of(byte), out);
    case '\n':
        if (after_cr) {
            return report_nothing(keys);
        }
        break;
    case '\r':
        byte = '\n';
        break;
    case DELETE:
        byte = '\b';
        break;
    default:
        break;
    }
    keys->has_alt = keys->state == VT_KEYS_ESCAPE;
    return report(keys, keystroke_of(byte), out);
}

static unsigned take(struct vt_keys *keys, uint8_t byte, struct keystroke *out)
{
    uint32_t character;

    if (byte < ' ' || byte == DELETE) {
        return take_control(keys, byte, out);
    }
    keys->after_cr = false;
    if (byte > DELETE && keys->state != VT_KEYS_GROUND) {
        keys->has_alt = keys->state == VT_KEYS_ESCAPE; /* till the character is complete */
        keys->state = VT_KEYS_GROUND;
    }
    switch (keys->state) {
    case VT_KEYS_ESCAPE:
        return take_escape(keys, byte, out);
    case VT_KEYS_CSI:
        return take_csi(keys, byte, out);
    case VT_KEYS_LINUX:
        return report_key(keys, key_of_linux_letter(byte), out);
    case VT_KEYS_SS3:
        return report_key(keys, key_of_letter(byte), out);
    default:
        if (utf8_decode(&keys->decoder, byte, &character) == UTF8_CHARACTER) {
            return report(keys, keystroke_of(character), out);
        }
        return 0;
    }
}

unsigned vt_keys_decode(struct vt_keys *keys, uint8_t byte, struct keystroke strokes[VT_KEYS_MAX])
{
    unsigned count = 0;
    uint32_t character;

    if (keys->decoder.missing > 0) {
        enum utf8_result result = utf8_decode(&keys->decoder, byte, &character);

        if (result != UTF8_INCOMPLETE) {
            count = report(keys, keystroke_of(character), strokes);
        }
        if (result != UTF8_CUT) {
            return count;
        }
    }
    return count + take(keys, byte, strokes + count);
}
