/* SPDX-License-Identifier: MIT */
/*
 * The French layout, AZERTY as PC keyboards have it. Caps Lock acts as Shift on the digits and
 * signs too, as on the typewriter. Circumflex, diaeresis and, with AltGr, tilde and grave are dead.
 */
#include "drivers/keymap_table.h"

const struct keymap keymap_fr = {
    .name = "fr",
    .has_altgr = true,
    .keys =
        {
            [KEY_GRAVE] = PAIR(u'²', 0),
            [KEY_1] = CAPS('&', '1'),
            [KEY_2] = CAPS_ALTGR(u'é', '2', DEAD_TILDE),
            [KEY_3] = CAPS_ALTGR('"', '3', '#'),
            [KEY_4] = CAPS_ALTGR('\'', '4', '{'),
            [KEY_5] = CAPS_ALTGR('(', '5', '['),
            [KEY_6] = CAPS_ALTGR('-', '6', '|'),
            [KEY_7] = CAPS_ALTGR(u'è', '7', DEAD_GRAVE),
            [KEY_8] = CAPS_ALTGR('_', '8', '\\'),
            [KEY_9] = CAPS_ALTGR(u'ç', '9', '^'),
            [KEY_0] = CAPS_ALTGR(u'à', '0', '@'),
            [KEY_MINUS] = CAPS_ALTGR(')', u'°', ']'),
            [KEY_EQUAL] = CAPS_ALTGR('=', '+', '}'),

            [KEY_Q] = CAPS('a', 'A'),
            [KEY_W] = CAPS('z', 'Z'),
            [KEY_E] = CAPS_ALTGR('e', 'E', u'€'),
            [KEY_R] = CAPS('r', 'R'),
            [KEY_T] = CAPS('t', 'T'),
            [KEY_Y] = CAPS('y', 'Y'),
            [KEY_U] = CAPS('u', 'U'),
            [KEY_I] = CAPS('i', 'I'),
            [KEY_O] = CAPS('o', 'O'),
            [KEY_P] = CAPS('p', 'P'),
            [KEY_LEFT_BRACKET] = CAPS(DEAD_CIRCUMFLEX, DEAD_DIAERESIS),
            [KEY_RIGHT_BRACKET] = CAPS_ALTGR('$', u'£', u'¤'),
            [KEY_BACKSLASH] = CAPS('*', u'µ'),

            [KEY_A] = CAPS('q', 'Q'),
            [KEY_S] = CAPS('s', 'S'),
            [KEY_D] = CAPS('d', 'D'),
            [KEY_F] = CAPS('f', 'F'),
            [KEY_G] = CAPS('g', 'G'),
            [KEY_H] = CAPS('h', 'H'),
            [KEY_J] = CAPS('j', 'J'),
            [KEY_K] = CAPS('k', 'K'),
            [KEY_L] = CAPS('l', 'L'),
            [KEY_SEMICOLON] = CAPS('m', 'M'),
            [KEY_APOSTROPHE] = CAPS(u'ù', '%'),

            [KEY_ISO_EXTRA] = PAIR('<', '>'),
            [KEY_Z] = CAPS('w', 'W'),
            [KEY_X] = CAPS('x', 'X'),
            [KEY_C] = CAPS('c', 'C'),
            [KEY_V] = CAPS('v', 'V'),
            [KEY_B] = CAPS('b', 'B'),
            [KEY_N] = CAPS('n', 'N'),
            [KEY_M] = CAPS(',', '?'),
            [KEY_COMMA] = CAPS(';', '.'),
            [KEY_PERIOD] = CAPS(':', '/'),
            [KEY_SLASH] = CAPS('!', u'§'),

            [KEY_KEYPAD_PERIOD] = PAIR('.', '.'),
        },
};
