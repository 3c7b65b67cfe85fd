/* SPDX-License-Identifier: MIT */
/*
 * Prefixes, opcode, ModRM, SIB, displacement, in the order in which they
 * stand. Invariant: no byte beyond `count` is read.
 */
#include "kernel/instruction.h"

#include "lib/bits.h"

#define REX_B BIT(0) /* each is the fourth bit of a register's number */
#define REX_X BIT(1)
#define REX_R BIT(2)
#define REX_W BIT(3)

/* Register numbers with a role of their own. */
enum { RAX = 0, RCX = 1, RSP = 4, RBP = 5, RSI = 6, RDI = 7 };

struct decoder {
    const uint8_t *bytes;
    size_t count;
    size_t place; /* of the next byte */
    bool ran_out;
    bool has_operand_prefix;
    bool has_segment; /* FS or GS, whose base counts and is not known here */
    uint8_t rex;
    const struct trap_frame *frame;
    struct instruction *to;
};

static const char *const names[] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
                                    "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};

static uint64_t value_of(const struct trap_frame *frame, unsigned number)
{
    const uint64_t values[] = {frame->rax, frame->rcx, frame->rdx, frame->rbx,
                               frame->rsp, frame->rbp, frame->rsi, frame->rdi,
                               frame->r8,  frame->r9,  frame->r10, frame->r11,
                               frame->r12, frame->r13, frame->r14, frame->r15};

    return values[number];
}

static uint8_t next_byte(struct decoder *decoder)
{
    if (decoder->place >= decoder->count || decoder->place >= INSTRUCTION_BYTES_MAX) {
        decoder->ran_out = true;
        return 0;
    }
    return decoder->bytes[decoder->place++];
}

/* A displacement of 1 or 4 bytes, with its sign. */
static uint64_t next_displacement(struct decoder *decoder, unsigned size)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < size; i++) {
        value |= (uint32_t)next_byte(decoder) << 8 * i;
    }
    return size == 1 ? (uint64_t)(int8_t)value : (uint64_t)(int32_t)value;
}

/* The operand that an instruction has in a register of its own. */
static void add_memory(struct decoder *decoder, uint64_t address, unsigned number)
{
    struct instruction *to = decoder->to;

    to->memory[to->memory_count++] =
        (struct instruction_operand){.value = address, .registers = names[number]};
}

/* The operand that the instruction itself names: of one in FS or GS the address is not known. */
static void add_operand(struct decoder *decoder, uint64_t address, const char *registers)
{
    struct instruction *to = decoder->to;

    if (!decoder->has_segment) {
        to->memory[to->memory_count++] =
            (struct instruction_operand){.value = address, .registers = registers};
    }
}

/* One prefix, or none. Returns whether there may be another. */
static bool take_prefix(struct decoder *decoder, uint8_t byte)
{
    switch (byte) {
    case 0x66:
        decoder->has_operand_prefix = true;
        return true;
    case 0x64:
    case 0x65:
        decoder->has_segment = true;
        return true;
    case 0x26: /* segments that mean nothing in long mode, address size, LOCK, REP */
    case 0x2e:
    case 0x36:
    case 0x3e:
    case 0x67:
    case 0xf0:
    case 0xf2:
    case 0xf3:
        return true;
    default:
        return false;
    }
}

/* The opcode's first byte that is no prefix. */
static uint8_t take_prefixes(struct decoder *decoder)
{
    uint8_t byte = next_byte(decoder);

    while (take_prefix(decoder, byte)) {
        byte = next_byte(decoder);
    }
    if ((byte & 0xf0) == 0x40) {
        decoder->rex = byte;
        byte = next_byte(decoder);
    }
    return byte;
}

/* The memory operand that a ModRM byte and what follows it describe. */
static void take_memory(struct decoder *decoder, uint8_t modrm)
{
    unsigned mode = modrm >> 6;
    unsigned base = modrm & 7;
    uint64_t address = 0;

    if (mode == 0 && base == RBP) {
        next_displacement(decoder, 4); /* from RIP: an address the linker made */
        return;
    }
    if (base == RSP) { /* a SIB byte follows */
        uint8_t sib = next_byte(decoder);
        unsigned index = (sib >> 3 & 7) | ((decoder->rex & REX_X) != 0 ? 8 : 0);

        base = sib & 7;
        if (index != RSP) {
            address += value_of(decoder->frame, index) << (sib >> 6);
        }
        if (mode == 0 && base == RBP) {
            address += next_displacement(decoder, 4);
            add_operand(decoder, address, index != RSP ? names[index] : NULL);
            return;
        }
    }
    base |= (decoder->rex & REX_B) != 0 ? 8 : 0;
    address += value_of(decoder->frame, base);
    if (mode != 0) {
        address += next_displacement(decoder, mode == 1 ? 1 : 4);
    }
    add_operand(decoder, address, names[base]);
}

/* ModRM: memory goes to the list, a register is the source. Returns the middle bits. */
static unsigned take_modrm(struct decoder *decoder)
{
    uint8_t modrm = next_byte(decoder);
    unsigned number = (modrm & 7U) | ((decoder->rex & REX_B) != 0 ? 8 : 0);

    if (modrm < 0xc0) {
        take_memory(decoder, modrm);
    } else {
        decoder->to->has_source = true;
        decoder->to->source = (struct instruction_operand){
            .value = value_of(decoder->frame, number), .registers = names[number]};
    }
    return modrm >> 3 & 7;
}

static bool has_modrm(uint8_t opcode)
{
    if (opcode < 0x40) {
        return (opcode & 7) < 4; /* arithmetic between registers and memory */
    }
    return opcode == 0x63 || opcode == 0x69 || opcode == 0x6b || (opcode & 0xf0) == 0x80 ||
           (opcode & 0xfe) == 0xc0 || (opcode & 0xfe) == 0xc6 || (opcode & 0xfc) == 0xd0;
}

/* F6, F7: the middle bits 6 and 7 are DIV and IDIV. FF: 2 to 5 call and jump. */
static void take_group(struct decoder *decoder, uint8_t opcode)
{
    struct instruction *to = decoder->to;
    unsigned which = take_modrm(decoder);

    if ((opcode & 0xfe) == 0xf6 && which >= 6) {
        to->kind = INSTRUCTION_DIVIDE;
        to->source_bytes = opcode == 0xf6                ? 1
                           : (decoder->rex & REX_W) != 0 ? 8
                           : decoder->has_operand_prefix ? 2
                                                         : 4;
        /* Without a REX prefix 4 to 7 are AH to BH, the second bytes of the first four. */
        if (to->has_source && opcode == 0xf6 && decoder->rex == 0) {
            unsigned number = decoder->bytes[decoder->place - 1] & 7;

            if (number >= 4) {
                to->source =
                    (struct instruction_operand){.value = value_of(decoder->frame, number - 4) >> 8,
                                                 .registers = names[number - 4]};
            }
        }
    } else if (opcode == 0xff && which >= 2 && which <= 5) {
        to->kind = INSTRUCTION_BRANCH;
        to->source_bytes = 8;
    } else if (opcode == 0xff && which == 6) {
        add_memory(decoder, decoder->frame->rsp - sizeof(uint64_t), RSP);
    }
}

static void take_two_byte(struct decoder *decoder)
{
    struct instruction *to = decoder->to;
    uint8_t opcode = next_byte(decoder);

    if (opcode == 0x0b || opcode == 0xb9 || opcode == 0xff) {
        to->kind = INSTRUCTION_UNDEFINED;
    } else if (opcode == 0x30 || opcode == 0x32) {
        to->kind = opcode == 0x30 ? INSTRUCTION_MSR_WRITE : INSTRUCTION_MSR_READ;
    } else if (opcode == 0x22) {
        to->kind = INSTRUCTION_CONTROL_WRITE;
        to->number = (uint8_t)((take_modrm(decoder)) | ((decoder->rex & REX_R) != 0 ? 8 : 0));
    } else if ((opcode & 0xf8) == 0x10 || (opcode & 0xf8) == 0x28 || (opcode & 0xf0) == 0x50 ||
               (opcode & 0xf0) == 0x60 || (opcode & 0xf0) == 0x70 || opcode >= 0xd0) {
        to->kind = opcode == 0x77 ? INSTRUCTION_X87 : INSTRUCTION_SSE;
        if (opcode != 0x77) {
            take_modrm(decoder);
        }
    } else if ((opcode >= 0x90 && opcode < 0xa0) || opcode == 0x0d || opcode == 0x1f ||
               (opcode & 0xf0) == 0x40 || opcode == 0xa3 || opcode == 0xa4 || opcode == 0xa5 ||
               (opcode >= 0xab && opcode < 0xc8)) {
        take_modrm(decoder);
    }
}

static void take_absolute(struct decoder *decoder)
{
    uint64_t address = 0;

    for (unsigned i = 0; i < sizeof(address); i++) {
        address |= (uint64_t)next_byte(decoder) << 8 * i;
    }
    add_operand(decoder, address, NULL);
}

/* What has its addresses in fixed registers, or in itself. */
static void take_implicit(struct decoder *decoder, uint8_t opcode)
{
    const struct trap_frame *frame = decoder->frame;

    switch (opcode) {
    case 0xa4: /* movs, cmps */
    case 0xa5:
    case 0xa6:
    case 0xa7:
        add_memory(decoder, frame->rsi, RSI);
        add_memory(decoder, frame->rdi, RDI);
        break;
    case 0xaa: /* stos, scas */
    case 0xab:
    case 0xae:
    case 0xaf:
        add_memory(decoder, frame->rdi, RDI);
        break;
    case 0xac: /* lods */
    case 0xad:
        add_memory(decoder, frame->rsi, RSI);
        break;
    case 0xa0: /* mov between the accumulator and an address of eight bytes */
    case 0xa1:
    case 0xa2:
    case 0xa3:
        take_absolute(decoder);
        break;
    case 0xc2: /* ret, iret */
    case 0xc3:
    case 0xcf:
        decoder->to->kind = INSTRUCTION_RETURN;
        add_memory(decoder, frame->rsp, RSP);
        break;
    case 0xc9: /* leave */
        add_memory(decoder, frame->rbp, RBP);
        break;
    case 0xe8: /* call */
        add_memory(decoder, frame->rsp - sizeof(uint64_t), RSP);
        break;
    default:
        if ((opcode & 0xf0) == 0x50) { /* push, pop */
            add_memory(decoder, frame->rsp - (opcode < 0x58 ? sizeof(uint64_t) : 0), RSP);
        }
        break;
    }
}

struct instruction instruction_decode(const uint8_t *bytes, size_t count,
                                      const struct trap_frame *frame)
{
    struct instruction instruction = {.kind = INSTRUCTION_OTHER};
    struct decoder decoder = {.bytes = bytes, .count = count, .frame = frame, .to = &instruction};
    uint8_t opcode = take_prefixes(&decoder);

    if (opcode == 0x0f) {
        take_two_byte(&decoder);
    } else if (opcode == 0xcd) {
        instruction.kind = INSTRUCTION_INTERRUPT;
        instruction.number = next_byte(&decoder);
    } else if ((opcode & 0xf8) == 0xd8) {
        instruction.kind = INSTRUCTION_X87;
        take_modrm(&decoder);
    } else if ((opcode & 0xfe) == 0xf6 || (opcode & 0xfe) == 0xfe) {
        take_group(&decoder, opcode);
    } else if (has_modrm(opcode)) {
        take_modrm(&decoder);
    } else {
        take_implicit(&decoder, opcode);
    }
    return decoder.ran_out ? (struct instruction){.kind = INSTRUCTION_OTHER} : instruction;
}
