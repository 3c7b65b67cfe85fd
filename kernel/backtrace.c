/* SPDX-License-Identifier: MIT */
/* Frame-pointer backtraces. Source: System V ABI for AMD64, "The Stack Frame". */
#include "kernel/backtrace.h"

#include <stddef.h>

#include "kernel/console.h"
#include "kernel/probe.h"
#include "kernel/stacks.h"
#include "kernel/symbols.h"
#include "lib/bits.h"

#define WALK_DEPTH_MAX 1000

#define PUSH_RBP_SIZE 1 /* bytes of the instruction */
#define CALL_SIZE_MAX 7 /* of an indirect one without a prefix */

/* The entry stubs' frame records: what they return to is what they came into. */
extern const uint8_t trap_entry_called[] __asm__("trap_entry.called");
extern const uint8_t irq_entry_called[] __asm__("irq_entry.called");

/* What RBP points at in a function that keeps a frame pointer. */
struct frame_record {
    uint64_t caller_frame;
    uint64_t return_address;
};

/* Read the record RBP points at. Returns false when it lies on no stack of ours. */
static bool record_read(uint64_t frame_pointer, struct frame_record *record)
{
    const struct stack *stack = stack_containing(frame_pointer);

    return stack != NULL && IS_ALIGNED(frame_pointer, sizeof(uint64_t)) &&
           stack->top - frame_pointer >= sizeof(*record) &&
           probe_read(record, frame_pointer, sizeof(*record));
}

/* Callers lie higher, but for the step from an interrupt's stack to what it interrupted. */
static bool leads_on(uint64_t frame_pointer, uint64_t caller_frame)
{
    return caller_frame > frame_pointer ||
           stack_containing(caller_frame) != stack_containing(frame_pointer);
}

/* How long a call by a register or from memory is: FF, then 2 in ModRM's middle. 0 for no call. */
static size_t indirect_call_size(const uint8_t *call)
{
    unsigned mode = call[1] >> 6;
    unsigned base = call[1] & 7;
    size_t size = mode == 1 ? 3 : mode == 2 ? 6 : 2;

    if (call[0] != 0xff || (call[1] & 0x38) != 0x10) {
        return 0;
    }
    if (mode != 3 && base == 4) { /* a SIB byte follows */
        size++;
        base = mode == 0 ? call[2] & 7 : 0;
    }
    return mode == 0 && base == 5 ? size + 4 : size;
}

/*
 * Whether the bytes in front of an address are a call, so that something may
 * return to it. Source: Intel SDM, volume 2, "CALL".
 */
static bool is_behind_call(uint64_t address)
{
    uint8_t bytes[CALL_SIZE_MAX + 1] = {0}; /* and one for a SIB byte that is not there */

    if (!symbol_is_code(address) || !symbol_is_code(address - CALL_SIZE_MAX) ||
        !probe_read(bytes, address - CALL_SIZE_MAX, CALL_SIZE_MAX)) {
        return false;
    }
    if (bytes[2] == 0xe8) { /* with a displacement of 32 bits */
        return true;
    }
    for (size_t size = 2; size <= CALL_SIZE_MAX; size++) {
        if (indirect_call_size(bytes + CALL_SIZE_MAX - size) == size) {
            return true;
        }
    }
    return false;
}

/*
 * Who called, where the frame does not say so yet: a function's first
 * instruction pushes RBP, its second copies RSP; and what is no code of ours has
 * no frame at all. 0 further in, and for what is no return address.
 */
static uint64_t caller_before_frame(uint64_t rip, uint64_t stack_pointer)
{
    struct symbol symbol = {.offset = 0};
    uint64_t address;
    uint64_t place = stack_pointer;

    if (symbol_is_code(rip) && symbol_find(rip, &symbol) && symbol.offset > PUSH_RBP_SIZE) {
        return 0;
    }
    place += symbol.offset == 0 ? 0 : sizeof(uint64_t);
    if (stack_containing(place) == NULL || !probe_read(&address, place, sizeof(address)) ||
        !is_behind_call(address)) {
        return 0;
    }
    return address;
}

void backtrace_begin_trap(struct backtrace *trace, uint64_t rip, uint64_t stack_pointer,
                          uint64_t frame_pointer)
{
    *trace = (struct backtrace){.next_address = rip,
                                .next_kind = BACKTRACE_INSTRUCTION,
                                .guess = caller_before_frame(rip, stack_pointer),
                                .frame_pointer = frame_pointer};
}

void backtrace_begin_call(struct backtrace *trace, uint64_t return_address, uint64_t frame_pointer)
{
    *trace = (struct backtrace){.next_address = return_address,
                                .next_kind = BACKTRACE_RETURN,
                                .frame_pointer = frame_pointer};
}

/* Take the next address off the chain. */
static bool chain_step(struct backtrace *trace)
{
    struct frame_record record;

    if (trace->is_over || !record_read(trace->frame_pointer, &record) ||
        record.return_address == 0) {
        return false;
    }
    if (trace->depth >= WALK_DEPTH_MAX) {
        trace->is_cut = true;
        return false;
    }
    trace->next_address = record.return_address;
    trace->is_over = !leads_on(trace->frame_pointer, record.caller_frame);
    trace->frame_pointer = record.caller_frame;
    return true;
}

bool backtrace_next(struct backtrace *trace, struct backtrace_line *line)
{
    if (trace->depth == 1 && trace->guess != 0) {
        trace->next_address = trace->guess;
    } else if (trace->depth > 0 && !chain_step(trace)) {
        return false;
    }
    *line = (struct backtrace_line){
        .depth = trace->depth, .address = trace->next_address, .kind = trace->next_kind};
    /* A stub's call of C: its record has the place that was trapped or interrupted. */
    trace->next_kind = trace->next_address == (uint64_t)trap_entry_called ||
                               trace->next_address == (uint64_t)irq_entry_called
                           ? BACKTRACE_INSTRUCTION
                           : BACKTRACE_RETURN;
    trace->depth++;
    return true;
}

static void line_print(const struct backtrace_line *line)
{
    uint64_t back = line->kind == BACKTRACE_RETURN ? 1 : 0;
    struct symbol symbol;

    if (symbol_is_code(line->address - back) && symbol_find(line->address - back, &symbol)) {
        kprintf("#%u 0x%016lx %s+0x%lx\n", line->depth, line->address, symbol.name,
                symbol.offset + back);
    } else {
        kprintf("#%u 0x%016lx (not kernel code)\n", line->depth, line->address);
    }
}

/* How often the last line's call stands there again, if it does. Returns the lines this took. */
static unsigned repeats_print(unsigned *repeated)
{
    if (*repeated == 0) {
        return 0;
    }
    kprintf("(the same %u time%s more)\n", *repeated, *repeated == 1 ? "" : "s");
    *repeated = 0;
    return 1;
}

/* Before each line there is room for it, for the remarks in front of it, and for one behind. */
void backtrace_print(struct backtrace *trace, unsigned lines_max)
{
    struct backtrace_line line;
    uint64_t last_address = 0;
    unsigned repeated = 0;
    unsigned lines = 0;

    while (backtrace_next(trace, &line)) {
        bool is_come_into = line.depth > 0 && line.kind == BACKTRACE_INSTRUCTION;

        if (line.address == last_address) {
            repeated++;
            continue;
        }
        trace->is_cut = lines + (repeated != 0) + is_come_into + 1 >= lines_max;
        if (trace->is_cut) {
            break;
        }
        lines += repeats_print(&repeated);
        if (is_come_into) {
            kprintf("(which came into)\n");
            lines++;
        }
        line_print(&line);
        lines++;
        last_address = line.address;
    }
    if (!trace->is_cut || lines + 2 <= lines_max) {
        repeats_print(&repeated);
    }
    if (trace->is_cut) {
        kprintf("(outer calls left out)\n");
    }
}
