# SPDX-License-Identifier: MIT
# The kernels with a check in front of each access to memory, and red zones
# around the heap's blocks, around global and around local variables.

# The heap is the checked one in both: it has the red zones, and knows whose a block is.
override CHECKED := 1

KASAN_OFFSET    := 0xdffffc0000000000
KASAN_GCC       := -fasan-shadow-offset=$(KASAN_OFFSET) --param asan-stack=1 --param asan-globals=1 \
                   --param asan-instrumentation-with-call-threshold=0 -fsanitize-address-use-after-scope
KASAN_CLANG     := $(foreach option,mapping-offset=$(KASAN_OFFSET) \
                   stack=1 globals=1 use-after-scope=1 instrumentation-with-call-threshold=0,-mllvm -asan-$(option))
VARIANT_CFLAGS  := -fsanitize=kernel-address $(if $(findstring clang,$(CC)),$(KASAN_CLANG),$(KASAN_GCC))
VARIANT_SOURCES := kernel/sanitize/report.c $(wildcard kernel/sanitize/kasan*.c)
VARIANT_PROGRAM := kernel/sanitize/found.c
VARIANT_TESTS   := tests/sanitize/found.c tests/sanitize/test_kasan.c tests/sanitize/kasan_landing.c

# Where the sanitizer has to know: tools/variants/kasan.mk is the one place that plugs it in.
VARIANT_LDFLAGS := $(addprefix --wrap=,kmain paging_load paging_map paging_unmap task_stack_alloc \
                   memcpy memmove memset region_describe trap_expect \
                   $(addprefix heap_checked_,init alloc realloc free inspect find check trim statistics))

# Not looked at, each for a reason:
#   kernel/sanitize/*    the checks themselves, and what a report runs
#   mm/paging.c          runs for a moment on tables that have no shadow yet
#   mm/page_walk.c       is asked whether there is shadow
#   kernel/task_stack.c  measures stacks from their ends, across other functions' red zones
#   kernel/backtrace.c   may follow a broken chain to anywhere on a stack
#   lib/hex_dump.c       shows memory, whatever is in it
#   tests/unit/test_kmalloc.c   damages blocks, for the checked heap to find
#   tests/kernel/test_fault_facts.c   reads a freed one, for a panic to explain
VARIANT_EXEMPT  := $(VARIANT_SOURCES) $(VARIANT_PROGRAM) tests/sanitize/kasan_landing.c mm/paging.c \
                   mm/page_walk.c kernel/task_stack.c kernel/backtrace.c lib/hex_dump.c \
                   tests/unit/test_kmalloc.c tests/kernel/test_fault_facts.c
