/* SPDX-License-Identifier: MIT */
/*
 * Reading a PVH start_info: one structure that points to tables and texts
 * anywhere. An address of 0 means that a thing is not there. What is read is
 * kept out of free memory, as the other protocol's block is.
 */
#include "boot/pvh.h"

#include "boot/boot_builder.h"
#include "boot/boot_rsdp.h"
#include "lib/bits.h"
#include "lib/bytes.h"

/* Offsets in the structure; from MAP on since version 1, where the entry count may still be 0. */
#define INFO_MAGIC         0
#define INFO_VERSION       4
#define INFO_MODULE_COUNT  12
#define INFO_MODULES       16
#define INFO_COMMAND_LINE  24
#define INFO_RSDP          32
#define INFO_SIZE          40
#define INFO_MAP           40
#define INFO_MAP_COUNT     48
#define INFO_SIZE_WITH_MAP 56

#define MODULE_START 0
#define MODULE_BYTES 8
#define MODULE_TEXT  16
#define MODULE_SIZE  32

#define MAP_BASE       0
#define MAP_LENGTH     8
#define MAP_TYPE       16
#define MAP_ENTRY_SIZE 24

struct table {
    paddr_t address;
    const uint8_t *bytes;
    uint64_t size; /* bytes, of whole entries */
};

/* A parse under way. */
struct pvh {
    struct boot_builder builder;
    const struct phys_window *window;
    paddr_t address; /* of the start_info */
    const uint8_t *bytes; /* the start_info, all `size` bytes of it */
    uint64_t size;
};

/* Find the start_info, as long as its version says. */
static enum status locate(struct pvh *pvh)
{
    const uint8_t *bytes = phys_window_at(pvh->window, pvh->address, INFO_SIZE);

    if (bytes == NULL) {
        boot_builder_report(&pvh->builder, BOOT_PROBLEM_ADDRESS, pvh->address.value);
        return ERR_BAD_ARG;
    }
    if (load_u32(bytes + INFO_MAGIC) != PVH_START_INFO_MAGIC) {
        boot_builder_report(&pvh->builder, BOOT_PROBLEM_MAGIC, load_u32(bytes + INFO_MAGIC));
        return ERR_CORRUPT;
    }
    pvh->bytes = bytes;
    pvh->size = load_u32(bytes + INFO_VERSION) == 0 ? INFO_SIZE : INFO_SIZE_WITH_MAP;
    if (phys_window_at(pvh->window, pvh->address, pvh->size) == NULL) {
        boot_builder_report(&pvh->builder, BOOT_PROBLEM_ADDRESS, pvh->address.value);
        return ERR_BAD_ARG;
    }
    return OK;
}

/* Find a table; one that cannot be read is reported, and is empty. */
static struct table find_table(struct pvh *pvh, uint64_t address, uint32_t count,
                               uint64_t entry_size)
{
    struct table table = {.address = paddr(address), .size = count * entry_size};

    table.bytes = phys_window_at(pvh->window, table.address, table.size);
    if (table.size > BOOT_TABLE_SIZE_MAX) {
        boot_builder_report(&pvh->builder, BOOT_PROBLEM_TABLE_COUNT, count);
        table.size = 0;
    } else if (table.size != 0 && table.bytes == NULL) {
        boot_builder_report(&pvh->builder, BOOT_PROBLEM_TABLE_ADDRESS, address);
        table.size = 0;
    }
    return table;
}

static void for_each_map_entry(struct pvh *pvh, struct table map, boot_builder_map_step *step)
{
    for (uint64_t at = 0; at < map.size; at += MAP_ENTRY_SIZE) {
        const uint8_t *bytes = map.bytes + at;
        const struct boot_map_entry entry = {
            .base = load_u64(bytes + MAP_BASE),
            .length = load_u64(bytes + MAP_LENGTH),
            .type = load_u32(bytes + MAP_TYPE),
        };

        step(&pvh->builder, &entry);
    }
}

static enum status read_map(struct pvh *pvh)
{
    struct table map = {.size = 0};
    enum status status;

    if (pvh->size == INFO_SIZE_WITH_MAP) {
        map = find_table(pvh, load_u64(pvh->bytes + INFO_MAP),
                         load_u32(pvh->bytes + INFO_MAP_COUNT), MAP_ENTRY_SIZE);
    }
    for_each_map_entry(pvh, map, boot_builder_add_map_entry);
    for_each_map_entry(pvh, map, boot_builder_subtract_map_entry);
    status = boot_builder_finish_map(&pvh->builder);
    boot_builder_reserve(&pvh->builder, map.address, map.size);
    return status;
}

/* Copy a text from wherever it is; without one the destination stays as it was. */
static void read_text(struct pvh *pvh, uint64_t address, char *destination, size_t size)
{
    uint64_t available = phys_window_rest(pvh->window, paddr(address));
    size_t length;

    if (address == 0) {
        return;
    }
    if (available == 0) {
        boot_builder_report(&pvh->builder, BOOT_PROBLEM_TEXT_ADDRESS, address);
        return;
    }
    length = boot_builder_copy_text(&pvh->builder, destination, size,
                                    phys_window_at(pvh->window, paddr(address), 1), available);
    boot_builder_reserve(&pvh->builder, paddr(address), length + 1);
}

static void read_modules(struct pvh *pvh)
{
    struct table modules = find_table(pvh, load_u64(pvh->bytes + INFO_MODULES),
                                      load_u32(pvh->bytes + INFO_MODULE_COUNT), MODULE_SIZE);

    boot_builder_reserve(&pvh->builder, modules.address, modules.size);
    for (uint64_t at = 0; at < modules.size; at += MODULE_SIZE) {
        const uint8_t *bytes = modules.bytes + at;
        uint64_t start = load_u64(bytes + MODULE_START);
        struct boot_module module = {
            .start = paddr(start),
            /* One that wraps around 2^64 ends below its start, and is refused for that. */
            .end = paddr(start + load_u64(bytes + MODULE_BYTES)),
        };

        read_text(pvh, load_u64(bytes + MODULE_TEXT), module.command_line,
                  sizeof(module.command_line));
        boot_builder_add_module(&pvh->builder, &module);
    }
}

static void read_rsdp(struct pvh *pvh)
{
    paddr_t address = paddr(load_u64(pvh->bytes + INFO_RSDP));
    uint64_t available = phys_window_rest(pvh->window, address);

    if (address.value != 0) {
        boot_rsdp_set(&pvh->builder, phys_window_at(pvh->window, address, 1), available);
    }
}

enum status pvh_parse(const struct phys_window *window, paddr_t address,
                      const struct boot_limits *limits, struct boot_info *info)
{
    struct pvh pvh = {
        .builder = {.info = info, .limits = limits},
        .window = window,
        .address = address,
    };
    enum status status;

    boot_builder_begin(&pvh.builder, BOOT_PVH);
    status = locate(&pvh);
    if (status != OK) {
        return status;
    }
    status = read_map(&pvh);
    boot_builder_reserve(&pvh.builder, address, pvh.size);
    read_text(&pvh, load_u64(pvh.bytes + INFO_COMMAND_LINE), info->command_line,
              sizeof(info->command_line));
    read_rsdp(&pvh);
    read_modules(&pvh);
    return status;
}
