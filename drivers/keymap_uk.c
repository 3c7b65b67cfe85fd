/* SPDX-License-Identifier: MIT */
/* The layout of the United Kingdom, BS 4822 as PC keyboards have it; with AltGr acute vowels. */
#include "drivers/keymap_table.h"

const struct keymap keymap_uk = {
    .name = "uk",
    .has_altgr = true,
    .keys =
        {
            [KEY_GRAVE] = TRIPLE('`', u'¬', u'¦'),
            [KEY_1] = PAIR('1', '!'),
            [KEY_2] = PAIR('2', '"'),
            [KEY_3] = PAIR('3', u'£'),
            [KEY_4] = TRIPLE('4', '$', u'€'),
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
            [KEY_E] = CAPS_BOTH('e', 'E', u'é', u'É'),
            [KEY_R] = CAPS('r', 'R'),
            [KEY_T] = CAPS('t', 'T'),
            [KEY_Y] = CAPS('y', 'Y'),
            [KEY_U] = CAPS_BOTH('u', 'U', u'ú', u'Ú'),
            [KEY_I] = CAPS_BOTH('i', 'I', u'í', u'Í'),
            [KEY_O] = CAPS_BOTH('o', 'O', u'ó', u'Ó'),
            [KEY_P] = CAPS('p', 'P'),
            [KEY_LEFT_BRACKET] = PAIR('[', '{'),
            [KEY_RIGHT_BRACKET] = PAIR(']', '}'),
            [KEY_BACKSLASH] = PAIR('#', '~'),

            [KEY_A] = CAPS_BOTH('a', 'A', u'á', u'Á'),
            [KEY_S] = CAPS('s', 'S'),
            [KEY_D] = CAPS('d', 'D'),
            [KEY_F] = CAPS('f', 'F'),
            [KEY_G] = CAPS('g', 'G'),
            [KEY_H] = CAPS('h', 'H'),
            [KEY_J] = CAPS('j', 'J'),
            [KEY_K] = CAPS('k', 'K'),
            [KEY_L] = CAPS('l', 'L'),
            [KEY_SEMICOLON] = PAIR(';', ':'),
            [KEY_APOSTROPHE] = PAIR('\'', '@'),

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
