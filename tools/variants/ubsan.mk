# SPDX-License-Identifier: MIT
# The kernels with a check in front of whatever the language leaves undefined.
# One compiler's kinds are not all the other's; those that go with C++ are left out.

VARIANT_CFLAGS   := -fsanitize=undefined $(if $(findstring clang,$(CC)),-fno-sanitize=function,-fsanitize=bounds-strict)
VARIANT_SOURCES  := kernel/sanitize/report.c kernel/sanitize/ubsan.c kernel/sanitize/ubsan_value.c
VARIANT_PROGRAM  := kernel/sanitize/found.c
VARIANT_TESTS    := tests/sanitize/found.c tests/sanitize/test_ubsan.c

# Compiled as ever, each for a reason:
#   kernel/sanitize/*    the functions that the checks call
#   tests/kernel/test_fault_facts.c   reads by pointers that are none, for a panic to explain
VARIANT_EXEMPT   := $(VARIANT_SOURCES) $(VARIANT_PROGRAM) tests/kernel/test_fault_facts.c
