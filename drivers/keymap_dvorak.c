/* SPDX-License-Identifier: MIT */
/* The simplified layout of August Dvorak for English, ANSI X3.207. */
#include "drivers/keymap_table.h"

const struct keymap keymap_dvorak = {
    .name = "dvorak",
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
            [KEY_MINUS] = PAIR('[', '{'),
            [KEY_EQUAL] = PAIR(']', '}'),

            [KEY_Q] = PAIR('\'', '"'),
            [KEY_W] = PAIR(',', '<'),
            [KEY_E] = PAIR('.', '>'),
            [KEY_R] = CAPS('p', 'P'),
            [KEY_T] = CAPS('y', 'Y'),
            [KEY_Y] = CAPS('f', 'F'),
            [KEY_U] = CAPS('g', 'G'),
            [KEY_I] = CAPS('c', 'C'),
            [KEY_O] = CAPS('r', 'R'),
            [KEY_P] = CAPS('l', 'L'),
            [KEY_LEFT_BRACKET] = PAIR('/', '?'),
            [KEY_RIGHT_BRACKET] = PAIR('=', '+'),
            [KEY_BACKSLASH] = PAIR('\\', '|'),

            [KEY_A] = CAPS('a', 'A'),
            [KEY_S] = CAPS('o', 'O'),
            [KEY_D] = CAPS('e', 'E'),
            [KEY_F] = CAPS('u', 'U'),
            [KEY_G] = CAPS('i', 'I'),
            [KEY_H] = CAPS('d', 'D'),
            [KEY_J] = CAPS('h', 'H'),
            [KEY_K] = CAPS('t', 'T'),
            [KEY_L] = CAPS('n', 'N'),
            [KEY_SEMICOLON] = CAPS('s', 'S'),
            [KEY_APOSTROPHE] = PAIR('-', '_'),

            /* On an ISO keyboard with this layout. */
            [KEY_ISO_EXTRA] = PAIR('\\', '|'),
            [KEY_Z] = PAIR(';', ':'),
            [KEY_X] = CAPS('q', 'Q'),
            [KEY_C] = CAPS('j', 'J'),
            [KEY_V] = CAPS('k', 'K'),
            [KEY_B] = CAPS('x', 'X'),
            [KEY_N] = CAPS('b', 'B'),
            [KEY_M] = CAPS('m', 'M'),
            [KEY_COMMA] = CAPS('w', 'W'),
            [KEY_PERIOD] = CAPS('v', 'V'),
            [KEY_SLASH] = CAPS('z', 'Z'),

            [KEY_KEYPAD_PERIOD] = PAIR('.', '.'),
        },
};
