/* SPDX-License-Identifier: MIT */
/*
 * Scancode set 1. Bit 7 of a code tells release from press; the prefixes:
 *
 *   state   byte                        does                          state then
 *   any     e0, e1                      -                             E0, E1
 *   any     00, ff                      all keys up                   START
 *   E0      2a aa 36 b6                 - (a fake shift)              START
 *   E0      code of an e0 key           press or release it           START
 *   E1      1d, 9d                      -                             E1_1D, E1_9D
 *   E1_1D   45                          press Pause                   START
 *   E1_9D   c5, Pause down              release Pause                 START
 *   E1_9D   any other                   left Ctrl up, then as START
 *   START, and every other byte of the states above:
 *           aa, left Shift up           all keys up, a restart        START
 *           code                        press or release its key      START
 */
#include "drivers/scancode.h"

#include "lib/bits.h"
#include "lib/string.h"

#define PREFIX_E0 0xe0
#define PREFIX_E1 0xe1

#define RELEASED   BIT(7) /* in a code: the key went up */
#define CODE_COUNT 0x80
#define CODE_MASK  (CODE_COUNT - 1)

/* Codes of which single ones matter to the sequences. */
#define CODE_CTRL        0x1d
#define CODE_LEFT_SHIFT  0x2a
#define CODE_RIGHT_SHIFT 0x36
#define CODE_NUM_LOCK    0x45

_Static_assert(KEY_COUNT <= UINT8_MAX, "the tables hold keys in bytes");

/* Rows as the codes run along the keyboard, which the formatter would not keep. */
/* clang-format off */
static const uint8_t plain_keys[CODE_COUNT] = {
    [0x01] = KEY_ESCAPE, KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7,
    [0x09] = KEY_8, KEY_9, KEY_0, KEY_MINUS, KEY_EQUAL, KEY_BACKSPACE, KEY_TAB,
    [0x10] = KEY_Q, KEY_W, KEY_E, KEY_R, KEY_T, KEY_Y, KEY_U, KEY_I,
    [0x18] = KEY_O, KEY_P, KEY_LEFT_BRACKET, KEY_RIGHT_BRACKET, KEY_ENTER, KEY_LEFT_CTRL,
    [0x1e] = KEY_A, KEY_S, KEY_D, KEY_F, KEY_G, KEY_H, KEY_J, KEY_K,
    [0x26] = KEY_L, KEY_SEMICOLON, KEY_APOSTROPHE, KEY_GRAVE, KEY_LEFT_SHIFT, KEY_BACKSLASH,
    [0x2c] = KEY_Z, KEY_X, KEY_C, KEY_V, KEY_B, KEY_N, KEY_M,
    [0x33] = KEY_COMMA, KEY_PERIOD, KEY_SLASH, KEY_RIGHT_SHIFT, KEY_KEYPAD_MULTIPLY,
    [0x38] = KEY_LEFT_ALT, KEY_SPACE, KEY_CAPS_LOCK, KEY_F1, KEY_F2, KEY_F3, KEY_F4, KEY_F5,
    [0x40] = KEY_F6, KEY_F7, KEY_F8, KEY_F9, KEY_F10, KEY_NUM_LOCK, KEY_SCROLL_LOCK,
    [0x47] = KEY_KEYPAD_7, KEY_KEYPAD_8, KEY_KEYPAD_9, KEY_KEYPAD_MINUS,
    [0x4b] = KEY_KEYPAD_4, KEY_KEYPAD_5, KEY_KEYPAD_6, KEY_KEYPAD_PLUS,
    [0x4f] = KEY_KEYPAD_1, KEY_KEYPAD_2, KEY_KEYPAD_3, KEY_KEYPAD_0, KEY_KEYPAD_PERIOD,
    [0x54] = KEY_PRINT_SCREEN, /* with Alt down */
    [0x56] = KEY_ISO_EXTRA, KEY_F11, KEY_F12, KEY_KEYPAD_EQUAL,
    [0x64] = KEY_F13, KEY_F14, KEY_F15, KEY_F16, KEY_F17, KEY_F18, KEY_F19, KEY_F20,
    [0x6c] = KEY_F21, KEY_F22, KEY_F23,
    [0x70] = KEY_KATAKANA_HIRAGANA, KEY_HANJA, KEY_HANGUL, KEY_RO,
    [0x76] = KEY_F24, KEY_HIRAGANA, KEY_KATAKANA, KEY_HENKAN,
    [0x7b] = KEY_MUHENKAN, [0x7d] = KEY_YEN, KEY_KEYPAD_COMMA,
};

static const uint8_t e0_keys[CODE_COUNT] = {
    [0x10] = KEY_PREVIOUS_TRACK, [0x19] = KEY_NEXT_TRACK,
    [0x1c] = KEY_KEYPAD_ENTER, KEY_RIGHT_CTRL,
    [0x20] = KEY_MUTE, KEY_CALCULATOR, KEY_PLAY_PAUSE, [0x24] = KEY_STOP,
    [0x2e] = KEY_VOLUME_DOWN, [0x30] = KEY_VOLUME_UP, [0x32] = KEY_WEB_HOME,
    [0x35] = KEY_KEYPAD_DIVIDE, [0x37] = KEY_PRINT_SCREEN, KEY_RIGHT_ALT,
    [0x46] = KEY_PAUSE, /* with Ctrl down */
    [0x47] = KEY_HOME, KEY_UP, KEY_PAGE_UP, [0x4b] = KEY_LEFT, [0x4d] = KEY_RIGHT,
    [0x4f] = KEY_END, KEY_DOWN, KEY_PAGE_DOWN, KEY_INSERT, KEY_DELETE,
    [0x5b] = KEY_LEFT_META, KEY_RIGHT_META, KEY_MENU, KEY_POWER, KEY_SLEEP, [0x63] = KEY_WAKE,
    [0x65] = KEY_WEB_SEARCH, KEY_WEB_FAVORITES, KEY_WEB_REFRESH, KEY_WEB_STOP,
    [0x69] = KEY_WEB_FORWARD, KEY_WEB_BACK, KEY_COMPUTER, KEY_MAIL, KEY_MEDIA,
};
/* clang-format on */

static bool is_held(const struct scancode_decoder *decoder, enum key key)
{
    return (decoder->held[key / 64] & BIT(key % 64)) != 0;
}

static void set_held(struct scancode_decoder *decoder, enum key key, bool held)
{
    if (held) {
        decoder->held[key / 64] |= BIT(key % 64);
    } else {
        decoder->held[key / 64] &= ~BIT(key % 64);
    }
}

static void release_all(struct scancode_decoder *decoder)
{
    memset(decoder->held, 0, sizeof(decoder->held));
}

/* The keys with a bit in an event's modifiers come first in the list, in the order of the bits. */
#define KEYMOD_OF(key) BIT((key)-KEY_LEFT_CTRL)
_Static_assert(KEYMOD_OF(KEY_RIGHT_META) == KEYMOD_RIGHT_META, "modifiers out of order");
_Static_assert(KEYMOD_OF(KEY_SCROLL_LOCK) == KEYMOD_SCROLL_LOCK, "locks out of order");

static bool is_lock(enum key key)
{
    return key >= KEY_CAPS_LOCK && key <= KEY_SCROLL_LOCK;
}

static uint16_t modifiers_now(const struct scancode_decoder *decoder)
{
    uint8_t down = (uint8_t)(decoder->held[0] >> KEY_LEFT_CTRL); /* they are eight */

    return down | decoder->locks;
}

static bool report(const struct scancode_decoder *decoder, enum key key, bool pressed,
                   bool repeated, struct key_event *event)
{
    *event = (struct key_event){
        .key = key, .pressed = pressed, .repeated = repeated, .modifiers = modifiers_now(decoder)};
    return true;
}

static bool press(struct scancode_decoder *decoder, enum key key, struct key_event *event)
{
    bool repeated = is_held(decoder, key) && decoder->last_pressed == key;

    if (key == KEY_NONE) {
        return false;
    }
    if (is_lock(key) && !repeated) {
        decoder->locks ^= (uint16_t)KEYMOD_OF(key);
    }
    set_held(decoder, key, true);
    decoder->last_pressed = key;
    return report(decoder, key, true, repeated, event);
}

/* Release the key, or its twin on the other side of e0 if only that one is down. */
static bool release(struct scancode_decoder *decoder, enum key key, enum key twin,
                    struct key_event *event)
{
    if (!is_held(decoder, key)) {
        key = twin;
    }
    if (!is_held(decoder, key)) {
        return false;
    }
    set_held(decoder, key, false);
    return report(decoder, key, false, false, event);
}

/* A code by itself, or behind e0 where the e0 table knows it. */
static bool decode_code(struct scancode_decoder *decoder, uint8_t byte, bool behind_e0,
                        struct key_event *event)
{
    uint8_t code = byte & CODE_MASK;
    bool extended = behind_e0 && e0_keys[code] != KEY_NONE;
    enum key key = extended ? e0_keys[code] : plain_keys[code];
    enum key twin = extended ? plain_keys[code] : e0_keys[code];

    if (behind_e0 && (code == CODE_LEFT_SHIFT || code == CODE_RIGHT_SHIFT)) {
        return false;
    }
    if (byte == SCANCODE_BAT_PASSED && !is_held(decoder, KEY_LEFT_SHIFT)) {
        decoder->restarts++;
        release_all(decoder);
        return false;
    }
    if ((byte & RELEASED) != 0) {
        return release(decoder, key, twin, event);
    }
    return press(decoder, key, event);
}

bool scancode_decode(struct scancode_decoder *decoder, uint8_t byte, struct key_event *event)
{
    enum scancode_state state = decoder->state;

    decoder->state = SCANCODE_START;
    if (state == SCANCODE_E1_9D) {
        if (byte == (CODE_NUM_LOCK | RELEASED) && is_held(decoder, KEY_PAUSE)) {
            return release(decoder, KEY_PAUSE, KEY_NONE, event);
        }
        set_held(decoder, KEY_LEFT_CTRL, false); /* so 9d was a break code by itself */
    }
    if (state == SCANCODE_E1 && (byte & CODE_MASK) == CODE_CTRL) {
        decoder->state = (byte & RELEASED) != 0 ? SCANCODE_E1_9D : SCANCODE_E1_1D;
        return false;
    }
    if (state == SCANCODE_E1_1D && byte == CODE_NUM_LOCK) {
        return press(decoder, KEY_PAUSE, event);
    }
    switch (byte) {
    case PREFIX_E0:
        decoder->state = SCANCODE_E0;
        return false;
    case PREFIX_E1:
        decoder->state = SCANCODE_E1;
        return false;
    case SCANCODE_ERROR:
    case SCANCODE_OVERRUN:
        release_all(decoder);
        return false;
    default:
        return decode_code(decoder, byte, state == SCANCODE_E0, event);
    }
}
