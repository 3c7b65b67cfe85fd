/* SPDX-License-Identifier: MIT */
/*
 * The kernel's formatter and memory functions, and the C library's, on the same
 * work. tools/bench/native.py has Valgrind count each of these functions, whose
 * names are those of the figures: "__" stands for a point, "_at_" for "@". The
 * kernel's names begin with kernel_ here, so that both fit into one program.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/format_cases.h"

#define REPETITIONS 100
#define LARGEST     65536

int kernel_ksnprintf(char *buffer, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void *kernel_memcpy(void *destination, const void *source, size_t size);
void *kernel_memmove(void *destination, const void *source, size_t size);
void *kernel_memset(void *destination, int byte, size_t size);
int kernel_memcmp(const void *left, const void *right, size_t size);
size_t kernel_strlen(const char *text);

/* What the kernel's objects look for. */
extern uint64_t kernel___stack_chk_guard;
_Noreturn void kernel_panic(const char *format, ...);
_Noreturn void kernel___stack_chk_fail(void);

uint64_t kernel___stack_chk_guard;

void kernel_panic(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    abort();
}

void kernel___stack_chk_fail(void)
{
    abort();
}

static char text[256];
static volatile size_t answer; /* or a call whose answer nobody wants is left out */
static char source[LARGEST + 1] __attribute__((aligned(4096)));
static char destination[LARGEST + 4096] __attribute__((aligned(4096)));

#define COST(name, ...)                              \
    static __attribute__((noinline)) void name(void) \
    {                                                \
        for (unsigned i = 0; i < REPETITIONS; i++) { \
            __VA_ARGS__;                             \
            __asm__ volatile("" : : : "memory");     \
        }                                            \
    }

COST(nothing, (void)0)

#define FORMAT_COSTS(name, ...)                                                  \
    COST(host_format__##name, kernel_ksnprintf(text, sizeof(text), __VA_ARGS__)) \
    COST(libc_format__##name, snprintf(text, sizeof(text), __VA_ARGS__))

FORMAT_CASES(FORMAT_COSTS)

#define STRING_COSTS_AT(size)                                                                   \
    COST(host_string__memcpy_at_##size, kernel_memcpy(destination, source, size))               \
    COST(libc_string__memcpy_at_##size, memcpy(destination, source, size))                      \
    COST(host_string__memset_at_##size, kernel_memset(destination, 'x', size))                  \
    COST(libc_string__memset_at_##size, memset(destination, 'x', size))                         \
    COST(host_string__memmove_up_at_##size, kernel_memmove(destination + 1, destination, size)) \
    COST(libc_string__memmove_up_at_##size, memmove(destination + 1, destination, size))        \
    COST(host_string__memcmp_equal_at_##size,                                                   \
         answer = (size_t)kernel_memcmp(source, source + LARGEST - (size), size))               \
    COST(libc_string__memcmp_equal_at_##size,                                                   \
         answer = (size_t)memcmp(source, source + LARGEST - (size), size))                      \
    COST(host_string__strlen_at_##size, answer = kernel_strlen(source + LARGEST - (size)))      \
    COST(libc_string__strlen_at_##size, answer = strlen(source + LARGEST - (size)))

STRING_COSTS_AT(8)
STRING_COSTS_AT(64)
STRING_COSTS_AT(1024)
STRING_COSTS_AT(4096)

#define FORMAT_NAMES(name, ...) host_format__##name, libc_format__##name,
#define STRING_NAMES_AT(size)                                                                    \
    host_string__memcpy_at_##size, libc_string__memcpy_at_##size, host_string__memset_at_##size, \
        libc_string__memset_at_##size, host_string__memmove_up_at_##size,                        \
        libc_string__memmove_up_at_##size, host_string__memcmp_equal_at_##size,                  \
        libc_string__memcmp_equal_at_##size, host_string__strlen_at_##size,                      \
        libc_string__strlen_at_##size,

int main(void)
{
    static void (*const costs[])(void) = {nothing, FORMAT_CASES(FORMAT_NAMES) STRING_NAMES_AT(8)
                                                       STRING_NAMES_AT(64) STRING_NAMES_AT(1024)
                                                           STRING_NAMES_AT(4096)};

    memset(source, 'x', LARGEST);
    for (unsigned turn = 0; turn < 2; turn++) { /* in the first the C library finds its functions */
        for (size_t i = 0; i < sizeof(costs) / sizeof(costs[0]); i++) {
            costs[i]();
        }
    }
    printf("%u\n", 2 * REPETITIONS);
    return EXIT_SUCCESS;
}
