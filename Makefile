# SPDX-License-Identifier: MIT
# Builds Odyssey. `make help` lists what there is to ask for.
#
# Variables: V=1 shows commands, CC=clang picks the compiler, CHECKED=1 has the
# heap watch every block (the test kernel's always does), SANITIZE=ubsan|kasan
# has the compiler check what the code does; the targets that boot also take
# T=suite[.name], SCENARIO=, CMDLINE=, FIRMWARE=bios|uefi, MEM=, CPUS=,
# QEMU_EXTRA=; `make matrix` takes M=GLOB.

.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := iso
MAKEFLAGS += --no-builtin-rules

V ?= 0
Q := $(if $(filter 1,$(V)),,@)
say = @printf '  %-7s %s\n' $(1) $(2)

BUILD ?= build

# A variant is the same kernels by other flags and with more linked in, built
# in a folder of its own: tools/variants/NAME.mk says how, by VARIANT_ names.
VARIANT ?= $(SANITIZE)
ifneq ($(VARIANT),)
VARIANTS := $(patsubst tools/variants/%.mk,%,$(wildcard tools/variants/*.mk))
ifeq ($(filter $(VARIANT),$(VARIANTS)),)
$(error SANITIZE: got '$(VARIANT)', want one of: $(VARIANTS))
endif
# A make within this one finds the folder's name complete.
override BUILD := $(patsubst %/$(VARIANT),%,$(BUILD))/$(VARIANT)
export BUILD VARIANT
endif

GOALS := $(or $(MAKECMDGOALS),$(.DEFAULT_GOAL))

# Said here once, instead of by each command that cannot write.
ifneq ($(filter-out help doctor setup check-setup toolchain clean format,$(GOALS)),)
ifneq ($(words $(BUILD)),1)
$(error BUILD: got '$(BUILD)', want a path without blanks)
endif
ifeq ($(shell d='$(BUILD)'; until [ -e "$$d" ]; do d=$$(dirname "$$d"); done; [ -d "$$d" ] && [ -w "$$d" ] && echo yes),)
$(error cannot write to '$(BUILD)': choose another folder, as in `make BUILD=/tmp/odyssey`)
endif
endif

# The date of everything built, so that the same sources make the same bytes.
export SOURCE_DATE_EPOCH ?= 1767225600

# --- Tools ---------------------------------------------------------------------

# The first of some programs that is there, else the one that will be missed.
installed = $(firstword $(foreach tool,$(1),$(if $(shell command -v $(tool)),$(tool))) $(2))

# A cross compiler where there is one, else a GCC or Clang that targets x86_64.
targets_elf = $(filter-out x86_64-apple-%,$(filter x86_64%,$(shell $(1) -dumpmachine 2> /dev/null)))
ifeq ($(origin CC),default)
CC := $(firstword $(foreach c,x86_64-elf-gcc gcc clang,$(if $(call targets_elf,$(c)),$(c))) gcc)
endif
CROSS   := $(patsubst %gcc,%,$(filter %x86_64-elf-gcc,$(CC)))
LD      := $(CROSS)ld
NM      := $(CROSS)nm
OBJCOPY := $(CROSS)objcopy
NASM    ?= nasm
GRUB_MKRESCUE ?= $(call installed,grub-mkrescue grub2-mkrescue,grub-mkrescue)
# The first Python that has some modules, else the one that will miss them.
find_all = import sys, importlib.util as u; print(*map(u.find_spec, sys.argv[1:]))
has_all = $(shell $(1) -c '$(find_all)' $(2) 2> /dev/null | grep -v None)
python_with = $(firstword $(foreach p,python3 /usr/bin/python3,$(if $(call has_all,$(p),$(1)),$(p))) python3)

# What the host side's tests need, looked for once; what the site of the documents needs.
ifeq ($(origin PYTHON),undefined)
PYTHON  := $(call python_with,pytest pexpect)
endif
DOCS_PYTHON = $(call python_with,mkdocs pygments yaml)

# Said here once, where no target installs it first and make is not only asked, by -n.
LETTERS := $(firstword $(filter-out --%,$(MAKEFLAGS)))
ifeq ($(if $(findstring =,$(LETTERS)),,$(findstring n,$(LETTERS))),)
ifneq ($(filter all iso,$(GOALS))$(findstring /,$(GOALS)),)
TAKEN  := $(firstword $(CC)) $(LD) $(NM) $(OBJCOPY) $(NASM) $(PYTHON)
ABSENT := $(strip $(foreach t,$(TAKEN),$(if $(shell command -v $(t)),,$(t))))
ifneq ($(ABSENT),)
$(error missing: $(ABSENT); `make setup` installs what is missing, `make doctor` names all of it)
endif
endif
endif

# The font that the pixel console's glyphs are cut from; every GRUB brings it.
GRUB_SHARES := $(dir $(shell command -v $(firstword $(GRUB_MKRESCUE))))../share /usr/share
GLYPHS_FONT ?= $(firstword $(wildcard $(foreach share,$(GRUB_SHARES), \
                 $(share)/grub/unicode.pf2 $(share)/grub2/unicode.pf2)))

# --- Flags ---------------------------------------------------------------------

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla \
            -Wconversion $(if $(CI),-Werror)
# Freestanding, no red zone (an interrupt would write into it), general
# registers only (nobody saves the others), frame pointers for backtraces,
# arrays guarded by a number of our own (kernel/stack_protector.c); the rest
# undoes what distributions turn on by default.
CFLAGS   := -std=gnu17 -O2 -g -ffreestanding -mcmodel=kernel -mno-red-zone -mgeneral-regs-only \
            -fno-omit-frame-pointer -mno-omit-leaf-frame-pointer -fno-pic -fno-common \
            -fstack-protector-strong -mstack-protector-guard=global -fcf-protection=none \
            -fno-asynchronous-unwind-tables -fno-delete-null-pointer-checks \
            "-ffile-prefix-map=$(CURDIR)=." $(WARNINGS)
CPPFLAGS := -I. -MMD -MP
LDFLAGS  := -nostdlib -static -z max-page-size=4096 -z noexecstack --build-id=none \
            --orphan-handling=error
NASMFLAGS := -f elf64 -g -F dwarf -w+all -w-unknown-warning -I$(BUILD)/

ifneq ($(VARIANT),)
include tools/variants/$(VARIANT).mk
endif

# --- What is linked --------------------------------------------------------------

# Both kernels are this, a heap, and a program: what runs once everything is up.
KERNEL_SOURCES  := $(sort $(filter-out boot/asm_offsets.c kernel/program.c mm/kmalloc.c, \
                     $(foreach d,boot kernel kernel/shell kernel/commands kernel/demos drivers mm lib, \
                       $(wildcard $(d)/*.c $(d)/*.asm)) $(VARIANT_SOURCES)))
CHECKED_HEAP    := $(sort $(wildcard mm/checked/*.c))
odyssey_SOURCES := $(KERNEL_SOURCES) $(if $(filter 1,$(CHECKED)),$(CHECKED_HEAP),mm/kmalloc.c) \
                     kernel/program.c $(VARIANT_PROGRAM)
odyssey-test_SOURCES := $(KERNEL_SOURCES) $(CHECKED_HEAP) tests/ktest.c \
                     $(sort $(foreach d,tests/unit tests/kernel,$(wildcard $(d)/*.c $(d)/*.asm)) $(VARIANT_TESTS))

# What is measured has the normal kernel's heap, and none of the tests.
NOT_MEASURED    := tests/kernel/allocation_sweep.c $(wildcard tests/*/test_*.c) \
                     $(filter-out mm/checked/heap_%,$(CHECKED_HEAP))
odyssey-bench_SOURCES := $(sort mm/kmalloc.c $(filter-out $(NOT_MEASURED),$(odyssey-test_SOURCES)))

# What controls the test framework itself: suites with something wrong, and no other.
odyssey-controls_SOURCES := $(sort $(odyssey-bench_SOURCES) $(wildcard tests/controls/*.c))

# The linker puts the test's function in front of the kernel's, so that it can fail on demand.
odyssey-test_LDFLAGS := --wrap=frame_alloc --wrap=frame_alloc_run
odyssey-bench_LDFLAGS := $(foreach f,frame_alloc frame_alloc_run,--defsym=__real_$(f)=$(f))
odyssey-controls_LDFLAGS := $(odyssey-bench_LDFLAGS)

objects = $(addprefix $(BUILD)/,$(addsuffix .o,$(1)))
KERNELS := odyssey odyssey-test odyssey-bench odyssey-controls
OBJECTS := $(sort $(foreach k,$(KERNELS),$(call objects,$($(k)_SOURCES))))

$(call objects,$(VARIANT_EXEMPT)): private VARIANT_CFLAGS :=

# --- User targets ----------------------------------------------------------------

# One at a time in a build folder, however many were started.
EXCLUSIVE = $(PYTHON) tools/exclusive.py $(BUILD)

# The tools of some uses, as tools/setup.sh calls them, are there or are installed.
needs = $(Q)tools/setup.sh --check $(1) || tools/setup.sh $(1)

# Tests that no other target runs; nothing is left among the sources.
PYTEST = PYTHONDONTWRITEBYTECODE=1 $(EXCLUSIVE) $(PYTHON) -m pytest -v -rs -p no:cacheprovider --tb=short

.PHONY: all iso usb run run-fast debug record replay pictures test test-alone
.PHONY: matrix matrix-alone matrix-list mutations mutants
.PHONY: coverage coverage-alone docs
.PHONY: exercise grade grade-alone check-grade
.PHONY: setup check-setup doctor toolchain format clean help ensure-tools

all: iso

iso: $(BUILD)/odyssey.iso ## the kernel and its bootable image, build/odyssey.iso (also plain `make`)

run: ensure-tools ## boot the image in QEMU: a window, or the terminal where there is no display
	$(Q)$(MAKE) --no-print-directory iso
	$(Q)$(PYTHON) tools/run.py

run-fast: ensure-tools ## boot the same ELF without GRUB, by QEMU's -kernel
	$(Q)$(MAKE) --no-print-directory $(BUILD)/odyssey.elf
	$(Q)$(PYTHON) tools/run.py --fast

test: ensure-tools ## every test that boots; T=suite[.name] or SCENARIO=name for some; SANITIZE=ubsan|kasan
	$(Q)$(EXCLUSIVE) $(MAKE) --no-print-directory test-alone

# Of a variant the kernels alone: its suites boot by the PVH note.
TESTED := $(if $(VARIANT),odyssey.elf odyssey-test.elf,odyssey.iso odyssey-test.iso \
            odyssey-controls.elf odyssey-bench.elf bench/count.so)
test-alone: $(TESTED:%=$(BUILD)/%)
	$(Q)$(PYTHON) tools/test.py

usb: ## write the image to the stick DEV=/dev/sdX, and read it back; FORCE=yes, docs/hardware.md
	$(Q)$(if $(DEV),$(MAKE) --no-print-directory $(BUILD)/odyssey.iso)
	$(Q)$(PYTHON) tools/usb.py

mutations: ensure-tools ## break the kernel in named ways, and see a test fall for each
	$(Q)$(PYTHON) tools/mutations.py

mutants: ensure-tools ## make small random mistakes, count those noticed; MUTANTS=200|all SEED= FILES='mm/*' RECORD=yes
	$(Q)$(PYTHON) tools/mutants.py

exercise: ## begin an exercise in build/exercise: N=number|name; none lists them; FORCE=yes
	$(Q)N='$(N)' FORCE='$(FORCE)' $(PYTHON) tools/exercise.py

grade: ensure-tools ## grade the kernel in TREE=path, or this one, by the card in docs/grading.md
	$(call needs,build check)
	$(Q)$(EXCLUSIVE) $(MAKE) --no-print-directory grade-alone

grade-alone:
	$(Q)PYTHONPATH=tools TREE='$(TREE)' $(PYTHON) tools/grade.py

check-grade: ensure-tools ## grade trees with something missing: each exercise, and worse; takes minutes
	$(Q)PYTHONPATH=tools $(PYTEST) tests/grade

matrix: ## the suites and a session at the prompt on every machine; M=GLOB for some of them
	$(call needs,build matrix)
	$(Q)$(EXCLUSIVE) $(MAKE) --no-print-directory matrix-alone

matrix-alone: $(BUILD)/odyssey.iso $(BUILD)/odyssey-test.iso
	$(Q)$(PYTHON) tools/matrix.py

matrix-list: ## name the machines of `make matrix`
	$(Q)$(PYTHON) tools/matrix.py --list

coverage: ensure-tools ## which of the kernel's lines the tests run: table, build/coverage/html; RECORD=yes
	$(call needs,coverage)
	$(Q)$(MAKE) --no-print-directory VARIANT=coverage coverage-alone

coverage-alone: $(BUILD)/odyssey.iso $(BUILD)/odyssey-test.iso $(BUILD)/odyssey-controls.elf $(BUILD)/host/unit-tests
	$(Q)BUILD='$(BUILD)' $(PYTHON) tools/coverage.py

docs: ## the documents as a site, build/docs/site: searchable, with the reference and the sources
	$(call needs,docs)
	$(Q)BUILD='$(BUILD)' PYTHONPATH=tools PYTHONDONTWRITEBYTECODE=1 $(DOCS_PYTHON) -m docs.site $(BUILD)/docs

debug: ensure-tools ## GDB on QEMU at the kernel's entry; FAST=1: without GRUB, TEST=1: the test kernel
	$(Q)$(MAKE) --no-print-directory $(BUILD)/odyssey$(if $(TEST),-test).$(if $(FAST),elf,iso)
	$(Q)$(PYTHON) tools/debug.py $(if $(FAST),--fast) $(if $(TEST),--test)

record: ensure-tools ## boot without GRUB and write down all that happens; TEST=1: the test kernel
	$(call needs,debug)
	$(Q)$(MAKE) --no-print-directory $(BUILD)/odyssey$(if $(TEST),-test).elf
	$(Q)$(PYTHON) tools/record.py $(if $(TEST),--test)

replay: ensure-tools ## GDB on what was recorded, forwards and backwards
	$(Q)$(PYTHON) tools/debug.py --replay

pictures: ensure-tools ## take the pictures that the documents show
	$(Q)$(MAKE) --no-print-directory $(BUILD)/odyssey.iso
	$(Q)$(PYTHON) tools/pictures.py

setup: ## install what is missing, with the system's package manager
	$(Q)tools/setup.sh

doctor: ## say what is there and what is missing, and the package that brings it
	$(Q)tools/setup.sh --doctor

check-setup: ## as root: setup on a bare Debian, up to all tests; takes debootstrap, a network, minutes
	$(Q)$(PYTEST) tests/setup

toolchain: ## build x86_64-elf binutils and GCC from Debian's sources into PREFIX=folder
	$(Q)tools/toolchain.sh '$(PREFIX)'

format: ## lay the C sources out by .clang-format
	$(Q)find boot drivers kernel lib mm tests tools -name '*.[ch]' -exec clang-format -i {} +

clean: ## remove everything that was built; exercises that were begun stay
	$(Q)if [ -d '$(BUILD)' ]; then find '$(BUILD)/' -mindepth 1 -maxdepth 1 ! -name exercise -exec rm -rf {} +; fi
	$(Q)if [ -d '$(BUILD)' ] && [ ! -L '$(BUILD)' ] && [ ! -d '$(BUILD)/exercise' ]; then rmdir '$(BUILD)'; fi

help: ## this list
	@awk -F ':.*## ' '/^[a-z_.-]+:.*## / { printf "  make %-21s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

ensure-tools:
	$(call needs,build)

# --- Rules -----------------------------------------------------------------------

# Written when its text changes; what depends on it is then built again: objects
# when their flags change, kernels when a source is added or removed.
quoted = '$(subst ','\'',$(1))'
record = @mkdir -p $(@D); echo $(quoted) | cmp -s - $@ || echo $(quoted) > $@
.PHONY: FORCE

$(BUILD)/flags: FORCE
	$(call record,$(CC) $(CFLAGS) $(VARIANT_CFLAGS) $(NASMFLAGS) $(LD) $(LDFLAGS) $(VARIANT_LDFLAGS) $(odyssey-test_LDFLAGS) $(VARIANT_EXEMPT))

$(BUILD)/%.c.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(VARIANT_CFLAGS) -c $< -o $@

# NASM's own -MD forgets included files: a pass of its own lists them.
$(BUILD)/%.asm.o: %.asm $(BUILD)/asm_offsets.inc $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,NASM,$<)
	$(Q)$(NASM) $(NASMFLAGS) -M -MP -MT $@ -MF $(@:.o=.d) $<
	$(Q)$(NASM) $(NASMFLAGS) $< -o $@

# Constants and structure offsets for NASM, from the compiler itself.
$(BUILD)/asm_offsets.inc: boot/asm_offsets.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)$(CC) $(CPPFLAGS) -MF $(BUILD)/asm_offsets.d -MT $@ $(CFLAGS) -S $< -o $(BUILD)/asm_offsets.s
	$(Q)sed -n 's/.*"@define \([A-Za-z0-9_]*\) [$$]\(.*\)"/%define \1 (\2)/p' $(BUILD)/asm_offsets.s > $@

# Linked twice: the first link tells where functions are, the second holds the
# table of their names. The table comes last in .rodata, so no function moves.
$(BUILD)/symbols-empty.asm: tools/symbols.py
	@mkdir -p $(@D)
	$(Q)$(PYTHON) $< > $@

$(KERNELS:%=$(BUILD)/%.symbols.asm): %.symbols.asm: %.first tools/symbols.py
	$(Q)$(PYTHON) tools/symbols.py $< $(NM) > $@

$(BUILD)/symbols-empty.o $(KERNELS:%=$(BUILD)/%.symbols.o): %.o: %.asm
	$(Q)$(NASM) -f elf64 $< -o $@

link = $(LD) $(LDFLAGS) $(VARIANT_LDFLAGS) $($(basename $(@F))_LDFLAGS) -T linker.ld -o $@ $(filter %.o,$^)

$(BUILD)/glyphs.font: FORCE
	$(call record,$(GLYPHS_FONT))

$(BUILD)/glyphs.c: tools/glyphs.py $(GLYPHS_FONT) $(BUILD)/glyphs.font
	$(if $(GLYPHS_FONT),,@echo "warning: no GRUB, no unicode.pf2: this kernel shows nothing on pixel screens" >&2)
	$(Q)$(PYTHON) $< $(GLYPHS_FONT) > $@

$(BUILD)/glyphs.o: $(BUILD)/glyphs.c $(BUILD)/flags
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(VARIANT_CFLAGS) -c $< -o $@

define kernel_rules
$(BUILD)/$(1).sources: FORCE
	$$(call record,$$($(1)_SOURCES))
$(BUILD)/$(1).first: $(call objects,$($(1)_SOURCES)) $(BUILD)/glyphs.o $(BUILD)/symbols-empty.o linker.ld $(BUILD)/$(1).sources
	$$(Q)$$(link)
$(BUILD)/$(1).full: $(call objects,$($(1)_SOURCES)) $(BUILD)/glyphs.o $(BUILD)/$(1).symbols.o linker.ld tools/buildid.py
	$$(call say,LD,$$@)
	$$(Q)$$(link)
	$$(Q)$$(PYTHON) tools/buildid.py --write $$@
endef
$(foreach k,$(KERNELS),$(eval $(call kernel_rules,$(k))))

# GRUB loads every section of the file it boots, debug sections too: they go
# into a file of their own.
$(KERNELS:%=$(BUILD)/%.elf): %.elf: %.full
	$(call say,STRIP,$@)
	$(Q)$(OBJCOPY) --only-keep-debug $< $*.debug
	$(Q)$(OBJCOPY) --strip-all $< $@
	$(Q)id=$$($(PYTHON) tools/buildid.py $@) && printf '  %-7s %s\n' ID "$$id"

$(BUILD)/odyssey.iso: grub.cfg
$(BUILD)/odyssey-test.iso: tests/grub.cfg
$(KERNELS:%=$(BUILD)/%.iso): %.iso: %.elf tools/iso/make.sh tools/iso/mformat
	$(call say,ISO,$@)
	$(Q)GRUB_MKRESCUE='$(GRUB_MKRESCUE)' tools/iso/make.sh $< $(filter %grub.cfg,$^) $@

-include tools/host_tests.mk
-include tools/bench.mk
-include tools/fuzz.mk
-include tools/check.mk
-include $(OBJECTS:.o=.d) $(BUILD)/asm_offsets.d
