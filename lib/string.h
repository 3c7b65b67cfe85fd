/* SPDX-License-Identifier: MIT */
/*
 * The C library's memory and string functions that a freestanding kernel must
 * bring itself; GCC and Clang may call the first four on their own. Same
 * contracts as ISO/IEC 9899, "String handling". Any context.
 */
#pragma once

#include <stddef.h>

void *memcpy(void *restrict destination, const void *restrict source, size_t size);
void *memmove(void *destination, const void *source, size_t size);
void *memset(void *destination, int byte, size_t size);
int memcmp(const void *left, const void *right, size_t size);

size_t strlen(const char *text);
size_t strnlen(const char *text, size_t limit);
int strcmp(const char *left, const char *right);
int strncmp(const char *left, const char *right, size_t limit);
char *strchr(const char *text, int byte);

/*
 * Copy text into a buffer, cut to fit, always terminated.
 *
 * size    bytes in destination, 1 or more
 * length  bytes of source to copy at the most; a NUL ends it earlier
 *
 * Returns the number of bytes copied, terminator left out.
 */
size_t string_copy(char *destination, size_t size, const char *source, size_t length);
