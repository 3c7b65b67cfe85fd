/* SPDX-License-Identifier: MIT */
/* Foreign text made fit for one line of output. */
#include "lib/quote.h"

#include "lib/assert.h"
#include "lib/format.h"

/* What may still have to follow a byte: its escape, the quote, the dots, the NUL. */
#define ROOM_NEEDED sizeof("\\xNN\"...")

void quote(char *buffer, size_t size, const char *text, size_t length)
{
    size_t used = 1;
    size_t i = 0;

    ASSERT_CMP(size, >=, 16);
    if (text == NULL) {
        ksnprintf(buffer, size, "NULL");
        return;
    }
    buffer[0] = '"';
    for (; i < length && text[i] != '\0' && used + ROOM_NEEDED <= size; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte >= ' ' && byte <= '~') {
            buffer[used++] = text[i];
        } else {
            used += ksnprintf(buffer + used, size - used, "\\x%02x", byte);
        }
    }
    ksnprintf(buffer + used, size - used, "\"%s", i < length && text[i] != '\0' ? "..." : "");
}
