/* SPDX-License-Identifier: MIT */
/* The US layout, ANSI X3.154 as IBM's PC keyboards have it. */
#include "drivers/keymap_table.h"

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

            [KEY_Q] = CAPS('q', 'Q'),
            [KEY_W] = CAPS('w', 'W'),
            [KEY_E] = CAPS('e', 'E'),
            [KEY_R] = CAPS('r', 'R'),
            [KEY_T] = CAPS('t', 'T'),
            [KEY_Y] = CAPS('y', 'Y'),
            [KEY_U] = CAPS('u', 'U'),
            [KEY_I] = CAPS('i', 'I'),
            [KEY_O] = CAPS('o', 'O'),
            [KEY_P] = CAPS('p', 'P'),
            [KEY_LEFT_BRACKET] = PAIR('[', '{'),
            [KEY_RIGHT_BRACKET] = PAIR(']', '}'),
            [KEY_BACKSLASH] = PAIR('\\', '|'),

            [KEY_A] = CAPS('a', 'A'),
            [KEY_S] = CAPS('s', 'S'),
            [KEY_D] = CAPS('d', 'D'),
            [KEY_F] = CAPS('f', 'F'),
            [KEY_G] = CAPS('g', 'G'),
            [KEY_H] = CAPS('h', 'H'),
            [KEY_J] = CAPS('j', 'J'),
            [KEY_K] = CAPS('k', 'K'),
            [KEY_L] = CAPS('l', 'L'),
            [KEY_SEMICOLON] = PAIR(';', ':'),
            [KEY_APOSTROPHE] = PAIR('\'', '"'),

            /* On an ISO keyboard with this layout. */
            [KEY_ISO_EXTRA] = PAIR('\\', '|'),
            [KEY_Z] = CAPS('z', 'Z'),
            [KEY_X] = CAPS('x', 'X'),
            [KEY_C] = CAPS('c', 'C'),
            [KEY_V] = CAPS('v', 'V'),
            [KEY_B] = CAPS('b', 'B'),
            [KEY_N] = CAPS('n', 'N'),
            [KEY_M] = CAPS('m', 'M'),
            [KEY_COMMA] = PAIR(',', '<'),
            [KEY_PERIOD] = PAIR('.', '>'),
            [KEY_SLASH] = PAIR('/', '?'),

            [KEY_KEYPAD_PERIOD] = PAIR('.', '.'),
        },
};
