/* SPDX-License-Identifier: MIT */
/* One walk gathers what can be executed, a second compares all that can be written with it. */
#include "mm/page_audit.h"

/* More runs of executable pages than a kernel image ever has. */
#define EXECUTABLE_MAX 16

struct search {
    struct page_audit *audit;
    struct page_run executable[EXECUTABLE_MAX];
    size_t executable_count;
};

static void note_violation(struct page_audit *audit, const struct page_run *run)
{
    if (audit->violations++ == 0) {
        audit->first = *run;
    }
}

/* What is too much to remember counts as a violation: nobody could say that it is none. */
static void gather(struct search *search, const struct page_run *run)
{
    if (search->executable_count == EXECUTABLE_MAX) {
        note_violation(search->audit, run);
    } else {
        search->executable[search->executable_count++] = *run;
    }
}

static bool gather_executable(void *context, const struct page_run *run)
{
    if ((run->flags & PAGE_EXECUTE) != 0) {
        gather(context, run);
    }
    return true;
}

static bool overlaps(const struct page_run *left, const struct page_run *right)
{
    return left->target.value < right->target.value + right->size &&
           right->target.value < left->target.value + left->size;
}

static bool compare(void *context, const struct page_run *run)
{
    struct search *search = context;

    search->audit->runs++;
    for (size_t i = 0; (run->flags & PAGE_WRITE) != 0 && i < search->executable_count; i++) {
        if (overlaps(run, &search->executable[i])) {
            note_violation(search->audit, run);
            break;
        }
    }
    return true;
}

bool page_table_audit(const struct page_tables *tables, const struct page_run *text,
                      size_t text_count, struct page_audit *audit)
{
    struct search search = {.audit = audit};

    *audit = (struct page_audit){.nx_enforced = tables->has_nx};
    if (tables->has_nx) {
        page_table_walk(tables, gather_executable, &search);
    } else {
        for (size_t i = 0; i < text_count; i++) {
            gather(&search, &text[i]);
        }
    }
    page_table_walk(tables, compare, &search);
    return audit->violations == 0;
}
