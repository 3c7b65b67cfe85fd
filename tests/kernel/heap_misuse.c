/* SPDX-License-Identifier: MIT */
/* Misuses of the heap. Who allocates, frees and frees again is in functions of its own. */
#include "tests/kernel/heap_misuse.h"

#include <stddef.h>
#include <stdint.h>

#include "kernel/irq.h"
#include "kernel/panic.h"
#include "lib/compiler.h"
#include "mm/kmalloc.h"

#define BLOCK_SIZE 40

/* A line that has no handler, and the instruction that stands in for its chip. */
#define SPARE_IRQ       5
#define RAISE_SPARE_IRQ "int $37"

_Static_assert(IRQ_VECTOR_BASE + SPARE_IRQ == 37, "RAISE_SPARE_IRQ is for another vector");

/* The barriers keep calls from becoming jumps, which leave no return address. */
NOINLINE static uint8_t *misuse_allocate(void)
{
    uint8_t *block = kmalloc(BLOCK_SIZE);

    COMPILER_BARRIER();
    return block;
}

NOINLINE static void misuse_free(void *block)
{
    kfree(block);
    COMPILER_BARRIER();
}

NOINLINE static void misuse_free_at(uint8_t *block, size_t offset)
{
    kfree(block + offset);
    COMPILER_BARRIER();
}

/* The same pointer, but neither compiler nor analyser knows that it is. */
static uint8_t *alias_of(uint8_t *block)
{
    __asm__("" : "+r"(block));
    return block;
}

void heap_double_free(void)
{
    uint8_t *block = misuse_allocate();
    uint8_t *alias = alias_of(block);

    misuse_free(block);
    misuse_free_at(alias, 0);
}

void heap_wrong_pointer(void)
{
    misuse_free_at(misuse_allocate(), 16);
}

void heap_overrun(void)
{
    uint8_t *block = misuse_allocate();

    alias_of(block)[BLOCK_SIZE] = 'A';
    misuse_free(block);
}

void heap_use_after_free(void)
{
    uint8_t *block = misuse_allocate();
    uint8_t *alias = alias_of(block);

    misuse_free(block);
    alias[7] = 'B';
    kmalloc_trim();
}

static void allocate_in_handler(void)
{
    misuse_free(misuse_allocate());
}

void heap_in_interrupt(void)
{
    if (irq_attach(SPARE_IRQ, allocate_in_handler) != OK) {
        panic("scenario heap_in_interrupt: no line to raise");
    }
    __asm__ volatile(RAISE_SPARE_IRQ : : : "memory");
}
