/* SPDX-License-Identifier: MIT */
/* The eight masks, and the four things that are bad in a symbol, found a row a word. */
#include "lib/qr_mask.h"

#include "lib/assert.h"
#include "lib/bits.h"

/* The standard's N1 to N4. */
#define PENALTY_RUN     3U /* five modules alike in a line; one more for each further one */
#define PENALTY_BLOCK   3U /* two by two alike */
#define PENALTY_FINDER  40U /* a line across a finder, with four light before or behind */
#define PENALTY_BALANCE 10U /* for each 5 % that the dark ones are away from half */

#define FINDER_BITS   11U
#define FINDER_BEFORE 0x05dU /* 1 : 1 : 3 : 1 : 1, four light behind, which are the higher bits */
#define FINDER_BEHIND 0x5d0U
#define FINDER_LIGHT  4U
#define BALANCE_STEPS 10U /* of 5 % from half to all */

_Static_assert(QR_SIZE_MAX + 2 * FINDER_LIGHT <= 64, "a row and the light around it is a word");

static bool is_masked(unsigned mask, unsigned row, unsigned column)
{
    unsigned product = row * column;

    switch (mask) {
    case 0:
        return (row + column) % 2 == 0;
    case 1:
        return row % 2 == 0;
    case 2:
        return column % 3 == 0;
    case 3:
        return (row + column) % 3 == 0;
    case 4:
        return (row / 2 + column / 3) % 2 == 0;
    case 5:
        return product % 2 + product % 3 == 0;
    case 6:
        return (product % 2 + product % 3) % 2 == 0;
    default:
        return ((row + column) % 2 + product % 3) % 2 == 0;
    }
}

void qr_mask_toggle(struct qr *qr, unsigned mask)
{
    for (unsigned row = 0; row < qr->size; row++) {
        for (unsigned column = 0; column < qr->size; column++) {
            uint64_t turned = is_masked(mask, row, column) ? BIT(column) : 0;

            qr->dark[row] ^= turned & ~qr->fixed[row];
        }
    }
}

NOINLINE static unsigned count_bits(uint64_t word)
{
    unsigned count = 0;

    for (; word != 0; word &= word - 1) {
        count++;
    }
    return count;
}

/* Which modules of a line are like the next one. */
static uint64_t like_next(uint64_t line, unsigned size)
{
    return ~(line ^ line >> 1) & (BIT(size - 1) - 1);
}

/* Runs and finders in a row or column. */
NOINLINE static unsigned line_penalty(uint64_t line, unsigned size)
{
    uint64_t alike = like_next(line, size);
    /* A run of n has n - 4 modules that four alike follow; they are next to each other. */
    uint64_t fives = alike & alike >> 1 & alike >> 2 & alike >> 3;
    unsigned penalty = count_bits(fives) + (PENALTY_RUN - 1) * count_bits(fives & ~(fives << 1));
    uint64_t with_light = line << FINDER_LIGHT;

    for (unsigned i = 0; i + FINDER_BITS <= size + 2 * FINDER_LIGHT; i++) {
        uint64_t seen = with_light >> i & (BIT(FINDER_BITS) - 1);

        if (seen == FINDER_BEFORE || seen == FINDER_BEHIND) {
            penalty += PENALTY_FINDER;
        }
    }
    return penalty;
}

static uint64_t column_of(const struct qr *qr, unsigned column)
{
    uint64_t line = 0;

    for (unsigned row = 0; row < qr->size; row++) {
        line |= (qr->dark[row] >> column & 1) << row;
    }
    return line;
}

static unsigned block_penalty(const struct qr *qr)
{
    unsigned count = 0;

    for (unsigned row = 0; row + 1 < qr->size; row++) {
        uint64_t upper = qr->dark[row];
        uint64_t lower = qr->dark[row + 1];

        count +=
            count_bits(like_next(upper, qr->size) & like_next(lower, qr->size) & ~(upper ^ lower));
    }
    return count * PENALTY_BLOCK;
}

static unsigned balance_penalty(unsigned dark_count, unsigned module_count)
{
    unsigned twice = 2 * dark_count;
    unsigned away = twice > module_count ? twice - module_count : module_count - twice;

    return away * BALANCE_STEPS / module_count * PENALTY_BALANCE;
}

unsigned qr_mask_penalty(const struct qr *qr)
{
    unsigned penalty = block_penalty(qr);
    unsigned dark_count = 0;

    ASSERT_CMP(qr->size, >=, QR_SIZE(1));
    for (unsigned i = 0; i < qr->size; i++) {
        penalty += line_penalty(qr->dark[i], qr->size) + line_penalty(column_of(qr, i), qr->size);
        dark_count += count_bits(qr->dark[i]);
    }
    return penalty + balance_penalty(dark_count, qr->size * qr->size);
}
