/* SPDX-License-Identifier: MIT */
/*
 * The German layout, DIN 2137 T1 as PC keyboards have it. Caps Lock is for letters, umlauts among
 * them; circumflex, acute and grave are dead.
 */
#include "drivers/keymap_table.h"

const struct keymap keymap_de = {
    .name = "de",
    .has_altgr = true,
    .keys =
        {
            [KEY_GRAVE] = PAIR(DEAD_CIRCUMFLEX, u'°'),
            [KEY_1] = PAIR('1', '!'),
            [KEY_2] = TRIPLE('2', '"', u'²'),
            [KEY_3] = TRIPLE('3', u'§', u'³'),
            [KEY_4] = PAIR('4', '$'),
            [KEY_5] = PAIR('5', '%'),
            [KEY_6] = PAIR('6', '&'),
            [KEY_7] = TRIPLE('7', '/', '{'),
            [KEY_8] = TRIPLE('8', '(', '['),
            [KEY_9] = TRIPLE('9', ')', ']'),
            [KEY_0] = TRIPLE('0', '=', '}'),
            [KEY_MINUS] = TRIPLE(u'ß', '?', '\\'),
            [KEY_EQUAL] = PAIR(DEAD_ACUTE, DEAD_GRAVE),

            [KEY_Q] = CAPS_ALTGR('q', 'Q', '@'),
            [KEY_W] = CAPS('w', 'W'),
            [KEY_E] = CAPS_ALTGR('e', 'E', u'€'),
            [KEY_R] = CAPS('r', 'R'),
            [KEY_T] = CAPS('t', 'T'),
            [KEY_Y] = CAPS('z', 'Z'),
            [KEY_U] = CAPS('u', 'U'),
            [KEY_I] = CAPS('i', 'I'),
            [KEY_O] = CAPS('o', 'O'),
            [KEY_P] = CAPS('p', 'P'),
            [KEY_LEFT_BRACKET] = CAPS(u'ü', u'Ü'),
            [KEY_RIGHT_BRACKET] = TRIPLE('+', '*', '~'),
            [KEY_BACKSLASH] = PAIR('#', '\''),

            [KEY_A] = CAPS('a', 'A'),
            [KEY_S] = CAPS('s', 'S'),
            [KEY_D] = CAPS('d', 'D'),
            [KEY_F] = CAPS('f', 'F'),
            [KEY_G] = CAPS('g', 'G'),
            [KEY_H] = CAPS('h', 'H'),
            [KEY_J] = CAPS('j', 'J'),
            [KEY_K] = CAPS('k', 'K'),
            [KEY_L] = CAPS('l', 'L'),
            [KEY_SEMICOLON] = CAPS(u'ö', u'Ö'),
            [KEY_APOSTROPHE] = CAPS(u'ä', u'Ä'),

            [KEY_ISO_EXTRA] = TRIPLE('<', '>', '|'),
            [KEY_Z] = CAPS('y', 'Y'),
            [KEY_X] = CAPS('x', 'X'),
            [KEY_C] = CAPS('c', 'C'),
            [KEY_V] = CAPS('v', 'V'),
            [KEY_B] = CAPS('b', 'B'),
            [KEY_N] = CAPS('n', 'N'),
            [KEY_M] = CAPS_ALTGR('m', 'M', u'µ'),
            [KEY_COMMA] = PAIR(',', ';'),
            [KEY_PERIOD] = PAIR('.', ':'),
            [KEY_SLASH] = PAIR('-', '_'),

            [KEY_KEYPAD_PERIOD] = PAIR(',', ','),
        },
};
