/* SPDX-License-Identifier: MIT */
/* What boot information may claim, whatever it was made from. */
#include "tests/fuzz/boot_claims.h"

#include <string.h>

#include "lib/assert.h"
#include "lib/bits.h"

#define KERNEL_START 0x100000UL
#define KERNEL_END   0x180000UL
#define CPU_BITS     36

const struct boot_limits boot_claims_limits = {
    .kernel_start = {KERNEL_START},
    .kernel_end = {KERNEL_END},
    .physical_bits = CPU_BITS,
};

bool boot_claims_is_free(const struct boot_info *info, uint64_t start, uint64_t size)
{
    for (size_t i = 0; i < info->free.count; i++) {
        const struct memory_range *range = &info->free.ranges[i];

        if (size != 0 && range->start < start + size && range->end > start) {
            return true;
        }
    }
    return false;
}

static void check_is_sorted(const struct memory_map *map)
{
    uint64_t end = 0;

    for (size_t i = 0; i < map->count; i++) {
        ASSERT_CMP(map->ranges[i].start, <, map->ranges[i].end);
        ASSERT(i == 0 || map->ranges[i].start > end); /* or they were one */
        end = map->ranges[i].end;
    }
    ASSERT_CMP(end, <=, 1UL << CPU_BITS);
}

/* No entry of another type covers what is usable. */
static void check_is_available(const struct boot_info *info)
{
    for (size_t i = 0; i < MIN(info->map_entry_count, (size_t)BOOT_MAP_ENTRIES_MAX); i++) {
        const struct boot_map_entry *entry = &info->map_entries[i];

        if (entry->type == BOOT_MAP_AVAILABLE || entry->length == 0) {
            continue;
        }
        for (size_t k = 0; k < info->usable.count; k++) {
            const struct memory_range *range = &info->usable.ranges[k];

            ASSERT(entry->base >= range->end || entry->base + (entry->length - 1) < range->start);
        }
    }
}

static void check_texts(const struct boot_info *info)
{
    ASSERT_CMP(strnlen(info->loader_name, BOOT_LOADER_NAME_SIZE), <, BOOT_LOADER_NAME_SIZE);
    ASSERT_CMP(strnlen(info->command_line, BOOT_COMMAND_LINE_SIZE), <, BOOT_COMMAND_LINE_SIZE);
    for (size_t i = 0; i < MIN(info->problem_count, (size_t)BOOT_PROBLEMS_MAX); i++) {
        char line[160];

        boot_problem_format(&info->problems[i], info->protocol, line, sizeof(line));
        ASSERT(strstr(line, ": got ") != NULL && strstr(line, ", want ") != NULL);
    }
}

static void check_modules(const struct boot_info *info)
{
    ASSERT_CMP(info->module_count, <=, (size_t)BOOT_MODULES_MAX);
    ASSERT_CMP(info->module_count, <=, info->modules_offered);
    for (size_t i = 0; i < info->module_count; i++) {
        const struct boot_module *module = &info->modules[i];

        ASSERT_CMP(module->start.value, <=, module->end.value);
        ASSERT(module->end.value <= KERNEL_START || module->start.value >= KERNEL_END);
        ASSERT_CMP(strnlen(module->command_line, BOOT_MODULE_TEXT_SIZE), <, BOOT_MODULE_TEXT_SIZE);
        ASSERT(!boot_claims_is_free(info, module->start.value,
                                    module->end.value - module->start.value));
    }
}

void boot_claims_check(const struct boot_info *info, enum status status)
{
    const struct boot_framebuffer *framebuffer = &info->framebuffer;

    check_texts(info);
    ASSERT(info->rsdp_size == 0 || info->rsdp_size == 20 || info->rsdp_size == 36);
    if (framebuffer->kind != BOOT_FRAMEBUFFER_NONE) {
        ASSERT(framebuffer->width != 0 && framebuffer->height != 0);
        ASSERT_CMP((uint64_t)framebuffer->width * ((framebuffer->bits_per_pixel + 7U) / 8), <=,
                   (uint64_t)framebuffer->pitch_bytes);
        ASSERT_CMP(framebuffer->address.value + boot_framebuffer_size(framebuffer), <=,
                   1UL << CPU_BITS);
    }
    if (status != OK) {
        ASSERT_CMP(info->problem_count + (status == ERR_NOT_FOUND) + (status == ERR_NO_MEMORY), !=,
                   0U);
        return;
    }
    check_is_sorted(&info->usable);
    check_is_sorted(&info->free);
    check_is_available(info);
    check_modules(info);
    ASSERT(!boot_claims_is_free(info, KERNEL_START, KERNEL_END - KERNEL_START));
    ASSERT(!boot_claims_is_free(info, 0, BOOT_LOW_MEMORY_END));
    for (size_t i = 0; i < info->free.count; i++) {
        const struct memory_range *range = &info->free.ranges[i];

        ASSERT(memory_map_contains(&info->usable, paddr(range->start), range->end - range->start));
    }
}
