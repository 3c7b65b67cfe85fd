/* SPDX-License-Identifier: MIT */
/* A serial terminal's bytes as keystrokes: each sequence, and that garbage is outlived. */
#include "kernel/vt_keys.h"

#include "lib/string.h"
#include "tests/ktest.h"
#include "tests/unit/pseudo_random.h"

#define SHIFT KEYSTROKE_SHIFT
#define ALT   KEYSTROKE_ALT
#define CTRL  KEYSTROKE_CTRL

static struct keystroke strokes[64];

/* Decode bytes from the beginning. Returns how many keystrokes they are. */
static size_t decode(const char *bytes)
{
    struct vt_keys keys = {0};
    size_t count = 0;

    for (; *bytes != '\0' && count + VT_KEYS_MAX <= ARRAY_SIZE(strokes); bytes++) {
        count += vt_keys_decode(&keys, (uint8_t)*bytes, strokes + count);
    }
    return count;
}

static void check_one(const char *bytes, uint32_t character, enum key key, uint64_t modifiers)
{
    CHECK_EQ(decode(bytes), 1u);
    CHECK_EQ(strokes[0].character, character);
    CHECK_EQ(strokes[0].key, key);
    CHECK_EQ(strokes[0].modifiers, modifiers);
}

KTEST(vt_keys, characters_are_themselves)
{
    check_one("a", 'a', KEY_NONE, 0);
    check_one("~", '~', KEY_NONE, 0);
    check_one("\xc3\xa4", 0xe4, KEY_NONE, 0);
    check_one("\xf0\x9f\x98\x80", 0x1f600, KEY_NONE, 0);
    for (unsigned code = 1; code < ' '; code++) {
        const char bytes[] = {(char)code, '\0'};

        if (code != '\r' && code != 0x1b) {
            check_one(bytes, code, KEY_NONE, 0);
        }
    }
}

KTEST(vt_keys, enter_is_once_whatever_is_sent_for_it)
{
    static const struct {
        const char *bytes;
        size_t enters;
    } cases[] = {{"\r", 1},   {"\n", 1},       {"\r\n", 1},   {"\r\r", 2},   {"\n\n", 2},
                 {"\n\r", 2}, {"\r\n\r\n", 2}, {"\r\n\n", 2}, {"\r\r\n", 2}, {"\n\r\n", 2}};

    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        size_t count = decode(cases[i].bytes);

        CHECK_EQ(count, cases[i].enters);
        while (count-- > 0) {
            CHECK_EQ(strokes[count].character, (uint32_t)'\n');
        }
    }
    CHECK_EQ(decode("\ra\n"), 3u);
    CHECK_EQ(decode("\r\x1b[A\n"), 3u);
    CHECK_EQ(decode("\r\xc3\xa4\n"), 3u);
}

KTEST(vt_keys, backspace_is_either_code)
{
    check_one("\b", '\b', KEY_NONE, 0);
    check_one("\x7f", '\b', KEY_NONE, 0);
    check_one("\x1b\x7f", '\b', KEY_NONE, ALT);
}

KTEST(vt_keys, sequences_are_keys)
{
    static const struct {
        const char *bytes;
        enum key key;
        uint8_t modifiers;
    } known[] = {
        {"\x1b[A", KEY_UP, 0},
        {"\x1b[B", KEY_DOWN, 0},
        {"\x1b[C", KEY_RIGHT, 0},
        {"\x1b[D", KEY_LEFT, 0},
        {"\x1b[H", KEY_HOME, 0},
        {"\x1b[F", KEY_END, 0},
        {"\x1bOA", KEY_UP, 0},
        {"\x1bOB", KEY_DOWN, 0},
        {"\x1bOC", KEY_RIGHT, 0},
        {"\x1bOD", KEY_LEFT, 0},
        {"\x1bOH", KEY_HOME, 0},
        {"\x1bOF", KEY_END, 0},
        {"\x1b[1~", KEY_HOME, 0},
        {"\x1b[2~", KEY_INSERT, 0},
        {"\x1b[3~", KEY_DELETE, 0},
        {"\x1b[4~", KEY_END, 0},
        {"\x1b[5~", KEY_PAGE_UP, 0},
        {"\x1b[6~", KEY_PAGE_DOWN, 0},
        {"\x1b[7~", KEY_HOME, 0},
        {"\x1b[8~", KEY_END, 0},
        {"\x1b[11~", KEY_F1, 0},
        {"\x1b[12~", KEY_F2, 0},
        {"\x1b[13~", KEY_F3, 0},
        {"\x1b[14~", KEY_F4, 0},
        {"\x1b[15~", KEY_F5, 0},
        {"\x1b[17~", KEY_F6, 0},
        {"\x1b[18~", KEY_F7, 0},
        {"\x1b[19~", KEY_F8, 0},
        {"\x1b[20~", KEY_F9, 0},
        {"\x1b[21~", KEY_F10, 0},
        {"\x1b[23~", KEY_F11, 0},
        {"\x1b[24~", KEY_F12, 0},
        {"\x1bOP", KEY_F1, 0},
        {"\x1bOQ", KEY_F2, 0},
        {"\x1bOR", KEY_F3, 0},
        {"\x1bOS", KEY_F4, 0},
        {"\x1b[[A", KEY_F1, 0},
        {"\x1b[[E", KEY_F5, 0},
        {"\x1b[1;2A", KEY_UP, SHIFT},
        {"\x1b[1;3D", KEY_LEFT, ALT},
        {"\x1b[1;5C", KEY_RIGHT, CTRL},
        {"\x1b[1;9C", KEY_RIGHT, ALT},
        {"\x1b[1;8B", KEY_DOWN, SHIFT | ALT | CTRL},
        {"\x1b[3;5~", KEY_DELETE, CTRL},
        {"\x1b[5;2~", KEY_PAGE_UP, SHIFT},
        {"\x1b[1;5P", KEY_F1, CTRL},
        {"\x1b[1;1A", KEY_UP, 0},
        {"\x1b[1;A", KEY_UP, 0},
        {"\x1b[;5A", KEY_UP, CTRL},
        {"\x1b\x1b[A", KEY_UP, ALT},
        {"\x1b\x1bOC", KEY_RIGHT, ALT},
        {"\x1b[1;5;7C", KEY_RIGHT, CTRL},
        {"\x1b[003~", KEY_DELETE, 0},
    };

    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        check_one(known[i].bytes, 0, known[i].key, known[i].modifiers);
    }
    check_one("\x1b[Z", '\t', KEY_NONE, SHIFT);
}

KTEST(vt_keys, escape_before_a_character_is_alt)
{
    check_one("\x1b"
              "b",
              'b', KEY_NONE, ALT);
    check_one("\x1b"
              "F",
              'F', KEY_NONE, ALT);
    check_one("\x1b\x02", 2, KEY_NONE, ALT);
    check_one("\x1b\r", '\n', KEY_NONE, ALT);
    check_one("\x1b\xc3\xa4", 0xe4, KEY_NONE, ALT);
    check_one("\x1b\x1b"
              "b",
              'b', KEY_NONE, ALT);
}

KTEST(vt_keys, other_sequences_are_read_over)
{
    static const char *const others[] = {
        "\x1b[200~", "\x1b[201~",  "\x1b[99999999~", "\x1b[9~",   "\x1b[~", "\x1b[I",
        "\x1b[O",    "\x1b[?1;2c", "\x1b[<0;1;1M",   "\x1b[E",    "\x1bOz", "\x1bO1",
        "\x1b[[z",   "\x1b[\x18",  "\x1b\x1a",       "\x1b[1;2 q"};

    for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
        char bytes[32];
        size_t length = string_copy(bytes, sizeof(bytes) - 1, others[i], SIZE_MAX);

        memcpy(bytes + length, "x", 2);
        check_one(bytes, 'x', KEY_NONE, 0);
    }
}

KTEST(vt_keys, malformed_utf8_is_substituted_and_loses_nothing)
{
    CHECK_EQ(decode("\xe2\x82x"), 2u);
    CHECK_EQ(strokes[0].character, (uint32_t)UTF8_REPLACEMENT);
    CHECK_EQ(strokes[1].character, (uint32_t)'x');
    CHECK_EQ(decode("\xc3\x1b[A"), 2u);
    CHECK_EQ(strokes[1].key, KEY_UP);
    CHECK_EQ(decode("\xc3\r"), 2u);
    CHECK_EQ(strokes[1].character, (uint32_t)'\n');
    CHECK_EQ(decode("\x1b[1\xc3\xa4"), 1u); /* text ends the sequence */
    CHECK_EQ(strokes[0].character, 0xe4u);
    CHECK_EQ(strokes[0].modifiers, 0u);
}

/* After anything at all, an arrow sent twice is understood at least the second time. */
KTEST(vt_keys, random_bytes_are_outlived)
{
    uint64_t seed = 1;

    for (size_t round = 0; round < 20000; round++) {
        struct vt_keys keys = {0};
        unsigned count = 0;

        for (size_t i = pseudo_random_below(&seed, 12); i > 0; i--) {
            static const char likely[] = "\x1b\x1b[[O;159~A\r\n\xc3\xe2\x82";
            uint8_t byte = pseudo_random_below(&seed, 4) == 0
                               ? (uint8_t)pseudo_random(&seed)
                               : (uint8_t)likely[pseudo_random_below(&seed, sizeof(likely) - 1)];

            REQUIRE(vt_keys_decode(&keys, byte, strokes) <= VT_KEYS_MAX);
        }
        for (const char *arrow = "\x1b[D\x1b[D"; *arrow != '\0'; arrow++) {
            count = vt_keys_decode(&keys, (uint8_t)*arrow, strokes);
        }
        REQUIRE_EQ(count, 1u);
        REQUIRE_EQ(strokes[0].key, KEY_LEFT);
    }
}
