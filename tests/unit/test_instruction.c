/* SPDX-License-Identifier: MIT */
/* Instructions by their bytes, as an assembler makes them. */
#include "kernel/instruction.h"

#include "lib/bits.h"
#include "tests/ktest.h"

/* Each register has a value that tells which it is. */
static const struct trap_frame frame = {.rax = 0x1000,
                                        .rcx = 0x1100,
                                        .rdx = 0x1200,
                                        .rbx = 0x1300,
                                        .rsp = 0x1400,
                                        .rbp = 0x1500,
                                        .rsi = 0x1600,
                                        .rdi = 0x1700,
                                        .r8 = 0x1800,
                                        .r9 = 0x1900,
                                        .r10 = 0x1a00,
                                        .r11 = 0x1b00,
                                        .r12 = 0x1c00,
                                        .r13 = 0x1d00,
                                        .r14 = 0x1e00,
                                        .r15 = 0x1f00};

#define DECODE(...) \
    instruction_decode((const uint8_t[]){__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__}), &frame)

static void check_memory(struct instruction instruction, uint64_t address, const char *registers)
{
    CHECK_EQ(instruction.memory_count, 1);
    CHECK_EQ(instruction.memory[0].value, address);
    CHECK_STR_EQ(instruction.memory_count == 1 ? instruction.memory[0].registers : "?", registers);
}

KTEST(instruction, memory_operand_is_the_sum_of_its_parts)
{
    check_memory(DECODE(0x8b, 0x00), 0x1000, "rax"); /* mov eax, [rax] */
    check_memory(DECODE(0x48, 0x8b, 0x43, 0xf8), 0x1300 - 8, "rbx"); /* mov rax, [rbx - 8] */
    check_memory(DECODE(0x41, 0x88, 0x80, 0x00, 0x01, 0, 0), 0x1900, "r8"); /* [r8 + 0x100] */
    check_memory(DECODE(0x8a, 0x04, 0x24), 0x1400, "rsp"); /* mov al, [rsp] */
    check_memory(DECODE(0x41, 0x8a, 0x45, 0x00), 0x1d00, "r13"); /* mov al, [r13] */
    check_memory(DECODE(0x42, 0x8a, 0x44, 0xbb, 0x10), 0x1300 + 4 * 0x1f00 + 0x10,
                 "rbx"); /* mov al, [rbx + 4 * r15 + 0x10] */
    check_memory(DECODE(0x8a, 0x04, 0xcd, 0x10, 0, 0, 0), 8 * 0x1100 + 0x10,
                 "rcx"); /* mov al, [8 * rcx + 0x10] */
    check_memory(DECODE(0x0f, 0xb6, 0x00), 0x1000, "rax"); /* movzx eax, byte [rax] */
    check_memory(DECODE(0xf0, 0x48, 0x0f, 0xb1, 0x0e), 0x1600, "rsi"); /* lock cmpxchg [rsi], rcx */
    check_memory(DECODE(0xc6, 0x07, 0x00), 0x1700, "rdi"); /* mov byte [rdi], 0 */

    struct instruction absolute = DECODE(0xa0, 8, 7, 6, 5, 4, 3, 2, 1); /* mov al, [0x102...] */

    CHECK_EQ(absolute.memory_count, 1);
    CHECK_EQ(absolute.memory[0].value, 0x0102030405060708);
    CHECK_EQ(absolute.memory[0].registers, NULL);
    absolute = DECODE(0x8a, 0x04, 0x25, 0x78, 0x56, 0x34, 0x12); /* mov al, [0x12345678] */
    CHECK_EQ(absolute.memory_count, 1);
    CHECK_EQ(absolute.memory[0].value, 0x12345678);
    CHECK_EQ(absolute.memory[0].registers, NULL);
}

KTEST(instruction, address_of_the_linkers_or_of_a_segment_is_left_out)
{
    CHECK_EQ(DECODE(0x8b, 0x05, 1, 2, 3, 4).memory_count, 0); /* mov eax, [rip + ...] */
    CHECK_EQ(DECODE(0x65, 0x48, 0x8b, 0x00).memory_count, 0); /* mov rax, [gs:rax] */
    CHECK_EQ(DECODE(0x65, 0x8b, 0x04, 0x25, 8, 0, 0, 0).memory_count, 0); /* mov eax, [gs:8] */
    CHECK_EQ(DECODE(0x65, 0x8b, 0x04, 0xc5, 8, 0, 0, 0).memory_count, 0); /* [gs:8 * rax + 8] */
    CHECK_EQ(DECODE(0x89, 0xd8).memory_count, 0); /* mov eax, ebx */
    CHECK_EQ(DECODE(0xb8, 0x00, 0x00, 0x00, 0x00).memory_count, 0); /* mov eax, 0 */
    CHECK_EQ(DECODE(0xf4).memory_count, 0); /* hlt */
}

KTEST(instruction, string_and_stack_instructions_have_their_registers)
{
    struct instruction movs = DECODE(0xf3, 0x48, 0xa5);

    CHECK_EQ(movs.memory_count, 2);
    CHECK_EQ(movs.memory[0].value, 0x1600);
    CHECK_EQ(movs.memory[1].value, 0x1700);
    CHECK_STR_EQ(movs.memory[1].registers, "rdi");
    check_memory(DECODE(0xf3, 0xaa), 0x1700, "rdi"); /* rep stosb */
    check_memory(DECODE(0xac), 0x1600, "rsi"); /* lodsb */
    check_memory(DECODE(0x55), 0x1400 - 8, "rsp"); /* push rbp */
    check_memory(DECODE(0x5d), 0x1400, "rsp"); /* pop rbp */
    check_memory(DECODE(0xe8, 0, 0, 0, 0), 0x1400 - 8, "rsp"); /* call */
    check_memory(DECODE(0xc9), 0x1500, "rbp"); /* leave */
    check_memory(DECODE(0xc3), 0x1400, "rsp"); /* ret */
    CHECK_EQ(DECODE(0xc3).kind, INSTRUCTION_RETURN);
}

static void check_divisor(struct instruction instruction, uint64_t value, unsigned bytes)
{
    CHECK_EQ(instruction.kind, INSTRUCTION_DIVIDE);
    CHECK(instruction.has_source);
    CHECK_EQ(instruction.source.value, value);
    CHECK_EQ(instruction.source_bytes, bytes);
}

KTEST(instruction, divisor_is_found_at_every_width)
{
    check_divisor(DECODE(0xf7, 0xf9), 0x1100, 4); /* idiv ecx */
    check_divisor(DECODE(0x49, 0xf7, 0xf0), 0x1800, 8); /* div r8 */
    check_divisor(DECODE(0x66, 0xf7, 0xf3), 0x1300, 2); /* div bx */
    check_divisor(DECODE(0xf6, 0xf1), 0x1100, 1); /* div cl */
    check_divisor(DECODE(0xf6, 0xf5), 0x11, 1); /* div ch */
    check_divisor(DECODE(0x40, 0xf6, 0xf6), 0x1600, 1); /* div sil */
    CHECK_EQ(DECODE(0xf7, 0xd9).kind, INSTRUCTION_OTHER); /* neg ecx */

    struct instruction memory = DECODE(0xf7, 0x75, 0xfc); /* div dword [rbp - 4] */

    CHECK_EQ(memory.kind, INSTRUCTION_DIVIDE);
    CHECK(!memory.has_source);
    CHECK_EQ(memory.source_bytes, 4);
    check_memory(memory, 0x1500 - 4, "rbp");
}

KTEST(instruction, kinds_are_told_apart)
{
    static const struct {
        uint8_t bytes[6];
        enum instruction_kind kind;
        uint8_t number;
    } rows[] = {
        {{0x0f, 0x0b}, INSTRUCTION_UNDEFINED, 0}, /* ud2 */
        {{0xcd, 0x80}, INSTRUCTION_INTERRUPT, 0x80}, /* int 0x80 */
        {{0x0f, 0x30}, INSTRUCTION_MSR_WRITE, 0}, /* wrmsr */
        {{0x0f, 0x32}, INSTRUCTION_MSR_READ, 0}, /* rdmsr */
        {{0x0f, 0x22, 0xe0}, INSTRUCTION_CONTROL_WRITE, 4}, /* mov cr4, rax */
        {{0x44, 0x0f, 0x22, 0xc0}, INSTRUCTION_CONTROL_WRITE, 8}, /* mov cr8, rax */
        {{0xff, 0xd0}, INSTRUCTION_BRANCH, 0}, /* call rax */
        {{0x41, 0xff, 0xe0}, INSTRUCTION_BRANCH, 0}, /* jmp r8 */
        {{0xff, 0x10}, INSTRUCTION_BRANCH, 0}, /* call [rax] */
        {{0xff, 0x00}, INSTRUCTION_OTHER, 0}, /* inc dword [rax] */
        {{0xd9, 0xee}, INSTRUCTION_X87, 0}, /* fldz */
        {{0x0f, 0x77}, INSTRUCTION_X87, 0}, /* emms */
        {{0x0f, 0x57, 0xc0}, INSTRUCTION_SSE, 0}, /* xorps xmm0, xmm0 */
        {{0xf2, 0x0f, 0x58, 0xc0}, INSTRUCTION_SSE, 0}, /* addsd xmm0, xmm0 */
        {{0x90}, INSTRUCTION_OTHER, 0}, /* nop */
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct instruction found = instruction_decode(rows[i].bytes, sizeof(rows[i].bytes), &frame);

        CHECK_EQ(found.kind, rows[i].kind);
        CHECK_EQ(found.number, rows[i].number);
    }
}

/* Every sequence of three bytes begins, and none is read beyond what there is of it. */
KTEST(instruction, cut_or_senseless_bytes_are_only_not_known)
{
    CHECK_EQ(DECODE(0x8b).kind, INSTRUCTION_OTHER);
    CHECK_EQ(DECODE(0x8b).memory_count, 0);
    CHECK_EQ(DECODE(0x8b, 0x80, 0x00).memory_count, 0); /* its displacement has four bytes */
    CHECK_EQ(instruction_decode(NULL, 0, &frame).memory_count, 0);
    for (uint32_t number = 0; number < 0x10000; number++) {
        const uint8_t bytes[] = {(uint8_t)number, (uint8_t)(number >> 8), 0x24, 0x66, 0x0f};

        for (size_t count = 0; count <= sizeof(bytes); count++) {
            struct instruction found = instruction_decode(bytes, count, &frame);

            CHECK_LE(found.memory_count, INSTRUCTION_OPERANDS_MAX);
        }
    }
}

KTEST(instruction, prefixes_without_an_end_are_no_instruction)
{
    uint8_t bytes[32];

    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = 0x66;
    }
    CHECK_EQ(instruction_decode(bytes, sizeof(bytes), &frame).kind, INSTRUCTION_OTHER);
}
