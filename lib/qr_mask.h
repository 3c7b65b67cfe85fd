/* SPDX-License-Identifier: MIT */
/*
 * Masks, which break up what would look like a finder or like nothing. Private
 * to lib/qr*. Source: ISO/IEC 18004, "Data masking".
 */
#pragma once

#include "lib/qr.h"

/* Turn the data modules over that a mask, 0 to QR_MASKS - 1, names; twice is as before. */
void qr_mask_toggle(struct qr *qr, unsigned mask);

/* How badly a symbol reads, by "Evaluation of data masking results"; less is better. */
unsigned qr_mask_penalty(const struct qr *qr);
