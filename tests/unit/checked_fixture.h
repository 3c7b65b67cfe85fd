/* SPDX-License-Identifier: MIT */
/* A checked heap over the tests' window, and what it reports. */
#pragma once

#include "mm/checked/heap_checked.h"
#include "tests/unit/heap_fixture.h"

/* Callers, as return addresses would say them. */
#define ALLOCATOR 0xa110cUL
#define FREER     0xf4eeUL
#define LATER     0x1a7e4UL

extern struct heap_checked checked;

/* What was reported since it was last looked at. */
extern struct checked_reports {
    size_t count;
    struct heap_evidence last;
} reported;

void checked_report(const struct heap_evidence *evidence);

/* Make the heap over a window of so many bytes. */
void checked_begin(size_t window_size);

/* Allocate and free as ALLOCATOR and FREER. */
uint8_t *checked_allocate(size_t size);
void checked_release(void *payload);

/* Check that nothing is wrong, and nothing was reported. */
void check_sound(void);

/* Check that exactly one fault was reported, this one, about this block; then forget it. */
void check_reported(enum heap_fault fault, const void *pointer, const void *block, size_t size);

/* Check whom the last report named. */
void check_callers(uintptr_t allocated_by, uintptr_t freed_by, uintptr_t now_by);
