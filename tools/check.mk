# SPDX-License-Identifier: MIT
# What can be known without booting: builds with both compilers, gates on the
# binaries, static analysis, host tests. Included by the top Makefile.

# COMPILER[+LINKER]. The first is what plain `make` takes; its build must be the
# one that was gated.
CHECK_COMPILERS ?= $(CC)$(if $(filter command,$(origin LD)),+$(LD)) gcc clang clang+ld.lld
# By another name, as a recipe with make's own would run under `make -n` too.
CHECK_MAKE      := $(MAKE)
run_check = BUILD='$(BUILD)' V='$(V)' CI='$(CI)' PYTHONPATH=tools $(EXCLUSIVE) \
            $(PYTHON) -m check --make '$(CHECK_MAKE)' --prefix='$(CROSS)' --compiler $(CHECK_COMPILERS)

.PHONY: check check-reproducible
check: ## build with gcc and clang, gates on the binary, static analysis, host tests, fuzz targets
	$(Q)$(run_check)

check-reproducible: ## of these only: build twice, in two folders, and compare the bytes
	$(Q)$(run_check) --same-bytes

# How each C source is compiled, for clangd and other editors' helpers.
.PHONY: compile_commands.json
compile_commands.json: ## for editors: how each C source is compiled
	$(Q)PYTHONPATH=tools $(PYTHON) -m check.build_plan '$(CHECK_MAKE)' BUILD='$(BUILD)' CC='$(CC)' \
	    $(BUILD)/odyssey.elf $(BUILD)/odyssey-test.elf $(HOST_BUILD)/unit-tests $(HEAP_REPLAY) $(LIBRARY_COST) $(COUNT_PLUGIN) > $@.new
	$(Q)mv $@.new $@
