/* SPDX-License-Identifier: MIT */
/*
 * QR codes: which symbol is chosen, what each has in fixed places, and the
 * standard's known words. That they can be read is shown by tests/check/test_qr.py.
 */
#include "lib/qr.h"

#include "lib/bits.h"
#include "lib/qr_matrix.h"
#include "lib/reed_solomon.h"
#include "lib/string.h"
#include "tests/ktest.h"

static struct qr qr;
static uint8_t bytes[256];

static void encode(unsigned version, enum qr_level level, unsigned mask)
{
    memset(bytes, 'x', sizeof(bytes));
    qr_encode_as(&qr, bytes, qr_capacity(version, level), version, level, mask);
}

KTEST(qr, capacities_are_the_standards)
{
    /* "Number of symbol characters and input data capacity", byte mode. */
    static const uint8_t want[QR_VERSION_MAX][2] = {
        {17, 14},   {32, 26},   {53, 42},   {78, 62},   {106, 84},
        {134, 106}, {154, 122}, {192, 152}, {230, 180},
    };

    for (unsigned version = 1; version <= QR_VERSION_MAX; version++) {
        CHECK_EQ(qr_capacity(version, QR_LEVEL_L), want[version - 1][0]);
        CHECK_EQ(qr_capacity(version, QR_LEVEL_M), want[version - 1][1]);
    }
}

KTEST(qr, smallest_version_is_taken_and_more_correction_where_it_fits)
{
    unsigned version = 1;

    for (size_t length = 0; length <= qr_capacity(QR_VERSION_MAX, QR_LEVEL_L); length++) {
        version += length > qr_capacity(version, QR_LEVEL_L) ? 1 : 0;
        REQUIRE_OK(qr_encode(&qr, bytes, length, QR_VERSION_MAX));
        CHECK_EQ(qr.version, version);
        CHECK_EQ(qr.size, 17 + 4 * version);
        CHECK_EQ(qr.level == QR_LEVEL_M, length <= qr_capacity(version, QR_LEVEL_M));
    }
}

KTEST(qr, too_much_is_refused_and_nothing_touched)
{
    for (unsigned version = 1; version <= QR_VERSION_MAX; version++) {
        size_t most = qr_capacity(version, QR_LEVEL_L);

        CHECK_OK(qr_encode(&qr, bytes, most, version));
        memset(&qr, 0x5a, sizeof(qr));
        CHECK_STATUS(qr_encode(&qr, bytes, most + 1, version), ERR_FULL);
        for (size_t i = 0; i < sizeof(qr); i++) {
            REQUIRE_EQ(((const uint8_t *)&qr)[i], 0x5a);
        }
    }
}

KTEST(qr, information_words_are_the_standards)
{
    /* The examples of "Format information" and "Version information". */
    CHECK_EQ(qr_matrix_format(QR_LEVEL_M, 5), 0x40ceU);
    CHECK_EQ(qr_matrix_format(QR_LEVEL_L, 0), 0x77c4U);
    CHECK_EQ(qr_matrix_version(7), 0x07c94U);
}

static unsigned differences(unsigned a, unsigned b)
{
    unsigned count = 0;

    for (unsigned bits = a ^ b; bits != 0; bits &= bits - 1) {
        count++;
    }
    return count;
}

KTEST(qr, format_words_differ_in_seven_bits)
{
    for (unsigned a = 0; a < 2 * QR_MASKS; a++) {
        for (unsigned b = 0; b < a; b++) {
            unsigned first = qr_matrix_format((enum qr_level)(a / QR_MASKS), a % QR_MASKS);
            unsigned second = qr_matrix_format((enum qr_level)(b / QR_MASKS), b % QR_MASKS);

            CHECK_GE(differences(first, second), 7U);
        }
    }
}

KTEST(qr, data_has_just_the_modules_that_its_codewords_need)
{
    /* "Codewords of a symbol", and the bits that remain behind them. */
    static const uint16_t codewords[QR_VERSION_MAX] = {26, 44, 70, 100, 134, 172, 196, 242, 292};

    for (unsigned version = 1; version <= QR_VERSION_MAX; version++) {
        unsigned remainder = version >= 2 && version <= 6 ? 7 : 0;
        unsigned free = 0;

        encode(version, QR_LEVEL_L, 0);
        for (unsigned row = 0; row < qr.size; row++) {
            CHECK_EQ(qr.fixed[row] >> qr.size, 0UL);
            free += qr.size - differences((unsigned)qr.fixed[row], 0) -
                    differences((unsigned)(qr.fixed[row] >> 32), 0);
        }
        CHECK_EQ(free, codewords[version - 1] * 8U + remainder);
    }
}

KTEST(qr, data_is_mode_length_bytes_end_and_padding_by_turns)
{
    static const uint8_t want[] = {0x40, 0x36, 0x16, 0x26, 0x30, 0xec, 0x11, 0xec};

    qr_encode_as(&qr, "abc", 3, 1, QR_LEVEL_L, 0);
    CHECK_MEM_EQ(qr.codewords, want, sizeof(want));
    memset(bytes, 0xff, 17);
    qr_encode_as(&qr, bytes, 17, 1, QR_LEVEL_L, 0);
    CHECK_EQ(qr.codewords[0], 0x41);
    CHECK_EQ(qr.codewords[1], 0x1f);
    CHECK_EQ(qr.codewords[18], 0xf0);
}

KTEST(qr, blocks_take_turns_and_the_last_ones_have_one_codeword_more)
{
    /* 9-M: blocks of 36, 36, 36, 37 and 37 codewords; the first of each, then the last ones. */
    static const uint8_t starts[] = {0, 36, 72, 108, 145, 182};

    for (unsigned i = 0; i < qr_capacity(9, QR_LEVEL_M); i++) {
        bytes[i] = (uint8_t)i;
    }
    qr_encode_as(&qr, bytes, qr_capacity(9, QR_LEVEL_M), 9, QR_LEVEL_M, 0);
    for (unsigned block = 0; block < 5; block++) {
        CHECK_EQ(qr.codewords[block], qr.data[starts[block]]);
        CHECK_EQ(qr.codewords[35 * 5 + block], qr.data[starts[block] + 35]);
    }
    CHECK_EQ(qr.codewords[180], qr.data[starts[4] - 1]);
    CHECK_EQ(qr.codewords[181], qr.data[starts[5] - 1]);
    for (unsigned block = 0; block < 5; block++) {
        uint8_t check[22];

        reed_solomon_check(qr.data + starts[block], starts[block + 1] - starts[block], check,
                           sizeof(check));
        for (unsigned i = 0; i < sizeof(check); i++) {
            CHECK_EQ(qr.codewords[182 + i * 5 + block], check[i]);
        }
    }
}

/* Where in version 1 the one bit is that is set. */
static void check_place(unsigned bit, unsigned row, unsigned column)
{
    uint64_t before[QR_SIZE_MAX];

    qr.version = 1;
    qr.size = QR_SIZE(1);
    qr_matrix_draw_fixed(&qr);
    memcpy(before, qr.dark, sizeof(before));
    memset(qr.codewords, 0, sizeof(qr.codewords));
    qr.codewords[bit / 8] = (uint8_t)(0x80 >> bit % 8);
    qr_matrix_place(&qr, 26);
    for (unsigned i = 0; i < qr.size; i++) {
        CHECK_EQ(before[i] ^ qr.dark[i], i == row ? BIT(column) : 0UL);
    }
}

KTEST(qr, codewords_go_up_and_down_from_the_bottom_right)
{
    check_place(0, 20, 20);
    check_place(1, 20, 19);
    check_place(2, 19, 20);
    check_place(23, 9, 19);
    check_place(24, 9, 18);
    check_place(47, 20, 17);
    check_place(48, 20, 16);
    check_place(26 * 8 - 1, 12, 0);
}

/* A picture, `#` dark and `.` light, of what is around a place; `?` may be either. */
static void check_picture(unsigned top, unsigned left, const char *const *picture, unsigned rows)
{
    for (unsigned row = 0; row < rows; row++) {
        for (unsigned column = 0; picture[row][column] != '\0'; column++) {
            if (picture[row][column] != '?') {
                CHECK_EQ(qr_is_dark(&qr, top + row, left + column), picture[row][column] == '#');
            }
        }
    }
}

KTEST(qr, finders_are_in_three_corners_with_light_around)
{
    static const char *const finder[] = {
        ".........", ".#######.", ".#.....#.", ".#.###.#.", ".#.###.#.",
        ".#.###.#.", ".#.....#.", ".#######.", ".........",
    };

    for (unsigned version = 1; version <= QR_VERSION_MAX; version++) {
        encode(version, QR_LEVEL_M, 3);
        /* Row and column before the first are outside: light. */
        check_picture(0U - 1, 0U - 1, finder, ARRAY_SIZE(finder));
        check_picture(0U - 1, qr.size - 8, finder, ARRAY_SIZE(finder));
        check_picture(qr.size - 8, 0U - 1, finder, ARRAY_SIZE(finder));
    }
}

KTEST(qr, timing_alternates_and_one_module_is_always_dark)
{
    for (unsigned version = 1; version <= QR_VERSION_MAX; version++) {
        encode(version, QR_LEVEL_L, 6);
        for (unsigned i = 8; i < qr.size - 8; i++) {
            CHECK_EQ(qr_is_dark(&qr, 6, i), i % 2 == 0);
            CHECK_EQ(qr_is_dark(&qr, i, 6), i % 2 == 0);
        }
        CHECK(qr_is_dark(&qr, 4 * version + 9, 8));
    }
}

KTEST(qr, alignment_patterns_are_where_the_standard_has_them)
{
    static const char *const pattern[] = {"#####", "#...#", "#.#.#", "#...#", "#####"};
    /* "Row/column coordinates of center module of alignment patterns", but for 6. */
    static const uint8_t centres[QR_VERSION_MAX][2] = {
        {0}, {18}, {22}, {26}, {30}, {34}, {22, 38}, {24, 42}, {26, 46},
    };

    for (unsigned version = 2; version <= QR_VERSION_MAX; version++) {
        const uint8_t *at = centres[version - 1];

        encode(version, QR_LEVEL_L, 2);
        for (unsigned i = 0; i < 2 && at[i] != 0; i++) {
            for (unsigned j = 0; j < 2 && at[j] != 0; j++) {
                check_picture(at[i] - 2U, at[j] - 2U, pattern, ARRAY_SIZE(pattern));
            }
        }
        if (at[1] != 0) {
            check_picture(4, at[0] - 2U, pattern, ARRAY_SIZE(pattern));
            check_picture(at[0] - 2U, 4, pattern, ARRAY_SIZE(pattern));
        }
    }
}

/* One word of 15 bits, the highest first, along both ways that it is written. */
static void check_format(unsigned word)
{
    static const uint8_t rows[] = {8, 8, 8, 8, 8, 8, 8, 8, 7, 5, 4, 3, 2, 1, 0};
    static const uint8_t columns[] = {0, 1, 2, 3, 4, 5, 7, 8, 8, 8, 8, 8, 8, 8, 8};

    for (unsigned i = 0; i < 15; i++) {
        bool want = (word >> (14 - i) & 1) != 0;

        CHECK_EQ(qr_is_dark(&qr, rows[i], columns[i]), want);
        CHECK_EQ(i < 7 ? qr_is_dark(&qr, qr.size - 1 - i, 8) : qr_is_dark(&qr, 8, qr.size - 15 + i),
                 want);
    }
}

KTEST(qr, level_and_mask_are_written_twice)
{
    for (unsigned mask = 0; mask < QR_MASKS; mask++) {
        encode(1 + mask, QR_LEVEL_M, mask);
        check_format(qr_matrix_format(QR_LEVEL_M, mask));
        encode(1 + mask, QR_LEVEL_L, mask);
        check_format(qr_matrix_format(QR_LEVEL_L, mask));
    }
}

KTEST(qr, version_is_written_twice_from_seven_on)
{
    for (unsigned version = 7; version <= QR_VERSION_MAX; version++) {
        unsigned word = qr_matrix_version(version);

        encode(version, QR_LEVEL_L, 0);
        for (unsigned i = 0; i < 18; i++) {
            bool want = (word >> i & 1) != 0;

            CHECK_EQ(qr_is_dark(&qr, i / 3, qr.size - 11 + i % 3), want);
            CHECK_EQ(qr_is_dark(&qr, qr.size - 11 + i % 3, i / 3), want);
        }
    }
}

KTEST(qr, nothing_is_dark_outside)
{
    encode(QR_VERSION_MAX, QR_LEVEL_L, 1);
    for (unsigned i = 0; i < qr.size; i++) {
        CHECK(!qr_is_dark(&qr, i, qr.size) && !qr_is_dark(&qr, qr.size, i));
        CHECK(!qr_is_dark(&qr, i, UINT32_MAX) && !qr_is_dark(&qr, UINT32_MAX, i));
    }
}
