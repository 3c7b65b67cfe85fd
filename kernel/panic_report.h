/* SPDX-License-Identifier: MIT */
/*
 * What a panic report says, in parts: each can be printed without the others,
 * and may fault on what is broken without harm to them. Context of all
 * functions: the panic.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/fault_sentence.h"
#include "kernel/trap.h"

struct panic_subject {
    char sentence[256];
    bool is_trap;
    /* Of a plain panic() only RIP, RSP and RBP: where it returns to, on whose stack. */
    struct trap_frame frame;
    uint64_t cr2;
    struct fault_facts facts; /* of a trap */
};

/* Parts that there are; the sentence, which is not one of them, comes before. */
#define PANIC_PART_COUNT 8

/*
 * Say in a sentence what exception happened; in ever better ones, since to find
 * out more is ever less safe.
 */
void panic_subject_explain(struct panic_subject *subject);

/* Write the essentials; text: PANIC_ESSENTIALS_MAX + 1 bytes. */
void panic_subject_essentials(const struct panic_subject *subject, char *text);

/* Print a part, a few lines, nothing where it has nothing to say. part: below PANIC_PART_COUNT. */
void panic_part_print(size_t part, const struct panic_subject *subject);
