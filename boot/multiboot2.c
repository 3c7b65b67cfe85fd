/* SPDX-License-Identifier: MIT */
/*
 * The walk over a loader's tags, and the memory map, which several of them may
 * make up together. Tags are walked four times: for their structure, twice for
 * the map, and for all else.
 */
#include "boot/multiboot2.h"

#include "boot/boot_builder.h"
#include "boot/multiboot2_tag.h"
#include "lib/bits.h"
#include "lib/bytes.h"

/* Offsets in the information's header, and in every tag's. */
#define INFO_TOTAL_SIZE 0
#define TAG_TYPE        0
#define TAG_SIZE        4

#define MAP_ENTRY_SIZE       8
#define MAP_ENTRIES          16
#define MAP_ENTRY_SIZE_LEAST 24 /* later versions may append fields */
#define MAP_ENTRY_ALIGNMENT  8
#define MAP_ENTRY_BASE       0 /* in an entry */
#define MAP_ENTRY_LENGTH     8
#define MAP_ENTRY_TYPE       16

/* Known tags of which the first counts, a bit for each type. */
#define SINGLE_TAGS                                                                            \
    (BIT(MULTIBOOT2_TAG_COMMAND_LINE) | BIT(MULTIBOOT2_TAG_LOADER_NAME) |                      \
     BIT(MULTIBOOT2_TAG_FRAMEBUFFER) | BIT(MULTIBOOT2_TAG_ELF_SECTIONS) |                      \
     BIT(MULTIBOOT2_TAG_EFI64) | BIT(MULTIBOOT2_TAG_ACPI_OLD) | BIT(MULTIBOOT2_TAG_ACPI_NEW) | \
     BIT(MULTIBOOT2_TAG_EFI_MEMORY_MAP) | BIT(MULTIBOOT2_TAG_EFI_BOOT_SERVICES))

#define SINGLE_TAG_TYPES 64 /* bits in the set */

/* Where a walk over the tags is. A copy of a fresh one walks once more. */
struct walk {
    const uint8_t *bytes; /* the whole information */
    uint32_t size; /* at most BOOT_TABLE_SIZE_MAX, so no offset here overflows */
    uint32_t offset; /* of the next tag; at most size */
};

enum walk_step { WALK_TAG, WALK_END, WALK_BAD_SIZE, WALK_RAN_OUT };

/* Move on to the next tag; what is not WALK_TAG ends the walk. */
static enum walk_step walk_next(struct walk *walk, struct multiboot2_tag *tag)
{
    uint32_t rest = walk->size - walk->offset;

    if (rest < MULTIBOOT2_TAG_HEADER_SIZE) {
        return WALK_RAN_OUT;
    }
    tag->bytes = walk->bytes + walk->offset;
    tag->type = load_u32(tag->bytes + TAG_TYPE);
    tag->size = load_u32(tag->bytes + TAG_SIZE);
    if (tag->type == MULTIBOOT2_TAG_END) {
        return WALK_END;
    }
    if (tag->size < MULTIBOOT2_TAG_HEADER_SIZE || tag->size > rest) {
        return WALK_BAD_SIZE;
    }
    walk->offset += MIN(ALIGN_UP(tag->size, MULTIBOOT2_TAG_ALIGNMENT), rest);
    return WALK_TAG;
}

/* Find the information and decide how much of it to believe. */
static enum status locate(struct boot_builder *builder, const struct phys_window *window,
                          paddr_t address, struct walk *walk)
{
    const uint8_t *bytes = phys_window_at(window, address, MULTIBOOT2_INFO_HEADER_SIZE);
    uint64_t most = MIN(phys_window_rest(window, address), BOOT_TABLE_SIZE_MAX);
    uint32_t total_size;

    if (!IS_ALIGNED(address.value, MULTIBOOT2_TAG_ALIGNMENT)) {
        boot_builder_report(builder, BOOT_PROBLEM_MISALIGNED, address.value);
        return ERR_BAD_ARG;
    }
    if (bytes == NULL) {
        boot_builder_report(builder, BOOT_PROBLEM_ADDRESS, address.value);
        return ERR_BAD_ARG;
    }
    total_size = load_u32(bytes + INFO_TOTAL_SIZE);
    if (total_size < MULTIBOOT2_INFO_SIZE_LEAST || total_size > most) {
        boot_builder_report(builder, BOOT_PROBLEM_TOTAL_SIZE, total_size);
    }
    if (total_size < MULTIBOOT2_INFO_SIZE_LEAST) {
        return ERR_CORRUPT;
    }
    *walk = (struct walk){
        .bytes = bytes,
        .size = (uint32_t)MIN(total_size, most),
        .offset = MULTIBOOT2_INFO_HEADER_SIZE,
    };
    return OK;
}

/* Size of a memory map tag's entries; 0 when they cannot be told apart. */
static uint32_t map_entry_size(const struct multiboot2_tag *tag)
{
    uint32_t size;

    if (tag->size < MAP_ENTRIES) {
        return 0;
    }
    size = load_u32(tag->bytes + MAP_ENTRY_SIZE);
    if (size < MAP_ENTRY_SIZE_LEAST || !IS_ALIGNED(size, MAP_ENTRY_ALIGNMENT) ||
        size > tag->size - MAP_ENTRIES) {
        return 0;
    }
    return size;
}

static void check_map(struct boot_builder *builder, const struct multiboot2_tag *tag)
{
    uint32_t entry_size = map_entry_size(tag);

    if (!multiboot2_tag_has(builder, tag, MAP_ENTRIES)) {
        return;
    }
    if (entry_size == 0) {
        boot_builder_report(builder, BOOT_PROBLEM_MAP_ENTRY_SIZE,
                            load_u32(tag->bytes + MAP_ENTRY_SIZE));
    } else if ((tag->size - MAP_ENTRIES) % entry_size != 0) {
        boot_builder_report(builder, BOOT_PROBLEM_MAP_REST, (tag->size - MAP_ENTRIES) % entry_size);
    }
}

/* The walk that reports what the others pass over: the tags' order and sizes, and bad maps. */
static void check_structure(struct boot_builder *builder, struct walk walk)
{
    struct multiboot2_tag tag;
    enum walk_step step;

    while ((step = walk_next(&walk, &tag)) == WALK_TAG) {
        builder->tag = tag.type;
        if (tag.type == MULTIBOOT2_TAG_MEMORY_MAP) {
            check_map(builder, &tag);
        }
    }
    if (step == WALK_BAD_SIZE) {
        builder->tag = tag.type;
        boot_builder_report(builder, BOOT_PROBLEM_TAG_SIZE, tag.size);
    }
    builder->tag = BOOT_NO_TAG;
    if (step == WALK_RAN_OUT) {
        boot_builder_report(builder, BOOT_PROBLEM_NO_END_TAG, walk.size);
    }
}

static void for_each_entry_of_tag(struct boot_builder *builder, const struct multiboot2_tag *tag,
                                  boot_builder_map_step *step)
{
    uint32_t entry_size = map_entry_size(tag);

    if (entry_size == 0) {
        return;
    }
    for (uint32_t at = MAP_ENTRIES; at + entry_size <= tag->size; at += entry_size) {
        const uint8_t *bytes = tag->bytes + at;
        const struct boot_map_entry entry = {
            .base = load_u64(bytes + MAP_ENTRY_BASE),
            .length = load_u64(bytes + MAP_ENTRY_LENGTH),
            .type = load_u32(bytes + MAP_ENTRY_TYPE),
        };

        step(builder, &entry);
    }
}

/* Take one step with every entry of every memory map tag that is sound. */
static void for_each_map_entry(struct boot_builder *builder, struct walk walk,
                               boot_builder_map_step *step)
{
    struct multiboot2_tag tag;

    builder->tag = MULTIBOOT2_TAG_MEMORY_MAP;
    while (walk_next(&walk, &tag) == WALK_TAG) {
        if (tag.type == MULTIBOOT2_TAG_MEMORY_MAP) {
            for_each_entry_of_tag(builder, &tag, step);
        }
    }
    builder->tag = BOOT_NO_TAG;
}

static void read_tags(struct boot_builder *builder, struct walk walk)
{
    struct multiboot2_tag tag;
    uint64_t seen = 0; /* of the single tags, by type */

    while (walk_next(&walk, &tag) == WALK_TAG) {
        uint64_t single = tag.type < SINGLE_TAG_TYPES ? SINGLE_TAGS & BIT(tag.type) : 0;

        builder->tag = tag.type;
        if ((seen & single) != 0) {
            boot_builder_report(builder, BOOT_PROBLEM_DUPLICATE_TAG, tag.type);
            continue;
        }
        seen |= single;
        multiboot2_tag_read(builder, &tag);
    }
}

enum status multiboot2_parse(const struct phys_window *window, paddr_t address,
                             const struct boot_limits *limits, struct boot_info *info)
{
    struct boot_builder builder = {.info = info, .limits = limits};
    struct walk walk;
    enum status status;

    boot_builder_begin(&builder, BOOT_MULTIBOOT2);
    status = locate(&builder, window, address, &walk);
    if (status != OK) {
        return status;
    }
    check_structure(&builder, walk);
    for_each_map_entry(&builder, walk, boot_builder_add_map_entry);
    for_each_map_entry(&builder, walk, boot_builder_subtract_map_entry);
    status = boot_builder_finish_map(&builder);
    boot_builder_reserve(&builder, address, walk.size);
    read_tags(&builder, walk);
    return status;
}

void multiboot2_find_framebuffer(const struct phys_window *window, paddr_t address,
                                 const struct boot_limits *limits, struct boot_info *info)
{
    struct boot_builder builder = {.info = info, .limits = limits};
    struct multiboot2_tag tag;
    struct walk walk;

    boot_builder_begin(&builder, BOOT_MULTIBOOT2);
    if (locate(&builder, window, address, &walk) != OK) {
        return;
    }
    while (walk_next(&walk, &tag) == WALK_TAG) {
        if (tag.type == MULTIBOOT2_TAG_FRAMEBUFFER) {
            multiboot2_tag_read(&builder, &tag);
            return; /* the first one counts */
        }
    }
}
