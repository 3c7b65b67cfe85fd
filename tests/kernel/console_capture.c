/* SPDX-License-Identifier: MIT */
/* A console of the tests' own; it stays registered, silent outside of a test. */
#include "tests/kernel/console_capture.h"

#include "kernel/console.h"

static struct {
    char text[CAPTURE_SIZE];
    size_t length;
} captured;

static void capture(const char *text, size_t length)
{
    for (size_t i = 0; i < length && captured.length < sizeof(captured.text) - 1; i++) {
        captured.text[captured.length++] = text[i];
    }
}

static struct console console = {.name = "capture", .write = capture};

void capture_start(void)
{
    if (console_find(console.name) == NULL) {
        console_register(&console);
    }
    console.enabled = true;
    console.mid_line = false; /* what an earlier capture ended with is not in this one */
    captured.length = 0;
}

const char *capture_stop(void)
{
    console.enabled = false;
    captured.text[captured.length] = '\0';
    return captured.text;
}
