/* SPDX-License-Identifier: MIT */
/* Fixed patterns, the data's zigzag, and the two words that say what symbol it is. */
#include "lib/qr_matrix.h"

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/string.h"

#define TIMING        6U /* row and column */
#define FINDER_CENTRE 3U /* row and column, from its corner */
#define FINDER_LINE   8U /* the row and the column beside it, which hold format information */
#define ALIGNED_FROM  2U /* the first version with alignment patterns */
#define THREE_FROM    7U /* the first with three of them a side, and with version information */

/* Rings from a pattern's centre outwards, and which of them are dark. */
#define FINDER_RINGS    5U
#define FINDER_DARK     0x0bU
#define ALIGNMENT_RINGS 3U
#define ALIGNMENT_DARK  0x05U

/* Remainders are appended, in the standard's words: BCH (15, 5) and (18, 6). */
#define FORMAT_DATA_BITS    5U
#define FORMAT_CHECK_BITS   10U
#define FORMAT_GENERATOR    0x537U
#define FORMAT_MASK         0x5412U
#define VERSION_DATA_BITS   6U
#define VERSION_CHECK_BITS  12U
#define VERSION_GENERATOR   0x1f25U
#define VERSION_COLUMN_BITS 3U /* it is 6 by 3 modules, that many before the finder */

/* The level's two bits. */
static const uint8_t level_bits[] = {[QR_LEVEL_L] = 1, [QR_LEVEL_M] = 0};

NOINLINE static void fix(struct qr *qr, unsigned row, unsigned column, bool dark)
{
    qr->fixed[row] |= BIT(column);
    qr->dark[row] = (qr->dark[row] & ~BIT(column)) | (uint64_t)dark << column;
}

static unsigned distance(unsigned a, unsigned b)
{
    return a > b ? a - b : b - a;
}

/* Square rings around a centre, as far as the symbol goes: each dark where its bit is set. */
static void draw_rings(struct qr *qr, unsigned centre_row, unsigned centre_column,
                       unsigned ring_count, unsigned dark_rings)
{
    for (unsigned row = 0; row < qr->size; row++) {
        for (unsigned column = 0; column < qr->size; column++) {
            unsigned ring = MAX(distance(row, centre_row), distance(column, centre_column));

            if (ring < ring_count) {
                fix(qr, row, column, (dark_rings >> ring & 1) != 0);
            }
        }
    }
}

/* Each with the light that separates it from what is data. */
static void draw_finders(struct qr *qr)
{
    unsigned far = qr->size - 1 - FINDER_CENTRE;

    draw_rings(qr, FINDER_CENTRE, FINDER_CENTRE, FINDER_RINGS, FINDER_DARK);
    draw_rings(qr, FINDER_CENTRE, far, FINDER_RINGS, FINDER_DARK);
    draw_rings(qr, far, FINDER_CENTRE, FINDER_RINGS, FINDER_DARK);
}

/* At the crossings of two or three rows and columns, but not on a finder. */
static void draw_alignments(struct qr *qr)
{
    unsigned first = TIMING;
    unsigned last = qr->size - 1 - TIMING;
    unsigned step = qr->version < THREE_FROM ? last - first : (last - first) / 2;

    if (qr->version < ALIGNED_FROM) {
        return;
    }
    for (unsigned row = first; row <= last; row += step) {
        for (unsigned column = first; column <= last; column += step) {
            bool on_finder = (row == first && (column == first || column == last)) ||
                             (row == last && column == first);

            if (!on_finder) {
                draw_rings(qr, row, column, ALIGNMENT_RINGS, ALIGNMENT_DARK);
            }
        }
    }
}

static void draw_timing(struct qr *qr)
{
    for (unsigned i = 0; i < qr->size; i++) {
        fix(qr, TIMING, i, i % 2 == 0);
        fix(qr, i, TIMING, i % 2 == 0);
    }
}

static unsigned with_remainder(unsigned data, unsigned data_bits, unsigned check_bits,
                               unsigned generator)
{
    unsigned remainder = data << check_bits;

    for (unsigned i = data_bits; i-- > 0;) {
        if ((remainder >> check_bits >> i & 1) != 0) {
            remainder ^= generator << i;
        }
    }
    return data << check_bits | remainder;
}

unsigned qr_matrix_format(enum qr_level level, unsigned mask)
{
    return with_remainder((unsigned)level_bits[level] << 3 | mask, FORMAT_DATA_BITS,
                          FORMAT_CHECK_BITS, FORMAT_GENERATOR) ^
           FORMAT_MASK;
}

unsigned qr_matrix_version(unsigned version)
{
    return with_remainder(version, VERSION_DATA_BITS, VERSION_CHECK_BITS, VERSION_GENERATOR);
}

/* In the bottom left, and turned over in the top right. */
static void write_version(struct qr *qr)
{
    unsigned bits = qr_matrix_version(qr->version);
    unsigned start = qr->size - FINDER_LINE - VERSION_COLUMN_BITS;

    for (unsigned i = 0; i < VERSION_DATA_BITS + VERSION_CHECK_BITS; i++) {
        unsigned across = start + i % VERSION_COLUMN_BITS;
        unsigned along = i / VERSION_COLUMN_BITS;
        bool dark = (bits >> i & 1) != 0;

        fix(qr, across, along, dark);
        fix(qr, along, across, dark);
    }
}

void qr_matrix_write_format(struct qr *qr)
{
    const unsigned last = FORMAT_DATA_BITS + FORMAT_CHECK_BITS - 1;
    unsigned bits = qr_matrix_format(qr->level, qr->mask);
    unsigned end = qr->size - 1;

    ASSERT_CMP(qr->size, >=, QR_SIZE(1));
    ASSERT_CMP(qr->size, <=, QR_SIZE_MAX);
    for (unsigned i = 0; i <= last; i++) {
        bool dark = (bits >> i & 1) != 0;

        /* Around the top left finder: down its right, then left below it, but for the timing. */
        if (i < FINDER_LINE) {
            fix(qr, i < TIMING ? i : i + 1, FINDER_LINE, dark);
        } else {
            fix(qr, FINDER_LINE, i == FINDER_LINE ? FINDER_LINE - 1 : last - i, dark);
        }
        /* Below the top right finder from the right, then down beside the bottom left one. */
        if (i < FINDER_LINE) {
            fix(qr, FINDER_LINE, end - i, dark);
        } else {
            fix(qr, end - (last - i), FINDER_LINE, dark);
        }
    }
    fix(qr, qr->size - FINDER_LINE, FINDER_LINE, true); /* in every symbol */
}

void qr_matrix_draw_fixed(struct qr *qr)
{
    memset(qr->dark, 0, sizeof(qr->dark));
    memset(qr->fixed, 0, sizeof(qr->fixed));
    draw_timing(qr);
    draw_finders(qr);
    draw_alignments(qr);
    qr->mask = 0;
    qr_matrix_write_format(qr);
    if (qr->version >= THREE_FROM) {
        write_version(qr);
    }
}

/* Pairs of columns from the right, up, down and so on; the timing column is left out. */
void qr_matrix_place(struct qr *qr, size_t codeword_count)
{
    size_t bit = 0;
    bool up = true;

    for (unsigned right = qr->size - 1; right < qr->size; right -= 2, up = !up) {
        if (right == TIMING) {
            right--;
        }
        for (unsigned i = 0; i < 2 * qr->size; i++) {
            unsigned row = up ? qr->size - 1 - i / 2 : i / 2;
            unsigned column = right - i % 2;

            /* What is behind the last codeword stays light. */
            if ((qr->fixed[row] & BIT(column)) == 0 && bit < codeword_count * 8) {
                uint64_t dark = qr->codewords[bit / 8] >> (7 - bit % 8) & 1;

                qr->dark[row] |= dark << column;
                bit++;
            }
        }
    }
}
