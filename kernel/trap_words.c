/* SPDX-License-Identifier: MIT */
/* The tables and sentences of kernel/trap_words.h. */
#include "kernel/trap_words.h"

#include "kernel/trap.h"
#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/x86/cpu.h"

/* Selector error codes: which table the selector is from. */
#define SELECTOR_ERROR_EXTERNAL BIT(0) /* an event from outside the program */
#define SELECTOR_ERROR_IDT      BIT(1)
#define SELECTOR_ERROR_LDT      BIT(2)

#define CONTROL_PROTECTION_CAUSE 0x7fffUL

static const struct {
    uint64_t bit;
    const char *name;
} rflags_names[] = {
    {RFLAGS_ID, "ID"}, {RFLAGS_VIP, "VIP"}, {RFLAGS_VIF, "VIF"}, {RFLAGS_AC, "AC"},
    {RFLAGS_VM, "VM"}, {RFLAGS_RF, "RF"},   {RFLAGS_NT, "NT"},   {RFLAGS_OF, "OF"},
    {RFLAGS_DF, "DF"}, {RFLAGS_IF, "IF"},   {RFLAGS_TF, "TF"},   {RFLAGS_SF, "SF"},
    {RFLAGS_ZF, "ZF"}, {RFLAGS_AF, "AF"},   {RFLAGS_PF, "PF"},   {RFLAGS_CF, "CF"},
};

static const struct {
    const char *mnemonic;
    const char *name;
} exceptions[TRAP_EXCEPTION_COUNT] = {
    [TRAP_DIVIDE_ERROR] = {"#DE", "divide error"},
    [TRAP_DEBUG] = {"#DB", "debug exception"},
    [TRAP_NMI] = {"NMI", "non-maskable interrupt"},
    [TRAP_BREAKPOINT] = {"#BP", "breakpoint"},
    [TRAP_OVERFLOW] = {"#OF", "overflow"},
    [TRAP_BOUND_RANGE] = {"#BR", "bound range exceeded"},
    [TRAP_INVALID_OPCODE] = {"#UD", "invalid opcode"},
    [TRAP_DEVICE_NOT_AVAILABLE] = {"#NM", "device not available"},
    [TRAP_DOUBLE_FAULT] = {"#DF", "double fault"},
    [9] = {"#9", "coprocessor segment overrun"},
    [TRAP_INVALID_TSS] = {"#TS", "invalid TSS"},
    [TRAP_SEGMENT_NOT_PRESENT] = {"#NP", "segment not present"},
    [TRAP_STACK_FAULT] = {"#SS", "stack-segment fault"},
    [TRAP_GENERAL_PROTECTION] = {"#GP", "general protection fault"},
    [TRAP_PAGE_FAULT] = {"#PF", "page fault"},
    [15] = {"#15", "reserved exception 15"},
    [TRAP_X87_ERROR] = {"#MF", "x87 floating-point error"},
    [TRAP_ALIGNMENT_CHECK] = {"#AC", "alignment check"},
    [TRAP_MACHINE_CHECK] = {"#MC", "machine check"},
    [TRAP_SIMD_ERROR] = {"#XM", "SIMD floating-point exception"},
    [TRAP_VIRTUALIZATION] = {"#VE", "virtualization exception"},
    [TRAP_CONTROL_PROTECTION] = {"#CP", "control protection exception"},
    [22] = {"#22", "reserved exception 22"},
    [23] = {"#23", "reserved exception 23"},
    [24] = {"#24", "reserved exception 24"},
    [25] = {"#25", "reserved exception 25"},
    [26] = {"#26", "reserved exception 26"},
    [27] = {"#27", "reserved exception 27"},
    [TRAP_HYPERVISOR_INJECTION] = {"#HV", "hypervisor injection exception"},
    [TRAP_VMM_COMMUNICATION] = {"#VC", "VMM communication exception"},
    [TRAP_SECURITY] = {"#SX", "security exception"},
    [31] = {"#31", "reserved exception 31"},
};

const char *trap_name(unsigned vector)
{
    ASSERT_CMP(vector, <, (unsigned)TRAP_EXCEPTION_COUNT);
    return exceptions[vector].name;
}

const char *trap_mnemonic(unsigned vector)
{
    ASSERT_CMP(vector, <, (unsigned)TRAP_EXCEPTION_COUNT);
    return exceptions[vector].mnemonic;
}

/* What a page fault's access wanted. */
static const char *page_fault_access(uint64_t error)
{
    if ((error & PAGE_FAULT_FETCH) != 0) {
        return "execute";
    }
    return (error & PAGE_FAULT_WRITE) != 0 ? "write" : "read";
}

static void page_fault_describe(char *buffer, size_t size, uint64_t error)
{
    const char *cause = "page not present";

    if ((error & PAGE_FAULT_RESERVED) != 0) {
        cause = "reserved bit set in an entry";
    } else if ((error & PAGE_FAULT_PRESENT) != 0) {
        cause = "protection violation";
    }
    ksnprintf(buffer, size, "%s, %s%s%s%s%s", page_fault_access(error), cause,
              (error & PAGE_FAULT_USER) != 0 ? ", from user mode" : "",
              (error & PAGE_FAULT_PROTECTION_KEY) != 0 ? ", protection key" : "",
              (error & PAGE_FAULT_SHADOW_STACK) != 0 ? ", shadow stack" : "",
              (error & PAGE_FAULT_SGX) != 0 ? ", SGX" : "");
}

static void selector_describe(char *buffer, size_t size, uint64_t error)
{
    const char *table = "GDT";

    if (error == 0) {
        ksnprintf(buffer, size, "no selector involved");
        return;
    }
    if ((error & SELECTOR_ERROR_IDT) != 0) {
        table = "IDT";
    } else if ((error & SELECTOR_ERROR_LDT) != 0) {
        table = "LDT";
    }
    ksnprintf(buffer, size, "%s entry %lu%s", table, (error & 0xffff) >> 3,
              (error & SELECTOR_ERROR_EXTERNAL) != 0 ? ", caused from outside the program" : "");
}

static void control_protection_describe(char *buffer, size_t size, uint64_t error)
{
    static const char *const causes[] = {"?",        "near return",    "far return or IRET",
                                         "no ENDBR", "RSTORSSP token", "SETSSBSY token"};
    uint64_t cause = error & CONTROL_PROTECTION_CAUSE;

    ksnprintf(buffer, size, "%s", causes[cause < ARRAY_SIZE(causes) ? cause : 0]);
}

const char *trap_error_describe(char *buffer, size_t size, unsigned vector, uint64_t error_code)
{
    buffer[0] = '\0';
    switch (vector) {
    case TRAP_PAGE_FAULT:
        page_fault_describe(buffer, size, error_code);
        break;
    case TRAP_INVALID_TSS:
    case TRAP_SEGMENT_NOT_PRESENT:
    case TRAP_STACK_FAULT:
    case TRAP_GENERAL_PROTECTION:
        selector_describe(buffer, size, error_code);
        break;
    case TRAP_CONTROL_PROTECTION:
        control_protection_describe(buffer, size, error_code);
        break;
    default:
        break;
    }
    return buffer;
}

const char *rflags_describe(char *buffer, size_t size, uint64_t rflags)
{
    size_t length = 0;
    uint64_t privilege = (rflags & RFLAGS_IOPL) / (RFLAGS_IOPL & -RFLAGS_IOPL);

    buffer[0] = '\0';
    for (size_t i = 0; i < ARRAY_SIZE(rflags_names) && length < size; i++) {
        if ((rflags & rflags_names[i].bit) != 0) {
            length += ksnprintf(buffer + length, size - length, "%s%s", length > 0 ? " " : "",
                                rflags_names[i].name);
        }
    }
    if (privilege != 0 && length < size) {
        ksnprintf(buffer + length, size - length, "%sIOPL=%lu", length > 0 ? " " : "", privilege);
    }
    return buffer;
}
