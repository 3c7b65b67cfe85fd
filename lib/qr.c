/* SPDX-License-Identifier: MIT */
/*
 * Bytes to codewords, and the choice of version, level and mask. Source: ISO/IEC
 * 18004, "Data encodation", "Error correction coding", "Constructing the final
 * message codeword sequence".
 */
#include "lib/qr.h"

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/qr_mask.h"
#include "lib/qr_matrix.h"
#include "lib/reed_solomon.h"

#define MODE_BYTE 4U /* the mode's four bits; then eight of length, the bytes, four of end */

/* Codewords that are neither data nor check: half of one in front, one and a half around. */
#define OVERHEAD 2U

static const uint8_t padding[] = {0xec, 0x11}; /* by turns */

struct blocks {
    uint8_t count;
    uint8_t check_count; /* in each */
};

static const uint16_t codeword_counts[QR_VERSION_MAX] = {26, 44, 70, 100, 134, 172, 196, 242, 292};

static const struct blocks blocks[QR_VERSION_MAX][QR_LEVEL_M + 1] = {
    {{1, 7}, {1, 10}},  {{1, 10}, {1, 16}}, {{1, 15}, {1, 26}},
    {{1, 20}, {2, 18}}, {{1, 26}, {2, 24}}, {{2, 18}, {4, 16}},
    {{2, 20}, {4, 18}}, {{2, 24}, {4, 22}}, {{2, 30}, {5, 22}},
};

static size_t data_count(unsigned version, enum qr_level level)
{
    const struct blocks *of = &blocks[version - 1][level];

    return codeword_counts[version - 1] - (size_t)of->count * of->check_count;
}

size_t qr_capacity(unsigned version, enum qr_level level)
{
    ASSERT_CMP(version, >=, 1);
    ASSERT_CMP(version, <=, QR_VERSION_MAX);
    ASSERT_CMP((unsigned)level, <=, QR_LEVEL_M);
    return data_count(version, level) - OVERHEAD;
}

/* The mode takes half a codeword, so each byte lies across two. */
static void fill_data(struct qr *qr, const uint8_t *bytes, size_t length)
{
    uint8_t *end = qr->data + data_count(qr->version, qr->level);
    uint8_t *at = qr->data;
    unsigned previous = (unsigned)length;

    *at++ = (uint8_t)(MODE_BYTE << 4 | length >> 4);
    for (size_t i = 0; i < length; i++) {
        *at++ = (uint8_t)(previous << 4 | bytes[i] >> 4);
        previous = bytes[i];
    }
    *at++ = (uint8_t)(previous << 4);
    for (unsigned i = 0; at < end; i ^= 1) {
        *at++ = padding[i];
    }
}

/*
 * Of data and checks alike the first of every block, then the second of every
 * block, and so on. The last blocks may have one data codeword more.
 */
static void interleave(struct qr *qr)
{
    const struct blocks *of = &blocks[qr->version - 1][qr->level];
    size_t count = data_count(qr->version, qr->level);
    size_t length = count / of->count; /* of the short blocks */
    size_t short_count = of->count - count % of->count;
    const uint8_t *block = qr->data;
    uint8_t check[REED_SOLOMON_CHECK_MAX];

    for (size_t number = 0; number < of->count; number++) {
        size_t has_more = number >= short_count ? 1 : 0;

        for (size_t i = 0; i < length; i++) {
            qr->codewords[i * of->count + number] = block[i];
        }
        if (has_more != 0) {
            qr->codewords[length * of->count + number - short_count] = block[length];
        }
        reed_solomon_check(block, length + has_more, check, of->check_count);
        for (size_t i = 0; i < of->check_count; i++) {
            qr->codewords[count + i * of->count + number] = check[i];
        }
        block += length + has_more;
    }
}

/* All but the mask. */
static void build(struct qr *qr, const void *bytes, size_t length, unsigned version,
                  enum qr_level level)
{
    ASSERT_CMP(length, <=, qr_capacity(version, level));
    qr->version = version;
    qr->size = QR_SIZE(version);
    qr->level = level;
    fill_data(qr, bytes, length);
    interleave(qr);
    qr_matrix_draw_fixed(qr);
    qr_matrix_place(qr, codeword_counts[version - 1]);
}

static void use_mask(struct qr *qr, unsigned mask)
{
    qr->mask = mask;
    qr_mask_toggle(qr, mask);
    qr_matrix_write_format(qr);
}

void qr_encode_as(struct qr *qr, const void *bytes, size_t length, unsigned version,
                  enum qr_level level, unsigned mask)
{
    ASSERT_CMP(mask, <, QR_MASKS);
    build(qr, bytes, length, version, level);
    use_mask(qr, mask);
}

enum status qr_encode(struct qr *qr, const void *bytes, size_t length, unsigned version_max)
{
    unsigned version = 1;
    unsigned best = 0;
    unsigned least = UINT32_MAX;

    ASSERT_CMP(version_max, >=, 1);
    ASSERT_CMP(version_max, <=, QR_VERSION_MAX);
    while (length > qr_capacity(version, QR_LEVEL_L)) {
        if (version++ == version_max) {
            return ERR_FULL;
        }
    }
    build(qr, bytes, length, version,
          length > qr_capacity(version, QR_LEVEL_M) ? QR_LEVEL_L : QR_LEVEL_M);
    for (unsigned mask = 0; mask < QR_MASKS; mask++) {
        use_mask(qr, mask);
        unsigned penalty = qr_mask_penalty(qr);

        if (penalty < least) {
            least = penalty;
            best = mask;
        }
        qr_mask_toggle(qr, mask); /* off again */
    }
    use_mask(qr, best);
    return OK;
}

bool qr_is_dark(const struct qr *qr, unsigned row, unsigned column)
{
    return row < qr->size && column < qr->size && (qr->dark[row] & BIT(column)) != 0;
}
