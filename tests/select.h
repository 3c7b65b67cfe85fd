/* SPDX-License-Identifier: MIT */
/* Which tests and benchmarks a pattern means. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/string.h"

/* Whether "", NULL, "suite" or "suite.name" selects this one. */
static inline bool is_selected(const char *pattern, const char *suite, const char *name)
{
    size_t suite_length = strlen(suite);

    if (pattern == NULL || pattern[0] == '\0' || strcmp(pattern, suite) == 0) {
        return true;
    }
    return strncmp(pattern, suite, suite_length) == 0 && pattern[suite_length] == '.' &&
           strcmp(pattern + suite_length + 1, name) == 0;
}
