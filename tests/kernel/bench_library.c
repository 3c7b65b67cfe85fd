/* SPDX-License-Identifier: MIT */
/* Benchmarks of the formatter and the memory functions. */
#include "lib/format.h"
#include "lib/string.h"
#include "tests/kbench.h"

static char text[256];
static uint8_t source[4096] ALIGNED(4096);
static uint8_t destination[4096] ALIGNED(4096);

KBENCH(format, small_decimal)
{
    KBENCH_REPEAT(bench, 1000)
    {
        ksnprintf(text, sizeof(text), "%d", 42);
    }
}

KBENCH(format, large_decimal)
{
    KBENCH_REPEAT(bench, 1000)
    {
        ksnprintf(text, sizeof(text), "%lu", 18446744073709551615UL);
    }
}

KBENCH(format, padded_hex)
{
    KBENCH_REPEAT(bench, 1000)
    {
        ksnprintf(text, sizeof(text), "%016lx", 0xfeedbeefUL);
    }
}

KBENCH(format, string_and_number)
{
    KBENCH_REPEAT(bench, 1000)
    {
        ksnprintf(text, sizeof(text), "hello %s %d\n", "world", 1234);
    }
}

KBENCH(string, memcpy_4096)
{
    KBENCH_REPEAT(bench, 1000)
    {
        memcpy(destination, source, sizeof(destination));
    }
}

KBENCH(string, memset_4096)
{
    KBENCH_REPEAT(bench, 1000)
    {
        memset(destination, 0x5a, sizeof(destination));
    }
}
