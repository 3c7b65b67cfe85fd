# SPDX-License-Identifier: MIT
# Coverage: every branch counts itself. Nothing in the kernel reads the
# counters; tools/odyssey/gcov.py finds them in the memory of a machine that
# has ended, by the tables that .gcov_info lists.

ifneq ($(findstring clang,$(notdir $(firstword $(CC)))),)
$(error coverage: got CC=$(CC), want GCC: Clang cannot list its counters in a section)
endif

# Lines stay what they are in the source: little is inlined or merged.
VARIANT_CFLAGS  := -Og -fprofile-arcs -ftest-coverage -fprofile-info-section
# The tables name the function that would merge files; nobody calls it.
VARIANT_LDFLAGS := --defsym=__gcov_merge_add=1
# The host's suites count too; a child that panics does so by itself (tests/host/main.c).
VARIANT_HOST_CFLAGS := -Og --coverage -Wl,-u,__gcov_dump
