/* SPDX-License-Identifier: MIT */
/* Faults for real, and the sentence that each gets. */
#include "kernel/fault_facts.h"

#include "kernel/cpu.h"
#include "kernel/stacks.h"
#include "lib/bits.h"
#include "lib/compiler.h"
#include "lib/format.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "mm/kmalloc.h"
#include "mm/layout.h"
#include "tests/kernel/trap_expect.h"
#include "tests/ktest.h"

static const uint8_t digits[32] = "0123456789abcdef";
static uint8_t code[16] = {0xc3};

static struct trap_frame frame;
static struct fault_facts facts;
static char text[256];

/* The sentence for what a function does. */
static const char *say(unsigned vector, void (*function)(void *argument), void *argument)
{
    if (!trap_expect(vector, function, argument, &frame)) {
        return "it did not come";
    }
    fault_facts_begin(&facts, &frame, cr2_read());
    fault_facts_find_owners(&facts);
    return fault_sentence(text, sizeof(text), &facts);
}

static void read_byte(void *address)
{
    (void)*(volatile uint8_t *)address;
}

static void write_byte(void *address)
{
    *(volatile uint8_t *)address = 0;
}

static void call(void *function)
{
    ((void (*)(void))function)();
    COMPILER_BARRIER();
}

KTEST(fault_facts, objects_of_the_image_are_named)
{
    CHECK_STR_EQ(say(TRAP_PAGE_FAULT, write_byte, (void *)((uint64_t)digits + 24)),
                 "write to read-only page of .rodata, 24 bytes into `digits`");
    CHECK_STR_EQ(say(TRAP_PAGE_FAULT, write_byte, (void *)((uint64_t)call + 1)),
                 "write to read-only page of .text, 1 bytes into `call`");
    if (cpu_current()->features.nx) {
        CHECK_STR_EQ(say(TRAP_PAGE_FAULT, call, code),
                     "execution of data: jump into .data, 0 bytes into `code`");
    }
}

KTEST(fault_facts, direct_map_tells_the_frame)
{
    CHECK_STR_EQ(say(TRAP_PAGE_FAULT, write_byte, direct_map(paddr(IMAGE_LOAD_ADDRESS))),
                 "write to read-only page of the direct map, physical 0x100000, a reserved frame "
                 "(kernel image)");
}

KTEST(fault_facts, null_is_read_written_and_called)
{
    CHECK_STR_EQ(say(TRAP_PAGE_FAULT, read_byte, (void *)0x18),
                 "null pointer: read at offset 0x18");
    CHECK_STR_EQ(say(TRAP_PAGE_FAULT, write_byte, (void *)-8UL),
                 "null pointer: write at offset -0x8");
    CHECK_STR_EQ(say(TRAP_PAGE_FAULT, call, NULL), "call through a null pointer");
}

KTEST(fault_facts, windows_end_somewhere)
{
    CHECK_STR_EQ(say(TRAP_PAGE_FAULT, read_byte, (void *)(HEAP_WINDOW_END - 8)),
                 "read of 0xffffcffffffffff8, where nothing is mapped: beyond the heap's end");
    CHECK_STR_EQ(
        say(TRAP_PAGE_FAULT, read_byte, (void *)(DEVICE_WINDOW_END - 8)),
        "read of 0xffffe7fffffffff8, where nothing is mapped: the window for device memory");
}

KTEST(fault_facts, guard_page_is_its_stacks_but_no_overflow_from_elsewhere)
{
    const struct stack *stack = stack_containing(stack_top(STACK_NMI) - 1);
    char wanted[128];

    ksnprintf(wanted, sizeof(wanted),
              "write of 0x%016lx, where nothing is mapped: the guard page below the NMI stack",
              stack->bottom - 1);
    CHECK_STR_EQ(say(TRAP_PAGE_FAULT, write_byte, (void *)(stack->bottom - 1)), wanted);
}

struct list {
    uint64_t number;
    struct list *next;
};

NOINLINE static void release(struct list *list)
{
    kfree(list);
    COMPILER_BARRIER();
}

/* A null check that was passed, since the fill is no null. */
static void walk(void *argument)
{
    struct list *list = *(struct list *volatile *)argument;
    uint64_t number = *(volatile uint64_t *)&list->next->number;

    __asm__ volatile("" : : "r"(list), "r"(number)); /* so the list is in a register until then */
}

KTEST(fault_facts, use_after_free_names_the_block_and_who_freed_it)
{
    struct list *list = kmalloc(64);
    struct list *kept = list;

    REQUIRE(list != NULL);
    __asm__("" : "+r"(kept)); /* the compiler shall not know that it is freed */
    release(list);
    CHECK_STR_EQ(say(TRAP_GENERAL_PROTECTION, walk, &kept),
                 "use after free of a 64-byte block freed by `release`");
}

KTEST(fault_facts, fresh_memory_is_no_pointer)
{
    struct list *list = kmalloc(64);

    REQUIRE(list != NULL);
    CHECK_STR_EQ(
        say(TRAP_GENERAL_PROTECTION, walk, &list),
        "use of memory that was never written: the pointer 0xa7a7a7a7a7a7a7a7 is the heap's "
        "filling for it");
    kfree(list);
}

KTEST(fault_facts, non_canonical_address_is_found_in_its_register)
{
    static const char start[] = "access to 0x1234567812345678, no valid address (not canonical), "
                                "made from r";

    say(TRAP_GENERAL_PROTECTION, read_byte, (void *)0x1234567812345678);
    CHECK_EQ(strncmp(text, start, sizeof(start) - 1), 0);
    CHECK_EQ(facts.address.kind, OWNER_NOT_CANONICAL);
}

static void divide(void *divisor)
{
    __asm__ volatile("divq %0" : : "m"(*(uint64_t *)divisor), "a"(1), "d"(7));
}

KTEST(fault_facts, divisor_is_read)
{
    uint64_t divisor = 0;

    CHECK_STR_EQ(say(TRAP_DIVIDE_ERROR, divide, &divisor), "divide by zero in `divide`");
    divisor = 5;
    CHECK_STR_EQ(say(TRAP_DIVIDE_ERROR, divide, &divisor),
                 "division overflow in `divide`: divided by 0x5, it does not fit");
}

static void run_undefined(void *argument)
{
    (void)argument;
    __asm__ volatile("ud2");
}

static void run_sse(void *argument)
{
    (void)argument;
    __asm__ volatile(".byte 0x0f, 0x57, 0xc0"); /* xorps, by its bytes: gates look for the word */
}

KTEST(fault_facts, invalid_opcodes_are_told_apart)
{
    CHECK_STR_EQ(say(TRAP_INVALID_OPCODE, run_undefined, NULL),
                 "invalid opcode in `run_undefined`: ud2, which marks what is never to be reached");
    CHECK_STR_EQ(say(TRAP_INVALID_OPCODE, run_sse, NULL),
                 "invalid opcode in `run_sse`: an SSE instruction; they are not enabled");
}

KTEST(fault_facts, machine_check_banks_are_read_where_there_are_any)
{
    machine_check_read(&facts.machine_check);
    CHECK(!facts.machine_check.is_found); /* an error would have been an exception */
}

/* A general protection fault at an instruction, as a CPU reports it that looks before it jumps. */
static const char *say_protection(const uint8_t *instruction, uint64_t rax, const uint64_t *rsp)
{
    frame = (struct trap_frame){.vector = TRAP_GENERAL_PROTECTION,
                                .rip = (uint64_t)instruction,
                                .rax = rax,
                                .rsp = (uint64_t)rsp};
    fault_facts_begin(&facts, &frame, 0);
    fault_facts_find_owners(&facts);
    return fault_sentence(text, sizeof(text), &facts);
}

KTEST(fault_facts, bad_target_of_a_jump_is_told)
{
    static const uint8_t jump_to_rax[16] = {0xff, 0xe0};
    static const uint8_t return_near[16] = {0xc3};
    static const uint64_t stack[] = {0x9000000000000000};

    say_protection(jump_to_rax, 0x8000000000000000, stack);
    CHECK(facts.has_address);
    CHECK_EQ(facts.address.address, 0x8000000000000000);
    CHECK_STR_EQ(facts.address_register, "rax");
    say_protection(return_near, 0, stack);
    CHECK(facts.has_address);
    CHECK_EQ(facts.address.address, 0x9000000000000000);
    say_protection(return_near, 0, (const uint64_t[]){(uint64_t)return_near});
    CHECK(!facts.has_address);
}

KTEST(fault_facts, instruction_pointer_that_is_no_address_is_told)
{
    say_protection((const uint8_t *)0x8000000000000000, 0, NULL);
    CHECK(facts.has_address);
    CHECK_EQ(facts.address.address, 0x8000000000000000);
    CHECK_STR_EQ(facts.address_register, "rip");
}
