/* SPDX-License-Identifier: MIT */
/*
 * The checks that both boot protocols share. Everything here may be hostile;
 * nothing here may panic over it.
 */
#include "boot/boot_builder.h"

#include "lib/assert.h"
#include "lib/bits.h"
#include "lib/string.h"

void boot_builder_begin(struct boot_builder *builder, enum boot_protocol protocol)
{
    ASSERT_CMP(builder->limits->physical_bits, >=, BOOT_PHYSICAL_BITS_LEAST);
    ASSERT_CMP(builder->limits->physical_bits, <=, BOOT_PHYSICAL_BITS_MOST);
    ASSERT_CMP(builder->limits->kernel_start.value, <=, builder->limits->kernel_end.value);
    builder->tag = BOOT_NO_TAG;
    /* Not by assignment: the structure is larger than the stack has room for. */
    memset(builder->info, 0, sizeof(*builder->info));
    builder->info->protocol = protocol;
}

void boot_builder_report(struct boot_builder *builder, enum boot_problem_kind kind, uint64_t got)
{
    struct boot_info *info = builder->info;

    if (info->problem_count < BOOT_PROBLEMS_MAX) {
        info->problems[info->problem_count] = (struct boot_problem){
            .kind = kind,
            .tag = builder->tag,
            .got = got,
        };
    }
    info->problem_count++;
}

void boot_builder_add_map_entry(struct boot_builder *builder, const struct boot_map_entry *entry)
{
    struct boot_info *info = builder->info;

    if (info->map_entry_count < BOOT_MAP_ENTRIES_MAX) {
        info->map_entries[info->map_entry_count] = *entry;
    }
    info->map_entry_count++;
    if (entry->type == BOOT_MAP_AVAILABLE &&
        memory_map_add(&info->usable, paddr(entry->base), entry->length) != OK) {
        boot_builder_report(builder, BOOT_PROBLEM_MAP_AVAILABLE_WRAPS, entry->base);
    }
}

void boot_builder_subtract_map_entry(struct boot_builder *builder,
                                     const struct boot_map_entry *entry)
{
    if (entry->type == BOOT_MAP_AVAILABLE) {
        return;
    }
    if (memory_range_wraps(paddr(entry->base), entry->length)) {
        boot_builder_report(builder, BOOT_PROBLEM_MAP_RESERVED_WRAPS, entry->base);
    }
    memory_map_subtract(&builder->info->usable, paddr(entry->base), entry->length);
}

enum status boot_builder_finish_map(struct boot_builder *builder)
{
    struct boot_info *info = builder->info;
    const struct boot_limits *limits = builder->limits;
    uint64_t physical_end = BIT(limits->physical_bits);

    if (memory_map_end(&info->usable).value > physical_end) {
        boot_builder_report(builder, BOOT_PROBLEM_MAP_BEYOND_CPU,
                            memory_map_end(&info->usable).value);
        memory_map_subtract(&info->usable, paddr(physical_end), UINT64_MAX);
    }
    if (info->usable.dropped_ranges != 0) {
        boot_builder_report(builder, BOOT_PROBLEM_MAP_FULL, info->usable.dropped_bytes);
    }
    info->free = info->usable;
    boot_builder_reserve(builder, paddr(0), BOOT_LOW_MEMORY_END);
    boot_builder_reserve(builder, limits->kernel_start,
                         limits->kernel_end.value - limits->kernel_start.value);
    if (info->map_entry_count == 0) {
        return ERR_NOT_FOUND;
    }
    return memory_map_usable_pages(&info->usable) != 0 ? OK : ERR_NO_MEMORY;
}

void boot_builder_reserve(struct boot_builder *builder, paddr_t start, uint64_t size)
{
    memory_map_subtract(&builder->info->free, start, size);
}

/* What is wrong with a module's place, if anything is. */
static bool find_module_problem(const struct boot_builder *builder,
                                const struct boot_module *module, enum boot_problem_kind *kind)
{
    const struct boot_limits *limits = builder->limits;

    if (module->start.value < limits->kernel_end.value &&
        module->end.value > limits->kernel_start.value) {
        *kind = BOOT_PROBLEM_MODULE_OVER_KERNEL;
        return true;
    }
    *kind = BOOT_PROBLEM_MODULE_NOT_IN_MEMORY;
    return !memory_map_contains(&builder->info->usable, module->start,
                                module->end.value - module->start.value);
}

void boot_builder_add_module(struct boot_builder *builder, const struct boot_module *module)
{
    struct boot_info *info = builder->info;
    enum boot_problem_kind kind;

    info->modules_offered++;
    if (module->end.value < module->start.value) {
        boot_builder_report(builder, BOOT_PROBLEM_MODULE_REVERSED, module->end.value);
        return;
    }
    boot_builder_reserve(builder, module->start, module->end.value - module->start.value);
    if (find_module_problem(builder, module, &kind)) {
        boot_builder_report(builder, kind, module->start.value);
    } else if (info->module_count < BOOT_MODULES_MAX) {
        info->modules[info->module_count++] = *module;
    }
}

size_t boot_builder_copy_text(struct boot_builder *builder, char *destination, size_t size,
                              const uint8_t *text, uint64_t available)
{
    size_t length = strnlen((const char *)text, MIN(available, size));

    if (length == size) {
        boot_builder_report(builder, BOOT_PROBLEM_TEXT_CUT, length);
    } else if (length == available) {
        boot_builder_report(builder, BOOT_PROBLEM_TEXT_UNTERMINATED, length);
    }
    return string_copy(destination, size, (const char *)text, length);
}
