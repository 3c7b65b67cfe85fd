/* SPDX-License-Identifier: MIT */
/*
 * Every code of scancode set 1 against Microsoft's table of them, in the order
 * of that table's keys, not of the codes.
 */
#include "lib/bits.h"
#include "tests/unit/scancode_feed.h"

#define E0 0xe0 /* before the code; else 0 */

#define RELEASED 0x80

struct code {
    enum key key;
    uint8_t prefix;
    uint8_t code;
};

/* clang-format off */
static const struct code codes[] = {
    {KEY_GRAVE, 0, 0x29}, {KEY_1, 0, 0x02}, {KEY_2, 0, 0x03}, {KEY_3, 0, 0x04},
    {KEY_4, 0, 0x05}, {KEY_5, 0, 0x06}, {KEY_6, 0, 0x07}, {KEY_7, 0, 0x08}, {KEY_8, 0, 0x09},
    {KEY_9, 0, 0x0a}, {KEY_0, 0, 0x0b}, {KEY_MINUS, 0, 0x0c}, {KEY_EQUAL, 0, 0x0d},
    {KEY_BACKSPACE, 0, 0x0e},

    {KEY_TAB, 0, 0x0f}, {KEY_Q, 0, 0x10}, {KEY_W, 0, 0x11}, {KEY_E, 0, 0x12}, {KEY_R, 0, 0x13},
    {KEY_T, 0, 0x14}, {KEY_Y, 0, 0x15}, {KEY_U, 0, 0x16}, {KEY_I, 0, 0x17}, {KEY_O, 0, 0x18},
    {KEY_P, 0, 0x19}, {KEY_LEFT_BRACKET, 0, 0x1a}, {KEY_RIGHT_BRACKET, 0, 0x1b},
    {KEY_BACKSLASH, 0, 0x2b},

    {KEY_CAPS_LOCK, 0, 0x3a}, {KEY_A, 0, 0x1e}, {KEY_S, 0, 0x1f}, {KEY_D, 0, 0x20},
    {KEY_F, 0, 0x21}, {KEY_G, 0, 0x22}, {KEY_H, 0, 0x23}, {KEY_J, 0, 0x24}, {KEY_K, 0, 0x25},
    {KEY_L, 0, 0x26}, {KEY_SEMICOLON, 0, 0x27}, {KEY_APOSTROPHE, 0, 0x28}, {KEY_ENTER, 0, 0x1c},

    {KEY_LEFT_SHIFT, 0, 0x2a}, {KEY_ISO_EXTRA, 0, 0x56}, {KEY_Z, 0, 0x2c}, {KEY_X, 0, 0x2d},
    {KEY_C, 0, 0x2e}, {KEY_V, 0, 0x2f}, {KEY_B, 0, 0x30}, {KEY_N, 0, 0x31}, {KEY_M, 0, 0x32},
    {KEY_COMMA, 0, 0x33}, {KEY_PERIOD, 0, 0x34}, {KEY_SLASH, 0, 0x35}, {KEY_RIGHT_SHIFT, 0, 0x36},

    {KEY_LEFT_CTRL, 0, 0x1d}, {KEY_LEFT_META, E0, 0x5b}, {KEY_LEFT_ALT, 0, 0x38},
    {KEY_SPACE, 0, 0x39}, {KEY_RIGHT_ALT, E0, 0x38}, {KEY_RIGHT_META, E0, 0x5c},
    {KEY_MENU, E0, 0x5d}, {KEY_RIGHT_CTRL, E0, 0x1d},

    {KEY_INSERT, E0, 0x52}, {KEY_HOME, E0, 0x47}, {KEY_PAGE_UP, E0, 0x49},
    {KEY_DELETE, E0, 0x53}, {KEY_END, E0, 0x4f}, {KEY_PAGE_DOWN, E0, 0x51},
    {KEY_UP, E0, 0x48}, {KEY_LEFT, E0, 0x4b}, {KEY_DOWN, E0, 0x50}, {KEY_RIGHT, E0, 0x4d},

    {KEY_NUM_LOCK, 0, 0x45}, {KEY_KEYPAD_DIVIDE, E0, 0x35}, {KEY_KEYPAD_MULTIPLY, 0, 0x37},
    {KEY_KEYPAD_MINUS, 0, 0x4a}, {KEY_KEYPAD_7, 0, 0x47}, {KEY_KEYPAD_8, 0, 0x48},
    {KEY_KEYPAD_9, 0, 0x49}, {KEY_KEYPAD_PLUS, 0, 0x4e}, {KEY_KEYPAD_4, 0, 0x4b},
    {KEY_KEYPAD_5, 0, 0x4c}, {KEY_KEYPAD_6, 0, 0x4d}, {KEY_KEYPAD_1, 0, 0x4f},
    {KEY_KEYPAD_2, 0, 0x50}, {KEY_KEYPAD_3, 0, 0x51}, {KEY_KEYPAD_ENTER, E0, 0x1c},
    {KEY_KEYPAD_0, 0, 0x52}, {KEY_KEYPAD_PERIOD, 0, 0x53}, {KEY_KEYPAD_EQUAL, 0, 0x59},
    {KEY_KEYPAD_COMMA, 0, 0x7e},

    {KEY_ESCAPE, 0, 0x01}, {KEY_F1, 0, 0x3b}, {KEY_F2, 0, 0x3c}, {KEY_F3, 0, 0x3d},
    {KEY_F4, 0, 0x3e}, {KEY_F5, 0, 0x3f}, {KEY_F6, 0, 0x40}, {KEY_F7, 0, 0x41}, {KEY_F8, 0, 0x42},
    {KEY_F9, 0, 0x43}, {KEY_F10, 0, 0x44}, {KEY_F11, 0, 0x57}, {KEY_F12, 0, 0x58},
    {KEY_F13, 0, 0x64}, {KEY_F14, 0, 0x65}, {KEY_F15, 0, 0x66}, {KEY_F16, 0, 0x67},
    {KEY_F17, 0, 0x68}, {KEY_F18, 0, 0x69}, {KEY_F19, 0, 0x6a}, {KEY_F20, 0, 0x6b},
    {KEY_F21, 0, 0x6c}, {KEY_F22, 0, 0x6d}, {KEY_F23, 0, 0x6e}, {KEY_F24, 0, 0x76},
    {KEY_PRINT_SCREEN, E0, 0x37}, {KEY_SCROLL_LOCK, 0, 0x46}, {KEY_PAUSE, E0, 0x46},
    {KEY_PRINT_SCREEN, 0, 0x54}, /* the same key, with Alt */

    {KEY_RO, 0, 0x73}, {KEY_YEN, 0, 0x7d}, {KEY_HENKAN, 0, 0x79}, {KEY_MUHENKAN, 0, 0x7b},
    {KEY_KATAKANA_HIRAGANA, 0, 0x70}, {KEY_HIRAGANA, 0, 0x77}, {KEY_KATAKANA, 0, 0x78},
    {KEY_HANGUL, 0, 0x72}, {KEY_HANJA, 0, 0x71},

    {KEY_POWER, E0, 0x5e}, {KEY_SLEEP, E0, 0x5f}, {KEY_WAKE, E0, 0x63},
    {KEY_NEXT_TRACK, E0, 0x19}, {KEY_PREVIOUS_TRACK, E0, 0x10}, {KEY_STOP, E0, 0x24},
    {KEY_PLAY_PAUSE, E0, 0x22}, {KEY_MUTE, E0, 0x20}, {KEY_VOLUME_UP, E0, 0x30},
    {KEY_VOLUME_DOWN, E0, 0x2e}, {KEY_MEDIA, E0, 0x6d}, {KEY_MAIL, E0, 0x6c},
    {KEY_CALCULATOR, E0, 0x21}, {KEY_COMPUTER, E0, 0x6b}, {KEY_WEB_SEARCH, E0, 0x65},
    {KEY_WEB_HOME, E0, 0x32}, {KEY_WEB_BACK, E0, 0x6a}, {KEY_WEB_FORWARD, E0, 0x69},
    {KEY_WEB_STOP, E0, 0x68}, {KEY_WEB_REFRESH, E0, 0x67}, {KEY_WEB_FAVORITES, E0, 0x66},
};
/* clang-format on */

/* The key of a code, KEY_NONE when the table above has none. */
static enum key expected_key(uint8_t prefix, uint8_t code)
{
    for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
        if (codes[i].prefix == prefix && codes[i].code == code) {
            return codes[i].key;
        }
    }
    return KEY_NONE;
}

/* The modifiers while only this key is down. */
static uint64_t own_modifier(enum key key)
{
    switch (key) {
    case KEY_LEFT_CTRL:
        return KEYMOD_LEFT_CTRL;
    case KEY_LEFT_SHIFT:
        return KEYMOD_LEFT_SHIFT;
    case KEY_LEFT_ALT:
        return KEYMOD_LEFT_ALT;
    case KEY_LEFT_META:
        return KEYMOD_LEFT_META;
    case KEY_RIGHT_CTRL:
        return KEYMOD_RIGHT_CTRL;
    case KEY_RIGHT_SHIFT:
        return KEYMOD_RIGHT_SHIFT;
    case KEY_RIGHT_ALT:
        return KEYMOD_RIGHT_ALT;
    case KEY_RIGHT_META:
        return KEYMOD_RIGHT_META;
    case KEY_CAPS_LOCK:
        return KEYMOD_CAPS_LOCK;
    case KEY_NUM_LOCK:
        return KEYMOD_NUM_LOCK;
    case KEY_SCROLL_LOCK:
        return KEYMOD_SCROLL_LOCK;
    default:
        return 0;
    }
}

KTEST(scancode, every_key_is_pressed_by_its_make_and_released_by_its_break_code)
{
    struct fed fed = {0};
    uint64_t locks = 0; /* stay on after the release */

    for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
        const struct code *code = &codes[i];
        uint64_t own = own_modifier(code->key);
        uint8_t make[] = {code->prefix, code->code};
        uint8_t release[] = {code->prefix, code->code | RELEASED};
        size_t skip = code->prefix == 0 ? 1 : 0;

        feed(&fed, make + skip, 2 - skip);
        CHECK_EQ(fed.count, 1u);
        CHECK_PRESSED(&fed, 0, code->key, own | locks);
        CHECK(!fed.events[0].repeated);
        locks |= own & KEYMOD_LOCKS;

        feed(&fed, release + skip, 2 - skip);
        CHECK_EQ(fed.count, 1u);
        CHECK_RELEASED(&fed, 0, code->key, locks);
        for (size_t word = 0; word < SCANCODE_HELD_WORDS; word++) {
            CHECK_EQ(fed.decoder.held[word], 0u);
        }
    }
}

KTEST(scancode, every_key_in_the_list_has_a_code)
{
    for (size_t key = KEY_NONE + 1; key < KEY_COUNT; key++) {
        size_t found = 0;

        for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
            found += codes[i].key == key;
        }
        CHECK_EQ(found, key == KEY_PRINT_SCREEN ? 2u : 1u);
    }
}

KTEST(scancode, codes_without_a_key_do_nothing)
{
    struct fed fed = {0};

    for (unsigned code = 0; code < RELEASED; code++) {
        if (expected_key(0, (uint8_t)code) == KEY_NONE) {
            FEED(&fed, (uint8_t)code, (uint8_t)(code | RELEASED));
            /* e0 and e1 are the only bytes among these that begin something. */
            fed.decoder.state = SCANCODE_START;
            CHECK_EQ(fed.count, 0u);
        }
    }
    FEED(&fed, 0x1e);
    CHECK_PRESSED(&fed, 0, KEY_A, 0);
}

KTEST(scancode, unknown_e0_code_is_its_plain_twin)
{
    for (unsigned code = 1; code < RELEASED; code++) {
        enum key plain = expected_key(0, (uint8_t)code);
        struct fed fed = {0};

        if (expected_key(E0, (uint8_t)code) != KEY_NONE || plain == KEY_NONE ||
            plain == KEY_LEFT_SHIFT || plain == KEY_RIGHT_SHIFT) {
            continue;
        }
        FEED(&fed, E0, (uint8_t)code, E0, (uint8_t)(code | RELEASED));
        CHECK_EQ(fed.count, 2u);
        CHECK_EQ(fed.events[0].key, plain);
        CHECK_EQ(fed.events[1].key, plain);
        CHECK(fed.events[0].pressed && !fed.events[1].pressed);
    }
}
