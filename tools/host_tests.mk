# SPDX-License-Identifier: MIT
# The pure modules and their tests as a program of this machine, under
# sanitizers. Included by the top Makefile. HOST_CC=clang picks the compiler.

HOST_CC     ?= $(if $(CROSS),gcc,$(CC))
HOST_BUILD  := $(BUILD)/host
HOST_CFLAGS := -std=gnu17 -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
               -fno-sanitize-recover=all $(WARNINGS) -I. -MMD -MP $(VARIANT_HOST_CFLAGS)

# What has no hardware in it: lib/, the boot parsers, mm/ but for what drives
# the CPU, and by name what is elsewhere.
HOST_PURE    := lib/*.c mm/checked/*.c \
                kernel/command_line.c kernel/vt_keys.c kernel/line_*.c kernel/trap_words.c \
                kernel/instruction.c kernel/owner.c kernel/fault_sentence.c kernel/machine_check.c \
                kernel/panic_essentials.c kernel/counter_clock.c kernel/timer.c \
                drivers/scancode.c drivers/keymap*.c drivers/keystroke.c drivers/ps2_commands.c \
                drivers/vga_cp437.c drivers/rtc_time.c \
                drivers/acpi_table.c drivers/acpi_fadt.c drivers/acpi_sleep.c drivers/hpet.c \
                drivers/glyphs.c drivers/framebuffer*.c
HOST_SOURCES := $(sort $(wildcard $(HOST_PURE)) \
                  $(filter-out boot/asm_offsets.c mm/paging.c,$(wildcard boot/*.c mm/*.c)))
HOST_TESTS   := $(sort $(wildcard tests/unit/*.c tests/host/*.c)) tests/ktest.c
HOST_OBJECTS := $(patsubst %.c,$(HOST_BUILD)/%.o,$(HOST_SOURCES) $(HOST_TESTS)) $(HOST_BUILD)/glyphs.o

# In these the C library's names mean our own functions.
HOST_RENAMED := $(patsubst %.c,$(HOST_BUILD)/%.o,lib/string.c \
                  $(wildcard tests/unit/test_string*.c tests/host/test_string*.c))
$(HOST_RENAMED): private HOST_RENAME := -include tests/host/rename.h

# In these the names of the one kernel heap mean the other, checked one.
HOST_CHECKED := $(patsubst %.c,$(HOST_BUILD)/%.o,mm/checked/kmalloc.c \
                  tests/host/test_kmalloc_checked.c)
$(HOST_CHECKED): private HOST_RENAME := -include tests/host/rename_kmalloc.h

.PHONY: host-tests
host-tests: $(HOST_BUILD)/unit-tests ## the pure modules' tests on this machine, under sanitizers; T=suite[.name]
	$(Q)timeout 300 $< $(T)

$(HOST_BUILD)/unit-tests: $(HOST_OBJECTS) tests/host/host.ld
	$(call say,HOSTLD,$@)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) $(HOST_OBJECTS) -Wl,-T,tests/host/host.ld -o $@

$(HOST_BUILD)/%.o: %.c $(HOST_BUILD)/flags
	@mkdir -p $(@D)
	$(call say,HOSTCC,$<)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) $(HOST_RENAME) -c $< -o $@

$(HOST_BUILD)/glyphs.o: $(BUILD)/glyphs.c $(HOST_BUILD)/flags
	$(Q)$(HOST_CC) $(HOST_CFLAGS) -c $< -o $@

# Objects of one compiler's sanitizers do not link with the other's.
$(HOST_BUILD)/flags: FORCE
	$(call record,$(HOST_CC) $(HOST_CFLAGS))

# Prints the codes that tests/check/test_qr.py has a reader of QR codes read.
.PHONY: qr-print
qr-print: $(HOST_BUILD)/qr-print

$(HOST_BUILD)/qr-print: $(patsubst %.c,$(HOST_BUILD)/%.o,tests/host/qr/qr_print.c \
                          $(wildcard lib/qr*.c) lib/reed_solomon.c lib/assert.c lib/status.c)
	$(call say,HOSTLD,$@)
	$(Q)$(HOST_CC) $(HOST_CFLAGS) $^ -o $@

-include $(HOST_OBJECTS:.o=.d) $(HOST_BUILD)/tests/host/qr/qr_print.d
