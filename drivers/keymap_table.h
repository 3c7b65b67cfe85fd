/* SPDX-License-Identifier: MIT */
/*
 * How a layout's file writes its keys: by what is printed on them, plain and
 * with Shift, then with AltGr. For those files alone.
 */
#pragma once

#include "drivers/keymap.h"

/* A key that Caps Lock leaves alone. */
#define PAIR(plain, shifted)             \
    {                                    \
        .characters = { plain, shifted } \
    }
#define TRIPLE(plain, shifted, altgr)           \
    {                                           \
        .characters = { plain, shifted, altgr } \
    }

/* A key on which Caps Lock acts as Shift. */
#define CAPS(lower, upper)                                \
    {                                                     \
        .characters = {lower, upper}, .caps = KEYMAP_CAPS \
    }
#define CAPS_ALTGR(lower, upper, altgr)                          \
    {                                                            \
        .characters = {lower, upper, altgr}, .caps = KEYMAP_CAPS \
    }

/* A key with another letter behind AltGr: Caps Lock acts on both. */
#define CAPS_BOTH(lower, upper, altgr_lower, altgr_upper)       \
    {                                                           \
        .characters = {lower, upper, altgr_lower, altgr_upper}, \
        .caps = KEYMAP_CAPS | KEYMAP_CAPS_ALTGR                 \
    }

/* Dead keys, as their combining marks. */
#define DEAD_GRAVE      0x0300
#define DEAD_ACUTE      0x0301
#define DEAD_CIRCUMFLEX 0x0302
#define DEAD_TILDE      0x0303
#define DEAD_DIAERESIS  0x0308
