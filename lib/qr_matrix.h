/* SPDX-License-Identifier: MIT */
/*
 * Where in a QR symbol which module is. Private to lib/qr*. Source: ISO/IEC
 * 18004, "Symbol structure", "Codeword placement in matrix", "Format
 * information", "Version information".
 */
#pragma once

#include <stddef.h>

#include "lib/qr.h"

/* Draw all that is no data; format information's place is kept. Of qr, version and size count. */
void qr_matrix_draw_fixed(struct qr *qr);

/* Place so many codewords, unmasked, where nothing fixed is. */
void qr_matrix_place(struct qr *qr, size_t codeword_count);

/* Write level and mask down, in both places; as often as they change. */
void qr_matrix_write_format(struct qr *qr);

/* The 15 bits of format information, masked, and the 18 of version information. */
unsigned qr_matrix_format(enum qr_level level, unsigned mask);
unsigned qr_matrix_version(unsigned version);
