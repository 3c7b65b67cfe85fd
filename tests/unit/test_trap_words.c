/* SPDX-License-Identifier: MIT */
/* Error codes and flags in words, bit by bit. */
#include "kernel/trap_words.h"

#include "kernel/trap.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "tests/ktest.h"

static char text[96];

static const char *error(unsigned vector, uint64_t code)
{
    return trap_error_describe(text, sizeof(text), vector, code);
}

KTEST(trap_words, page_fault_bits_are_all_told)
{
    CHECK_STR_EQ(error(TRAP_PAGE_FAULT, 0x00), "read, page not present");
    CHECK_STR_EQ(error(TRAP_PAGE_FAULT, 0x02), "write, page not present");
    CHECK_STR_EQ(error(TRAP_PAGE_FAULT, 0x03), "write, protection violation");
    CHECK_STR_EQ(error(TRAP_PAGE_FAULT, 0x11), "execute, protection violation");
    CHECK_STR_EQ(error(TRAP_PAGE_FAULT, 0x09), "read, reserved bit set in an entry");
    CHECK_STR_EQ(error(TRAP_PAGE_FAULT, 0x05), "read, protection violation, from user mode");
    CHECK_STR_EQ(error(TRAP_PAGE_FAULT, 0x21), "read, protection violation, protection key");
    CHECK_STR_EQ(error(TRAP_PAGE_FAULT, 0x42), "write, page not present, shadow stack");
    CHECK_STR_EQ(error(TRAP_PAGE_FAULT, 0x8001), "read, protection violation, SGX");
}

KTEST(trap_words, selector_codes_name_table_and_entry)
{
    static const unsigned vectors[] = {TRAP_INVALID_TSS, TRAP_SEGMENT_NOT_PRESENT, TRAP_STACK_FAULT,
                                       TRAP_GENERAL_PROTECTION};

    for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
        CHECK_STR_EQ(error(vectors[i], 0), "no selector involved");
        CHECK_STR_EQ(error(vectors[i], 0x28), "GDT entry 5");
        CHECK_STR_EQ(error(vectors[i], 0x402), "IDT entry 128");
        CHECK_STR_EQ(error(vectors[i], 0x0c), "LDT entry 1");
        CHECK_STR_EQ(error(vectors[i], 0x29), "GDT entry 5, caused from outside the program");
    }
}

KTEST(trap_words, control_protection_has_causes)
{
    CHECK_STR_EQ(error(TRAP_CONTROL_PROTECTION, 1), "near return");
    CHECK_STR_EQ(error(TRAP_CONTROL_PROTECTION, 3), "no ENDBR");
    CHECK_STR_EQ(error(TRAP_CONTROL_PROTECTION, 0x7fff), "?");
}

KTEST(trap_words, other_exceptions_have_no_code_to_tell)
{
    for (unsigned vector = 0; vector < TRAP_EXCEPTION_COUNT; vector++) {
        if ((1U << vector & TRAP_VECTORS_WITH_ERROR_CODE) == 0) {
            CHECK_STR_EQ(error(vector, 0), "");
        }
        CHECK_GT(strlen(trap_name(vector)), 0);
        CHECK_GT(strlen(trap_mnemonic(vector)), 0);
    }
}

KTEST(trap_words, flags_are_named_from_the_highest)
{
    CHECK_STR_EQ(rflags_describe(text, sizeof(text), 0x2), "");
    CHECK_STR_EQ(rflags_describe(text, sizeof(text), 0x246), "IF ZF PF");
    CHECK_STR_EQ(rflags_describe(text, sizeof(text), RFLAGS_VM | RFLAGS_CF), "VM CF");
    CHECK_STR_EQ(rflags_describe(text, sizeof(text), RFLAGS_IOPL), "IOPL=3");
    CHECK_STR_EQ(rflags_describe(text, sizeof(text), BIT(12) | RFLAGS_NT), "NT IOPL=1");
    CHECK_STR_EQ(rflags_describe(text, sizeof(text), UINT64_MAX),
                 "ID VIP VIF AC VM RF NT OF DF IF TF SF ZF AF PF CF IOPL=3");
    CHECK_STR_EQ(rflags_describe(text, 5, UINT64_MAX), "ID V");
}
