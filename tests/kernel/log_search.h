/* SPDX-License-Identifier: MIT */
/* What the log said. */
#pragma once

#include <stdbool.h>

/* Whether the newest 4 KiB of the log have this text in one place. */
bool log_has(const char *wanted);
