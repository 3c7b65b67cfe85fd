/* SPDX-License-Identifier: MIT */
/* Looking for a text in the log. */
#include "tests/kernel/log_search.h"

#include <stddef.h>

#include "kernel/log.h"
#include "lib/string.h"

bool log_has(const char *wanted)
{
    static char text[4096];
    size_t length = log_copy(text, sizeof(text));
    size_t wanted_length = strlen(wanted);

    for (size_t i = 0; i + wanted_length <= length; i++) {
        if (memcmp(text + i, wanted, wanted_length) == 0) {
            return true;
        }
    }
    return false;
}
