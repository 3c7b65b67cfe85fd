/* SPDX-License-Identifier: MIT */
/*
 * Numbers as people type them. A text is a number as a whole or not at all; a
 * value that does not fit its type is none. Pure; any context.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/compiler.h"

/* Read an address: hexadecimal, 0x before it or not. For a text that is none, `value` stays. */
MUST_CHECK bool number_parse_address(const char *text, uint64_t *value);

/* Read a count: decimal, or hexadecimal behind 0x. Likewise. */
MUST_CHECK bool number_parse_count(const char *text, uint64_t *value);

/* Read seconds, with up to nine digits behind a point, as nanoseconds: "1.5", "0.001". Likewise. */
MUST_CHECK bool number_parse_seconds(const char *text, uint64_t *ns);
