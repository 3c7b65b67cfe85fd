/* SPDX-License-Identifier: MIT */
/*
 * QR codes of up to 230 bytes: byte mode, versions 1 to 9, error correction
 * level M where it costs no larger symbol, else L. Pure; the memory is the
 * caller's, so that a panic can make one. Source: ISO/IEC 18004.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/compiler.h"
#include "lib/status.h"

/* Up to here a row of modules, with the light around it, is one word, a length one byte. */
#define QR_VERSION_MAX   9U
#define QR_SIZE(version) (17U + 4U * (version)) /* modules in each direction */
#define QR_SIZE_MAX      QR_SIZE(QR_VERSION_MAX)

#define QR_CODEWORDS_MAX 292U /* of a symbol, checks included */
#define QR_MASKS         8U

/* Light modules that the standard wants on all sides. */
#define QR_QUIET_ZONE 4U

enum qr_level {
    QR_LEVEL_L, /* a fourteenth of the codewords may be wrong */
    QR_LEVEL_M, /* a seventh */
};

struct qr {
    unsigned version; /* 1 to QR_VERSION_MAX */
    unsigned size; /* QR_SIZE(version) */
    enum qr_level level;
    unsigned mask; /* 0 to QR_MASKS - 1 */

    /* A row a word, bit 0 the leftmost module. */
    uint64_t dark[QR_SIZE_MAX];
    uint64_t fixed[QR_SIZE_MAX]; /* finders and the like: holds no data, is not masked */

    uint8_t data[QR_CODEWORDS_MAX];
    uint8_t codewords[QR_CODEWORDS_MAX]; /* data and checks, as they are placed */
};

/* How many bytes a version, 1 to QR_VERSION_MAX, has room for at a level. Any context. */
size_t qr_capacity(unsigned version, enum qr_level level);

/*
 * Make the smallest symbol that holds some bytes, with the mask that reads best.
 *
 * qr           out: untouched on failure
 * version_max  the largest version to take, 1 to QR_VERSION_MAX
 *
 * Returns OK
 *         ERR_FULL  more bytes than version_max has room for
 *
 * Context: any.
 */
MUST_CHECK enum status qr_encode(struct qr *qr, const void *bytes, size_t length,
                                 unsigned version_max);

/*
 * Make the symbol that was asked for.
 *
 * length  up to qr_capacity(version, level)
 * mask    0 to QR_MASKS - 1
 *
 * Context: any.
 */
void qr_encode_as(struct qr *qr, const void *bytes, size_t length, unsigned version,
                  enum qr_level level, unsigned mask);

/* Whether a module is dark; what is outside of the symbol is not. Any context. */
bool qr_is_dark(const struct qr *qr, unsigned row, unsigned column);
