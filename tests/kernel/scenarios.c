/* SPDX-License-Identifier: MIT */
/* The ways to die, and two not to. */
#include "tests/kernel/scenarios.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/console.h"
#include "kernel/panic.h"
#include "kernel/power.h"
#include "kernel/trap.h"
#include "lib/bits.h"
#include "lib/string.h"
#include "lib/x86/cpu.h"
#include "mm/layout.h"
#include "tests/kernel/bad_places.h"
#include "tests/kernel/debug_exit.h"
#include "tests/kernel/heap_misuse.h"
#include "tests/kernel/idle_sweep.h"
#include "tests/kernel/raise.h"
#include "tests/kernel/report_faults.h"
#include "tests/kernel/stack_overflows.h"

#define NO_TRAP UINT32_MAX

/* A table entry bit that is reserved on any CPU: PS in a PML4 entry. */
#define PML4_ENTRY_RESERVED BIT(7)
#define PML4_ENTRY_PRESENT  BIT(0)
#define PML4_SPARE_INDEX    300 /* nothing of this kernel lies there */
#define RESERVED_ADDRESS    (0xffff000000000000UL | (uint64_t)PML4_SPARE_INDEX << 39)

extern const uint8_t __rodata_start[], __data_start[];

struct scenario {
    const char *name;
    void (*run)(void);
    void (*run_at)(unsigned eighths); /* of its own course, where it strikes; instead of run */
    unsigned eighths;
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

static void null_pointer(void)
{
    volatile uint8_t *volatile field = (uint8_t *)0x18; /* volatile: the compiler may not know */

    (void)*field;
}

/* Exception `number`, as raise.h raises it; the breakpoint comes back. */
#define VECTOR(number, code)                                                 \
    {                                                                        \
        .name = "vector_" #number, .vector = (number), .error_code = (code), \
        .survives = (number) == TRAP_BREAKPOINT                              \
    }

/* One thing struck at seven points of its course: a page fault in a read. */
#define STRUCK(what, function, place, after)                                \
    {                                                                       \
        .name = #what "_" #after, .run_at = (function), .eighths = (after), \
        .vector = TRAP_PAGE_FAULT, .address = (place)                       \
    }
#define IN_EIGHTHS(what, function, place)                                   \
    STRUCK(what, function, place, 1), STRUCK(what, function, place, 2),     \
        STRUCK(what, function, place, 3), STRUCK(what, function, place, 4), \
        STRUCK(what, function, place, 5), STRUCK(what, function, place, 6), \
        STRUCK(what, function, place, 7)

static const struct scenario scenarios[] = {
    {.name = "idle_sweep", .run = idle_sweep, .survives = true},
    {.name = "idle_sweep_with_gap", .run = idle_sweep_with_gap, .survives = true},
    {.name = "basic_boot", .run = basic_boot, .survives = true},
    {.name = "should_panic", .run = should_panic, .vector = NO_TRAP},
    {.name = "stack_overflow", .run = overflow_main_stack, .vector = TRAP_DOUBLE_FAULT},
    {.name = "task_stack_overflow", .run = overflow_task_stack, .vector = TRAP_DOUBLE_FAULT},
    {.name = "boot_stack_overflow", .run = overflow_boot_stack, .vector = TRAP_DOUBLE_FAULT},
    {.name = "interrupt_stack_overflow",
     .run = overflow_interrupt_stack,
     .vector = TRAP_DOUBLE_FAULT},
    {.name = "breakpoint", .run = raise_breakpoint, .survives = true},
    {.name = "invalid_opcode", .run = raise_invalid_opcode, .vector = TRAP_INVALID_OPCODE},
    {.name = "divide_error", .run = raise_divide_error, .vector = TRAP_DIVIDE_ERROR},
    {.name = "general_protection",
     .run = raise_general_protection,
     .vector = TRAP_GENERAL_PROTECTION},
    {.name = "page_fault_read",
     .run = raise_page_fault,
     .vector = TRAP_PAGE_FAULT,
     .address = RAISE_UNMAPPED_ADDRESS},
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
     .address = BAD_PLACES_ADDRESS},
    {.name = "fault_in_console",
     .run = fault_in_console,
     .vector = TRAP_PAGE_FAULT,
     .error_code = PAGE_FAULT_WRITE,
     .address = BAD_PLACES_ADDRESS},
    {.name = "fault_in_panic", .run = fault_in_panic, .vector = NO_TRAP},
    {.name = "fault_in_report", .run = fault_in_report, .vector = NO_TRAP},
    {.name = "fault_in_one_part", .run = fault_in_one_part, .vector = TRAP_INVALID_OPCODE},
    {.name = "fault_in_two_parts", .run = fault_in_two_parts, .vector = TRAP_INVALID_OPCODE},
    {.name = "fault_in_explanation", .run = fault_in_explanation, .vector = TRAP_INVALID_OPCODE},
    {.name = "fault_with_faulty_console",
     .run = fault_with_faulty_console,
     .vector = TRAP_PAGE_FAULT,
     .address = BAD_PLACES_ADDRESS + PAGE_SIZE},
    {.name = "heap_double_free", .run = heap_double_free, .vector = NO_TRAP},
    {.name = "heap_wrong_pointer", .run = heap_wrong_pointer, .vector = NO_TRAP},
    {.name = "heap_overrun", .run = heap_overrun, .vector = NO_TRAP},
    {.name = "heap_use_after_free", .run = heap_use_after_free, .vector = NO_TRAP},
    {.name = "heap_in_interrupt", .run = heap_in_interrupt, .vector = NO_TRAP},
    {.name = "null_pointer", .run = null_pointer, .vector = TRAP_PAGE_FAULT, .address = 0x18},
    IN_EIGHTHS(printing_struck, strike_printing, BAD_PLACES_ADDRESS),
    IN_EIGHTHS(heap_struck, strike_heap, BAD_PLACES_HEAP_ADDRESS),
    VECTOR(0, 0),
    VECTOR(1, 0),
    VECTOR(2, 0),
    VECTOR(3, 0),
    VECTOR(4, 0),
    VECTOR(5, 0),
    VECTOR(6, 0),
    VECTOR(7, 0),
    VECTOR(8, 0),
    VECTOR(9, 0),
    VECTOR(10, RAISE_TSS_ERROR),
    VECTOR(11, RAISE_SELECTOR_ERROR),
    VECTOR(12, RAISE_SELECTOR_ERROR),
    VECTOR(13, 0),
    VECTOR(14, 0),
    VECTOR(15, 0),
    VECTOR(16, 0),
    VECTOR(17, 0),
    VECTOR(18, 0),
    VECTOR(19, 0),
    VECTOR(20, 0),
    VECTOR(21, RAISE_CONTROL_ERROR),
    VECTOR(22, 0),
    VECTOR(23, 0),
    VECTOR(24, 0),
    VECTOR(25, 0),
    VECTOR(26, 0),
    VECTOR(27, 0),
    VECTOR(28, 0),
    VECTOR(29, RAISE_HYPERVISOR_ERROR),
    VECTOR(30, RAISE_SECURITY_ERROR),
    VECTOR(31, 0),
    /* Looked at from outside: that the machine goes, and by which way. */
    {.name = "power_off", .run = power_off},
    {.name = "reboot", .run = power_reboot},
    {.name = "reboot_with_faulty_console", .run = reboot_with_faulty_console},
    {.name = "reboot_despite_fault", .run = reboot_despite_fault},
};

/* Without a function of its own a scenario raises its exception. */
static void act(const struct scenario *scenario)
{
    if (scenario->run_at != NULL) {
        scenario->run_at(scenario->eighths);
    } else if (scenario->run != NULL) {
        scenario->run();
    } else {
        raise_exception[scenario->vector]();
    }
}

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
    act(running);
    kprintf("scenario %s: survived\n", running->name);
    debug_exit(running->survives ? DEBUG_EXIT_SUCCESS : DEBUG_EXIT_FAILURE);
}
