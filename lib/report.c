/* SPDX-License-Identifier: MIT */
/* Lines of a report, cut and wrapped to a screen's width. */
#include "lib/report.h"

#include <stdarg.h>
#include <stdbool.h>

#include "lib/assert.h"
#include "lib/format.h"
#include "lib/string.h"

#define CUT      "..."
#define LEFT_OUT " +%zu"

/* What LEFT_OUT may take: a count of up to six digits. */
#define LEFT_OUT_COLUMNS 8U

/* Add text as it is, a line or a part of one. */
static void append(struct report *report, const char *text, size_t length)
{
    ASSERT_CMP(length, <, report->size - report->length);
    for (size_t i = 0; i < length; i++) {
        char *place = &report->text[report->length++];

        *place = text[i];
        if (text[i] < ' ' || text[i] > '~') {
            *place = '?';
        }
    }
    report->text[report->length] = '\0';
}

static void end_line(struct report *report)
{
    ASSERT_CMP(report->size - report->length, >, 1);
    report->text[report->length++] = '\n';
    report->text[report->length] = '\0';
}

void report_begin(struct report *report, char *buffer, size_t size)
{
    *report = (struct report){.text = buffer, .size = size};
    buffer[0] = '\0';
}

void report_mark(struct report *report, const char *text)
{
    append(report, text, strlen(text));
    end_line(report);
}

void report_line(struct report *report, const char *key, const char *format, ...)
{
    char line[REPORT_COLUMNS + 1];
    size_t length = ksnprintf(line, sizeof(line), "%s: ", key);
    va_list arguments;

    ASSERT_CMP(length, <, sizeof(line));
    va_start(arguments, format);
    length += kvsnprintf(line + length, sizeof(line) - length, format, arguments);
    va_end(arguments);
    if (length >= sizeof(line)) {
        length = sizeof(line) - 1;
        memcpy(line + length - strlen(CUT), CUT, sizeof(CUT));
    }
    append(report, line, length);
    end_line(report);
}

static void begin_list_line(struct report *report)
{
    report->line = report->length;
    append(report, report->key, strlen(report->key));
    append(report, ":", 1);
}

void report_begin_list(struct report *report, const char *key, unsigned lines)
{
    report->key = key;
    report->lines_left = lines - 1;
    report->left_out = 0;
    begin_list_line(report);
}

/* Whether the list's line has room for an item and the blank before it. */
static bool has_room(const struct report *report, size_t length)
{
    size_t columns = REPORT_COLUMNS - (report->lines_left == 0 ? LEFT_OUT_COLUMNS : 0);

    return report->length - report->line + 1 + length <= columns;
}

void report_item(struct report *report, const char *format, ...)
{
    char item[REPORT_ITEM_MAX + 1];
    va_list arguments;
    size_t length;

    va_start(arguments, format);
    length = kvsnprintf(item, sizeof(item), format, arguments);
    va_end(arguments);
    ASSERT_CMP(length, <, sizeof(item));
    if (report->left_out == 0 && !has_room(report, length) && report->lines_left != 0) {
        end_line(report);
        report->lines_left--;
        begin_list_line(report);
    }
    if (report->left_out != 0 || !has_room(report, length)) {
        report->left_out++; /* and all behind it, so that what is shown is the beginning */
        return;
    }
    append(report, " ", 1);
    append(report, item, length);
}

void report_end_list(struct report *report)
{
    char count[LEFT_OUT_COLUMNS + 1];

    if (report->left_out != 0) {
        append(report, count, ksnprintf(count, sizeof(count), LEFT_OUT, report->left_out));
    }
    end_line(report);
}
