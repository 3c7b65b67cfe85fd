/* SPDX-License-Identifier: MIT */
/* map, pt, peek: the kernel's own virtual memory, looked at from inside. */
#include "kernel/console.h"
#include "kernel/region.h"
#include "kernel/shell/command.h"
#include "lib/bits.h"
#include "lib/hex_dump.h"
#include "lib/number.h"
#include "mm/layout.h"
#include "mm/paging.h"

#define PEEK_DEFAULT 64U

/* A size in the largest unit that it is a whole number of. */
static void print_size(uint64_t bytes)
{
    static const char units[] = "KMGT";
    size_t unit = 0;
    uint64_t count = bytes / KIB;

    while (units[unit + 1] != '\0' && count % KIB == 0 && count != 0) {
        count /= KIB;
        unit++;
    }
    kprintf("%6lu %ciB", count, units[unit]);
}

static const char *caching_name(unsigned flags)
{
    if ((flags & PAGE_UNCACHED) != 0) {
        return "uc";
    }
    return (flags & PAGE_WRITE_COMBINING) != 0 ? "wc" : "wb";
}

static void print_range(const struct page_run *range)
{
    char region[32];

    if (range->size == 0) {
        return;
    }
    kprintf("0x%016lx ", range->address);
    print_size(range->size);
    kprintf("  r%c%c %s ", (range->flags & PAGE_WRITE) != 0 ? 'w' : '-',
            (range->flags & PAGE_EXECUTE) != 0 ? 'x' : '-', caching_name(range->flags));
    print_size(range->page_size);
    kprintf("  %s\n", region_describe(region, sizeof(region), range->address));
}

/* Runs that continue each other but for where they are in physical memory make one range. */
static bool join_run(void *context, const struct page_run *run)
{
    struct page_run *range = context;

    if (range->address + range->size == run->address && range->flags == run->flags &&
        range->page_size == run->page_size) {
        range->size += run->size;
    } else {
        print_range(range);
        *range = *run;
    }
    return true;
}

static void print_audit(void)
{
    struct page_audit audit;

    if (!paging_audit(&audit)) {
        kprintf("audit: %zu ranges can be written and executed, the first at 0x%016lx\n",
                audit.violations, audit.first.address);
    } else if (!audit.nx_enforced) {
        kprintf("audit: NX not enforceable on this CPU; the text is read-only everywhere\n");
    } else {
        kprintf("audit: nothing can be both written and executed, under any alias\n");
    }
}

SHELL_COMMAND(map, .summary = "what is mapped, and rights",
              .help = "Rights: read, write, execute. Caching: wb write-back, wc write-combining,\n"
                      "uc uncached.\n")
{
    struct page_run range = {.size = 0};

    (void)words;
    kprintf("%-18s %10s  %-6s %10s  %s\n", "address", "size", "rights", "pages", "region");
    paging_walk(join_run, &range);
    print_range(&range);
    print_audit();
    return OK;
}

SHELL_COMMAND(pt, .arguments = "ADDRESS", .least = 1, .most = 1,
              .summary = "page tables to an address")
{
    struct page_trace trace;
    struct page_view view;
    uint64_t address;
    char text[96];

    if (!number_parse_address(words->at[1], &address)) {
        return ERR_BAD_ARG;
    }
    paging_trace(address, &trace);
    if (trace.count == 0) {
        kprintf("0x%016lx: not canonical: bits 48 to 63 differ from bit 47\n", address);
        return OK;
    }
    kprintf("%-5s %5s  %-18s  %s\n", "level", "index", "entry", "which is");
    for (size_t i = 0; i < trace.count; i++) {
        const struct page_step *step = &trace.steps[i];

        kprintf("%-5s %5u  0x%016lx  %s\n", page_level_name(step->level), step->index, step->entry,
                page_entry_describe(text, sizeof(text), step->entry, step->level));
    }
    if (paging_look_up(address, &view)) {
        kprintf("physical: 0x%lx\n", view.target.value);
    } else {
        kprintf("physical: none, not mapped\n");
    }
    kprintf("region: %s\n", region_describe(text, sizeof(text), address));
    return OK;
}

/* Why an address is not to be read; NULL where it is memory, which a read does not change. */
static const char *reason_not_to_read(uint64_t address)
{
    struct page_view view;

    if (!paging_look_up(address, &view)) {
        return "not mapped";
    }
    if ((view.flags & (PAGE_UNCACHED | PAGE_WRITE_COMBINING)) != 0 ||
        (address >= DEVICE_WINDOW_BASE && address < DEVICE_WINDOW_END)) {
        return "device memory, which a read may change";
    }
    return NULL;
}

SHELL_COMMAND(peek, .arguments = "ADDRESS [LENGTH]", .least = 1, .most = 2,
              .summary = "show memory",
              .help = "LENGTH is in bytes, 64 unless said. What is not mapped is not read.\n")
{
    uint64_t address;
    uint64_t length = PEEK_DEFAULT;
    char line[HEX_DUMP_LINE_SIZE];

    if (!number_parse_address(words->at[1], &address) ||
        (words->count > 2 && !number_parse_count(words->at[2], &length)) || length == 0 ||
        length - 1 > UINT64_MAX - address) {
        return ERR_BAD_ARG;
    }
    while (length != 0) {
        size_t first = address % HEX_DUMP_WIDTH;
        size_t count = MIN(length, HEX_DUMP_WIDTH - first);
        const char *reason = reason_not_to_read(address); /* a line lies within a page */

        if (reason != NULL) {
            kprintf("peek: 0x%016lx: %s\n", address, reason);
            return OK;
        }
        kprintf("%s\n",
                hex_dump_line(line, address - first, (const uint8_t *)address, first, count));
        address += count;
        length -= count;
        if (!command_goes_on()) {
            return ERR_CANCELLED;
        }
    }
    return OK;
}
