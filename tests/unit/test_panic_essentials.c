/* SPDX-License-Identifier: MIT */
/* The essentials as text: what they hold, and that they never grow beyond their budget. */
#include "kernel/panic_essentials.h"

#include "lib/string.h"
#include "tests/ktest.h"

static char text[PANIC_ESSENTIALS_MAX + 2];

static size_t write(const struct panic_essentials *essentials)
{
    memset(text, '!', sizeof(text));
    return panic_essentials_write(text, PANIC_ESSENTIALS_MAX + 1, essentials);
}

KTEST(panic_essentials, page_fault_has_all_lines)
{
    const struct panic_essentials essentials = {
        .sentence = "write to read-only page of .rodata, 24 bytes into `digits`",
        .build_id = 0x1652872522850f1e,
        .mnemonic = "#PF",
        .error_code = 3,
        .cr2 = 0xffffffff8012a018,
        .function = "write_rodata",
        .offset = 4,
        .trace = {0xffffffff80105a1c, 0xffffffff80105b00},
        .trace_count = 2};

    size_t length = write(&essentials);

    CHECK_EQ(length, strlen(text));
    CHECK_STR_EQ(text, "write to read-only page of .rodata, 24 bytes int\n"
                       "1652872522850f1e #PF 3 ffffffff8012a018\n"
                       "write_rodata+4\n"
                       "80105a1c 80105b00");
}

KTEST(panic_essentials, plain_panic_has_neither_exception_nor_address)
{
    const struct panic_essentials essentials = {.sentence = "no room",
                                                .build_id = 1,
                                                .function = "kmain",
                                                .offset = 16,
                                                .trace = {0x1000},
                                                .trace_count = 1};

    write(&essentials);
    CHECK_STR_EQ(text, "no room\n0000000000000001\nkmain+10\n1000");
}

KTEST(panic_essentials, longest_of_everything_fits_and_addresses_are_whole)
{
    struct panic_essentials essentials = {
        .sentence = "a sentence that goes on and on and on, and then on, and says nothing with it",
        .build_id = UINT64_MAX,
        .mnemonic = "#PF",
        .error_code = UINT64_MAX,
        .cr2 = UINT64_MAX,
        .function = "a_function_with_a_name_longer_than_most",
        .offset = UINT64_MAX,
        .trace_count = PANIC_ESSENTIALS_TRACE};
    size_t length = write(&essentials); /* each address is "0" */

    CHECK_LE(length, PANIC_ESSENTIALS_MAX);
    CHECK_EQ(length, strlen(text));
    CHECK_EQ(text[PANIC_ESSENTIALS_MAX + 1], '!');
    essentials.function = NULL;
    essentials.cr2 = 0;
    for (size_t i = 0; i < PANIC_ESSENTIALS_TRACE; i++) {
        essentials.trace[i] = 0xffffffff80000000 + i;
    }
    length = write(&essentials);
    CHECK_LE(length, PANIC_ESSENTIALS_MAX);
    CHECK_GT(length, PANIC_ESSENTIALS_MAX - 9); /* there was no room for another */
    CHECK_EQ(text[length - 9], ' '); /* the last is not cut */
}
