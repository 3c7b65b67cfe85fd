/* SPDX-License-Identifier: MIT */
/* The US layout, ANSI X3.154 as IBM's PC keyboards have it. */
#include "drivers/keymap.h"

#define LETTER(lower, upper)                              \
    {                                                     \
        .characters = {lower, upper}, .caps = KEYMAP_CAPS \
    }
#define PAIR(plain, shifted)             \
    {                                    \
        .characters = { plain, shifted } \
    }

const struct keymap keymap_us = {
    .name = "us",
    .keys =
        {
            [KEY_GRAVE] = PAIR('`', '~'),
            [KEY_1] = PAIR('1', '!'),
            [KEY_2] = PAIR('2', '@'),
            [KEY_3] = PAIR('3', '#'),
            [KEY_4] = PAIR('4', '$'),
            [KEY_5] = PAIR('5', '%'),
            [KEY_6] = PAIR('6', '^'),
            [KEY_7] = PAIR('7', '&'),
            [KEY_8] = PAIR('8', '*'),
            [KEY_9] = PAIR('9', '('),
            [KEY_0] = PAIR('0', ')'),
            [KEY_MINUS] = PAIR('-', '_'),
            [KEY_EQUAL] = PAIR('=', '+'),

            [KEY_Q] = LETTER('q', 'Q'),
            [KEY_W] = LETTER('w', 'W'),
            [KEY_E] = LETTER('e', 'E'),
            [KEY_R] = LETTER('r', 'R'),
            [KEY_T] = LETTER('t', 'T'),
            [KEY_Y] = LETTER('y', 'Y'),
            [KEY_U] = LETTER('u', 'U'),
            [KEY_I] = LETTER('i', 'I'),
            [KEY_O] = LETTER('o', 'O'),
            [KEY_P] = LETTER('p', 'P'),
            [KEY_LEFT_BRACKET] = PAIR('[', '{'),
            [KEY_RIGHT_BRACKET] = PAIR(']', '}'),
            [KEY_BACKSLASH] = PAIR('\\', '|'),

            [KEY_A] = LETTER('a', 'A'),
            [KEY_S] = LETTER('s', 'S'),
            [KEY_D] = LETTER('d', 'D'),
            [KEY_F] = LETTER('f', 'F'),
            [KEY_G] = LETTER('g', 'G'),
            [KEY_H] = LETTER('h', 'H'),
            [KEY_J] = LETTER('j', 'J'),
            [KEY_K] = LETTER('k', 'K'),
            [KEY_L] = LETTER('l', 'L'),
            [KEY_SEMICOLON] = PAIR(';', ':'),
            [KEY_APOSTROPHE] = PAIR('\'', '"'),

            /* On an ISO keyboard with this layout. */
            [KEY_ISO_EXTRA] = PAIR('\\', '|'),
            [KEY_Z] = LETTER('z', 'Z'),
            [KEY_X] = LETTER('x', 'X'),
            [KEY_C] = LETTER('c', 'C'),
            [KEY_V] = LETTER('v', 'V'),
            [KEY_B] = LETTER('b', 'B'),
            [KEY_N] = LETTER('n', 'N'),
            [KEY_M] = LETTER('m', 'M'),
            [KEY_COMMA] = PAIR(',', '<'),
            [KEY_PERIOD] = PAIR('.', '>'),
            [KEY_SLASH] = PAIR('/', '?'),

            [KEY_KEYPAD_PERIOD] = PAIR('.', '.'),
        },
};
