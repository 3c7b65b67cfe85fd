/* SPDX-License-Identifier: MIT */
/*
 * The log: one line an event, "[seconds.micros] LEVEL module: text". Each line
 * is kept in a ring whatever its level; those the level lets through are
 * printed as well.
 */
#pragma once

#include <stddef.h>

#include "lib/bits.h"
#include "lib/compiler.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

#define LOG_LEVEL_COUNT (LOG_DEBUG + 1)

/* Bytes of lines that are kept. */
#define LOG_SIZE (16 * KIB)

/* A level's name as lines have it, "WARN". Any context. */
const char *log_level_name(enum log_level level);

/* Print lines up to this level; LOG_INFO until told otherwise. Any context. */
void log_set_level(enum log_level level);

/*
 * Log a line.
 *
 * module  who speaks: the chip or the concept
 * format  the text, no newline
 *
 * Context: any. An interrupt's line may be printed in the middle of another's;
 * both are kept whole.
 */
void log_write(enum log_level level, const char *module, const char *format, ...) PRINTF_LIKE(3, 4);

#define log_error(module, ...) log_write(LOG_ERROR, module, __VA_ARGS__)
#define log_warn(module, ...)  log_write(LOG_WARN, module, __VA_ARGS__)
#define log_info(module, ...)  log_write(LOG_INFO, module, __VA_ARGS__)
#define log_debug(module, ...) log_write(LOG_DEBUG, module, __VA_ARGS__)

/*
 * Copy the newest lines kept, oldest of them first, each ended by a line feed.
 *
 * buffer, size  where to; cut at the front to whole lines
 *
 * Returns the bytes copied; no terminator. Context: any; masks interrupts.
 */
size_t log_copy(char *buffer, size_t size);
