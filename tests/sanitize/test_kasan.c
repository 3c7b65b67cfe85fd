/* SPDX-License-Identifier: MIT */
/*
 * Each kind of wrong access, once: it is found, and the report says what was
 * hit and whose it is. What is written is what lay there, so that nothing else
 * finds out.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/sanitize/kasan.h"
#include "kernel/task_stack.h"
#include "lib/compiler.h"
#include "lib/format.h"
#include "lib/string.h"
#include "mm/address.h"
#include "mm/checked/heap_checked.h"
#include "mm/frame.h"
#include "mm/kmalloc.h"
#include "tests/kernel/trap_expect.h"
#include "tests/ktest.h"
#include "tests/sanitize/sanitizer_expect.h"

#define SIZE 13 /* ends within a piece of eight */

static char small[SIZE];
static uint8_t *block;
static uintptr_t place; /* of a local variable */
static volatile int result;

/* The same pointer, but the compiler does not know to what. */
static void *hidden(void *pointer)
{
    __asm__("" : "+r"(pointer));
    return pointer;
}

/* The barriers keep calls from becoming jumps, which leave no return address. */
NOINLINE static uint8_t *allocate(void)
{
    uint8_t *allocated = kmalloc(SIZE);

    COMPILER_BARRIER();
    return allocated;
}

NOINLINE static void release(void *pointer)
{
    kfree(pointer);
    COMPILER_BARRIER();
}

static void expect(void (*broken)(void), const char *format, ...) PRINTF_LIKE(2, 3);

/* Exactly one report, and this one. */
static void expect(void (*broken)(void), const char *format, ...)
{
    struct sanitizer_findings findings;
    char sentence[sizeof(findings.sentence)];
    va_list arguments;

    sanitizer_expect(broken, &findings);
    va_start(arguments, format);
    kvsnprintf(sentence, sizeof(sentence), format, arguments);
    va_end(arguments);
    CHECK_EQ(findings.count, 1);
    CHECK_STR_EQ(findings.sentence, sentence);
}

#define BLOCK "the 13-byte block 0x%lx, allocated by allocate"

/*
 * Have something wrong done to a new block, and found: what it was, by its first
 * address counted from the block's, and where that is to the block.
 */
static void expect_of_block(void (*broken)(void), const char *what, ptrdiff_t offset,
                            const char *where)
{
    block = allocate();
    REQUIRE(block != NULL);
    expect(broken, "kasan: %s 0x%lx, %s " BLOCK, what, (uintptr_t)block + (uintptr_t)offset, where,
           (uintptr_t)block);
    release(block);
}

static void write_behind(void)
{
    block[SIZE] = HEAP_FILL_ZONE;
}

KTEST(kasan, write_behind_a_block)
{
    expect_of_block(write_behind, "write of 1 byte at", SIZE, "0 bytes behind");
}

static void read_in_front(void)
{
    result = block[-3];
}

KTEST(kasan, read_in_front_of_a_block)
{
    expect_of_block(read_in_front, "read of 1 byte at", -3, "3 bytes in front of");
}

static void read_word_over_the_end(void)
{
    result = (int)*(uint64_t *)(block + 8);
}

KTEST(kasan, read_over_the_end_of_a_block)
{
    expect_of_block(read_word_over_the_end, "read of 8 bytes at", 8, "0 bytes behind");
}

static void read_block(void)
{
    result = block[7];
}

KTEST(kasan, read_of_a_freed_block)
{
    block = allocate();
    REQUIRE(block != NULL);
    release(block);
    expect(read_block, "kasan: read of 1 byte at 0x%lx, 7 bytes into " BLOCK ", freed by release",
           (uintptr_t)block + 7, (uintptr_t)block);
}

static void shrink_and_read(void)
{
    uint8_t *shrunk = krealloc(block, 5);

    block = shrunk;
    result = block[7];
}

KTEST(kasan, read_of_what_a_block_had_before_it_shrank)
{
    block = allocate();
    REQUIRE(block != NULL);
    expect(shrink_and_read,
           "kasan: read of 1 byte at 0x%lx, 2 bytes behind the 5-byte block 0x%lx, allocated by "
           "shrink_and_read",
           (uintptr_t)block + 7, (uintptr_t)block);
    release(block);
}

static void release_again(void)
{
    release(block);
}

KTEST(kasan, double_free)
{
    block = allocate();
    REQUIRE(block != NULL);
    release(block);
    expect(release_again, "kasan: double free: 0x%lx, 0 bytes into " BLOCK ", freed by release",
           (uintptr_t)block, (uintptr_t)block);
}

static void release_the_middle(void)
{
    release(block + 4);
}

KTEST(kasan, free_of_a_blocks_middle)
{
    expect_of_block(release_the_middle, "wrong pointer:", 4, "4 bytes into");
}

static void copy_too_much(void)
{
    char copy[SIZE + 1];

    memcpy(copy, block, sizeof(copy));
}

KTEST(kasan, copy_from_behind_a_block)
{
    expect_of_block(copy_too_much, "read of 14 bytes at", 0, "0 bytes behind");
}

static void move_too_much(void)
{
    char moved[SIZE + 1];

    memmove(moved, block, sizeof(moved));
}

KTEST(kasan, move_from_behind_a_block)
{
    expect_of_block(move_too_much, "read of 14 bytes at", 0, "0 bytes behind");
}

static void fill_too_much(void)
{
    memset(block, HEAP_FILL_ZONE, SIZE + 2);
}

KTEST(kasan, fill_behind_a_block)
{
    expect_of_block(fill_too_much, "write of 15 bytes at", 0, "0 bytes behind");
}

static void write_behind_global(void)
{
    ((char *)hidden(small))[SIZE + 2] = 0;
}

KTEST(kasan, write_behind_a_global_variable)
{
    expect(write_behind_global,
           "kasan: write of 1 byte at 0x%lx, 2 bytes behind the 13-byte variable `small` of %s",
           (uintptr_t)small + SIZE + 2, __FILE__);
}

static void write_behind_array(void)
{
    char array[SIZE];
    char *alias = hidden(array);

    place = (uintptr_t)alias;
    alias[SIZE] = 0;
}

KTEST(kasan, write_behind_an_array_on_the_stack)
{
    struct sanitizer_findings findings;
    char sentence[sizeof(findings.sentence)];

    sanitizer_expect(write_behind_array, &findings);
    ksnprintf(sentence, sizeof(sentence),
              "kasan: write of 1 byte at 0x%lx, 0 bytes behind the 13-byte variable `array` of "
              "write_behind_array",
              place + SIZE);
    CHECK_EQ(findings.count, 1);
    CHECK_STR_EQ(findings.sentence, sentence);
}

static void read_out_of_scope(void)
{
    uint8_t *alias;

    {
        uint8_t inner[SIZE];

        alias = hidden(inner);
        alias[3] = 1;
    }
    place = (uintptr_t)alias;
    result = alias[3];
}

KTEST(kasan, read_of_a_variable_out_of_scope)
{
    struct sanitizer_findings findings;
    char sentence[sizeof(findings.sentence)];

    sanitizer_expect(read_out_of_scope, &findings);
    ksnprintf(sentence, sizeof(sentence),
              "kasan: read of 1 byte at 0x%lx, out of scope, 3 bytes into the 13-byte variable "
              "`inner` of read_out_of_scope",
              place + 3);
    CHECK_EQ(findings.count, 1);
    CHECK_STR_EQ(findings.sentence, sentence);
}

KTEST(kasan, stack_of_another_task_is_clear_of_its_variables)
{
    struct task_stack *stack;
    struct task_stack *again;

    REQUIRE_OK(task_stack_alloc(PAGE_SIZE, "first", &stack));
    kasan_poison(stack->range.bottom, SIZE, KASAN_STACK_LEFT);
    task_stack_free(stack);
    REQUIRE_OK(task_stack_alloc(PAGE_SIZE, "second", &again));
    CHECK_EQ(again, stack);
    CHECK_EQ(kasan_first_poisoned(again->range.bottom, PAGE_SIZE), again->range.top);
    task_stack_free(again);
}

static void trap_with_an_array(void *argument)
{
    char array[SIZE];
    char *alias = hidden(array);

    (void)argument;
    alias[0] = 0;
    place = (uintptr_t)alias;
    *(uint8_t *)hidden(NULL) = 0;
    alias[1] = 0;
}

KTEST(kasan, what_an_exception_leaves_out_is_no_variable_any_more)
{
    struct trap_frame frame;

    CHECK(trap_expect(TRAP_PAGE_FAULT, trap_with_an_array, NULL, &frame));
    CHECK_EQ(kasan_first_poisoned(place - SIZE, 3UL * SIZE), place + 2UL * SIZE);
}

/* The first byte that may not be used, for every beginning and length around a block. */
KTEST(kasan, every_range_in_a_block_is_allowed_and_none_that_leaves_it)
{
    block = allocate();
    REQUIRE(block != NULL);
    uintptr_t start = (uintptr_t)block;

    for (uintptr_t first = start - 9; first < start + SIZE + 9; first++) {
        for (size_t size = 1; size < 40; size++) {
            uintptr_t bad = first < start                  ? first
                            : first + size <= start + SIZE ? first + size
                            : first < start + SIZE         ? start + SIZE
                                                           : first;

            REQUIRE_EQ(kasan_first_poisoned(first, size), bad);
        }
    }
    release(block);
}

/* What has grown by 3 MiB has 384 KiB of shadow more, and gives them back. */
KTEST(kasan, shadow_comes_and_goes_with_the_heap)
{
    kmalloc_trim();
    size_t window = kmalloc_statistics().window_bytes;
    uint64_t free_frames = frame_free_count();
    void *large = kmalloc(3 << 20);

    REQUIRE(large != NULL);
    uint64_t grown = (kmalloc_statistics().window_bytes - window) / PAGE_SIZE;

    CHECK_GE(free_frames - frame_free_count(), grown + grown / 8);
    CHECK(kasan_has_shadow((uintptr_t)large + (3 << 20) - 1));
    kfree(large);
    kmalloc_trim();
    CHECK_EQ(frame_free_count(), free_frames);
    CHECK(!kasan_has_shadow((uintptr_t)large + (3 << 20) - 1));
}
