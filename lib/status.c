/* SPDX-License-Identifier: MIT */
/* Status codes in words. */
#include "lib/status.h"

#include <stddef.h>

#include "lib/bits.h"

static const struct {
    const char *name;
    const char *sentence;
} status_text[] = {
#define STATUS_TEXT(name, sentence) {#name, sentence},
    STATUS_LIST(STATUS_TEXT)
#undef STATUS_TEXT
};

const char *status_name(enum status status)
{
    return (size_t)status < ARRAY_SIZE(status_text) ? status_text[status].name : "?";
}

const char *status_sentence(enum status status)
{
    return (size_t)status < ARRAY_SIZE(status_text) ? status_text[status].sentence : "?";
}
