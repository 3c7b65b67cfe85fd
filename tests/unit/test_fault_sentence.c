/* SPDX-License-Identifier: MIT */
/* Every sentence, from facts made up for it. */
#include "kernel/fault_sentence.h"

#include "lib/bits.h"
#include "lib/string.h"
#include "mm/checked/heap_checked.h"
#include "mm/layout.h"
#include "tests/ktest.h"

#define IN_EVERY_BYTE 0x0101010101010101UL

static char text[256];
static struct trap_frame frame;
static struct fault_facts made; /* too large for a test's stack */

static const char *say(struct fault_facts *facts)
{
    facts->frame = &frame;
    return fault_sentence(text, sizeof(text), facts);
}

/* Facts of a page fault at an address, whose owner is known. */
static struct fault_facts *page_fault(uint64_t address, uint64_t error, struct owner owner)
{
    frame = (struct trap_frame){.vector = TRAP_PAGE_FAULT, .error_code = error, .rip = 0x5000};
    owner.address = address;
    made = (struct fault_facts){.cr2 = address, .has_address = true, .address = owner};
    return &made;
}

static struct fault_facts *exception(unsigned vector, uint64_t error, enum instruction_kind kind)
{
    frame = (struct trap_frame){.vector = vector, .error_code = error, .rip = 0x5000};
    made = (struct fault_facts){.code = {.kind = OWNER_CODE, .region = ".text", .name = "f"},
                                .instruction = {.kind = kind}};
    return &made;
}

static const struct owner digits = {
    .kind = OWNER_DATA, .region = ".rodata", .name = "digits", .start = 0x8000};
static const struct owner guard = {
    .kind = OWNER_GUARD, .name = "shell", .is_task = true, .start = 0xa000};
static const struct owner stack = {
    .kind = OWNER_STACK, .name = "shell", .is_task = true, .start = 0xa000};
static const struct owner nobody = {.kind = OWNER_NOBODY};

KTEST(fault_sentence, write_to_constants_names_the_object)
{
    CHECK_STR_EQ(say(page_fault(0x8018, 3, digits)),
                 "write to read-only page of .rodata, 24 bytes into `digits`");
}

KTEST(fault_sentence, null_is_a_page_to_either_side)
{
    CHECK_STR_EQ(say(page_fault(0x18, 0, nobody)), "null pointer: read at offset 0x18");
    CHECK_STR_EQ(say(page_fault(0, 2, nobody)), "null pointer: write at offset 0x0");
    CHECK_STR_EQ(say(page_fault(-16UL, 2, nobody)), "null pointer: write at offset -0x10");
    CHECK_STR_EQ(say(page_fault(0xfff, 0, nobody)), "null pointer: read at offset 0xfff");
    CHECK_STR_EQ(say(page_fault(0x1000, 0, nobody)),
                 "read of 0x0000000000001000, where nothing is mapped: no region of this kernel");
    CHECK_STR_EQ(say(page_fault(-0x1000UL, 0, nobody)),
                 "read of 0xfffffffffffff000, where nothing is mapped: no region of this kernel");
}

/* With NX the CPU says that it was a fetch; without, RIP is the address. */
KTEST(fault_sentence, execution_of_what_is_no_code)
{
    struct fault_facts *facts = page_fault(0, 0x10, nobody);

    CHECK_STR_EQ(say(facts), "call through a null pointer");
    frame.error_code = 0;
    frame.rip = 0;
    CHECK_STR_EQ(say(facts), "call through a null pointer");
    CHECK_STR_EQ(say(page_fault(0x20, 0x10, nobody)),
                 "call through a null pointer, at offset 0x20");
    CHECK_STR_EQ(say(page_fault(0x8004, 0x11, digits)),
                 "execution of data: jump into .rodata, 4 bytes into `digits`");
    CHECK_STR_EQ(say(page_fault(0x777000, 0x10, nobody)),
                 "jump to 0x777000, where nothing is mapped: no region of this kernel");
}

KTEST(fault_sentence, stack_overflow_needs_the_stack_that_ran_over)
{
    struct fault_facts *facts = page_fault(0x9ff8, 2, guard);

    CHECK_STR_EQ(say(facts), "write of 0x0000000000009ff8, where nothing is mapped: the guard page "
                             "below the stack of task `shell`");
    facts->stack = stack;
    CHECK_STR_EQ(say(facts), "stack overflow in task `shell`");
    facts->stack.kind = OWNER_GUARD;
    CHECK_STR_EQ(say(facts), "stack overflow in task `shell`");
    facts->stack.start = 0xf000; /* another of the same name */
    CHECK_STR_EQ(say(facts), "write of 0x0000000000009ff8, where nothing is mapped: the guard page "
                             "below the stack of task `shell`");
    frame.vector = TRAP_DOUBLE_FAULT; /* what it was on is then not the question */
    CHECK_STR_EQ(say(facts), "stack overflow in task `shell`");
    facts->address.is_task = false;
    CHECK_STR_EQ(say(facts), "stack overflow: the shell stack ran into its guard page");
}

KTEST(fault_sentence, damaged_table_is_no_fault_of_the_access)
{
    CHECK_STR_EQ(
        say(page_fault(0xffff960000000000, 9, nobody)),
        "damaged page table: a reserved bit is set on the way to 0xffff960000000000 (read)");
}

/* A pointer that was read from memory the checked heap has filled. */
static struct fault_facts *poison(uint8_t fill, uint64_t offset)
{
    struct fault_facts *facts = exception(TRAP_GENERAL_PROTECTION, 0, INSTRUCTION_OTHER);

    facts->has_address = true;
    facts->address =
        (struct owner){.kind = OWNER_NOT_CANONICAL, .address = IN_EVERY_BYTE * fill + offset};
    facts->address_register = "rax";
    return facts;
}

KTEST(fault_sentence, use_after_free_names_size_and_who_freed)
{
    struct fault_facts *facts = poison(HEAP_FILL_FREED, 0x18);

    CHECK_STR_EQ(say(facts),
                 "use after free: the pointer 0xd7d7d7d7d7d7d7ef is the heap's filling for it");
    facts->freed = (struct owner){.kind = OWNER_FREED_BLOCK, .size = 64};
    CHECK_STR_EQ(say(facts), "use after free of a 64-byte block");
    facts->freed.freed_by = "channel_close";
    CHECK_STR_EQ(say(facts), "use after free of a 64-byte block freed by `channel_close`");
}

KTEST(fault_sentence, other_fills_are_no_use_after_free)
{
    struct fault_facts *facts = poison(HEAP_FILL_FRESH, -8UL);

    facts->freed = (struct owner){.kind = OWNER_FREED_BLOCK, .size = 64, .freed_by = "somebody"};
    CHECK_STR_EQ(say(facts), "use of memory that was never written: the pointer "
                             "0xa7a7a7a7a7a7a79f is the heap's filling for it");
    CHECK_STR_EQ(say(poison(HEAP_FILL_ZONE, 0)),
                 "use of memory between heap blocks: the pointer 0xb3b3b3b3b3b3b3b3 is the heap's "
                 "filling for it");
    CHECK_STR_EQ(say(poison(0x80, 0)), "access to 0x8080808080808080, no valid address (not "
                                       "canonical), made from rax");
    /* A pointer of which only half was read. */
    CHECK_STR_EQ(say(page_fault(0xd7d7d7d7, 0, nobody)),
                 "use after free: the pointer 0xd7d7d7d7 is the heap's filling for it");
}

KTEST(fault_sentence, general_protection_says_what_the_instruction_shows)
{
    struct fault_facts *facts = exception(TRAP_GENERAL_PROTECTION, 0, INSTRUCTION_OTHER);

    CHECK_STR_EQ(say(facts), "general protection fault in `f`: the CPU does not say why");
    facts->instruction.kind = INSTRUCTION_MSR_READ;
    frame.rcx = 0xffff0000c0000080;
    CHECK_STR_EQ(say(facts), "rdmsr in `f`: this CPU has no register 0xc0000080");
    facts->instruction.kind = INSTRUCTION_MSR_WRITE;
    CHECK_STR_EQ(say(facts), "wrmsr in `f`: register 0xc0000080 is not there or refuses the value");
    facts->instruction = (struct instruction){.kind = INSTRUCTION_CONTROL_WRITE, .number = 4};
    CHECK_STR_EQ(say(facts), "mov to CR4 in `f`: the CPU refuses the value");
    facts = poison(0x41, 0);
    facts->instruction.kind = INSTRUCTION_RETURN;
    facts->address.address = 0x8141414141414141;
    facts->address_register = NULL;
    CHECK_STR_EQ(say(facts), "return to 0x8141414141414141, no valid address (not canonical)");
    facts->instruction.kind = INSTRUCTION_BRANCH;
    CHECK_STR_EQ(say(facts), "jump to 0x8141414141414141, no valid address (not canonical)");
}

KTEST(fault_sentence, selectors_are_told_by_table_and_entry)
{
    CHECK_STR_EQ(say(exception(TRAP_GENERAL_PROTECTION, 0x28, INSTRUCTION_OTHER)),
                 "general protection fault: GDT entry 5 cannot be used");
    CHECK_STR_EQ(say(exception(TRAP_SEGMENT_NOT_PRESENT, 0x402, INSTRUCTION_INTERRUPT)),
                 "segment not present: IDT entry 128 cannot be used");
}

KTEST(fault_sentence, invalid_opcodes_are_meant_or_not)
{
    struct fault_facts *facts = exception(TRAP_INVALID_OPCODE, 0, INSTRUCTION_UNDEFINED);

    CHECK_STR_EQ(say(facts), "invalid opcode in `f`: ud2, which marks what is never to be reached");
    facts->instruction.kind = INSTRUCTION_SSE;
    CHECK_STR_EQ(say(facts), "invalid opcode in `f`: an SSE instruction; they are not enabled");
    facts->instruction.kind = INSTRUCTION_OTHER;
    CHECK_STR_EQ(say(facts), "invalid opcode in `f`: the CPU knows no such instruction");
    facts->code = (struct owner){.kind = OWNER_STACK, .name = "boot"};
    CHECK_STR_EQ(say(facts), "execution of data: no instruction begins in the boot stack");
}

KTEST(fault_sentence, division_is_by_zero_or_overflows)
{
    struct fault_facts *facts = exception(TRAP_DIVIDE_ERROR, 0, INSTRUCTION_DIVIDE);

    CHECK_STR_EQ(say(facts), "divide error in `f`: by zero, or the result does not fit");
    facts->has_divisor = true;
    CHECK_STR_EQ(say(facts), "divide by zero in `f`");
    facts->divisor = 2;
    CHECK_STR_EQ(say(facts), "division overflow in `f`: divided by 0x2, it does not fit");
}

KTEST(fault_sentence, double_fault_without_overflow_looks_at_the_stack_pointer)
{
    struct fault_facts *facts = exception(TRAP_DOUBLE_FAULT, 0, INSTRUCTION_OTHER);

    CHECK_STR_EQ(say(facts), "double fault: an exception's handler could not be entered");
    facts->stack = stack;
    CHECK_STR_EQ(say(facts), "double fault: an exception's handler could not be entered");
    facts->stack = (struct owner){.kind = OWNER_LOW_HALF};
    frame.rsp = 0x40;
    CHECK_STR_EQ(
        say(facts),
        "double fault: the stack pointer was 0x40, where no stack is to take an exception on");
}

KTEST(fault_sentence, hardware_names_its_sources)
{
    struct fault_facts *facts = exception(TRAP_NMI, 0, INSTRUCTION_OTHER);

    CHECK_STR_EQ(say(facts), "non-maskable interrupt (NMI): from no source that the chipset names");
    facts->nmi_reason = 0x40;
    CHECK_STR_EQ(say(facts), "non-maskable interrupt (NMI): a device's error (IOCHK#)");
    facts->nmi_reason = 0xc0;
    CHECK_STR_EQ(say(facts), "non-maskable interrupt (NMI): memory parity or system error (SERR#)");
    frame.vector = TRAP_MACHINE_CHECK;
    CHECK_STR_EQ(say(facts), "machine check: no bank says what it was");
    facts->machine_check =
        (struct machine_check){.is_found = true, .bank = 1, .status = BIT(61) | 0x009f};
    CHECK_STR_EQ(say(facts), "machine check: uncorrected memory controller error in bank 1");
}

KTEST(fault_sentence, the_rest_has_its_name_and_place)
{
    CHECK_STR_EQ(say(exception(TRAP_DEVICE_NOT_AVAILABLE, 0, INSTRUCTION_X87)),
                 "floating-point instruction in `f`: this kernel uses none");
    CHECK_STR_EQ(say(exception(TRAP_OVERFLOW, 0, INSTRUCTION_OTHER)), "overflow (#OF) in `f`");
    CHECK_STR_EQ(say(exception(TRAP_ALIGNMENT_CHECK, 0, INSTRUCTION_OTHER)),
                 "alignment check (#AC) in `f`");
}

/* Before anything was found out there is a sentence as well, and it claims nothing. */
KTEST(fault_sentence, every_vector_has_one_without_any_facts)
{
    for (unsigned vector = 0; vector < TRAP_EXCEPTION_COUNT; vector++) {
        struct fault_facts none = {.frame = &frame};

        frame = (struct trap_frame){.vector = vector};
        fault_sentence(text, sizeof(text), &none);
        CHECK_GT(strlen(text), 0);
        CHECK_LT(strlen(text), 120);
    }
    frame = (struct trap_frame){.vector = TRAP_PAGE_FAULT, .rip = 1};
    struct fault_facts none = {.frame = &frame, .cr2 = 0xffff900000000000};

    CHECK_STR_EQ(fault_sentence(text, sizeof(text), &none),
                 "read of 0xffff900000000000, where nothing is mapped: an unknown place");
}

/* No page of this kernel's refuses reads: protection keys, or tables that a CPU reads otherwise. */
KTEST(fault_sentence, read_that_is_not_allowed)
{
    CHECK_STR_EQ(say(page_fault(0x8018, 1, digits)),
                 "read of 0x0000000000008018 is not allowed: .rodata, 24 bytes into `digits`");
}
