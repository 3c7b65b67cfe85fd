/* SPDX-License-Identifier: MIT */
/* Random requests to page tables against a plain model: an entry for each of the pages in a range.
 */
#include "mm/page_table.h"
#include "tests/ktest.h"
#include "tests/unit/page_table_fixture.h"
#include "tests/unit/pseudo_random.h"

#define BASE        0xffffc00000000000UL
#define TARGET      0x40000000UL
#define MODEL_PAGES 1536 /* three ranges of 2 MiB */

static struct page_table_fixture *fixture;
static struct page_tables *tables;

static struct {
    bool mapped;
    uint64_t target;
    unsigned flags;
} model[MODEL_PAGES];

static const unsigned model_flags[] = {0, PAGE_WRITE, PAGE_EXECUTE};

static bool model_all(size_t first, size_t count, bool mapped)
{
    for (size_t i = first; i < first + count; i++) {
        if (model[i].mapped != mapped) {
            return false;
        }
    }
    return true;
}

static void model_set(size_t first, size_t count, bool mapped, uint64_t target, unsigned flags)
{
    for (size_t i = first; i < first + count; i++) {
        model[i].mapped = mapped;
        model[i].target = target + (i - first) * PAGE_SIZE;
        model[i].flags = flags;
    }
}

static void random_step(uint64_t *random)
{
    size_t first = pseudo_random_below(random, MODEL_PAGES);
    size_t count = 1 + pseudo_random_below(random, MODEL_PAGES - first);
    unsigned flags = model_flags[pseudo_random_below(random, 3)];
    uint64_t address = BASE + first * PAGE_SIZE;
    uint64_t target = TARGET + first * PAGE_SIZE; /* aligned alike, so that large pages occur */

    switch (pseudo_random_below(random, 3)) {
    case 0:
        if (model_all(first, count, false)) {
            CHECK_OK(page_table_map(tables, address, paddr(target), count * PAGE_SIZE, flags));
            model_set(first, count, true, target, flags);
        } else {
            CHECK_STATUS(page_table_map(tables, address, paddr(target), count * PAGE_SIZE, flags),
                         ERR_EXISTS);
        }
        break;
    case 1:
        if (model_all(first, count, true)) {
            CHECK_OK(page_table_unmap(tables, address, count * PAGE_SIZE));
            model_set(first, count, false, 0, 0);
        } else {
            CHECK_STATUS(page_table_unmap(tables, address, count * PAGE_SIZE), ERR_NOT_FOUND);
        }
        break;
    default:
        if (model_all(first, count, true)) {
            CHECK_OK(page_table_protect(tables, address, count * PAGE_SIZE, flags));
            model_set(first, count, true, target, flags);
        } else {
            CHECK_STATUS(page_table_protect(tables, address, count * PAGE_SIZE, flags),
                         ERR_NOT_FOUND);
        }
        break;
    }
}

/* Single pages go away again from time to time, so that ranges open for larger ones. */
static void random_clear(uint64_t *random)
{
    size_t first = pseudo_random_below(random, MODEL_PAGES);

    for (size_t i = first; i < MODEL_PAGES && i < first + 600; i++) {
        if (model[i].mapped) {
            CHECK_OK(page_table_unmap(tables, BASE + i * PAGE_SIZE, PAGE_SIZE));
            model[i].mapped = false;
        }
    }
}

static void compare_with_model(void)
{
    for (size_t i = 0; i < MODEL_PAGES; i++) {
        struct page_view view;
        bool mapped = page_table_look_up(tables, BASE + i * PAGE_SIZE, &view);

        if (mapped != model[i].mapped) {
            CHECK_EQ(mapped, model[i].mapped);
        } else if (mapped &&
                   (view.target.value != model[i].target || view.flags != model[i].flags)) {
            CHECK_EQ(view.target.value, model[i].target);
            CHECK_EQ(view.flags, model[i].flags);
        }
    }
}

KTEST(page_table, random_requests_do_as_a_plain_model)
{
    uint64_t random = 4;

    fixture = page_table_fixture_start();
    tables = &fixture->tables;
    model_set(0, MODEL_PAGES, false, 0, 0);
    for (unsigned step = 0; step < 600; step++) {
        random_step(&random);
        if (step % 16 == 15) {
            random_clear(&random);
        }
        if (step % 8 == 0) {
            compare_with_model();
        }
    }
    for (size_t i = 0; i < MODEL_PAGES; i++) {
        if (model[i].mapped) {
            CHECK_OK(page_table_unmap(tables, BASE + i * PAGE_SIZE, PAGE_SIZE));
        }
    }
    CHECK_EQ(fixture->frames_used, 0);
}
