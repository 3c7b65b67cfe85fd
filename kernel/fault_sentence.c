/* SPDX-License-Identifier: MIT */
/*
 * One function for each exception that has something to tell; of several true
 * sentences it says the one that names the mistake, not its consequence.
 */
#include "kernel/fault_sentence.h"

#include "kernel/trap_words.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "mm/checked/heap_checked.h"

/* NMI sources at port 0x61. Source: PC chipset datasheets, "NMI Status and Control". */
#define NMI_IO_CHECK     BIT(6)
#define NMI_SYSTEM_ERROR BIT(7)

/* How far from its start a structure made of poison is still read. */
#define POISON_REACH 0x10000UL

struct sentence {
    char *buffer;
    size_t size;
    const struct fault_facts *facts;
};

static const char *access_word(uint64_t error)
{
    return (error & PAGE_FAULT_WRITE) != 0 ? "write" : "read";
}

static bool is_near(uint64_t address, uint64_t centre, uint64_t reach)
{
    return address - centre < reach || centre - address < reach;
}

/* " in `f`", where RIP is in a function; its name is short enough for any buffer here. */
static const char *in_function(char *buffer, size_t size, const struct fault_facts *facts)
{
    buffer[0] = '\0';
    if (facts->code.kind == OWNER_CODE && facts->code.name[0] != '\0') {
        ksnprintf(buffer, size, " in `%s`", facts->code.name);
    }
    return buffer;
}

/* --- Memory ------------------------------------------------------------------- */

static const char use_after_free[] = "use after free";

/*
 * What the fills of the checked heap mean where they turn up as an address.
 * Returns NULL for an address that is not made of any.
 */
static const char *poison_meaning(uint64_t address)
{
    static const struct {
        uint8_t fill;
        const char *meaning;
    } fills[] = {
        {HEAP_FILL_FREED, use_after_free},
        {HEAP_FILL_FRESH, "use of memory that was never written"},
        {HEAP_FILL_ZONE, "use of memory between heap blocks"},
    };
    const uint64_t in_every_byte = 0x0101010101010101UL;

    for (size_t i = 0; i < ARRAY_SIZE(fills); i++) {
        uint64_t pattern = in_every_byte * fills[i].fill;

        if (is_near(address, pattern, POISON_REACH) ||
            is_near(address, pattern & UINT32_MAX, POISON_REACH)) {
            return fills[i].meaning;
        }
    }
    return NULL;
}

/* Say what pointer it was that had a fill in it. Returns false when none had. */
static bool say_poison(const struct sentence *to)
{
    const struct fault_facts *facts = to->facts;
    const struct owner *freed = &facts->freed;
    const char *meaning = facts->has_address ? poison_meaning(facts->address.address) : NULL;

    if (meaning == NULL) {
        return false;
    }
    if (freed->kind == OWNER_FREED_BLOCK && meaning == use_after_free) {
        ksnprintf(to->buffer, to->size, "use after free of a %lu-byte block%s%.*s%s", freed->size,
                  freed->freed_by != NULL ? " freed by `" : "", OWNER_NAME_MAX,
                  freed->freed_by != NULL ? freed->freed_by : "",
                  freed->freed_by != NULL ? "`" : "");
    } else {
        ksnprintf(to->buffer, to->size, "%s: the pointer 0x%lx is the heap's filling for it",
                  meaning, facts->address.address);
    }
    return true;
}

/* An access so near to address 0 that its pointer must have been null. Returns false for others. */
static bool say_null(const struct sentence *to, uint64_t address, const char *access)
{
    if (address < NULL_REACH) {
        ksnprintf(to->buffer, to->size, "null pointer: %s at offset 0x%lx", access, address);
    } else if (-address < NULL_REACH) {
        ksnprintf(to->buffer, to->size, "null pointer: %s at offset -0x%lx", access, -address);
    } else {
        return false;
    }
    return true;
}

/* Whether the stack that RSP is on has run into the guard page that was hit. */
static bool is_overflow(const struct fault_facts *facts)
{
    if (!facts->has_address || facts->address.kind != OWNER_GUARD) {
        return false;
    }
    return facts->frame->vector == TRAP_DOUBLE_FAULT ||
           ((facts->stack.kind == OWNER_STACK || facts->stack.kind == OWNER_GUARD) &&
            facts->stack.start == facts->address.start);
}

static void say_overflow(const struct sentence *to)
{
    const struct owner *guard = &to->facts->address;

    if (guard->is_task) {
        ksnprintf(to->buffer, to->size, "stack overflow in task `%s`", guard->name);
    } else {
        ksnprintf(to->buffer, to->size, "stack overflow: the %s stack ran into its guard page",
                  guard->name);
    }
}

/* Execution went where no code is. */
static void say_bad_fetch(const struct sentence *to, bool is_mapped)
{
    const struct owner *target = &to->facts->address;
    char place[OWNER_TEXT_SIZE];

    if (target->address < NULL_REACH) {
        ksnprintf(to->buffer, to->size,
                  target->address == 0 ? "call through a null pointer"
                                       : "call through a null pointer, at offset 0x%lx",
                  target->address);
        return;
    }
    owner_describe(place, sizeof(place), target);
    if (is_mapped) {
        ksnprintf(to->buffer, to->size, "execution of data: jump into %s", place);
    } else {
        ksnprintf(to->buffer, to->size, "jump to 0x%lx, where nothing is mapped: %s",
                  target->address, place);
    }
}

static void say_page_fault(const struct sentence *to)
{
    const struct fault_facts *facts = to->facts;
    uint64_t error = facts->frame->error_code;
    uint64_t address = facts->cr2;
    const char *access = access_word(error);
    char place[OWNER_TEXT_SIZE];

    owner_describe(place, sizeof(place), &facts->address);
    if ((error & PAGE_FAULT_RESERVED) != 0) {
        ksnprintf(to->buffer, to->size,
                  "damaged page table: a reserved bit is set on the way to 0x%016lx (%s)", address,
                  access);
    } else if ((error & PAGE_FAULT_FETCH) != 0 || facts->frame->rip == address) {
        say_bad_fetch(to, (error & PAGE_FAULT_PRESENT) != 0);
    } else if (say_null(to, address, access) || say_poison(to)) {
        return;
    } else if (is_overflow(facts)) {
        say_overflow(to);
    } else if ((error & PAGE_FAULT_PRESENT) == 0) {
        ksnprintf(to->buffer, to->size, "%s of 0x%016lx, where nothing is mapped: %s", access,
                  address, place);
    } else if ((error & PAGE_FAULT_WRITE) != 0) {
        ksnprintf(to->buffer, to->size, "write to read-only page of %s", place);
    } else {
        ksnprintf(to->buffer, to->size, "%s of 0x%016lx is not allowed: %s", access, address,
                  place);
    }
}

/* --- Instructions ---------------------------------------------------------------- */

/* General protection without a selector: what the instruction needs that it did not get. */
static void say_protection(const struct sentence *to)
{
    const struct fault_facts *facts = to->facts;
    const struct trap_frame *frame = facts->frame;
    char place[64];

    in_function(place, sizeof(place), facts);
    switch (facts->instruction.kind) {
    case INSTRUCTION_MSR_READ:
        ksnprintf(to->buffer, to->size, "rdmsr%s: this CPU has no register 0x%lx", place,
                  frame->rcx & UINT32_MAX);
        break;
    case INSTRUCTION_MSR_WRITE:
        ksnprintf(to->buffer, to->size, "wrmsr%s: register 0x%lx is not there or refuses the value",
                  place, frame->rcx & UINT32_MAX);
        break;
    case INSTRUCTION_CONTROL_WRITE:
        ksnprintf(to->buffer, to->size, "mov to CR%u%s: the CPU refuses the value",
                  facts->instruction.number, place);
        break;
    default:
        ksnprintf(to->buffer, to->size, "general protection fault%s: the CPU does not say why",
                  place);
        break;
    }
}

/* #GP and #SS: an address that cannot be, or a selector. */
static void say_segment_fault(const struct sentence *to)
{
    const struct fault_facts *facts = to->facts;
    char text[96];

    if (facts->frame->error_code != 0) {
        trap_error_describe(text, sizeof(text), (unsigned)facts->frame->vector,
                            facts->frame->error_code);
        ksnprintf(to->buffer, to->size, "%s: %s cannot be used",
                  trap_name((unsigned)facts->frame->vector), text);
    } else if (!facts->has_address) {
        say_protection(to);
    } else if (!say_poison(to)) {
        ksnprintf(to->buffer, to->size, "%s 0x%016lx, no valid address (not canonical)%s%s",
                  facts->instruction.kind == INSTRUCTION_RETURN   ? "return to"
                  : facts->instruction.kind == INSTRUCTION_BRANCH ? "jump to"
                                                                  : "access to",
                  facts->address.address, facts->address_register != NULL ? ", made from " : "",
                  facts->address_register != NULL ? facts->address_register : "");
    }
}

static void say_invalid_opcode(const struct sentence *to)
{
    const struct fault_facts *facts = to->facts;
    char place[OWNER_TEXT_SIZE];

    if (facts->code.kind != OWNER_CODE && facts->code.kind != OWNER_UNKNOWN) {
        ksnprintf(to->buffer, to->size, "execution of data: no instruction begins in %s",
                  owner_describe(place, sizeof(place), &facts->code));
        return;
    }
    in_function(place, sizeof(place), facts);
    switch (facts->instruction.kind) {
    case INSTRUCTION_UNDEFINED:
        ksnprintf(to->buffer, to->size,
                  "invalid opcode%s: ud2, which marks what is never to be reached", place);
        break;
    case INSTRUCTION_SSE:
        ksnprintf(to->buffer, to->size,
                  "invalid opcode%s: an SSE instruction; they are not enabled", place);
        break;
    default:
        ksnprintf(to->buffer, to->size, "invalid opcode%s: the CPU knows no such instruction",
                  place);
        break;
    }
}

static void say_divide_error(const struct sentence *to)
{
    char place[64];

    in_function(place, sizeof(place), to->facts);
    if (!to->facts->has_divisor) {
        ksnprintf(to->buffer, to->size, "divide error%s: by zero, or the result does not fit",
                  place);
    } else if (to->facts->divisor == 0) {
        ksnprintf(to->buffer, to->size, "divide by zero%s", place);
    } else {
        ksnprintf(to->buffer, to->size, "division overflow%s: divided by 0x%lx, it does not fit",
                  place, to->facts->divisor);
    }
}

/* --- The rest ---------------------------------------------------------------------- */

static void say_double_fault(const struct sentence *to)
{
    const struct fault_facts *facts = to->facts;

    if (is_overflow(facts)) {
        say_overflow(to);
    } else if (facts->stack.kind != OWNER_STACK && facts->stack.kind != OWNER_UNKNOWN) {
        ksnprintf(
            to->buffer, to->size,
            "double fault: the stack pointer was 0x%lx, where no stack is to take an exception on",
            facts->frame->rsp);
    } else {
        ksnprintf(to->buffer, to->size,
                  "double fault: an exception's handler could not be entered");
    }
}

static void say_nmi(const struct sentence *to)
{
    const char *source = "from no source that the chipset names";

    if ((to->facts->nmi_reason & NMI_SYSTEM_ERROR) != 0) {
        source = "memory parity or system error (SERR#)";
    } else if ((to->facts->nmi_reason & NMI_IO_CHECK) != 0) {
        source = "a device's error (IOCHK#)";
    }
    ksnprintf(to->buffer, to->size, "non-maskable interrupt (NMI): %s", source);
}

static void say_machine_check(const struct sentence *to)
{
    char text[96];

    ksnprintf(to->buffer, to->size, "machine check: %s",
              machine_check_describe(text, sizeof(text), &to->facts->machine_check));
}

static void say_name(const struct sentence *to)
{
    unsigned vector = (unsigned)to->facts->frame->vector;
    char place[64];

    in_function(place, sizeof(place), to->facts);
    if (vector == TRAP_DEVICE_NOT_AVAILABLE) {
        ksnprintf(to->buffer, to->size, "floating-point instruction%s: this kernel uses none",
                  place);
    } else {
        ksnprintf(to->buffer, to->size, "%s (%s)%s", trap_name(vector), trap_mnemonic(vector),
                  place);
    }
}

const char *fault_sentence(char *buffer, size_t size, const struct fault_facts *facts)
{
    struct sentence to = {.size = size, .facts = facts};

    to.buffer = buffer; /* put in above, clang-tidy takes it for one that could be const */
    switch (facts->frame->vector) {
    case TRAP_PAGE_FAULT:
        say_page_fault(&to);
        break;
    case TRAP_GENERAL_PROTECTION:
    case TRAP_STACK_FAULT:
    case TRAP_SEGMENT_NOT_PRESENT:
    case TRAP_INVALID_TSS:
        say_segment_fault(&to);
        break;
    case TRAP_INVALID_OPCODE:
        say_invalid_opcode(&to);
        break;
    case TRAP_DIVIDE_ERROR:
        say_divide_error(&to);
        break;
    case TRAP_DOUBLE_FAULT:
        say_double_fault(&to);
        break;
    case TRAP_NMI:
        say_nmi(&to);
        break;
    case TRAP_MACHINE_CHECK:
        say_machine_check(&to);
        break;
    default:
        say_name(&to);
        break;
    }
    return buffer;
}
