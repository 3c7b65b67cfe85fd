# SPDX-License-Identifier: MIT
# Fuzz targets: the pure modules behind libFuzzer, under sanitizers, by Clang.
# Included by the top Makefile. FUZZ_SECONDS= is for each; T=name picks one.

FUZZ_CC     ?= clang
FUZZ_BUILD  := $(BUILD)/fuzz
FUZZ_CFLAGS := -std=gnu17 -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
               -fsanitize=fuzzer-no-link,address,undefined $(WARNINGS) -I. -MMD -MP

FUZZ_NAMES   := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_SHARED  := $(filter-out mm/checked/%,$(HOST_SOURCES)) tests/fuzz/fuzz.c tests/fuzz/boot_claims.c \
                tests/unit/glass.c tests/unit/line_desk.c
FUZZ_OBJECTS := $(patsubst %.c,$(FUZZ_BUILD)/%.o,$(FUZZ_SHARED)) $(FUZZ_BUILD)/glyphs.o

# The library's functions, where they have the C library's names, are called by ours.
$(FUZZ_BUILD)/lib/string.o: private FUZZ_RENAME := -include tests/host/rename.h

.PHONY: fuzz fuzzers
fuzz: fuzzers ## fuzz the pure modules, FUZZ_SECONDS=60 each; T=name for one
	$(Q)$(PYTHON) tools/fuzz.py

fuzzers: $(FUZZ_NAMES:%=$(FUZZ_BUILD)/%)

$(FUZZ_NAMES:%=$(FUZZ_BUILD)/%): $(FUZZ_BUILD)/%: $(FUZZ_BUILD)/tests/fuzz/fuzz_%.o $(FUZZ_OBJECTS)
	$(call say,FUZZLD,$@)
	$(Q)$(FUZZ_CC) -fsanitize=fuzzer,address,undefined $^ -o $@

# Of what the build has made itself.
$(FUZZ_BUILD)/glyphs.o: $(BUILD)/glyphs.c $(FUZZ_BUILD)/flags
	@mkdir -p $(@D)
	$(call say,FUZZCC,$<)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) -c $< -o $@

$(FUZZ_BUILD)/%.o: %.c $(FUZZ_BUILD)/flags
	@mkdir -p $(@D)
	$(call say,FUZZCC,$<)
	$(Q)$(FUZZ_CC) $(FUZZ_CFLAGS) $(FUZZ_RENAME) -c $< -o $@

$(FUZZ_BUILD)/flags: FORCE
	$(call record,$(FUZZ_CC) $(FUZZ_CFLAGS))

.SECONDARY: $(FUZZ_NAMES:%=$(FUZZ_BUILD)/tests/fuzz/fuzz_%.o)
-include $(FUZZ_OBJECTS:.o=.d) $(FUZZ_NAMES:%=$(FUZZ_BUILD)/tests/fuzz/fuzz_%.d)
