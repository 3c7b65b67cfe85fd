/* SPDX-License-Identifier: MIT */
/* Statuses of machine check banks, with the codes of the manual's table. */
#include "kernel/machine_check.h"

#include "lib/bits.h"
#include "tests/ktest.h"

#define UNCORRECTED BIT(61)
#define HAS_ADDRESS BIT(58)

static char text[96];

static const char *say(uint64_t status)
{
    const struct machine_check check = {
        .is_found = true, .bank = 4, .status = status, .address = 0x1000};

    return machine_check_describe(text, sizeof(text), &check);
}

KTEST(machine_check, kinds_are_told_by_their_highest_bit)
{
    CHECK_STR_EQ(say(UNCORRECTED | 0x0e0b), "uncorrected bus or interconnect error in bank 4");
    CHECK_STR_EQ(say(UNCORRECTED | 0x0135), "uncorrected cache error in bank 4");
    CHECK_STR_EQ(say(UNCORRECTED | 0x009f), "uncorrected memory controller error in bank 4");
    CHECK_STR_EQ(say(UNCORRECTED | 0x0014), "uncorrected TLB error in bank 4");
    CHECK_STR_EQ(say(UNCORRECTED | 0x000c), "uncorrected cache error in bank 4");
    CHECK_STR_EQ(say(UNCORRECTED | 0x0001), "uncorrected hardware error in bank 4");
    CHECK_STR_EQ(say(UNCORRECTED | 0x109f), "uncorrected memory controller error in bank 4");
}

KTEST(machine_check, kinds_of_one_code_are_not_taken_for_a_cache)
{
    CHECK_STR_EQ(say(UNCORRECTED | 0x0400), "uncorrected internal error in bank 4"); /* timer */
    CHECK_STR_EQ(say(UNCORRECTED | 0x0402), "uncorrected internal error in bank 4");
    CHECK_STR_EQ(say(UNCORRECTED | 0x0280), "uncorrected memory controller error in bank 4");
    CHECK_STR_EQ(say(UNCORRECTED | 0x0005), "uncorrected hardware error in bank 4"); /* parity */
    CHECK_STR_EQ(say(UNCORRECTED | 0x000b), "uncorrected hardware error in bank 4");
}

KTEST(machine_check, address_is_told_where_it_is_valid)
{
    CHECK_STR_EQ(say(0x009f), "corrected memory controller error in bank 4");
    CHECK_STR_EQ(say(HAS_ADDRESS | 0x009f),
                 "corrected memory controller error in bank 4, at 0x1000");
}

KTEST(machine_check, silence_of_the_banks_is_said)
{
    const struct machine_check none = {.is_found = false};

    CHECK_STR_EQ(machine_check_describe(text, sizeof(text), &none), "no bank says what it was");
}
