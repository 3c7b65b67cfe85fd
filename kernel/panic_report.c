/* SPDX-License-Identifier: MIT */
/*
 * Decodes a trap frame for people. Source: Intel SDM, volume 3, "Error Code",
 * "Page-Fault Exceptions"; volume 1, "EFLAGS Register".
 */
#include "kernel/trap_report.h"

#include "kernel/console.h"
#include "lib/bits.h"
#include "lib/format.h"
#include "lib/x86/cpu.h"

/* Selector error codes: which table the selector is from. */
#define SELECTOR_ERROR_EXTERNAL BIT(0) /* an event from outside the program */
#define SELECTOR_ERROR_IDT      BIT(1)
#define SELECTOR_ERROR_LDT      BIT(2)

static const struct {
    uint64_t bit;
    const char *name;
} rflags_names[] = {
    {RFLAGS_ID, "ID"}, {RFLAGS_AC, "AC"}, {RFLAGS_RF, "RF"}, {RFLAGS_NT, "NT"}, {RFLAGS_OF, "OF"},
    {RFLAGS_DF, "DF"}, {RFLAGS_IF, "IF"}, {RFLAGS_TF, "TF"}, {RFLAGS_SF, "SF"}, {RFLAGS_ZF, "ZF"},
    {RFLAGS_AF, "AF"}, {RFLAGS_PF, "PF"}, {RFLAGS_CF, "CF"},
};

static const char *page_fault_text(uint64_t error, char *text, size_t size)
{
    const char *access = "read";
    const char *cause = "page not present";

    if ((error & PAGE_FAULT_FETCH) != 0) {
        access = "instruction fetch";
    } else if ((error & PAGE_FAULT_WRITE) != 0) {
        access = "write";
    }
    if ((error & PAGE_FAULT_RESERVED) != 0) {
        cause = "reserved bit set in a page table entry";
    } else if ((error & PAGE_FAULT_PRESENT) != 0) {
        cause = "protection violation";
    }
    ksnprintf(text, size, "%s, %s, %s", access, cause,
              (error & PAGE_FAULT_USER) != 0 ? "from user mode" : "from the kernel");
    return text;
}

static const char *selector_error_text(uint64_t error, char *text, size_t size)
{
    const char *table = "GDT";

    if (error == 0) {
        return "no selector involved";
    }
    if ((error & SELECTOR_ERROR_IDT) != 0) {
        table = "IDT";
    } else if ((error & SELECTOR_ERROR_LDT) != 0) {
        table = "LDT";
    }
    ksnprintf(text, size, "%s entry %lu%s", table, (error & 0xffff) >> 3,
              (error & SELECTOR_ERROR_EXTERNAL) != 0 ? ", caused from outside the program" : "");
    return text;
}

const char *trap_error_text(const struct trap_frame *frame, char *text, size_t size)
{
    switch (frame->vector) {
    case TRAP_PAGE_FAULT:
        return page_fault_text(frame->error_code, text, size);
    case TRAP_INVALID_TSS:
    case TRAP_SEGMENT_NOT_PRESENT:
    case TRAP_STACK_FAULT:
    case TRAP_GENERAL_PROTECTION:
        return selector_error_text(frame->error_code, text, size);
    default:
        return "";
    }
}

static void rflags_print(uint64_t rflags)
{
    kprintf("rflags %016lx [", rflags);
    for (size_t i = 0; i < ARRAY_SIZE(rflags_names); i++) {
        if ((rflags & rflags_names[i].bit) != 0) {
            kprintf(" %s", rflags_names[i].name);
        }
    }
    kprintf(" ]\n");
}

void trap_report_print(const struct trap_frame *frame, uint64_t cr2)
{
    char text[96];
    const char *error = trap_error_text(frame, text, sizeof(text));

    kprintf("exception %lu, %s %s, error code 0x%lx%s%s\n", frame->vector,
            trap_mnemonic((unsigned)frame->vector), trap_name((unsigned)frame->vector),
            frame->error_code, error[0] != '\0' ? ": " : "", error);
    kprintf("rip %016lx  cs  %04lx  rsp %016lx  ss  %04lx\n", frame->rip, frame->cs, frame->rsp,
            frame->ss);
    kprintf("rax %016lx  rbx %016lx  rcx %016lx\n", frame->rax, frame->rbx, frame->rcx);
    kprintf("rdx %016lx  rsi %016lx  rdi %016lx\n", frame->rdx, frame->rsi, frame->rdi);
    kprintf("rbp %016lx  r8  %016lx  r9  %016lx\n", frame->rbp, frame->r8, frame->r9);
    kprintf("r10 %016lx  r11 %016lx  r12 %016lx\n", frame->r10, frame->r11, frame->r12);
    kprintf("r13 %016lx  r14 %016lx  r15 %016lx\n", frame->r13, frame->r14, frame->r15);
    kprintf("cr0 %016lx  cr2 %016lx  cr3 %016lx\n", cr0_read(), cr2, cr3_read());
    kprintf("cr4 %016lx  ", cr4_read());
    rflags_print(frame->rflags);
}
