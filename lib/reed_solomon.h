/* SPDX-License-Identifier: MIT */
/*
 * Check bytes of a Reed-Solomon code over GF(256), as QR codes have it: the
 * field's polynomial is x^8 + x^4 + x^3 + x^2 + 1, the generator's roots are
 * 2^0 to 2^(n-1). Pure. Source: ISO/IEC 18004, "Error correction codewords".
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define REED_SOLOMON_CHECK_MAX 30

/*
 * Compute the check bytes that go behind some data. As many errors as half of
 * them can be corrected.
 *
 * check        out: the bytes, in the order they are sent in
 * check_count  1 to REED_SOLOMON_CHECK_MAX
 *
 * Context: any.
 */
void reed_solomon_check(const uint8_t *data, size_t length, uint8_t *check, size_t check_count);
