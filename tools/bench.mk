# SPDX-License-Identifier: MIT
# What things cost: the benchmarks, and the programs that count on this machine.
# Included by the top Makefile.

HEAP_REPLAY  := $(HOST_BUILD)/heap-replay
LIBRARY_COST := $(HOST_BUILD)/library-cost
COUNT_PLUGIN := $(BUILD)/bench/count.so

run_bench = BUILD='$(BUILD)' PYTHONPATH=tools $(PYTHON) -m bench

.PHONY: bench bench-alone bench-images profile profile-alone
bench: ensure-tools ## what everything costs, in instructions; T=suite[.name] for some; RECORD=yes keeps it
	$(call needs,bench)
	$(Q)$(EXCLUSIVE) $(MAKE) --no-print-directory bench-alone

bench-alone: $(BUILD)/odyssey-bench.elf $(BUILD)/odyssey.iso $(HEAP_REPLAY) $(LIBRARY_COST) $(COUNT_PLUGIN)
	$(Q)$(run_bench) measure

bench-images: ## the plots of the last whole `make bench` that docs/performance.md shows, into docs/images/
	$(Q)$(run_bench) images

profile: ensure-tools ## where a benchmark's instructions go, by function and line; B=suite[.name]
	$(Q)$(EXCLUSIVE) $(MAKE) --no-print-directory profile-alone

profile-alone: $(BUILD)/odyssey-bench.elf $(COUNT_PLUGIN)
	$(Q)$(run_bench) profile '$(B)'

# The kernel's own objects of the heap in a program that replays allocation traces.
$(HEAP_REPLAY): $(HOST_BUILD)/replay/heap_replay.o \
                $(call objects,$(filter-out mm/heap_check.c mm/heap_fault.c,$(wildcard mm/heap*.c)) \
                  lib/string.c lib/assert.c lib/status.c)
	$(call say,HOSTLD,$@)
	$(Q)$(HOST_CC) -no-pie $^ -o $@

# And those of the formatter and the memory functions, under other names than the C library's.
$(HOST_BUILD)/replay/kernel_library.o: $(call objects,$(sort $(wildcard lib/format*.c) lib/digits.c lib/string.c))
	$(Q)$(LD) -r -o $@ $^
	$(Q)$(OBJCOPY) --prefix-symbols=kernel_ $@

$(LIBRARY_COST): $(HOST_BUILD)/replay/library_cost.o $(HOST_BUILD)/replay/kernel_library.o
	$(call say,HOSTLD,$@)
	$(Q)$(HOST_CC) -no-pie $^ -o $@

$(HOST_BUILD)/replay/%.o: tests/host/replay/%.c $(HOST_BUILD)/flags
	@mkdir -p $(@D)
	$(call say,HOSTCC,$<)
	$(Q)$(HOST_CC) -std=gnu17 -O2 -fno-builtin $(WARNINGS) -I. -MMD -MP -c $< -o $@

# QEMU takes plugins of its own interface's version, and says which.
plugin_version = $(shell qemu-system-x86_64 --version | sed -n 's/.*version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | \
                   awk '{ v = $$1 * 100 + $$2; print v < 900 ? 1 : v < 901 ? 2 : v < 902 ? 3 : 4 }')

$(HOST_BUILD)/count.o: tools/bench/count.c $(HOST_BUILD)/flags
	@mkdir -p $(@D)
	$(call say,HOSTCC,$<)
	$(Q)$(HOST_CC) -std=gnu17 -O2 $(WARNINGS) -fPIC -DPLUGIN_VERSION=$(plugin_version) -c $< -o $@

$(COUNT_PLUGIN): $(HOST_BUILD)/count.o
	@mkdir -p $(@D)
	$(Q)$(HOST_CC) -shared $^ -o $@

-include $(HOST_BUILD)/replay/heap_replay.d $(HOST_BUILD)/replay/library_cost.d
