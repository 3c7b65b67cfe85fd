/* SPDX-License-Identifier: MIT */
/*
 * From keys to characters. The US layout is compared with rows of text as they
 * stand on the keyboard; AltGr and dead keys, which it lacks, with a layout of
 * the tests' own.
 */
#include "drivers/keymap.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"

#define ESCAPE 0x1b

#define GRAVE      0x0300 /* combining marks, as dead keys */
#define CIRCUMFLEX 0x0302

static uint32_t typed(const struct keymap *keymap, enum key key, uint64_t modifiers)
{
    return keymap_translate(
        keymap, (struct key_event){.key = key, .pressed = true, .modifiers = (uint16_t)modifiers});
}

static uint32_t us(enum key key, uint64_t modifiers)
{
    return typed(&keymap_us, key, modifiers);
}

/* Keys that follow each other in the list, and what stands on them. */
static const struct {
    enum key first;
    const char *plain;
    const char *shifted;
} us_rows[] = {
    {KEY_GRAVE, "`1234567890-=", "~!@#$%^&*()_+"},
    {KEY_Q, "qwertyuiop[]\\", "QWERTYUIOP{}|"},
    {KEY_A, "asdfghjkl;'", "ASDFGHJKL:\""},
    {KEY_ISO_EXTRA, "\\zxcvbnm,./", "|ZXCVBNM<>?"},
    {KEY_SPACE, " ", " "},
};

KTEST(keymap, us_rows_type_what_is_printed_on_them)
{
    for (size_t row = 0; row < ARRAY_SIZE(us_rows); row++) {
        for (size_t i = 0; i < strlen(us_rows[row].plain); i++) {
            enum key key = us_rows[row].first + (enum key)i;

            CHECK_EQ(us(key, 0), (uint32_t)us_rows[row].plain[i]);
            CHECK_EQ(us(key, KEYMOD_LEFT_SHIFT), (uint32_t)us_rows[row].shifted[i]);
            CHECK_EQ(us(key, KEYMOD_RIGHT_SHIFT), (uint32_t)us_rows[row].shifted[i]);
        }
    }
}

KTEST(keymap, us_caps_lock_is_shift_for_letters_alone)
{
    for (size_t row = 0; row < ARRAY_SIZE(us_rows); row++) {
        for (size_t i = 0; i < strlen(us_rows[row].plain); i++) {
            enum key key = us_rows[row].first + (enum key)i;
            uint32_t plain = (uint32_t)us_rows[row].plain[i];
            uint32_t shifted = (uint32_t)us_rows[row].shifted[i];
            bool is_letter = plain >= 'a' && plain <= 'z';

            CHECK_EQ(us(key, KEYMOD_CAPS_LOCK), is_letter ? shifted : plain);
            CHECK_EQ(us(key, KEYMOD_CAPS_LOCK | KEYMOD_LEFT_SHIFT), is_letter ? plain : shifted);
        }
    }
}

KTEST(keymap, us_ctrl_makes_control_codes_and_nothing_else)
{
    for (size_t row = 0; row < ARRAY_SIZE(us_rows); row++) {
        for (size_t i = 0; i < strlen(us_rows[row].plain); i++) {
            enum key key = us_rows[row].first + (enum key)i;
            uint32_t plain = (uint32_t)us_rows[row].plain[i];
            uint32_t code = plain >= 'a' && plain <= 'z' ? plain - 'a' + 1 : 0;
            uint32_t shifted_code = code;

            if (plain >= '[' && plain <= ']') {
                code = plain - '[' + ESCAPE;
            } else if (plain == '6' || plain == '-') { /* with Shift ^ and _ */
                shifted_code = plain == '6' ? 0x1e : 0x1f;
            }
            CHECK_EQ(us(key, KEYMOD_LEFT_CTRL), code);
            CHECK_EQ(us(key, KEYMOD_RIGHT_CTRL | KEYMOD_CAPS_LOCK), code);
            CHECK_EQ(us(key, KEYMOD_RIGHT_CTRL | KEYMOD_LEFT_SHIFT), shifted_code);
        }
    }
}

KTEST(keymap, alt_and_meta_and_locks_leave_characters_alone)
{
    uint64_t others = KEYMOD_LEFT_ALT | KEYMOD_LEFT_META | KEYMOD_RIGHT_META | KEYMOD_NUM_LOCK |
                      KEYMOD_SCROLL_LOCK;

    CHECK_EQ(us(KEY_A, others), (uint32_t)'a');
    CHECK_EQ(us(KEY_1, others), (uint32_t)'1');
    CHECK_EQ(us(KEY_A, KEYMOD_RIGHT_ALT), (uint32_t)'a'); /* no AltGr in this layout */
}

KTEST(keymap, control_keys_type_their_codes_with_any_modifier)
{
    static const struct {
        enum key key;
        uint32_t character;
    } keys[] = {{KEY_ENTER, '\n'},
                {KEY_KEYPAD_ENTER, '\n'},
                {KEY_TAB, '\t'},
                {KEY_BACKSPACE, '\b'},
                {KEY_ESCAPE, ESCAPE}};
    static const uint64_t modifiers[] = {0, KEYMOD_LEFT_SHIFT, KEYMOD_LEFT_CTRL, KEYMOD_CAPS_LOCK,
                                         KEYMOD_NUM_LOCK};

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        for (size_t j = 0; j < ARRAY_SIZE(modifiers); j++) {
            CHECK_EQ(us(keys[i].key, modifiers[j]), keys[i].character);
        }
    }
}

KTEST(keymap, keypad_types_digits_with_num_lock_or_shift_but_not_both)
{
    for (uint32_t i = 0; i <= KEY_KEYPAD_PERIOD - KEY_KEYPAD_0; i++) {
        enum key key = KEY_KEYPAD_0 + (enum key)i;
        uint32_t character = (uint32_t) "0123456789."[i];

        CHECK_EQ(us(key, 0), 0u);
        CHECK_EQ(us(key, KEYMOD_NUM_LOCK), character);
        CHECK_EQ(us(key, KEYMOD_LEFT_SHIFT), character);
        CHECK_EQ(us(key, KEYMOD_RIGHT_SHIFT), character);
        CHECK_EQ(us(key, KEYMOD_NUM_LOCK | KEYMOD_RIGHT_SHIFT), 0u);
        CHECK_EQ(us(key, KEYMOD_CAPS_LOCK), 0u);
    }
}

KTEST(keymap, keypad_operators_do_not_depend_on_num_lock)
{
    static const struct {
        enum key key;
        char character;
    } operators[] = {{KEY_KEYPAD_DIVIDE, '/'}, {KEY_KEYPAD_MULTIPLY, '*'}, {KEY_KEYPAD_MINUS, '-'},
                     {KEY_KEYPAD_PLUS, '+'},   {KEY_KEYPAD_EQUAL, '='},    {KEY_KEYPAD_COMMA, ','}};

    for (size_t i = 0; i < ARRAY_SIZE(operators); i++) {
        CHECK_EQ(us(operators[i].key, 0), (uint32_t)operators[i].character);
        CHECK_EQ(us(operators[i].key, KEYMOD_NUM_LOCK), (uint32_t)operators[i].character);
        CHECK_EQ(us(operators[i].key, KEYMOD_LEFT_SHIFT), (uint32_t)operators[i].character);
    }
}

/* 65 keys of a US keyboard type something; Delete, arrows, F keys and all others do not. */
KTEST(keymap, no_other_key_types_anything)
{
    size_t count = 0;

    for (enum key key = KEY_NONE; key < KEY_COUNT; key++) {
        count += us(key, KEYMOD_NUM_LOCK) != 0;
    }
    CHECK_EQ(count, 13u + 13u + 11u + 11u + 1u + 18u + 4u);
    CHECK_EQ(us(KEY_DELETE, 0), 0u);
    CHECK_EQ(us(KEY_LEFT_SHIFT, KEYMOD_LEFT_SHIFT), 0u);
}

KTEST(keymap, release_types_nothing_and_autorepeat_does)
{
    struct key_event event = {.key = KEY_A, .pressed = true, .repeated = true};

    CHECK_EQ(keymap_translate(&keymap_us, event), (uint32_t)'a');
    event = (struct key_event){.key = KEY_A, .pressed = false};
    CHECK_EQ(keymap_translate(&keymap_us, event), 0u);
    event.key = KEY_ENTER;
    CHECK_EQ(keymap_translate(&keymap_us, event), 0u);
}

KTEST(keymap, layout_is_found_by_its_whole_name)
{
    CHECK_EQ(keymap_find("us", 2), &keymap_us);
    CHECK_EQ(keymap_find("de,x", 2), &keymap_de);
    CHECK_EQ(keymap_find("us", 1), NULL);
    CHECK_EQ(keymap_find("usa", 3), NULL);
    CHECK_EQ(keymap_find("", 0), NULL);
}

KTEST(keymap, list_has_each_layout_once_by_its_name)
{
    size_t count = 0;

    for (const struct keymap *keymap; (keymap = keymap_at(count)) != NULL; count++) {
        CHECK_EQ(keymap_find(keymap->name, strlen(keymap->name)), keymap);
    }
    CHECK_EQ(count, 5u);
    CHECK_EQ(keymap_at(SIZE_MAX), NULL);
}

/* A bit of each thing that European layouts need. */
static const struct keymap european = {
    .name = "european",
    .has_altgr = true,
    .keys = {[KEY_E] = {{'e', 'E', 0x20ac, 0}, KEYMAP_CAPS},
             [KEY_O] = {{'o', 'O', 0xf3, 0xd3}, KEYMAP_CAPS | KEYMAP_CAPS_ALTGR},
             [KEY_8] = {{'8', '(', '[', 0}, 0},
             [KEY_1] = {{'1', '!', 0xb9, 0xa1}, KEYMAP_CAPS_ALTGR},
             [KEY_GRAVE] = {{CIRCUMFLEX, GRAVE, 0, 0}, 0},
             [KEY_KEYPAD_PERIOD] = {{',', ',', 0, 0}, 0}},
};

KTEST(keymap, altgr_chooses_the_other_pair)
{
    CHECK_EQ(typed(&european, KEY_E, KEYMOD_RIGHT_ALT), 0x20acu);
    CHECK_EQ(typed(&european, KEY_E, KEYMOD_RIGHT_ALT | KEYMOD_LEFT_SHIFT), 0u);
    CHECK_EQ(typed(&european, KEY_E, KEYMOD_LEFT_ALT), (uint32_t)'e');
    CHECK_EQ(typed(&european, KEY_O, KEYMOD_RIGHT_ALT | KEYMOD_LEFT_SHIFT), 0xd3u);
    CHECK_EQ(typed(&european, KEY_8, KEYMOD_RIGHT_ALT | KEYMOD_LEFT_CTRL), (uint32_t)ESCAPE);
    CHECK_EQ(typed(&european, KEY_ENTER, KEYMOD_RIGHT_ALT), (uint32_t)'\n');
}

KTEST(keymap, caps_lock_applies_to_the_pairs_it_is_said_to)
{
    CHECK_EQ(typed(&european, KEY_E, KEYMOD_CAPS_LOCK), (uint32_t)'E');
    CHECK_EQ(typed(&european, KEY_E, KEYMOD_CAPS_LOCK | KEYMOD_RIGHT_ALT), 0x20acu);
    CHECK_EQ(typed(&european, KEY_O, KEYMOD_CAPS_LOCK | KEYMOD_RIGHT_ALT), 0xd3u);
    CHECK_EQ(typed(&european, KEY_1, KEYMOD_CAPS_LOCK), (uint32_t)'1');
    CHECK_EQ(typed(&european, KEY_1, KEYMOD_CAPS_LOCK | KEYMOD_RIGHT_ALT), 0xa1u);
}

KTEST(keymap, layout_has_its_own_keypad_separator)
{
    CHECK_EQ(typed(&european, KEY_KEYPAD_PERIOD, KEYMOD_NUM_LOCK), (uint32_t)',');
    CHECK_EQ(typed(&european, KEY_KEYPAD_PERIOD, 0), 0u);
}

KTEST(keymap, dead_key_gives_its_combining_mark)
{
    CHECK_EQ(typed(&european, KEY_GRAVE, 0), (uint32_t)CIRCUMFLEX);
    CHECK_EQ(typed(&european, KEY_GRAVE, KEYMOD_LEFT_SHIFT), (uint32_t)GRAVE);
    CHECK_EQ(typed(&european, KEY_GRAVE, KEYMOD_LEFT_CTRL), 0u);
}

KTEST(keymap, characters_pass_through_while_no_accent_waits)
{
    uint32_t mark = 0;
    uint32_t characters[2];

    CHECK_EQ(keymap_compose(&mark, 'e', characters), 1u);
    CHECK_EQ(characters[0], (uint32_t)'e');
    CHECK_EQ(keymap_compose(&mark, '\b', characters), 1u);
    CHECK_EQ(characters[0], (uint32_t)'\b');
    CHECK_EQ(mark, 0u);
}

/* What becomes of circumflex, then a character: up to two, and perhaps a mark that waits. */
static const struct {
    uint32_t then;
    size_t count;
    uint32_t characters[2];
    uint32_t mark;
} after_circumflex[] = {
    {'e', 1, {0xea}, 0},      {' ', 1, {'^'}, 0},   {CIRCUMFLEX, 1, {'^'}, 0},
    {'x', 2, {'^', 'x'}, 0}, /* no such letter */
    {GRAVE, 1, {'^'}, GRAVE}, {'\b', 1, {'\b'}, 0}, {0x1f, 1, {0x1f}, 0},
};

KTEST(keymap, accent_joins_its_letter_or_stands_alone)
{
    for (size_t i = 0; i < ARRAY_SIZE(after_circumflex); i++) {
        uint32_t mark = 0;
        uint32_t characters[2];

        CHECK_EQ(keymap_compose(&mark, CIRCUMFLEX, characters), 0u);
        CHECK_EQ(mark, (uint32_t)CIRCUMFLEX);
        CHECK_EQ(keymap_compose(&mark, after_circumflex[i].then, characters),
                 after_circumflex[i].count);
        CHECK_MEM_EQ(characters, after_circumflex[i].characters,
                     after_circumflex[i].count * sizeof(characters[0]));
        CHECK_EQ(mark, after_circumflex[i].mark);
    }
}

/* The first and the last combining mark wait, their neighbours outside do not. */
KTEST(keymap, every_combining_mark_waits)
{
    static const uint32_t edges[] = {0x02ff, 0x0300, 0x036f, 0x0370};

    for (size_t i = 0; i < ARRAY_SIZE(edges); i++) {
        bool is_mark = i == 1 || i == 2;
        uint32_t mark = 0;
        uint32_t characters[2];

        CHECK_EQ(keymap_compose(&mark, edges[i], characters), is_mark ? 0u : 1u);
        CHECK_EQ(mark, is_mark ? edges[i] : 0);
    }
}
