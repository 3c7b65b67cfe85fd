/* SPDX-License-Identifier: MIT */
/* The chain of calls: through functions, exceptions and calls of what is no code. */
#include "kernel/backtrace.h"

#include "kernel/stacks.h"
#include "kernel/symbols.h"
#include "kernel/trap.h"
#include "lib/bits.h"
#include "lib/compiler.h"
#include "lib/string.h"
#include "tests/kernel/console_capture.h"
#include "tests/ktest.h"

#define LINES 8

/* In kernel/trap_stubs.asm: what its call of C returns to. */
extern const uint8_t trap_entry_called[] __asm__("trap_entry.called");

#define NO_CODE 0x10UL /* where nothing is mapped */

static struct {
    struct backtrace_line lines[LINES];
    size_t count;
} found;

static void collect(struct backtrace *trace)
{
    found.count = 0;
    while (found.count < LINES && backtrace_next(trace, &found.lines[found.count])) {
        found.count++;
    }
}

/* The function of a line, by what a report would print. */
static const char *name_of(size_t index)
{
    struct symbol symbol;
    uint64_t back = found.lines[index].kind == BACKTRACE_RETURN ? 1 : 0;

    return index < found.count && symbol_find(found.lines[index].address - back, &symbol)
               ? symbol.name
               : "none";
}

NOINLINE static void innermost(void)
{
    const uint64_t *frame = __builtin_frame_address(0);
    struct backtrace trace;

    backtrace_begin_call(&trace, frame[1], frame[0]);
    collect(&trace);
    COMPILER_BARRIER();
}

NOINLINE static void middle(void)
{
    innermost();
    COMPILER_BARRIER();
}

KTEST(backtrace, calls_are_named_from_the_innermost_out)
{
    middle();
    REQUIRE(found.count >= 3);
    CHECK_STR_EQ(name_of(0), "middle");
    CHECK_STR_EQ(name_of(1), "ktest_backtrace__calls_are_named_from_the_innermost_out");
    for (size_t i = 0; i < found.count; i++) {
        CHECK_EQ(found.lines[i].depth, i);
        CHECK_EQ(found.lines[i].kind, BACKTRACE_RETURN);
    }
}

static bool trace_from_handler(struct trap_frame *frame)
{
    (void)frame;
    middle();
    return true;
}

NOINLINE static void run_breakpoint(void)
{
    __asm__ volatile("int3" : : : "memory");
}

/* What an exception came into is where it was, not what returns there. */
KTEST(backtrace, exception_in_the_chain_leads_to_its_instruction)
{
    trap_handler *previous = trap_set_handler(TRAP_BREAKPOINT, trace_from_handler);
    size_t exceptions = 0;

    run_breakpoint();
    trap_set_handler(TRAP_BREAKPOINT, previous);
    for (size_t i = 1; i < found.count; i++) {
        if (found.lines[i].kind == BACKTRACE_INSTRUCTION) {
            CHECK_STR_EQ(name_of(i - 1), "trap_entry");
            CHECK_STR_EQ(name_of(i), "run_breakpoint");
            exceptions++;
        }
    }
    CHECK_EQ(exceptions, 1);
}

/* Volatile: the compiler shall make no function of its own for what it knows. */
static void (*volatile no_function)(void) = (void (*)(void))NO_CODE;

NOINLINE static void call(void (*function)(void))
{
    function();
    COMPILER_BARRIER();
}

/* As if the function that is none had returned. */
static bool trace_and_return(struct trap_frame *frame)
{
    struct backtrace trace;

    backtrace_begin_trap(&trace, frame->rip, frame->rsp, frame->rbp);
    collect(&trace);
    frame->rip = *(const uint64_t *)frame->rsp;
    frame->rsp += sizeof(uint64_t);
    return true;
}

/* There is no frame in what is no function, but somebody called it. */
KTEST(backtrace, caller_of_what_is_no_code_is_read_off_the_stack)
{
    trap_handler *previous = trap_set_handler(TRAP_PAGE_FAULT, trace_and_return);

    call(no_function);
    trap_set_handler(TRAP_PAGE_FAULT, previous);
    REQUIRE(found.count >= 3);
    CHECK_EQ(found.lines[0].address, NO_CODE);
    CHECK_STR_EQ(name_of(1), "call");
    CHECK_STR_EQ(name_of(2), "ktest_backtrace__caller_of_what_is_no_code_is_read_off_the_stack");
}

KTEST(backtrace, what_no_call_leads_to_is_no_caller)
{
    uint64_t stack[2] = {trap_stub_table[33], 0}; /* behind the padding of the stub before */
    struct backtrace trace;

    backtrace_begin_trap(&trace, 0, (uint64_t)stack, 0);
    collect(&trace);
    CHECK_EQ(found.count, 1);
}

/* Never run: a call of each form, and where it would return to. */
extern const uint64_t returns_of_calls[];

__asm__(".pushsection .text\n"
        "1: call *%rax\n"
        "2: call *(%rax)\n"
        "3: call *8(%rax)\n"
        "4: call *0x1000(%rax)\n"
        "5: call *0x1000(%rip)\n"
        "6: call *(%rax,%rcx,8)\n"
        "7: call *8(%rsp)\n"
        "8: call *0x1000(%rax,%rcx,8)\n"
        "9: call *0x1000(,%rcx,8)\n"
        "10: call 1b\n"
        "11: ret\n"
        ".popsection\n"
        ".pushsection .rodata\n"
        ".balign 8\n"
        "returns_of_calls: .quad 2b, 3b, 4b, 5b, 6b, 7b, 8b, 9b, 10b, 11b, 0\n"
        ".popsection");

KTEST(backtrace, calls_of_every_form_are_known_by_their_bytes)
{
    for (const uint64_t *address = returns_of_calls; *address != 0; address++) {
        uint64_t stack[2] = {*address, 0};
        struct backtrace trace;

        backtrace_begin_trap(&trace, 0, (uint64_t)stack, 0);
        collect(&trace);
        CHECK_EQ(found.count, 2);
        CHECK_EQ(found.lines[1].address, *address);
    }
}

KTEST(backtrace, broken_chain_ends)
{
    uint64_t loop[2] = {(uint64_t)loop, (uint64_t)innermost};
    uint64_t astray[2] = {0x8000000000000000, (uint64_t)innermost};
    struct backtrace trace;

    backtrace_begin_call(&trace, (uint64_t)innermost, (uint64_t)loop);
    collect(&trace);
    CHECK_EQ(found.count, 2);
    backtrace_begin_call(&trace, (uint64_t)innermost, (uint64_t)astray);
    collect(&trace);
    CHECK_EQ(found.count, 2);
    backtrace_begin_call(&trace, (uint64_t)innermost, (uint64_t)loop + 1);
    collect(&trace);
    CHECK_EQ(found.count, 1);
}

/* What RBP points at; a chain of them that leads to these functions. */
struct record {
    struct record *caller;
    uint64_t return_address;
};

static void chain_make(struct record *records, const uint64_t *addresses, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        records[i].caller = i + 1 < count ? &records[i + 1] : NULL;
        records[i].return_address = addresses[i];
    }
}

/* What is printed of calls from the first address on. */
static const char *print_chain(struct record *records, uint64_t first, unsigned lines_max)
{
    struct backtrace trace;

    backtrace_begin_call(&trace, first, (uint64_t)records);
    capture_start();
    backtrace_print(&trace, lines_max);
    return capture_stop();
}

static unsigned count_lines(const char *text)
{
    unsigned count = 0;

    for (; *text != '\0'; text++) {
        count += *text == '\n';
    }
    return count;
}

static bool is_cut(const char *text)
{
    static const char remark[] = "(outer calls left out)\n";
    size_t length = strlen(text);

    return length >= sizeof(remark) - 1 && strcmp(text + length - sizeof(remark) + 1, remark) == 0;
}

KTEST(backtrace, lines_keep_to_their_number_whatever_stands_between_the_calls)
{
    const uint64_t a = trap_stub_table[0] + 1;
    const uint64_t addresses[] = {a,     a,     a + 1, a + 1, (uint64_t)trap_entry_called,
                                  a + 2, a + 2, a + 3};
    struct record records[ARRAY_SIZE(addresses)];

    chain_make(records, addresses, ARRAY_SIZE(addresses));
    for (unsigned lines_max = 2; lines_max < 14; lines_max++) {
        const char *text = print_chain(records, a, lines_max);

        CHECK_LE(count_lines(text), lines_max);
        CHECK_EQ(is_cut(text), lines_max < 10); /* 5 calls, 3 repeated, 1 come into, and 1 */
    }
}

KTEST(backtrace, calls_beyond_the_greatest_depth_are_said_to_be_left_out)
{
    const struct stack *other = stack_containing(stack_top(STACK_PANIC) - 1);
    struct record *there = (struct record *)other->bottom;
    const uint64_t address = trap_stub_table[0] + 1;
    struct record here = {.caller = there, .return_address = address};

    *there = (struct record){.caller = &here, .return_address = address};
    CHECK(is_cut(print_chain(&here, address, 8)));
    there->caller = NULL;
    CHECK(!is_cut(print_chain(&here, address, 8)));
}
