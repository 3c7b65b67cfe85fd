/* SPDX-License-Identifier: MIT */
/* The instruction, its operands, and who owns what they point at. */
#include "kernel/fault_facts.h"

#include "kernel/probe.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "lib/x86/port.h"
#include "mm/address.h"
#include "mm/layout.h"

#define PORT_NMI_REASON 0x61

static void find_instruction(struct fault_facts *facts)
{
    uint8_t bytes[INSTRUCTION_BYTES_MAX];
    size_t count = 0;

    while (count < sizeof(bytes) && probe_read(&bytes[count], facts->frame->rip + count, 1)) {
        count++;
    }
    facts->instruction = instruction_decode(bytes, count, facts->frame);
}

/* The number at an instruction's operand in memory. */
static bool read_operand(const struct instruction *instruction, unsigned bytes, uint64_t *value)
{
    *value = 0;
    return instruction->memory_count > 0 && probe_read(value, instruction->memory[0].value, bytes);
}

static void find_divisor(struct fault_facts *facts)
{
    const struct instruction *instruction = &facts->instruction;
    unsigned bits = 8 * instruction->source_bytes;

    if (instruction->has_source) {
        facts->divisor = instruction->source.value;
        facts->has_divisor = true;
    } else {
        facts->has_divisor = read_operand(instruction, instruction->source_bytes, &facts->divisor);
    }
    if (bits < 64) {
        facts->divisor &= BIT(bits) - 1;
    }
}

static void note_address(struct fault_facts *facts, uint64_t address, const char *from)
{
    facts->has_address = true;
    facts->address.address = address;
    facts->address_register = from;
}

/* Where the instruction would have gone, if it goes anywhere. */
static bool find_target(const struct instruction *instruction, uint64_t *target, const char **from)
{
    *from = NULL;
    if (instruction->kind == INSTRUCTION_BRANCH && instruction->has_source) {
        *target = instruction->source.value;
        *from = instruction->source.registers;
        return true;
    }
    return (instruction->kind == INSTRUCTION_BRANCH || instruction->kind == INSTRUCTION_RETURN) &&
           read_operand(instruction, sizeof(*target), target);
}

/* The address that is not canonical: what was to be read or written, or where to go. */
static void find_bad_address(struct fault_facts *facts)
{
    const struct instruction *instruction = &facts->instruction;
    uint64_t target;
    const char *from;

    for (size_t i = 0; i < instruction->memory_count; i++) {
        if (!is_canonical(instruction->memory[i].value)) {
            note_address(facts, instruction->memory[i].value, instruction->memory[i].registers);
            return;
        }
    }
    if (find_target(instruction, &target, &from) && !is_canonical(target)) {
        note_address(facts, target, from);
    } else if (!is_canonical(facts->frame->rip)) {
        note_address(facts, facts->frame->rip, "rip");
    }
}

void fault_facts_begin(struct fault_facts *facts, const struct trap_frame *frame, uint64_t cr2)
{
    *facts = (struct fault_facts){.frame = frame, .cr2 = cr2};
    find_instruction(facts);
    switch (frame->vector) {
    case TRAP_PAGE_FAULT:
    case TRAP_DOUBLE_FAULT: /* of the fault that came first, if it was a page fault */
        note_address(facts, cr2, NULL);
        break;
    case TRAP_GENERAL_PROTECTION:
    case TRAP_STACK_FAULT:
        find_bad_address(facts);
        break;
    case TRAP_DIVIDE_ERROR:
        if (facts->instruction.kind == INSTRUCTION_DIVIDE) {
            find_divisor(facts);
        }
        break;
    case TRAP_NMI:
        facts->nmi_reason = port_read8(PORT_NMI_REASON);
        break;
    case TRAP_MACHINE_CHECK:
        machine_check_read(&facts->machine_check);
        break;
    default:
        break;
    }
}

/* A freed block that a register points into: where a pointer made of its filling was read. */
static void find_freed(struct fault_facts *facts)
{
    const struct trap_frame *frame = facts->frame;
    const uint64_t values[] = {frame->rax, frame->rcx, frame->rdx, frame->rbx, frame->rbp,
                               frame->rsi, frame->rdi, frame->r8,  frame->r9,  frame->r10,
                               frame->r11, frame->r12, frame->r13, frame->r14, frame->r15};

    for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
        if (values[i] >= HEAP_WINDOW_BASE && values[i] < HEAP_WINDOW_END) {
            owner_find(values[i], &facts->freed);
            if (facts->freed.kind == OWNER_FREED_BLOCK) {
                return;
            }
        }
    }
}

void fault_facts_find_owners(struct fault_facts *facts)
{
    owner_find(facts->frame->rip, &facts->code);
    owner_find(facts->frame->rsp, &facts->stack);
    if (facts->has_address) {
        owner_find(facts->address.address, &facts->address);
        find_freed(facts);
    }
}
