/* SPDX-License-Identifier: MIT */
/*
 * The memory and string functions on blocks that touch an unreadable page:
 * one byte too many, read or written, is a fault. The sanitizers do not see
 * what inline assembly does; the MMU does.
 */
#include <stdint.h>
#include <sys/mman.h>

#include "lib/string.h"
#include "tests/ktest.h"

#define PAGE     4096
#define SIZE_END 300 /* sizes below this are tried */

/* A readable page between two that are not; NULL when there is none to be had. */
static char *map_fenced_page(void)
{
    char *pages = mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (pages == MAP_FAILED || mprotect(pages + PAGE, PAGE, PROT_READ | PROT_WRITE) != 0) {
        return NULL;
    }
    return pages + PAGE;
}

static void unmap_fenced_page(char *page)
{
    munmap(page - PAGE, 3 * PAGE);
}

static void check_blocks(char *left, char *right, size_t size)
{
    memset(left, 'x', size);
    memcpy(right, left, size);
    CHECK_EQ(memcmp(left, right, size), 0);
    memmove(left, right, size);
    CHECK_EQ(strnlen(right, size), size);
    CHECK_EQ(strncmp(left, right, size), 0);
}

KTEST(string, blocks_at_a_fence_are_not_overstepped)
{
    char *left = map_fenced_page();
    char *right = map_fenced_page();

    REQUIRE(left != NULL && right != NULL);
    for (size_t size = 0; size < SIZE_END; size++) {
        size_t last = PAGE - size;

        check_blocks(left, right, size);
        check_blocks(left + last, right, size);
        check_blocks(left, right + last, size);
        check_blocks(left + last, right + last, size);
        memmove(left, left + 1, size);
        memmove(left + 1, left, size);
        memmove(left + last, left + last - 1, size);
        memmove(left + last - 1, left + last, size);
    }
    unmap_fenced_page(left);
    unmap_fenced_page(right);
}

KTEST(string, text_at_a_fence_is_not_overread)
{
    char *left = map_fenced_page();
    char *right = map_fenced_page();

    REQUIRE(left != NULL && right != NULL);
    memset(left, 'x', PAGE - 1);
    memset(right, 'x', PAGE - 1);
    for (size_t length = 0; length < SIZE_END; length++) {
        char *text = left + PAGE - 1 - length;
        char *same = right + PAGE - 1 - length;

        CHECK_EQ(strlen(text), length);
        CHECK_EQ(strcmp(text, same), 0);
        CHECK_EQ(strchr(text, 'y'), NULL);
        CHECK_EQ(string_copy(same, length + 1, text, PAGE), length);
    }
    unmap_fenced_page(left);
    unmap_fenced_page(right);
}
