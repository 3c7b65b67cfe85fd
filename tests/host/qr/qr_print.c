/* SPDX-License-Identifier: MIT */
/*
 * Prints QR codes, for tests/check/test_qr.py to have them read. For each line
 * of standard input
 *
 *     TEXT                        the code that a text gets, or
 *     VERSION LEVEL MASK<tab>TEXT  the one asked for; LEVEL is 0 for L, 1 for M
 *
 * come its version, level and mask, and then its rows, `#` dark and `.` light.
 */
#include "lib/qr.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/panic.h"

#define LINE_MAX_BYTES 512

void panic(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static void make(struct qr *qr, const char *line)
{
    const char *tab = strchr(line, '\t');
    unsigned version;
    unsigned level;
    unsigned mask;

    if (tab == NULL) {
        if (qr_encode(qr, line, strlen(line), QR_VERSION_MAX) != OK) {
            panic("qr-print: %zu bytes: too many", strlen(line));
        }
    } else if (sscanf(line, "%u %u %u", &version, &level, &mask) == 3) {
        qr_encode_as(qr, tab + 1, strlen(tab + 1), version, (enum qr_level)level, mask);
    } else {
        panic("qr-print: got '%s', want VERSION LEVEL MASK<tab>TEXT", line);
    }
}

int main(void)
{
    static struct qr qr;
    static char line[LINE_MAX_BYTES];

    while (fgets(line, sizeof(line), stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        make(&qr, line);
        printf("%u %u %u\n", qr.version, (unsigned)qr.level, qr.mask);
        for (unsigned row = 0; row < qr.size; row++) {
            for (unsigned column = 0; column < qr.size; column++) {
                putchar(qr_is_dark(&qr, row, column) ? '#' : '.');
            }
            putchar('\n');
        }
    }
    return 0;
}
