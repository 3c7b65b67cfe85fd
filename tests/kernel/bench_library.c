/* SPDX-License-Identifier: MIT */
/* Benchmarks of the formatter and the memory functions. */
#include "lib/format.h"
#include "lib/string.h"
#include "tests/format_cases.h"
#include "tests/kbench.h"

#define SIZE_MAX_MEASURED 65536

/* Bytes that the memory functions are measured on. */
#define SIZES 1, 8, 16, 64, 256, 1024, 4096, SIZE_MAX_MEASURED

static char text[256];
static char source[SIZE_MAX_MEASURED + 1] ALIGNED(4096);
static char destination[SIZE_MAX_MEASURED + 1] ALIGNED(4096);

#define FORMAT_BENCH(name, ...)                         \
    KBENCH(format, name)                                \
    {                                                   \
        KBENCH_REPEAT(bench, 1000)                      \
        {                                               \
            ksnprintf(text, sizeof(text), __VA_ARGS__); \
        }                                               \
    }

FORMAT_CASES(FORMAT_BENCH)

KBENCH_OVER(string, memcpy, SIZES)
{
    KBENCH_REPEAT(bench, 1000)
    {
        memcpy(destination, source, bench->scale);
    }
}

KBENCH_OVER(string, memset, SIZES)
{
    KBENCH_REPEAT(bench, 1000)
    {
        memset(destination, 0x5a, bench->scale);
    }
}

KBENCH_OVER(string, memmove_down, SIZES)
{
    KBENCH_REPEAT(bench, 1000)
    {
        memmove(destination, destination + 1, bench->scale);
    }
}

/* To where it overlaps its source from above: it has to begin at the end. */
KBENCH_OVER(string, memmove_up, SIZES)
{
    KBENCH_REPEAT(bench, 1000)
    {
        memmove(destination + 1, destination, bench->scale);
    }
}

KBENCH_OVER(string, memcmp_equal, SIZES)
{
    memcpy(destination, source, bench->scale);
    KBENCH_REPEAT(bench, 1000)
    {
        (void)memcmp(destination, source, bench->scale);
    }
}

KBENCH_OVER(string, strlen, SIZES)
{
    memset(destination, 'x', bench->scale);
    destination[bench->scale] = '\0';
    KBENCH_REPEAT(bench, 1000)
    {
        (void)strlen(destination);
    }
}
