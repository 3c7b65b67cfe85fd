/* SPDX-License-Identifier: MIT */
/* What is printed, caught for a test to look at; the other consoles see it all the same. */
#pragma once

#include <stddef.h>

/* Bytes that are kept of what is printed; the rest is counted and dropped. */
#define CAPTURE_SIZE 32768

/* Forget what was caught and begin. */
void capture_start(void);

/* Stop. Returns the text, terminated. */
const char *capture_stop(void);
