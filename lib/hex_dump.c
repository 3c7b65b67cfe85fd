/* SPDX-License-Identifier: MIT */
/* Memory as text. */
#include "lib/hex_dump.h"

#include "lib/format.h"

const char *hex_dump_line(char buffer[HEX_DUMP_LINE_SIZE], uint64_t address, const uint8_t *bytes,
                          size_t first, size_t count)
{
    size_t used = ksnprintf(buffer, HEX_DUMP_LINE_SIZE, "0x%016lx ", address);
    char *text;

    for (size_t i = 0; i < HEX_DUMP_WIDTH; i++) {
        if (i < first || i >= first + count) {
            used += ksnprintf(buffer + used, HEX_DUMP_LINE_SIZE - used, "   ");
        } else {
            used += ksnprintf(buffer + used, HEX_DUMP_LINE_SIZE - used, " %02x", bytes[i - first]);
        }
    }
    used += ksnprintf(buffer + used, HEX_DUMP_LINE_SIZE - used, "  |");
    text = buffer + used;
    for (size_t i = 0; i < first + count; i++) {
        uint8_t byte = i < first ? ' ' : bytes[i - first];

        *text++ = (char)(byte >= ' ' && byte <= '~' ? byte : '.');
    }
    *text++ = '|';
    *text = '\0';
    return buffer;
}
