/* SPDX-License-Identifier: MIT */
/* The ways to die, and two not to. */
#include "tests/kernel/scenarios.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/console.h"
#include "kernel/irq.h"
#include "kernel/panic.h"
#include "kernel/power.h"
#include "kernel/task.h"
#include "kernel/trap.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "mm/layout.h"
#include "tests/kernel/debug_exit.h"
#include "tests/kernel/heap_misuse.h"
#include "tests/kernel/idle_sweep.h"
#include "tests/kernel/report_faults.h"

#define NO_TRAP UINT32_MAX

#define SPARE_IRQ 5 /* no device of this kernel has it */

/* Where page_fault_read and page_fault_write strike; nothing is mapped at the former. */
#define UNMAPPED_ADDRESS      0xffffe9000000beefUL
#define NON_CANONICAL_ADDRESS 0x8000000000000000UL

/* A table entry bit that is reserved on any CPU: PS in a PML4 entry. */
#define PML4_ENTRY_RESERVED BIT(7)
#define PML4_ENTRY_PRESENT  BIT(0)
#define PML4_SPARE_INDEX    300 /* nothing of this kernel lies there */
#define RESERVED_ADDRESS    (0xffff000000000000UL | (uint64_t)PML4_SPARE_INDEX << 39)

extern const uint8_t __rodata_start[], __data_start[];

struct scenario {
    const char *name;
    void (*run)(void);
    uint32_t vector; /* of the expected death; NO_TRAP for a plain panic */
    uint32_t error_code;
    uint32_t error_bits_open; /* either value is right */
    uint64_t address; /* of the expected page fault; 0 for other ends */
    bool survives; /* run() is to return */
};

static const struct scenario *running;

static bool is_expected_trap(const struct trap_frame *frame, uint64_t cr2)
{
    uint64_t error_code = frame->error_code & ~(uint64_t)running->error_bits_open;

    return frame->vector == running->vector && error_code == running->error_code &&
           (running->address == 0 || cr2 == running->address);
}

/* The report is out: was it the one this scenario is about? */
static void judge_death(const struct panic_info *info)
{
    bool expected;

    if (info->frame == NULL) {
        expected = running->vector == NO_TRAP;
    } else {
        expected = is_expected_trap(info->frame, info->cr2);
    }
    debug_exit(expected && !running->survives ? DEBUG_EXIT_SUCCESS : DEBUG_EXIT_FAILURE);
}

static void basic_boot(void)
{
}

static void should_panic(void)
{
    panic("scenario should_panic: got %d, want %d", 1, 2);
}

/* Volatile, and used after the call, so that the frames really pile up. */
NOINLINE static uint64_t recurse(volatile uint64_t depth)
{
    volatile uint64_t kept[16] = {depth};

    return depth == UINT64_MAX ? 0 : recurse(depth + 1) + kept[0];
}

static void stack_overflow(void)
{
    recurse(0);
}

static intptr_t recurse_in_task(void *argument)
{
    (void)argument;
    return (intptr_t)recurse(0);
}

static void task_stack_overflow(void)
{
    if (task_spawn("deep", recurse_in_task, NULL, TASK_STACK_DEFAULT, NULL) == OK) {
        task_yield();
    }
}

static void recurse_in_interrupt(void)
{
    recurse(0);
}

static void interrupt_stack_overflow(void)
{
    if (irq_attach(SPARE_IRQ, recurse_in_interrupt) == OK) {
        __asm__ volatile("int %0" : : "i"(IRQ_VECTOR_BASE + SPARE_IRQ) : "memory");
    }
}

static void breakpoint(void)
{
    __asm__ volatile("int3");
}

static void invalid_opcode(void)
{
    __asm__ volatile("ud2");
}

static void divide_error(void)
{
    __asm__ volatile("xorl %%ecx, %%ecx; movl $1, %%eax; cltd; idivl %%ecx"
                     :
                     :
                     : "eax", "ecx", "edx");
}

static void general_protection(void)
{
    (void)*(volatile uint8_t *)NON_CANONICAL_ADDRESS;
}

static void page_fault_read(void)
{
    (void)*(volatile uint8_t *)UNMAPPED_ADDRESS;
}

static void page_fault_write(void)
{
    *(volatile uint8_t *)(uint64_t)__rodata_start = 0;
}

static void page_fault_exec(void)
{
    ((void (*)(void))(uint64_t)__data_start)();
}

static void page_fault_reserved(void)
{
    uint64_t *pml4 = direct_map(paddr(ALIGN_DOWN(cr3_read(), PAGE_SIZE)));

    pml4[PML4_SPARE_INDEX] = PML4_ENTRY_RESERVED | PML4_ENTRY_PRESENT;
    (void)*(volatile uint8_t *)RESERVED_ADDRESS;
}

/* The formatter meets an unmapped address: what it had printed stays, one report follows.
 */
static void fault_while_printing(void)
{
    kprintf("printing %s\n", (const char *)UNMAPPED_ADDRESS);
}

/* A console that faults, and is only asked once the report is under way. */
static void faulty_write(const char *text, size_t length)
{
    (void)text;
    (void)length;
    *(volatile uint8_t *)UNMAPPED_ADDRESS = 0;
}

static void fault_in_panic(void)
{
    static struct console faulty = {.name = "faulty", .write = faulty_write};

    console_register(&faulty);
    faulty.enabled = false;
    panic("scenario fault_in_panic: the report itself will fault");
}

/* A fault with a console that faults in front: the report is about the first fault all the same. */
static void fault_with_faulty_console(void)
{
    static struct console faulty = {.name = "faulty", .write = faulty_write};

    console_register(&faulty);
    faulty.enabled = false;
    (void)*(volatile uint8_t *)(UNMAPPED_ADDRESS + PAGE_SIZE);
}

/* The report over, and one console not to be asked any more: the count goes down on the others. */
static void reboot_with_faulty_console(void)
{
    panic_set_end(NULL);
    panic_set_reboot(true);
    fault_in_panic();
}

/* A console that faults once "System halted." has been said, as soon as it is written to again. */
static void late_faulty_write(const char *text, size_t length)
{
    static const char end[] = "System halted.\n";
    static bool was_said;

    if (was_said) {
        faulty_write(text, length);
    }
    was_said = length == strlen(end) && memcmp(text, end, length) == 0;
}

/* The fault is in the count, and what comes behind it is the restart. */
static void reboot_despite_fault(void)
{
    static struct console faulty = {.name = "faulty", .write = late_faulty_write};

    console_register(&faulty);
    panic_set_end(NULL);
    panic_set_reboot(true);
    panic("scenario reboot_despite_fault: what follows the report will fault");
}

/* The sentence itself cannot be put together: what there is of it is printed. */
static void fault_in_report(void)
{
    panic("scenario fault_in_report: %s", (const char *)UNMAPPED_ADDRESS);
}

static void null_pointer(void)
{
    volatile uint8_t *volatile field = (uint8_t *)0x18; /* volatile: the compiler may not know */

    (void)*field;
}

static const struct scenario scenarios[] = {
    {.name = "idle_sweep", .run = idle_sweep, .survives = true},
    {.name = "idle_sweep_with_gap", .run = idle_sweep_with_gap, .survives = true},
    {.name = "basic_boot", .run = basic_boot, .survives = true},
    {.name = "should_panic", .run = should_panic, .vector = NO_TRAP},
    {.name = "stack_overflow", .run = stack_overflow, .vector = TRAP_DOUBLE_FAULT},
    {.name = "task_stack_overflow", .run = task_stack_overflow, .vector = TRAP_DOUBLE_FAULT},
    {.name = "interrupt_stack_overflow",
     .run = interrupt_stack_overflow,
     .vector = TRAP_DOUBLE_FAULT},
    {.name = "breakpoint", .run = breakpoint, .survives = true},
    {.name = "invalid_opcode", .run = invalid_opcode, .vector = TRAP_INVALID_OPCODE},
    {.name = "divide_error", .run = divide_error, .vector = TRAP_DIVIDE_ERROR},
    {.name = "general_protection", .run = general_protection, .vector = TRAP_GENERAL_PROTECTION},
    {.name = "page_fault_read",
     .run = page_fault_read,
     .vector = TRAP_PAGE_FAULT,
     .address = UNMAPPED_ADDRESS},
    {.name = "page_fault_write",
     .run = page_fault_write,
     .vector = TRAP_PAGE_FAULT,
     .address = (uint64_t)__rodata_start,
     .error_code = PAGE_FAULT_PRESENT | PAGE_FAULT_WRITE},
    {.name = "page_fault_exec",
     .run = page_fault_exec,
     .vector = TRAP_PAGE_FAULT,
     .address = (uint64_t)__data_start,
     .error_code = PAGE_FAULT_PRESENT | PAGE_FAULT_FETCH},
    /* A CPU sets the present bit too, as the manual says; QEMU 7.2 leaves it clear. */
    {.name = "page_fault_reserved",
     .run = page_fault_reserved,
     .vector = TRAP_PAGE_FAULT,
     .address = RESERVED_ADDRESS,
     .error_code = PAGE_FAULT_RESERVED,
     .error_bits_open = PAGE_FAULT_PRESENT},
    {.name = "fault_while_printing",
     .run = fault_while_printing,
     .vector = TRAP_PAGE_FAULT,
     .address = UNMAPPED_ADDRESS},
    {.name = "fault_in_panic", .run = fault_in_panic, .vector = NO_TRAP},
    {.name = "fault_in_report", .run = fault_in_report, .vector = NO_TRAP},
    {.name = "fault_in_one_part", .run = fault_in_one_part, .vector = TRAP_INVALID_OPCODE},
    {.name = "fault_in_two_parts", .run = fault_in_two_parts, .vector = TRAP_INVALID_OPCODE},
    {.name = "fault_in_explanation", .run = fault_in_explanation, .vector = TRAP_INVALID_OPCODE},
    {.name = "fault_with_faulty_console",
     .run = fault_with_faulty_console,
     .vector = TRAP_PAGE_FAULT,
     .address = UNMAPPED_ADDRESS + PAGE_SIZE},
    {.name = "heap_double_free", .run = heap_double_free, .vector = NO_TRAP},
    {.name = "heap_wrong_pointer", .run = heap_wrong_pointer, .vector = NO_TRAP},
    {.name = "heap_overrun", .run = heap_overrun, .vector = NO_TRAP},
    {.name = "heap_use_after_free", .run = heap_use_after_free, .vector = NO_TRAP},
    {.name = "heap_in_interrupt", .run = heap_in_interrupt, .vector = NO_TRAP},
    {.name = "null_pointer", .run = null_pointer, .vector = TRAP_PAGE_FAULT, .address = 0x18},
    /* Looked at from outside: that the machine goes, and by which way. */
    {.name = "power_off", .run = power_off},
    {.name = "reboot", .run = power_reboot},
    {.name = "reboot_with_faulty_console", .run = reboot_with_faulty_console},
    {.name = "reboot_despite_fault", .run = reboot_despite_fault},
};

void scenario_run(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(scenarios); i++) {
        if (strcmp(scenarios[i].name, name) == 0) {
            running = &scenarios[i];
        }
    }
    if (running == NULL) {
        kprintf("scenario: got '%s', want one of:", name);
        for (size_t i = 0; i < ARRAY_SIZE(scenarios); i++) {
            kprintf(" %s", scenarios[i].name);
        }
        kprintf("\n");
        debug_exit(DEBUG_EXIT_FAILURE);
    }
    panic_set_end(judge_death);
    running->run();
    kprintf("scenario %s: survived\n", running->name);
    debug_exit(running->survives ? DEBUG_EXIT_SUCCESS : DEBUG_EXIT_FAILURE);
}
