/* SPDX-License-Identifier: MIT */
/*
 * Each layout against its keyboard, row by row as it is printed there: plain,
 * with Shift, with AltGr, and with Caps Lock. Blanks stand where nothing is;
 * dead keys are given as combining marks on a dotted circle.
 */
#include "drivers/keymap.h"

#include "lib/bits.h"
#include "lib/utf8.h"
#include "tests/ktest.h"

#define ROWS   4
#define LEVELS 4 /* plain, Shift, AltGr, Caps Lock */

#define DOTTED_CIRCLE 0x25cc

struct keyboard {
    const struct keymap *keymap;
    const char *rows[ROWS][LEVELS];
};

static const enum key row_starts[ROWS] = {KEY_GRAVE, KEY_Q, KEY_A, KEY_ISO_EXTRA};
static const size_t row_lengths[ROWS] = {13, 13, 11, 11};

static const struct keyboard keyboards[] = {
    {&keymap_us,
     {{"`1234567890-=", "~!@#$%^&*()_+", "`1234567890-=", "`1234567890-="},
      {"qwertyuiop[]\\", "QWERTYUIOP{}|", "qwertyuiop[]\\", "QWERTYUIOP[]\\"},
      {"asdfghjkl;'", "ASDFGHJKL:\"", "asdfghjkl;'", "ASDFGHJKL;'"},
      {"\\zxcvbnm,./", "|ZXCVBNM<>?", "\\zxcvbnm,./", "\\ZXCVBNM,./"}}},
    {&keymap_uk,
     {{"`1234567890-=", "¬!\"£$%^&*()_+", "¦   €        ", "`1234567890-="},
      {"qwertyuiop[]#", "QWERTYUIOP{}~", "  é   úíó    ", "QWERTYUIOP[]#"},
      {"asdfghjkl;'", "ASDFGHJKL:@", "á          ", "ASDFGHJKL;'"},
      {"\\zxcvbnm,./", "|ZXCVBNM<>?", "           ", "\\ZXCVBNM,./"}}},
    {&keymap_fr,
     {{"²&é\"'(-è_çà)=", " 1234567890°+", "  ◌̃#{[|◌̀\\^@]}", "²1234567890°+"},
      {"azertyuiop◌̂$*", "AZERTYUIOP◌̈£µ", "  €        ¤ ", "AZERTYUIOP◌̈£µ"},
      {"qsdfghjklmù", "QSDFGHJKLM%", "           ", "QSDFGHJKLM%"},
      {"<wxcvbn,;:!", ">WXCVBN?./§", "           ", "<WXCVBN?./§"}}},
    {&keymap_de,
     {{"◌̂1234567890ß◌́", "°!\"§$%&/()=?◌̀", "  ²³   {[]}\\ ", "◌̂1234567890ß◌́"},
      {"qwertzuiopü+#", "QWERTZUIOPÜ*'", "@ €        ~ ", "QWERTZUIOPÜ+#"},
      {"asdfghjklöä", "ASDFGHJKLÖÄ", "           ", "ASDFGHJKLÖÄ"},
      {"<yxcvbnm,.-", ">YXCVBNM;:_", "|      µ   ", "<YXCVBNM,.-"}}},
    {&keymap_dvorak,
     {{"`1234567890[]", "~!@#$%^&*(){}", "`1234567890[]", "`1234567890[]"},
      {"',.pyfgcrl/=\\", "\"<>PYFGCRL?+|", "',.pyfgcrl/=\\", "',.PYFGCRL/=\\"},
      {"aoeuidhtns-", "AOEUIDHTNS_", "aoeuidhtns-", "AOEUIDHTNS-"},
      {"\\;qjkxbmwvz", "|:QJKXBMWVZ", "\\;qjkxbmwvz", "\\;QJKXBMWVZ"}}},
};

static const uint64_t level_modifiers[LEVELS] = {0, KEYMOD_LEFT_SHIFT, KEYMOD_RIGHT_ALT,
                                                 KEYMOD_CAPS_LOCK};

static uint32_t typed(const struct keymap *keymap, enum key key, uint64_t modifiers)
{
    return keymap_translate(
        keymap, (struct key_event){.key = key, .pressed = true, .modifiers = (uint16_t)modifiers});
}

/* The next character of a row; 0 for a blank. */
static uint32_t next_character(const char **text)
{
    struct utf8_decoder decoder = {0};
    uint32_t character = 0;

    while (**text != '\0' &&
           (utf8_decode(&decoder, (uint8_t) * (*text)++, &character) != UTF8_CHARACTER ||
            character == DOTTED_CIRCLE)) {
    }
    return character == ' ' ? 0 : character;
}

static void check_row(const struct keyboard *keyboard, size_t row, size_t level)
{
    const char *text = keyboard->rows[row][level];

    for (size_t i = 0; i < row_lengths[row]; i++) {
        enum key key = row_starts[row] + (enum key)i;

        CHECK_EQ(typed(keyboard->keymap, key, level_modifiers[level]), next_character(&text));
    }
    CHECK_EQ(*text, '\0');
}

KTEST(keymap_layouts, keys_type_what_is_printed_on_them)
{
    for (size_t i = 0; i < ARRAY_SIZE(keyboards); i++) {
        for (size_t row = 0; row < ROWS; row++) {
            for (size_t level = 0; level < LEVELS; level++) {
                check_row(&keyboards[i], row, level);
            }
        }
    }
    CHECK_EQ(keymap_at(ARRAY_SIZE(keyboards)), NULL); /* none is left out */
}

KTEST(keymap_layouts, caps_lock_with_shift_is_plain_where_it_is_shift_alone)
{
    for (size_t i = 0; i < ARRAY_SIZE(keyboards); i++) {
        const struct keymap *keymap = keyboards[i].keymap;

        for (enum key key = KEY_GRAVE; key <= KEY_SLASH; key++) {
            uint32_t plain = typed(keymap, key, 0);
            uint32_t shifted = typed(keymap, key, KEYMOD_LEFT_SHIFT);
            bool acts = typed(keymap, key, KEYMOD_CAPS_LOCK) == shifted;

            CHECK_EQ(typed(keymap, key, KEYMOD_CAPS_LOCK | KEYMOD_RIGHT_SHIFT),
                     acts ? plain : shifted);
        }
    }
}

/* A layout in which some ASCII character cannot be typed is of no use to a shell. */
KTEST(keymap_layouts, all_of_ascii_can_be_typed)
{
    for (size_t i = 0; i < ARRAY_SIZE(keyboards); i++) {
        const struct keymap *keymap = keyboards[i].keymap;

        for (uint32_t character = ' '; character <= '~'; character++) {
            bool found = false;

            for (enum key key = KEY_GRAVE; key <= KEY_SPACE && !found; key++) {
                for (size_t level = 0; level < 3 && !found; level++) {
                    uint32_t mark = 0;
                    uint32_t characters[2] = {0};
                    uint32_t got = typed(keymap, key, level_modifiers[level]);

                    found = got == character;
                    if (got >= 0x300) { /* a dead key, then the space bar */
                        (void)keymap_compose(&mark, got, characters);
                        (void)keymap_compose(&mark, ' ', characters);
                        found = found || characters[0] == character;
                    }
                }
            }
            CHECK(found);
        }
    }
}

KTEST(keymap_layouts, uk_vowels_have_acute_accents_in_both_cases)
{
    uint64_t altgr = KEYMOD_RIGHT_ALT;

    CHECK_EQ(typed(&keymap_uk, KEY_E, altgr | KEYMOD_LEFT_SHIFT), 0xc9u);
    CHECK_EQ(typed(&keymap_uk, KEY_E, altgr | KEYMOD_CAPS_LOCK), 0xc9u);
    CHECK_EQ(typed(&keymap_uk, KEY_E, altgr | KEYMOD_CAPS_LOCK | KEYMOD_LEFT_SHIFT), 0xe9u);
}

KTEST(keymap_layouts, keypad_separator_is_a_comma_in_german)
{
    CHECK_EQ(typed(&keymap_de, KEY_KEYPAD_PERIOD, KEYMOD_NUM_LOCK), (uint32_t)',');
    CHECK_EQ(typed(&keymap_fr, KEY_KEYPAD_PERIOD, KEYMOD_NUM_LOCK), (uint32_t)'.');
}

KTEST(keymap_layouts, control_codes_follow_the_letters_not_the_places)
{
    CHECK_EQ(typed(&keymap_fr, KEY_Q, KEYMOD_LEFT_CTRL), 1u); /* A is there */
    CHECK_EQ(typed(&keymap_de, KEY_Y, KEYMOD_LEFT_CTRL), 26u); /* Z */
    CHECK_EQ(typed(&keymap_dvorak, KEY_I, KEYMOD_LEFT_CTRL), 3u); /* C */
}

/* Accents on letters: what goes together, beside what the Unicode names say. */
KTEST(keymap_layouts, accents_join_letters)
{
    static const struct {
        uint16_t mark;
        const char *letters;
        const char *joined;
    } accents[] = {
        {0x300, "aeiouAEIOU", "àèìòùÀÈÌÒÙ"},
        {0x301, "aeiouyAEIOUYcnszCNSZ", "áéíóúýÁÉÍÓÚÝćńśźĆŃŚŹ"},
        {0x302, "aeiouAEIOUcghjswy", "âêîôûÂÊÎÔÛĉĝĥĵŝŵŷ"},
        {0x303, "anoANOiu", "ãñõÃÑÕĩũ"},
        {0x308, "aeiouyAEIOUY", "äëïöüÿÄËÏÖÜŸ"},
        {0x302, " \xcc\x82", "^^"},
        {0x300, " \xcc\x80", "``"},
        {0x301, " \xcc\x81", "´´"},
        {0x303, " \xcc\x83", "~~"},
        {0x308, " \xcc\x88", "¨¨"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(accents); i++) {
        const char *letters = accents[i].letters;
        const char *joined = accents[i].joined;

        while (*letters != '\0') {
            uint32_t mark = accents[i].mark;
            bool is_blank = *letters == ' ';
            uint32_t next = next_character(&letters);
            uint32_t letter = is_blank ? ' ' : next;
            uint32_t characters[2] = {0};

            CHECK_EQ(keymap_compose(&mark, letter, characters), 1u);
            CHECK_EQ(characters[0], next_character(&joined));
        }
        CHECK_EQ(*joined, '\0');
    }
}
