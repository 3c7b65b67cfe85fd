/* SPDX-License-Identifier: MIT */
/*
 * "After any bytes whatever the next plain key decodes right", tried with all
 * strings of bytes up to a length. Each level of the loops goes on from a copy
 * of the decoder of the level above. The kernel tries shorter strings than the
 * host, which is a hundred times as fast as an emulator.
 */
#include "drivers/scancode.h"
#include "lib/bits.h"
#include "tests/ktest.h"
#include "tests/unit/pseudo_random.h"

#define BYTES      0x100
#define CODE_COUNT 0x80
#define RELEASED   0x80

#define CODE_A           0x1e
#define CODE_CTRL        0x1d
#define CODE_NUM_LOCK    0x45
#define CODE_LEFT_SHIFT  0x2a
#define CODE_RIGHT_SHIFT 0x36

static struct scancode_decoder after(const struct scancode_decoder *decoder, unsigned byte)
{
    struct scancode_decoder next = *decoder;
    struct key_event event;

    (void)scancode_decode(&next, (uint8_t)byte, &event);
    return next;
}

/* The key a make code presses; KEY_NONE when it presses none. */
static enum key key_pressed_by(const struct scancode_decoder *decoder, unsigned code)
{
    struct scancode_decoder next = *decoder;
    struct key_event event;

    return scancode_decode(&next, (uint8_t)code, &event) && event.pressed ? event.key : KEY_NONE;
}

/* How many strings of that length do not leave the decoder so that A can be typed. */
static size_t count_failures(const struct scancode_decoder *decoder, unsigned length)
{
    size_t failures = 0;

    if (length == 0) {
        return key_pressed_by(decoder, CODE_A) != KEY_A;
    }
    for (unsigned byte = 0; byte < BYTES; byte++) {
        struct scancode_decoder next = after(decoder, byte);

        failures += count_failures(&next, length - 1);
    }
    return failures;
}

KTEST(scancode, plain_key_decodes_after_any_bytes)
{
    const struct scancode_decoder fresh = {0};
    unsigned longest = __STDC_HOSTED__ ? 3 : 2;

    for (unsigned length = 0; length <= longest; length++) {
        CHECK_EQ(count_failures(&fresh, length), 0u);
    }
}

/*
 * What a make code means behind the bytes `before` and `last` (in this order),
 * by the three endings that the header excepts, and no other.
 */
static enum key meaning(const enum key *plain, const enum key *extended, unsigned before,
                        unsigned last, unsigned code)
{
    bool is_shift = code == CODE_LEFT_SHIFT || code == CODE_RIGHT_SHIFT;

    if (last == 0xe0 && is_shift) {
        return KEY_NONE;
    }
    if (last == 0xe0 && extended[code] != KEY_NONE) {
        return extended[code];
    }
    if (last == 0xe1 && code == CODE_CTRL) {
        return KEY_NONE;
    }
    if (before == 0xe1 && last == CODE_CTRL && code == CODE_NUM_LOCK) {
        return KEY_PAUSE;
    }
    return plain[code];
}

KTEST(scancode, every_key_decodes_after_any_bytes_but_the_beginnings_of_another)
{
    const struct scancode_decoder fresh = {0};
    const struct scancode_decoder e0 = after(&fresh, 0xe0);
    static enum key plain[CODE_COUNT]; /* too large for a kernel's stack */
    static enum key extended[CODE_COUNT];
    unsigned step = __STDC_HOSTED__ ? 1 : 5;
    size_t failures = 0;

    /* Apart from what comes before, the codes are test_scancode_keys.c's affair. */
    for (unsigned code = 0; code < CODE_COUNT; code++) {
        enum key behind_e0 = key_pressed_by(&e0, code);

        plain[code] = key_pressed_by(&fresh, code);
        extended[code] = behind_e0 == plain[code] ? KEY_NONE : behind_e0;
    }
    for (unsigned before = 0; before < BYTES; before++) {
        struct scancode_decoder first = after(&fresh, before);

        for (unsigned last = 0; last < BYTES; last++) {
            struct scancode_decoder second = after(&first, last);
            bool begins = last >= 0xe0 || last == CODE_CTRL;

            for (unsigned code = 1; code < CODE_COUNT; code += begins ? 1 : step) {
                failures +=
                    key_pressed_by(&second, code) != meaning(plain, extended, before, last, code);
            }
        }
    }
    CHECK_EQ(failures, 0u);
}

/* Press and release each modifier once: none is stuck, whatever came before. */
KTEST(scancode, no_modifier_is_stuck_after_it_was_struck_once)
{
    static const uint8_t strokes[] = {0x1d, 0x9d, 0xe0, 0x1d, 0xe0, 0x9d, 0x38, 0xb8,
                                      0xe0, 0x38, 0xe0, 0xb8, 0x2a, 0xaa, 0x36, 0xb6,
                                      0xe0, 0x5b, 0xe0, 0xdb, 0xe0, 0x5c, 0xe0, 0xdc};
    uint64_t seed = 0x0d155e75;
    unsigned rounds = __STDC_HOSTED__ ? 200000 : 2000;
    size_t stuck = 0;

    for (unsigned round = 0; round < rounds; round++) {
        struct scancode_decoder decoder = {0};
        struct key_event event;
        uint64_t bytes = pseudo_random(&seed);

        for (size_t i = 0; i < sizeof(bytes); i++) {
            (void)scancode_decode(&decoder, (uint8_t)(bytes >> 8 * i), &event);
        }
        for (size_t i = 0; i < sizeof(strokes); i++) {
            (void)scancode_decode(&decoder, strokes[i], &event);
        }
        stuck += !scancode_decode(&decoder, CODE_A, &event) || event.key != KEY_A ||
                 (event.modifiers & ~KEYMOD_LOCKS) != 0;
    }
    CHECK_EQ(stuck, 0u);
}

/* Bytes of a few kinds, so that presses, releases and prefixes meet often. */
KTEST(scancode, release_follows_a_press_and_only_autorepeat_repeats)
{
    static const uint8_t bytes[] = {0x1d, 0x9d, 0x45, 0xc5, 0xe0, 0xe1, 0x1e, 0x9e, 0x2a,
                                    0xaa, 0x4b, 0xcb, 0xff, 0x5b, 0xdb, 0x36, 0xb6, 0x46};
    struct scancode_decoder decoder = {0};
    bool down[KEY_COUNT] = {false};
    uint64_t seed = 0x5ca9c0de;
    unsigned rounds = __STDC_HOSTED__ ? 1000000 : 20000;
    size_t wrong = 0;

    for (unsigned round = 0; round < rounds; round++) {
        uint8_t byte = bytes[pseudo_random_below(&seed, sizeof(bytes))];
        struct key_event event;

        if (!scancode_decode(&decoder, byte, &event)) {
            continue;
        }
        wrong += event.key == KEY_NONE || event.key >= KEY_COUNT;
        /* Overrun forgets silently, so a key may be down here and up there, never the reverse. */
        wrong += !event.pressed && !down[event.key];
        wrong += event.repeated && !down[event.key];
        wrong += event.repeated && !event.pressed;
        down[event.key] = event.pressed;
    }
    CHECK_EQ(wrong, 0u);
}
