/* SPDX-License-Identifier: MIT */
/*
 * Exceptions and the entry stubs: what the CPU pushes is what C sees, nothing
 * of the interrupted code is lost, and C gets the state it may rely on.
 */
#include <stddef.h>

#include "kernel/cpu.h"
#include "kernel/image.h"
#include "kernel/irq.h"
#include "kernel/stacks.h"
#include "kernel/task.h"
#include "kernel/trap.h"
#include "kernel/trap_words.h"
#include "lib/bits.h"
#include "lib/x86/cpu.h"
#include "mm/layout.h"
#include "tests/kernel/registers.h"
#include "tests/kernel/trap_expect.h"
#include "tests/ktest.h"

#define FREE_IRQ 5 /* no driver of this kernel uses it */

/* What a handler saw; filled by handlers below. */
static struct {
    unsigned count;
    uint64_t rflags;
    uint64_t frame_address;
    uint64_t frame_rsp;
} seen;

static uint64_t rflags_read(void)
{
    uint64_t flags;

    __asm__ volatile("pushfq; popq %0" : "=r"(flags));
    return flags;
}

static void note_state(void)
{
    seen.count++;
    seen.rflags = rflags_read();
    seen.frame_address = (uint64_t)__builtin_frame_address(0);
}

NOINLINE static bool note_trap(struct trap_frame *frame)
{
    note_state();
    seen.frame_rsp = frame->rsp;
    return true;
}

NOINLINE static void note_irq(void)
{
    note_state();
}

static void start_watching(void)
{
    seen.count = 0;
}

KTEST(trap, breakpoint_returns_when_nobody_handles_it)
{
    uint64_t before = 1;

    __asm__ volatile("int3; addq $1, %0" : "+r"(before));
    CHECK_EQ(before, 2);
}

KTEST(trap, handler_gets_control_and_is_replaced)
{
    trap_handler *previous = trap_set_handler(TRAP_BREAKPOINT, note_trap);

    start_watching();
    __asm__ volatile("int3");
    CHECK_EQ(seen.count, 1);
    CHECK_EQ(trap_set_handler(TRAP_BREAKPOINT, previous), note_trap);
    __asm__ volatile("int3");
    CHECK_EQ(seen.count, 1);
}

KTEST(trap, every_register_survives_an_exception)
{
    struct registers before;
    struct registers after;

    registers_across_int3(&before, &after);
    CHECK_MEM_EQ(&after, &before, sizeof(before));
}

KTEST(trap, every_register_survives_an_interrupt)
{
    struct registers before;
    struct registers after;

    if (!irq_is_available()) {
        SKIP("no PIC");
    }
    REQUIRE_OK(irq_attach(FREE_IRQ, note_irq));
    uint64_t flags = irq_save();

    registers_across_irq(&before, &after);
    irq_restore(flags);
    irq_detach(FREE_IRQ);
    CHECK_MEM_EQ(&after, &before, sizeof(before));
}

KTEST(trap, direction_flag_is_clear_in_an_exception_and_restored_after)
{
    trap_handler *previous = trap_set_handler(TRAP_BREAKPOINT, note_trap);
    uint64_t after;

    seen.rflags = RFLAGS_DF;
    __asm__ volatile("std; int3; pushfq; popq %0; cld" : "=r"(after) : : "memory");
    trap_set_handler(TRAP_BREAKPOINT, previous);
    CHECK_EQ(seen.rflags & RFLAGS_DF, 0);
    CHECK_EQ(after & RFLAGS_DF, RFLAGS_DF);
}

KTEST(trap, direction_flag_is_clear_in_an_interrupt_and_restored_after)
{
    uint64_t after;

    if (!irq_is_available()) {
        SKIP("no PIC");
    }
    REQUIRE_OK(irq_attach(FREE_IRQ, note_irq));
    uint64_t flags = irq_save();

    seen.rflags = RFLAGS_DF;
    __asm__ volatile("std; int %1; pushfq; popq %0; cld"
                     : "=r"(after)
                     : "i"(IRQ_VECTOR_BASE + FREE_IRQ)
                     : "memory");
    irq_restore(flags);
    irq_detach(FREE_IRQ);
    CHECK_EQ(seen.rflags & RFLAGS_DF, 0);
    CHECK_EQ(after & RFLAGS_DF, RFLAGS_DF);
}

KTEST(trap, interrupts_are_masked_in_handlers_and_as_before_after)
{
    bool were_enabled = irq_is_enabled();
    trap_handler *previous = trap_set_handler(TRAP_BREAKPOINT, note_trap);

    seen.rflags = RFLAGS_IF;
    __asm__ volatile("int3");
    trap_set_handler(TRAP_BREAKPOINT, previous);
    CHECK_EQ(seen.rflags & RFLAGS_IF, 0);
    CHECK_EQ(irq_is_enabled(), were_enabled);
}

/* A function's frame address is 16-byte aligned exactly when the stack was at its call. */
KTEST(trap, stack_is_aligned_in_an_exception_whatever_it_was_before)
{
    trap_handler *previous = trap_set_handler(TRAP_BREAKPOINT, note_trap);

    for (unsigned pushed = 0; pushed < 2; pushed++) {
        seen.frame_address = 1;
        if (pushed == 0) {
            __asm__ volatile("int3" : : : "memory");
        } else {
            __asm__ volatile("pushq $0; int3; addq $8, %%rsp" : : : "memory");
        }
        CHECK_EQ(seen.frame_address % 16, 0);
    }
    trap_set_handler(TRAP_BREAKPOINT, previous);
}

KTEST(trap, stack_is_aligned_in_an_interrupt_whatever_it_was_before)
{
    if (!irq_is_available()) {
        SKIP("no PIC");
    }
    REQUIRE_OK(irq_attach(FREE_IRQ, note_irq));
    uint64_t flags = irq_save();

    seen.frame_address = 1;
    __asm__ volatile("pushq $0; int %0; addq $8, %%rsp"
                     :
                     : "i"(IRQ_VECTOR_BASE + FREE_IRQ)
                     : "memory");
    CHECK_EQ(seen.frame_address % 16, 0);
    irq_restore(flags);
    irq_detach(FREE_IRQ);
}

static const char *stack_name_of(uint64_t address)
{
    const struct stack *stack = stack_containing(address);

    return stack != NULL ? stack->name : "none";
}

KTEST(trap, interrupts_run_on_the_interrupt_stack)
{
    if (!irq_is_available()) {
        SKIP("no PIC");
    }
    REQUIRE_OK(irq_attach(FREE_IRQ, note_irq));
    uint64_t flags = irq_save();

    __asm__ volatile("int %0" : : "i"(IRQ_VECTOR_BASE + FREE_IRQ) : "memory");
    irq_restore(flags);
    irq_detach(FREE_IRQ);
    CHECK_STR_EQ(stack_name_of(seen.frame_address), "interrupt");
}

KTEST(trap, breakpoint_runs_on_the_stack_it_struck)
{
    trap_handler *previous = trap_set_handler(TRAP_BREAKPOINT, note_trap);

    seen.frame_address = 0;
    __asm__ volatile("int3" : : : "memory");
    trap_set_handler(TRAP_BREAKPOINT, previous);
    CHECK_STR_EQ(stack_name_of(seen.frame_address), stack_name_of((uint64_t)&previous));
    CHECK_STR_EQ(stack_name_of((uint64_t)&previous),
                 task_current() != NULL ? task_current()->name : "boot");
}

KTEST(trap, nmi_and_machine_check_run_on_stacks_of_their_own)
{
    trap_handler *previous_nmi = trap_set_handler(TRAP_NMI, note_trap);
    trap_handler *previous_mc = trap_set_handler(TRAP_MACHINE_CHECK, note_trap);

    __asm__ volatile("int $2" : : : "memory");
    CHECK_STR_EQ(stack_name_of(seen.frame_address), "NMI");
    __asm__ volatile("int $18" : : : "memory");
    CHECK_STR_EQ(stack_name_of(seen.frame_address), "machine check");
    trap_set_handler(TRAP_NMI, previous_nmi);
    trap_set_handler(TRAP_MACHINE_CHECK, previous_mc);
}

KTEST(trap, stray_vectors_are_counted_and_return)
{
    uint64_t before = irq_stray_count();

    __asm__ volatile("int $48; int $128; int $255" : : : "memory");
    CHECK_EQ(irq_stray_count() - before, 3);
}

static void divide_by_zero(void *argument)
{
    (void)argument;
    __asm__ volatile("xorl %%ecx, %%ecx; movl $1, %%eax; cltd; idivl %%ecx"
                     :
                     :
                     : "eax", "ecx", "edx");
}

static void run_undefined_opcode(void *argument)
{
    (void)argument;
    __asm__ volatile("ud2");
}

static void read_byte(void *address)
{
    (void)*(volatile uint8_t *)address;
}

static void write_byte(void *address)
{
    *(volatile uint8_t *)address = 0;
}

static void execute(void *address)
{
    ((void (*)(void))address)();
}

static void do_nothing(void *argument)
{
    (void)argument;
}

KTEST(trap, expectation_is_not_met_when_nothing_happens)
{
    struct trap_frame frame = {.vector = 99};

    CHECK(!trap_expect(TRAP_DIVIDE_ERROR, do_nothing, NULL, &frame));
    CHECK_EQ(frame.vector, 99);
}

KTEST(trap, divide_error_is_a_fault)
{
    struct trap_frame frame;

    REQUIRE(trap_expect(TRAP_DIVIDE_ERROR, divide_by_zero, NULL, &frame));
    CHECK_EQ(frame.vector, 0);
    CHECK_EQ(frame.error_code, 0);
    CHECK_EQ(frame.rax, 1);
    CHECK_EQ(frame.rcx, 0);
    CHECK_EQ(frame.cs, 0x08);
}

KTEST(trap, invalid_opcode_points_at_the_instruction)
{
    struct trap_frame frame;

    REQUIRE(trap_expect(TRAP_INVALID_OPCODE, run_undefined_opcode, NULL, &frame));
    CHECK_EQ(*(const uint16_t *)frame.rip, 0x0b0f);
}

KTEST(trap, non_canonical_address_is_a_general_protection_fault)
{
    struct trap_frame frame;

    REQUIRE(trap_expect(TRAP_GENERAL_PROTECTION, read_byte, (void *)0x1234567812345678UL, &frame));
    CHECK_EQ(frame.error_code, 0);
}

/* Expect a page fault at an address and compare its error code. */
static void check_page_fault(void (*access)(void *), uint64_t address, uint64_t error_code)
{
    struct trap_frame frame = {0};

    CHECK(trap_expect(TRAP_PAGE_FAULT, access, (void *)address, &frame));
    CHECK_EQ(cr2_read(), address);
    CHECK_EQ(frame.error_code, error_code);
}

KTEST(trap, page_faults_where_nothing_is_mapped)
{
    check_page_fault(read_byte, 0x10, 0);
    check_page_fault(write_byte, 0x10, 2);
    check_page_fault(read_byte, IMAGE_LOAD_ADDRESS, 0);
    check_page_fault(read_byte, (uint64_t)__text_start - PAGE_SIZE, 0);
}

KTEST(trap, page_faults_where_a_right_is_missing)
{
    check_page_fault(write_byte, (uint64_t)__text_start, 3);
    check_page_fault(write_byte, (uint64_t)__rodata_start, 3);
    if (!cpu_current()->features.nx) {
        SKIP("this CPU has no NX");
    }
    check_page_fault(execute, (uint64_t)__rodata_start, 0x11);
    check_page_fault(execute, (uint64_t)__data_start, 0x11);
    check_page_fault(execute, DIRECT_MAP_BASE + IMAGE_LOAD_ADDRESS, 0x11);
}

KTEST(trap, every_stack_has_a_guard_page)
{
    for (enum stack_id id = 0; id < STACK_COUNT; id++) {
        const struct stack *stack = stack_containing(stack_top(id) - 1);

        REQUIRE(stack != NULL);
        CHECK_EQ(stack->top % 16, 0);
        check_page_fault(write_byte, stack->bottom - 1, 2);
        check_page_fault(write_byte, stack->bottom - PAGE_SIZE, 2);
        CHECK_EQ(stack_guarded_by(stack->bottom - 1), stack);
        CHECK_EQ(stack_guarded_by(stack->bottom), NULL);
        CHECK_EQ(stack_guarded_by(stack->bottom - PAGE_SIZE - 1), NULL);
    }
}

static void push_on_guard_page(void *stack_bottom)
{
    __asm__ volatile("movq %0, %%rsp; pushq $0" : : "r"(stack_bottom) : "memory");
}

KTEST(trap, stack_overflow_is_a_double_fault_on_its_own_stack)
{
    const struct stack *boot = stack_containing(stack_top(STACK_BOOT) - 1);
    struct trap_frame frame;

    REQUIRE(trap_expect(TRAP_DOUBLE_FAULT, push_on_guard_page, (void *)boot->bottom, &frame));
    CHECK_EQ(frame.error_code, 0);
    CHECK_EQ(frame.rsp, boot->bottom);
    CHECK_EQ(stack_guarded_by(cr2_read()), boot);
}

KTEST(trap, exceptions_have_names_and_mnemonics)
{
    for (unsigned vector = 0; vector < TRAP_EXCEPTION_COUNT; vector++) {
        CHECK_NE(trap_name(vector), NULL);
        CHECK_NE(trap_mnemonic(vector), NULL);
    }
    CHECK_STR_EQ(trap_name(14), "page fault");
    CHECK_STR_EQ(trap_mnemonic(14), "#PF");
    CHECK_STR_EQ(trap_mnemonic(8), "#DF");
    CHECK_STR_EQ(trap_mnemonic(18), "#MC");
}
