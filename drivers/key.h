/* SPDX-License-Identifier: MIT */
/*
 * The keys of a PC keyboard and what happens to them. A key is a place on the
 * keyboard, named by what a US keyboard prints there: KEY_Q is the key right
 * of Tab whatever the user's layout makes of it. One physical key, one name;
 * characters are drivers/keymap.h's affair.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/bits.h"

enum key {
    KEY_NONE, /* no key: never in an event */

    /* The eight modifiers, in the order of their bits in key_event.modifiers. */
    KEY_LEFT_CTRL,
    KEY_LEFT_SHIFT,
    KEY_LEFT_ALT,
    KEY_LEFT_META,
    KEY_RIGHT_CTRL,
    KEY_RIGHT_SHIFT,
    KEY_RIGHT_ALT, /* AltGr where the layout has one */
    KEY_RIGHT_META,

    /* The three locks. */
    KEY_CAPS_LOCK,
    KEY_NUM_LOCK,
    KEY_SCROLL_LOCK,

    /* Top row. Print Screen with Alt is SysRq, Pause with Ctrl is Break: the same keys. */
    KEY_ESCAPE,
    KEY_F1,
    KEY_F2,
    KEY_F3,
    KEY_F4,
    KEY_F5,
    KEY_F6,
    KEY_F7,
    KEY_F8,
    KEY_F9,
    KEY_F10,
    KEY_F11,
    KEY_F12,
    KEY_PRINT_SCREEN,
    KEY_PAUSE,

    /* Digit row: left of 1, the digits, right of 0. */
    KEY_GRAVE,
    KEY_1,
    KEY_2,
    KEY_3,
    KEY_4,
    KEY_5,
    KEY_6,
    KEY_7,
    KEY_8,
    KEY_9,
    KEY_0,
    KEY_MINUS,
    KEY_EQUAL,
    KEY_BACKSPACE,

    /* Upper letter row. The backslash is left of Enter, a row lower on ISO keyboards. */
    KEY_TAB,
    KEY_Q,
    KEY_W,
    KEY_E,
    KEY_R,
    KEY_T,
    KEY_Y,
    KEY_U,
    KEY_I,
    KEY_O,
    KEY_P,
    KEY_LEFT_BRACKET,
    KEY_RIGHT_BRACKET,
    KEY_BACKSLASH,

    /* Home row. */
    KEY_A,
    KEY_S,
    KEY_D,
    KEY_F,
    KEY_G,
    KEY_H,
    KEY_J,
    KEY_K,
    KEY_L,
    KEY_SEMICOLON,
    KEY_APOSTROPHE,
    KEY_ENTER,

    /* Lower letter row. ISO keyboards have one key more, between left Shift and Z. */
    KEY_ISO_EXTRA,
    KEY_Z,
    KEY_X,
    KEY_C,
    KEY_V,
    KEY_B,
    KEY_N,
    KEY_M,
    KEY_COMMA,
    KEY_PERIOD,
    KEY_SLASH,

    /* Bottom row. */
    KEY_SPACE,
    KEY_MENU,

    /* Between the letters and the keypad. */
    KEY_INSERT,
    KEY_HOME,
    KEY_PAGE_UP,
    KEY_DELETE,
    KEY_END,
    KEY_PAGE_DOWN,
    KEY_UP,
    KEY_LEFT,
    KEY_DOWN,
    KEY_RIGHT,

    /* Keypad, the digits in order. Equal and comma exist on a few keyboards only. */
    KEY_KEYPAD_0,
    KEY_KEYPAD_1,
    KEY_KEYPAD_2,
    KEY_KEYPAD_3,
    KEY_KEYPAD_4,
    KEY_KEYPAD_5,
    KEY_KEYPAD_6,
    KEY_KEYPAD_7,
    KEY_KEYPAD_8,
    KEY_KEYPAD_9,
    KEY_KEYPAD_PERIOD,
    KEY_KEYPAD_DIVIDE,
    KEY_KEYPAD_MULTIPLY,
    KEY_KEYPAD_MINUS,
    KEY_KEYPAD_PLUS,
    KEY_KEYPAD_ENTER,
    KEY_KEYPAD_EQUAL,
    KEY_KEYPAD_COMMA,

    /* Japanese, Brazilian (RO, too) and Korean keyboards. */
    KEY_RO, /* left of right Shift */
    KEY_YEN, /* left of Backspace */
    KEY_MUHENKAN, /* left of Space */
    KEY_HENKAN, /* right of Space */
    KEY_KATAKANA_HIRAGANA,
    KEY_KATAKANA,
    KEY_HIRAGANA,
    KEY_HANGUL,
    KEY_HANJA,

    /* Function keys that only terminals and long keyboards have. */
    KEY_F13,
    KEY_F14,
    KEY_F15,
    KEY_F16,
    KEY_F17,
    KEY_F18,
    KEY_F19,
    KEY_F20,
    KEY_F21,
    KEY_F22,
    KEY_F23,
    KEY_F24,

    /* ACPI and multimedia keys. */
    KEY_POWER,
    KEY_SLEEP,
    KEY_WAKE,
    KEY_MUTE,
    KEY_VOLUME_DOWN,
    KEY_VOLUME_UP,
    KEY_PREVIOUS_TRACK,
    KEY_NEXT_TRACK,
    KEY_PLAY_PAUSE,
    KEY_STOP,
    KEY_CALCULATOR,
    KEY_COMPUTER,
    KEY_MAIL,
    KEY_MEDIA,
    KEY_WEB_HOME,
    KEY_WEB_SEARCH,
    KEY_WEB_FAVORITES,
    KEY_WEB_REFRESH,
    KEY_WEB_STOP,
    KEY_WEB_FORWARD,
    KEY_WEB_BACK,

    KEY_COUNT
};

/* Bits of key_event.modifiers: modifiers that are down, locks that are on. */
#define KEYMOD_LEFT_CTRL   BIT(0)
#define KEYMOD_LEFT_SHIFT  BIT(1)
#define KEYMOD_LEFT_ALT    BIT(2)
#define KEYMOD_LEFT_META   BIT(3)
#define KEYMOD_RIGHT_CTRL  BIT(4)
#define KEYMOD_RIGHT_SHIFT BIT(5)
#define KEYMOD_RIGHT_ALT   BIT(6)
#define KEYMOD_RIGHT_META  BIT(7)
#define KEYMOD_CAPS_LOCK   BIT(8)
#define KEYMOD_NUM_LOCK    BIT(9)
#define KEYMOD_SCROLL_LOCK BIT(10)

#define KEYMOD_CTRL  (KEYMOD_LEFT_CTRL | KEYMOD_RIGHT_CTRL)
#define KEYMOD_SHIFT (KEYMOD_LEFT_SHIFT | KEYMOD_RIGHT_SHIFT)
#define KEYMOD_LOCKS (KEYMOD_CAPS_LOCK | KEYMOD_NUM_LOCK | KEYMOD_SCROLL_LOCK)

struct key_event {
    enum key key;
    bool pressed; /* else released */
    bool repeated; /* pressed by the keyboard's autorepeat: it was down already */
    uint16_t modifiers; /* KEYMOD_*, as they are after this event */
};
