/* SPDX-License-Identifier: MIT */
/*
 * The parts of the report. With a sentence of one or two lines they fill a
 * screen of 80x25 and no more, so that the sentence stays in sight.
 */
#include "kernel/panic_report.h"

#include "kernel/backtrace.h"
#include "kernel/console.h"
#include "kernel/cpu.h"
#include "kernel/fault_facts.h"
#include "kernel/panic_essentials.h"
#include "kernel/probe.h"
#include "kernel/symbols.h"
#include "kernel/trap_words.h"
#include "kernel/version.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/x86/cpu.h"
#include "mm/layout.h"
#include "mm/page_entry.h"
#include "mm/page_trace.h"

/* Lines of the backtrace; a plain panic leaves the room that registers take. */
#define TRAP_TRACE_LINES  7
#define PLAIN_TRACE_LINES 16

/* Bytes of code to show, before RIP and from there on: the longest instruction has 15. */
#define CODE_BYTES_BEFORE 8
#define CODE_BYTES_FROM   16

void panic_subject_explain(struct panic_subject *subject)
{
    struct fault_facts *facts = &subject->facts;

    fault_facts_begin(facts, &subject->frame, subject->cr2);
    fault_sentence(subject->sentence, sizeof(subject->sentence), facts);
    fault_facts_find_owners(facts);
    fault_sentence(subject->sentence, sizeof(subject->sentence), facts);
}

static void trace_begin(struct backtrace *trace, const struct panic_subject *subject)
{
    const struct trap_frame *frame = &subject->frame;

    if (subject->is_trap) {
        backtrace_begin_trap(trace, frame->rip, frame->rsp, frame->rbp);
    } else {
        backtrace_begin_call(trace, frame->rip, frame->rbp);
    }
}

void panic_subject_essentials(const struct panic_subject *subject, char *text)
{
    struct panic_essentials essentials = {.sentence = subject->sentence,
                                          .build_id = version_build_id()};
    struct backtrace trace;
    struct backtrace_line line;
    struct symbol symbol;
    uint64_t back = subject->is_trap ? 0 : 1; /* a return address: the call counts */

    if (subject->is_trap) {
        essentials.mnemonic = trap_mnemonic((unsigned)subject->frame.vector);
        essentials.error_code = subject->frame.error_code;
        essentials.cr2 = subject->frame.vector == TRAP_PAGE_FAULT ? subject->cr2 : 0;
    }
    if (symbol_find(subject->frame.rip - back, &symbol)) {
        essentials.function = symbol.name;
        essentials.offset = symbol.offset + back;
    }
    trace_begin(&trace, subject);
    while (essentials.trace_count < PANIC_ESSENTIALS_TRACE && backtrace_next(&trace, &line)) {
        essentials.trace[essentials.trace_count++] = line.address;
    }
    panic_essentials_write(text, PANIC_ESSENTIALS_MAX + 1, &essentials);
}

static void exception_print(const struct panic_subject *subject)
{
    const struct trap_frame *frame = &subject->frame;
    unsigned vector = (unsigned)frame->vector;
    char text[96];

    if (!subject->is_trap) {
        return;
    }
    trap_error_describe(text, sizeof(text), vector, frame->error_code);
    kprintf("exception %u, %s %s, error code 0x%lx%s%s\n", vector, trap_mnemonic(vector),
            trap_name(vector), frame->error_code, text[0] != '\0' ? ": " : "", text);
}

/* Whose work it was, on which stack, with how much of that left. */
static void context_print(const struct panic_subject *subject)
{
    const struct task *task = cpu_is_ready() ? executor_this()->current : NULL;
    struct owner stack;
    char text[OWNER_TEXT_SIZE];
    char name[OWNER_NAME_MAX + 1];

    owner_find(subject->frame.rsp, &stack);
    if (task != NULL) {
        probe_string(name, sizeof(name), task->name);
        kprintf("task `%s` (%lu), ", name, task->id);
    } else {
        kprintf("at boot, before there are tasks, ");
    }
    owner_describe(text, sizeof(text), &stack);
    if (stack.kind != OWNER_STACK) {
        kprintf("RSP in %s\n", text);
    } else {
        kprintf("on %s, %lu bytes of it left\n", text, subject->frame.rsp - stack.start);
    }
}

static void registers_print(const struct panic_subject *subject)
{
    const struct trap_frame *frame = &subject->frame;
    char text[64];

    if (!subject->is_trap) {
        return;
    }
    kprintf("rip %016lx  rsp %016lx  rbp %016lx\n", frame->rip, frame->rsp, frame->rbp);
    kprintf("rax %016lx  rbx %016lx  rcx %016lx\n", frame->rax, frame->rbx, frame->rcx);
    kprintf("rdx %016lx  rsi %016lx  rdi %016lx\n", frame->rdx, frame->rsi, frame->rdi);
    kprintf("r8  %016lx  r9  %016lx  r10 %016lx\n", frame->r8, frame->r9, frame->r10);
    kprintf("r11 %016lx  r12 %016lx  r13 %016lx\n", frame->r11, frame->r12, frame->r13);
    kprintf("r14 %016lx  r15 %016lx  cr2 %016lx\n", frame->r14, frame->r15, subject->cr2);
    kprintf("cr0 %lx cr3 %lx cr4 %lx cs %lx ss %lx rflags %lx [%s]\n", cr0_read(), cr3_read(),
            cr4_read(), frame->cs, frame->ss, frame->rflags,
            rflags_describe(text, sizeof(text), frame->rflags));
}

/* Bytes as "48 8b 07 <0f> 0b", RIP's in angles, "--" for one that cannot be read. */
static void code_print(const struct panic_subject *subject)
{
    uint64_t rip = subject->frame.rip;

    if (!subject->is_trap) {
        return;
    }
    kprintf("code:");
    for (uint64_t at = rip - CODE_BYTES_BEFORE; at != rip + CODE_BYTES_FROM; at++) {
        char text[3] = "--";
        uint8_t byte;

        if (probe_read(&byte, at, sizeof(byte))) {
            ksnprintf(text, sizeof(text), "%02x", byte);
        }
        kprintf(at == rip ? " <%s>" : " %s", text);
    }
    kprintf("\n");
}

static void owner_print(const struct panic_subject *subject)
{
    const struct fault_facts *facts = &subject->facts;
    char text[OWNER_TEXT_SIZE];

    if (subject->is_trap && facts->has_address) {
        kprintf("address 0x%016lx: %s\n", facts->address.address,
                owner_describe(text, sizeof(text), &facts->address));
    }
}

/* One table on the way to an address. Returns the entry, which may be unreadable. */
static bool entry_read(uint64_t table, uint64_t address, unsigned level, uint64_t *entry)
{
    return probe_read(entry, DIRECT_MAP_BASE + table + level_index(address, level) * sizeof(*entry),
                      sizeof(*entry));
}

/*
 * The way down to the address, by the tables the CPU has: of entries that lead
 * to a table the address, the last in full.
 */
static void walk_print(const struct panic_subject *subject)
{
    uint64_t address = subject->facts.address.address;
    uint64_t table = cr3_read() & PTE_ADDRESS_MASK;
    char text[64];

    if (!subject->is_trap || !subject->facts.has_address || !is_canonical(address)) {
        return;
    }
    kprintf("walk:");
    for (unsigned level = PAGE_LEVEL_TOP; level > 0; level--) {
        uint64_t entry;
        bool is_read = entry_read(table, address, level, &entry);
        bool is_last = !is_read || (entry & PTE_PRESENT) == 0 || entry_is_page(entry, level);

        kprintf("%s %s[%u]", is_last && level < PAGE_LEVEL_TOP ? "\n     " : "",
                page_level_name(level), level_index(address, level));
        if (!is_read) {
            kprintf(" cannot be read: the table's place, 0x%lx, is no memory\n", table);
            return;
        }
        if (is_last) {
            kprintf(" 0x%lx: %s\n", entry, page_entry_describe(text, sizeof(text), entry, level));
            return;
        }
        table = entry & PTE_ADDRESS_MASK;
        kprintf(" 0x%lx,", table);
    }
}

static void version_part_print(const struct panic_subject *subject)
{
    (void)subject;
    version_print();
}

static void backtrace_part_print(const struct panic_subject *subject)
{
    struct backtrace trace;

    trace_begin(&trace, subject);
    backtrace_print(&trace, subject->is_trap ? TRAP_TRACE_LINES : PLAIN_TRACE_LINES);
}

static void (*const parts[])(const struct panic_subject *subject) = {
    exception_print, context_print, version_part_print, registers_print,
    code_print,      owner_print,   walk_print,         backtrace_part_print,
};
_Static_assert(ARRAY_SIZE(parts) == PANIC_PART_COUNT, "the count is the table's");

void panic_part_print(size_t part, const struct panic_subject *subject)
{
    parts[part](subject);
}
