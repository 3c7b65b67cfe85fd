/* SPDX-License-Identifier: MIT */
/* The kinds of frames in words. */
#include "mm/frame_kind.h"

#include <stddef.h>

#include "lib/bits.h"

static const char *const names[] = {
#define FRAME_KIND_NAME(kind, name) [kind] = (name),
    FRAME_KIND_LIST(FRAME_KIND_NAME)
#undef FRAME_KIND_NAME
};

const char *frame_kind_name(enum frame_kind kind)
{
    return (size_t)kind < ARRAY_SIZE(names) ? names[kind] : "?";
}
