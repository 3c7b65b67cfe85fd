/* SPDX-License-Identifier: MIT */
/*
 * What an exception was, in a sentence for people: from the facts alone, so
 * that every sentence can be tested where no exception is. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/instruction.h"
#include "kernel/machine_check.h"
#include "kernel/owner.h"
#include "kernel/trap.h"

/* An access this near to address 0, on either side, went through a null pointer. */
#define NULL_REACH 4096UL

/* All that was found out. What was not is zero, which says nothing wrong. */
struct fault_facts {
    const struct trap_frame *frame;
    uint64_t cr2;
    struct instruction instruction; /* at RIP */
    struct owner code; /* of RIP */
    struct owner stack; /* of RSP */

    /* The address that could not be used: CR2, or one that is not canonical. */
    bool has_address;
    struct owner address;
    const char *address_register; /* whose value it comes from; NULL for CR2 */

    uint64_t divisor; /* of a divide instruction */
    bool has_divisor;

    struct owner freed; /* OWNER_FREED_BLOCK where a register points into one */

    uint8_t nmi_reason; /* port 0x61 */
    struct machine_check machine_check;
};

/*
 * Write the sentence.
 *
 * size  bytes in buffer, 1 or more; the text is cut to fit
 *
 * Returns buffer. Any context.
 */
const char *fault_sentence(char *buffer, size_t size, const struct fault_facts *facts);
