/* SPDX-License-Identifier: MIT */
/*
 * What single tags say. A count, size or address in a tag is the loader's word
 * and is checked before it is used; the tag's own size was checked by the walk.
 */
#include "boot/multiboot2_tag.h"

#include "boot/boot_framebuffer.h"
#include "boot/boot_rsdp.h"
#include "boot/multiboot2.h"
#include "boot/phys_window.h"
#include "lib/bits.h"
#include "lib/bytes.h"

/* Offsets in tags. */
#define MODULE_START 8
#define MODULE_END   12
#define MODULE_TEXT  16

#define ELF_COUNT      8
#define ELF_ENTRY_SIZE 12
#define ELF_HEADERS    20

#define EFI64_SYSTEM_TABLE 8
#define EFI64_SIZE         16

bool multiboot2_tag_has(struct boot_builder *builder, const struct multiboot2_tag *tag,
                        uint32_t size)
{
    if (tag->size < size) {
        boot_builder_report(builder, BOOT_PROBLEM_SHORT_TAG, tag->size);
        return false;
    }
    return true;
}

static void read_module(struct boot_builder *builder, const struct multiboot2_tag *tag)
{
    struct boot_module module;

    if (!multiboot2_tag_has(builder, tag, MODULE_TEXT)) {
        return;
    }
    module.start = paddr(load_u32(tag->bytes + MODULE_START));
    module.end = paddr(load_u32(tag->bytes + MODULE_END));
    boot_builder_copy_text(builder, module.command_line, sizeof(module.command_line),
                           tag->bytes + MODULE_TEXT, tag->size - MODULE_TEXT);
    boot_builder_add_module(builder, &module);
}

static struct boot_color_field load_color(const uint8_t *bytes)
{
    return (struct boot_color_field){.position = bytes[0], .size = bytes[1]};
}

static void read_framebuffer(struct boot_builder *builder, const struct multiboot2_tag *tag)
{
    static const enum boot_framebuffer_kind kinds[] = {
        [MULTIBOOT2_FRAMEBUFFER_INDEXED] = BOOT_FRAMEBUFFER_INDEXED,
        [MULTIBOOT2_FRAMEBUFFER_RGB] = BOOT_FRAMEBUFFER_RGB,
        [MULTIBOOT2_FRAMEBUFFER_EGA_TEXT] = BOOT_FRAMEBUFFER_EGA_TEXT,
    };
    const uint8_t *bytes = tag->bytes;
    struct boot_framebuffer framebuffer;

    if (!multiboot2_tag_has(builder, tag, TAG_FRAMEBUFFER_COMMON)) {
        return;
    }
    if (bytes[TAG_FRAMEBUFFER_TYPE] >= ARRAY_SIZE(kinds)) {
        boot_builder_report(builder, BOOT_PROBLEM_FRAMEBUFFER_TYPE, bytes[TAG_FRAMEBUFFER_TYPE]);
        return;
    }
    framebuffer = (struct boot_framebuffer){
        .kind = kinds[bytes[TAG_FRAMEBUFFER_TYPE]],
        .address = paddr(load_u64(bytes + TAG_FRAMEBUFFER_ADDRESS)),
        .pitch_bytes = load_u32(bytes + TAG_FRAMEBUFFER_PITCH),
        .width = load_u32(bytes + TAG_FRAMEBUFFER_WIDTH),
        .height = load_u32(bytes + TAG_FRAMEBUFFER_HEIGHT),
        .bits_per_pixel = bytes[TAG_FRAMEBUFFER_BPP],
    };
    if (framebuffer.kind == BOOT_FRAMEBUFFER_RGB) {
        if (!multiboot2_tag_has(builder, tag, TAG_FRAMEBUFFER_RGB)) {
            return;
        }
        framebuffer.red = load_color(bytes + TAG_FRAMEBUFFER_RED);
        framebuffer.green = load_color(bytes + TAG_FRAMEBUFFER_GREEN);
        framebuffer.blue = load_color(bytes + TAG_FRAMEBUFFER_BLUE);
    }
    boot_framebuffer_set(builder, &framebuffer);
}

/* Nothing here needs the kernel's section headers; a table that is wrong is worth a line. */
static void check_elf_sections(struct boot_builder *builder, const struct multiboot2_tag *tag)
{
    uint64_t size;

    if (!multiboot2_tag_has(builder, tag, ELF_HEADERS)) {
        return;
    }
    size = (uint64_t)load_u32(tag->bytes + ELF_COUNT) * load_u32(tag->bytes + ELF_ENTRY_SIZE);
    if (size > tag->size - ELF_HEADERS) {
        boot_builder_report(builder, BOOT_PROBLEM_ELF_SECTIONS, size);
    }
}

static void read_efi64(struct boot_builder *builder, const struct multiboot2_tag *tag)
{
    if (multiboot2_tag_has(builder, tag, EFI64_SIZE)) {
        builder->info->efi.has_system_table = true;
        builder->info->efi.system_table = paddr(load_u64(tag->bytes + EFI64_SYSTEM_TABLE));
    }
}

void multiboot2_tag_read(struct boot_builder *builder, const struct multiboot2_tag *tag)
{
    struct boot_info *info = builder->info;
    const uint8_t *payload = tag->bytes + MULTIBOOT2_TAG_HEADER_SIZE;
    uint32_t payload_size = tag->size - MULTIBOOT2_TAG_HEADER_SIZE;

    switch (tag->type) {
    case MULTIBOOT2_TAG_COMMAND_LINE:
        boot_builder_copy_text(builder, info->command_line, sizeof(info->command_line), payload,
                               payload_size);
        break;
    case MULTIBOOT2_TAG_LOADER_NAME:
        boot_builder_copy_text(builder, info->loader_name, sizeof(info->loader_name), payload,
                               payload_size);
        break;
    case MULTIBOOT2_TAG_MODULE:
        read_module(builder, tag);
        break;
    case MULTIBOOT2_TAG_FRAMEBUFFER:
        read_framebuffer(builder, tag);
        break;
    case MULTIBOOT2_TAG_ELF_SECTIONS:
        check_elf_sections(builder, tag);
        break;
    case MULTIBOOT2_TAG_EFI64:
        read_efi64(builder, tag);
        break;
    case MULTIBOOT2_TAG_ACPI_OLD:
    case MULTIBOOT2_TAG_ACPI_NEW:
        boot_rsdp_set(builder, payload, payload_size);
        break;
    case MULTIBOOT2_TAG_EFI_MEMORY_MAP:
        info->efi.has_memory_map = true;
        break;
    case MULTIBOOT2_TAG_EFI_BOOT_SERVICES:
        info->efi.boot_services_active = true;
        break;
    default:
        break;
    }
}
