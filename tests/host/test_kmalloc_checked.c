/* SPDX-License-Identifier: MIT */
/* The checked kernel heap: what it panics with, and whom it names. Host only. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "mm/checked/heap_checked.h"
#include "tests/host/kmalloc_open.h"
#include "tests/host/last_words.h"

/* Functions of their own, so that a return address tells them apart. */
static __attribute__((noinline)) uint8_t *allocate(size_t size)
{
    uint8_t *block = kmalloc(size);

    __asm__ volatile("" : : "r"(block) : "memory"); /* no tail call */
    return block;
}

static __attribute__((noinline)) void release(void *block)
{
    kfree(block);
    __asm__ volatile("" ::: "memory");
}

static __attribute__((noinline)) void release_later(void *block)
{
    kfree(block);
    __asm__ volatile("" ::: "memory");
}

static uint8_t *block;

static void free_twice(void)
{
    block = allocate(40);
    release(block);
    release_later(block);
}

static void overrun(void)
{
    block = allocate(40);
    block[40] = 0x41;
    release(block);
}

static void underrun(void)
{
    block = allocate(40);
    block[-1] = 0x41;
    release(block);
}

static void write_after_free(void)
{
    block = allocate(40);
    release(block);
    block[7] = 0x41;
    kmalloc_trim();
}

static void free_the_middle(void)
{
    block = allocate(40);
    release_later(block + 16);
}

static void realloc_freed(void)
{
    block = allocate(40);
    release(block);
    block = krealloc(block, 80);
}

/* The address behind `word` in some text; 0 when it is not there. */
static uintptr_t address_behind(const char *text, const char *word)
{
    const char *place = strstr(text, word);
    uintptr_t address = 0;

    return place != NULL && sscanf(place + strlen(word), "%" SCNxPTR, &address) == 1 ? address : 0;
}

/* Whether an address is just behind a call in a function, which is not long. */
static bool is_within(uintptr_t address, uintptr_t function)
{
    return address > function && address < function + 200;
}

KTEST(kmalloc_checked, double_free_names_who_allocated_who_freed_and_who_did_again)
{
    char text[512];

    REQUIRE(kmalloc_open());
    CHECK(last_words(free_twice, text, sizeof(text)));
    CHECK(strstr(text, "heap: double free: 0x") != NULL);
    CHECK(is_within(address_behind(text, "allocated by "), (uintptr_t)allocate));
    CHECK(is_within(address_behind(text, ", freed by "), (uintptr_t)release));
    CHECK(is_within(address_behind(text, "handed in by "), (uintptr_t)release_later));
}

KTEST(kmalloc_checked, every_fault_ends_in_a_panic_that_names_it)
{
    REQUIRE(kmalloc_open());
    CHECK_LAST_WORDS(overrun, "heap: write past the end: 0x");
    CHECK_LAST_WORDS(underrun, "heap: write before the block: 0x");
    CHECK_LAST_WORDS(write_after_free, "heap: write after free: 0x");
    CHECK_LAST_WORDS(free_the_middle, "heap: wrong pointer: 0x");
    CHECK_LAST_WORDS(realloc_freed, "heap: double free: 0x");
}

KTEST(kmalloc_checked, right_use_is_answered_as_by_the_plain_heap)
{
    static const uint8_t zeros[300];
    struct heap_evidence evidence;

    REQUIRE(kmalloc_open());
    uint8_t *zeroed = kzalloc(sizeof(zeros));
    uint8_t *aligned = kmalloc_aligned(10, 4096);

    REQUIRE(zeroed != NULL && aligned != NULL);
    CHECK_MEM_EQ(zeroed, zeros, sizeof(zeros));
    CHECK_EQ((uintptr_t)aligned % 4096, 0);
    CHECK_EQ(kmalloc_statistics().live_blocks, 2);
    zeroed[sizeof(zeros)] ^= 1;
    CHECK_EQ(kmalloc_check(&evidence), HEAP_OVERRUN);
    CHECK_EQ(evidence.pointer, (uintptr_t)&zeroed[sizeof(zeros)]);
    zeroed[sizeof(zeros)] ^= 1;
    CHECK_EQ(kmalloc_check(&evidence), HEAP_SOUND);
    zeroed = krealloc(zeroed, 5000);
    REQUIRE(zeroed != NULL);
    CHECK_MEM_EQ(zeroed, zeros, sizeof(zeros));
    kfree(zeroed);
    kfree(aligned);
    kmalloc_trim();
    CHECK_EQ(kmalloc_statistics().live_blocks, 0);
    CHECK_EQ(kmalloc_statistics().quick_blocks, 0);
}

static void call_kmalloc(void)
{
    block = kmalloc(1);
}

static void call_kzalloc(void)
{
    block = kzalloc(1);
}

static void call_kmalloc_aligned(void)
{
    block = kmalloc_aligned(1, 64);
}

static void call_krealloc(void)
{
    block = krealloc(NULL, 1);
}

static void call_kfree(void)
{
    kfree(NULL);
}

KTEST(kmalloc_checked, interrupt_handlers_are_refused)
{
    REQUIRE(kmalloc_open());
    void (*const calls[])(void) = {call_kmalloc,  call_kzalloc, call_kmalloc_aligned,
                                   call_krealloc, call_kfree,   kmalloc_trim};

    kmalloc_is_in_interrupt = true;
    for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
        CHECK_LAST_WORDS(calls[i], "is_in_interrupt");
    }
    kmalloc_is_in_interrupt = false;
}

KTEST(kmalloc_checked, allocation_fails_when_asked_to)
{
    REQUIRE(kmalloc_open());
    CHECK(!kmalloc_fail_at(2, false));
    void *first = kmalloc(1);
    void *second = kmalloc(1);

    CHECK(first != NULL);
    CHECK_EQ(second, NULL);
    CHECK(!kmalloc_fail_at(1, false)); /* has come */
    CHECK(kmalloc_fail_at(0, false)); /* has not */
    kfree(first);
}
