/* SPDX-License-Identifier: MIT */
/* Masks against their formulas as the standard prints them, penalties against counting by hand. */
#include "lib/qr_mask.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "tests/ktest.h"
#include "tests/unit/pseudo_random.h"

static struct qr qr;

static bool is_dark(unsigned row, unsigned column)
{
    return (qr.dark[row] >> column & 1) != 0;
}

static void start(unsigned version)
{
    memset(&qr, 0, sizeof(qr));
    qr.version = version;
    qr.size = QR_SIZE(version);
}

KTEST(qr_mask, corners_are_those_of_the_standards_pictures)
{
    /* "Data mask patterns", the top left six by six; `#` is turned over. */
    static const char *const pictures[QR_MASKS][6] = {
        {"#.#.#.", ".#.#.#", "#.#.#.", ".#.#.#", "#.#.#.", ".#.#.#"},
        {"######", "......", "######", "......", "######", "......"},
        {"#..#..", "#..#..", "#..#..", "#..#..", "#..#..", "#..#.."},
        {"#..#..", "..#..#", ".#..#.", "#..#..", "..#..#", ".#..#."},
        {"###...", "###...", "...###", "...###", "###...", "###..."},
        {"######", "#.....", "#..#..", "#.#.#.", "#..#..", "#....."},
        {"######", "###...", "##.##.", "#.#.#.", "#.##.#", "#...##"},
        {"#.#.#.", "...###", "#...##", ".#.#.#", "###...", ".###.."},
    };

    for (unsigned mask = 0; mask < QR_MASKS; mask++) {
        start(1);
        qr_mask_toggle(&qr, mask);
        for (unsigned row = 0; row < 6; row++) {
            for (unsigned column = 0; column < 6; column++) {
                CHECK_EQ(is_dark(row, column), pictures[mask][row][column] == '#');
            }
        }
    }
}

KTEST(qr_mask, fixed_modules_stay_and_a_second_time_undoes_the_first)
{
    for (unsigned mask = 0; mask < QR_MASKS; mask++) {
        uint64_t random = mask + 1;

        start(QR_VERSION_MAX);
        for (unsigned row = 0; row < qr.size; row++) {
            qr.fixed[row] = pseudo_random(&random) & (BIT(QR_SIZE_MAX) - 1);
        }
        qr_mask_toggle(&qr, mask);
        for (unsigned row = 0; row < qr.size; row++) {
            CHECK_EQ(qr.dark[row] & qr.fixed[row], 0UL);
        }
        qr_mask_toggle(&qr, mask);
        for (unsigned row = 0; row < qr.size; row++) {
            CHECK_EQ(qr.dark[row], 0UL);
        }
    }
}

/* The module at a place of a row, or of a column; light outside. */
static bool on_line(unsigned line, bool is_row, int at)
{
    if (at < 0 || at >= (int)qr.size) {
        return false;
    }
    return is_row ? is_dark(line, (unsigned)at) : is_dark((unsigned)at, line);
}

static unsigned run_points(unsigned line, bool is_row)
{
    unsigned points = 0;
    unsigned length = 1;

    for (int at = 1; at <= (int)qr.size; at++) {
        if (at < (int)qr.size && on_line(line, is_row, at) == on_line(line, is_row, at - 1)) {
            length++;
            continue;
        }
        points += length >= 5 ? 3 + (length - 5) : 0;
        length = 1;
    }
    return points;
}

static unsigned finder_points(unsigned line, bool is_row)
{
    static const char *const patterns[] = {"#.###.#....", "....#.###.#"};
    unsigned points = 0;

    for (int from = -4; from + 11 <= (int)qr.size + 4; from++) {
        for (unsigned which = 0; which < ARRAY_SIZE(patterns); which++) {
            bool is_there = true;

            for (int i = 0; i < 11; i++) {
                is_there &= on_line(line, is_row, from + i) == (patterns[which][i] == '#');
            }
            points += is_there ? 40 : 0;
        }
    }
    return points;
}

static unsigned points_by_hand(void)
{
    unsigned points = 0;
    unsigned dark = 0;

    for (unsigned i = 0; i < qr.size; i++) {
        points += run_points(i, true) + run_points(i, false);
        points += finder_points(i, true) + finder_points(i, false);
        for (unsigned j = 0; j < qr.size; j++) {
            dark += is_dark(i, j) ? 1 : 0;
            if (i > 0 && j > 0 && is_dark(i, j) == is_dark(i - 1, j) &&
                is_dark(i, j) == is_dark(i, j - 1) && is_dark(i, j) == is_dark(i - 1, j - 1)) {
                points += 3;
            }
        }
    }
    /* The next multiples of 5 % on either side of the share; the one nearer to 50 counts. */
    for (unsigned step = 1; step <= 10; step++) {
        unsigned total = qr.size * qr.size;

        points +=
            dark * 100 >= (50 + 5 * step) * total || dark * 100 <= (50 - 5 * step) * total ? 10 : 0;
    }
    return points;
}

KTEST(qr_mask, penalty_of_one_colour_is_known)
{
    start(1);
    /* 42 lines of 21 alike, 400 blocks, all the way from half. */
    CHECK_EQ(qr_mask_penalty(&qr), 42U * 19 + 400 * 3 + 100);
}

KTEST(qr_mask, penalty_agrees_with_counting_by_hand)
{
    uint64_t random = 7;

    for (unsigned round = 0; round < 60; round++) {
        start(1 + round % QR_VERSION_MAX);
        for (unsigned row = 0; row < qr.size; row++) {
            uint64_t line = pseudo_random(&random);

            /* Now and then more of one colour, and in blocks. */
            line &= round % 3 == 0 ? pseudo_random(&random) : UINT64_MAX;
            line |= round % 5 == 0 ? line << 1 | line << 2 : 0;
            line = round % 4 == 0 && row % 3 != 0 ? qr.dark[row - 1] : line;
            line |= round % 7 == 0 ? (uint64_t)0x5d << row % 16 : 0;
            qr.dark[row] = line & (BIT(qr.size) - 1);
        }
        CHECK_EQ(qr_mask_penalty(&qr), points_by_hand());
    }
}

KTEST(qr_mask, best_mask_is_chosen)
{
    static struct qr chosen;
    static const char text[] = "the quick brown fox jumps over the lazy dog";

    for (size_t length = 0; length < sizeof(text); length++) {
        unsigned least = UINT32_MAX;
        unsigned best = QR_MASKS;

        REQUIRE_OK(qr_encode(&chosen, text, length, QR_VERSION_MAX));
        for (unsigned mask = 0; mask < QR_MASKS; mask++) {
            qr_encode_as(&qr, text, length, chosen.version, chosen.level, mask);
            if (qr_mask_penalty(&qr) < least) {
                least = qr_mask_penalty(&qr);
                best = mask;
            }
        }
        CHECK_EQ(chosen.mask, best);
        qr_encode_as(&qr, text, length, chosen.version, chosen.level, best);
        CHECK_MEM_EQ(chosen.dark, qr.dark, sizeof(qr.dark));
    }
}
