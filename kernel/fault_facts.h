/* SPDX-License-Identifier: MIT */
/*
 * Finds out what fault_sentence() wants to know, from the running machine.
 * Context of all functions: the panic.
 */
#pragma once

#include "kernel/fault_sentence.h"

/* What can be known without any of the kernel's structures: they may be what is broken. */
void fault_facts_begin(struct fault_facts *facts, const struct trap_frame *frame, uint64_t cr2);

/* Who owns the addresses. May fault on a damaged heap or page table, leaving what it found. */
void fault_facts_find_owners(struct fault_facts *facts);
