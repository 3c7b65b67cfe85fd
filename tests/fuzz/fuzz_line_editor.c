/* SPDX-License-Identifier: MIT */
/*
 * The line editor, fed through the serial terminal's keys, on a terminal.
 * Whatever is typed, the line stays valid UTF-8 without control codes within
 * its memory, the cursor is on a character and in sight, and the row that was
 * updated piece by piece is what a redraw shows.
 */
#include <string.h>

#include "lib/bits.h"
#include "lib/utf8.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/line_desk.h"

static void check_line(void)
{
    struct utf8_decoder decoder = {0};
    const char *line = line_editor_line(&desk.editor);

    ASSERT_CMP(desk.editor.length, <, DESK_LINE_SIZE);
    ASSERT_CMP(desk.editor.cursor, <=, desk.editor.length);
    ASSERT(!utf8_is_continuation(line[desk.editor.cursor]));
    ASSERT_CMP(strlen(line), ==, desk.editor.length);
    for (size_t i = 0; i < desk.editor.length; i++) {
        uint32_t character = ' ';
        enum utf8_result result = utf8_decode(&decoder, (uint8_t)line[i], &character);

        ASSERT_CMP(result, !=, UTF8_CUT);
        ASSERT_CMP(character, >=, 0x20);
        if (character >= 0x7f) {
            ASSERT_CMP(character, >=, 0xa0);
        }
    }
    ASSERT_CMP(decoder.missing, ==, 0);
}

static void check_row(void)
{
    static struct glass_cell row[GLASS_COLUMNS_MAX];
    const struct glass_cell *cells = &glass.cells[glass.cursor / DESK_COLUMNS * DESK_COLUMNS];
    uint32_t cursor = glass.cursor;

    ASSERT_CMP(cells[DESK_COLUMNS - 1].glyph, ==, ' ');
    memcpy(row, cells, DESK_COLUMNS * sizeof(row[0]));
    line_editor_show(&desk.editor);
    ASSERT_CMP(memcmp(row, cells, DESK_COLUMNS * sizeof(row[0])), ==, 0);
    ASSERT_CMP(glass.cursor, ==, cursor);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    desk_start(DESK_COLUMNS);
    for (size_t i = 0; i < size; i++) {
        const char byte[] = {(char)data[i], '\0'};

        desk_type(byte);
        check_line();
        if (i % 8 == 7) {
            check_row();
        }
    }
    check_row();
    return 0;
}
