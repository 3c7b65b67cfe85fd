/* SPDX-License-Identifier: MIT */
/* Frame-pointer backtraces. Source: System V ABI for AMD64, "The Stack Frame". */
#include "kernel/backtrace.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel/console.h"
#include "kernel/stacks.h"
#include "kernel/symbols.h"
#include "lib/bits.h"

/* The whole report has to fit on a screen of 25 rows; a recursion takes one line. */
#define LINES_MAX      8
#define WALK_DEPTH_MAX 1000

#define PUSH_RBP_SIZE 1 /* bytes of the instruction */

/* What RBP points at in a function that keeps a frame pointer. */
struct frame_record {
    uint64_t caller_frame;
    uint64_t return_address;
};

/*
 * A return address lies behind its call, which may be a function's last
 * instruction: what is looked up is the call, what is printed the address.
 */
enum address_kind { ADDRESS_OF_INSTRUCTION = 0, ADDRESS_TO_RETURN_TO = 1 };

static void line_print(unsigned depth, uint64_t address, enum address_kind kind)
{
    struct symbol symbol;

    if (symbol_find(address - kind, &symbol)) {
        kprintf("#%u 0x%016lx %s+0x%lx\n", depth, address, symbol.name, symbol.offset + kind);
    } else {
        kprintf("#%u 0x%016lx (not kernel code)\n", depth, address);
    }
}

/* The record RBP points at, or NULL when it lies on no stack of ours. */
static const struct frame_record *record_at(uint64_t frame_pointer)
{
    const struct stack *stack = stack_containing(frame_pointer);

    if (stack == NULL || !IS_ALIGNED(frame_pointer, sizeof(uint64_t)) ||
        stack->top - frame_pointer < sizeof(struct frame_record)) {
        return NULL;
    }
    return (const struct frame_record *)frame_pointer;
}

/* How often the last line's call stands there again, if it does. Returns the lines this took. */
static unsigned repeats_print(unsigned *repeated)
{
    if (*repeated == 0) {
        return 0;
    }
    kprintf("(the same %u times more)\n", *repeated);
    *repeated = 0;
    return 1;
}

/* Callers lie higher, but for the step from an interrupt's stack to what it interrupted. */
static bool leads_on(uint64_t frame_pointer, uint64_t caller_frame)
{
    return caller_frame > frame_pointer ||
           stack_containing(caller_frame) != stack_containing(frame_pointer);
}

/* `lines`: printed so far, the innermost included. */
static void chain_print(uint64_t frame_pointer, unsigned lines)
{
    uint64_t last_address = 0;
    unsigned repeated = 0;

    for (unsigned depth = lines; depth < WALK_DEPTH_MAX; depth++) {
        const struct frame_record *record = record_at(frame_pointer);

        if (record == NULL || record->return_address == 0) {
            break;
        }
        if (record->return_address == last_address) {
            repeated++;
        } else {
            lines += repeats_print(&repeated);
            if (lines++ >= LINES_MAX) {
                kprintf("(outer calls left out)\n");
                return;
            }
            line_print(depth, record->return_address, ADDRESS_TO_RETURN_TO);
            last_address = record->return_address;
        }
        if (!leads_on(frame_pointer, record->caller_frame)) {
            break;
        }
        frame_pointer = record->caller_frame;
    }
    repeats_print(&repeated);
}

/*
 * Where a function returns to that has not yet set RBP up: its first
 * instruction pushes it, its second copies RSP. NULL further in.
 */
static const uint64_t *return_address_in_prologue(uint64_t rip, uint64_t stack_pointer)
{
    struct symbol symbol;
    uint64_t address;

    if (!symbol_find(rip, &symbol) || symbol.offset > PUSH_RBP_SIZE) {
        return NULL;
    }
    address = stack_pointer + (symbol.offset == 0 ? 0 : sizeof(uint64_t));
    return stack_containing(address) != NULL ? (const uint64_t *)address : NULL;
}

void backtrace_print_trap(uint64_t rip, uint64_t stack_pointer, uint64_t frame_pointer)
{
    const uint64_t *return_address = return_address_in_prologue(rip, stack_pointer);
    unsigned lines = 0;

    line_print(lines++, rip, ADDRESS_OF_INSTRUCTION);
    if (return_address != NULL) {
        line_print(lines++, *return_address, ADDRESS_TO_RETURN_TO);
    }
    chain_print(frame_pointer, lines);
}

void backtrace_print_call(uint64_t return_address, uint64_t frame_pointer)
{
    line_print(0, return_address, ADDRESS_TO_RETURN_TO);
    chain_print(frame_pointer, 1);
}
