/* SPDX-License-Identifier: MIT */
/*
 * Exceptions in words: names, error codes, flags. Pure. Source: Intel SDM,
 * volume 3, "Exception and Interrupt Reference", "Error Code", "Page-Fault
 * Exceptions"; volume 1, "EFLAGS Register".
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The exception's name, "page fault", and mnemonic, "#PF". vector 0 to 31. Any context. */
const char *trap_name(unsigned vector);
const char *trap_mnemonic(unsigned vector);

/*
 * Write an error code in words: for a page fault "write, page not present", for
 * a selector "GDT entry 5"; nothing for a vector that has no code.
 *
 * size  bytes in buffer, 1 or more; the text is cut to fit
 *
 * Returns buffer. Any context.
 */
const char *trap_error_describe(char *buffer, size_t size, unsigned vector, uint64_t error_code);

/* Write the names of the flags that are set, "IF ZF PF IOPL=3"; likewise. */
const char *rflags_describe(char *buffer, size_t size, uint64_t rflags);
