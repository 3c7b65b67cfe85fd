/* SPDX-License-Identifier: MIT */
/*
 * Making boot information. The bytes are made at the front of the array and
 * moved to its end to be parsed.
 */
#include "tests/unit/multiboot2_builder.h"

uint8_t block_bytes[BLOCK_SIZE_MAX];
uint32_t block_size;

void block_begin(void)
{
    memset(block_bytes, 0, MULTIBOOT2_INFO_HEADER_SIZE);
    block_size = MULTIBOOT2_INFO_HEADER_SIZE;
}

uint8_t *block_add_tag(uint32_t type, uint32_t payload_size)
{
    uint8_t *tag = block_bytes + block_size;
    uint32_t size = MULTIBOOT2_TAG_HEADER_SIZE + payload_size;
    uint32_t padded = ALIGN_UP(size, MULTIBOOT2_TAG_ALIGNMENT);

    memset(tag, 0, padded);
    put_u32(tag, type);
    put_u32(tag + 4, size);
    block_size += padded;
    return tag + MULTIBOOT2_TAG_HEADER_SIZE;
}

void block_add_text(uint32_t type, const char *text)
{
    uint32_t size = (uint32_t)strlen(text) + 1;

    memcpy(block_add_tag(type, size), text, size);
}

uint8_t *block_add_map(const struct boot_map_entry *entries, size_t count, uint32_t entry_size)
{
    uint8_t *payload = block_add_tag(MULTIBOOT2_TAG_MEMORY_MAP, 8 + (uint32_t)count * entry_size);

    put_u32(payload, entry_size);
    for (size_t i = 0; i < count; i++) {
        uint8_t *entry = payload + 8 + i * entry_size;

        put_u64(entry, entries[i].base);
        put_u64(entry + 8, entries[i].length);
        put_u32(entry + 16, entries[i].type);
    }
    return payload;
}

void block_add_module(uint32_t start, uint32_t end, const char *text)
{
    uint32_t size = (uint32_t)strlen(text) + 1;
    uint8_t *payload = block_add_tag(MULTIBOOT2_TAG_MODULE, 8 + size);

    put_u32(payload, start);
    put_u32(payload + 4, end);
    memcpy(payload + 8, text, size);
}

static void put_framebuffer(uint8_t *payload, const struct block_framebuffer *framebuffer)
{
    put_u64(payload, framebuffer->address);
    put_u32(payload + 8, framebuffer->pitch);
    put_u32(payload + 12, framebuffer->width);
    put_u32(payload + 16, framebuffer->height);
    payload[20] = framebuffer->bits;
    payload[21] = framebuffer->type;
}

void block_add_framebuffer_of(struct block_framebuffer framebuffer)
{
    put_framebuffer(block_add_tag(MULTIBOOT2_TAG_FRAMEBUFFER, 24), &framebuffer);
}

uint8_t *block_add_framebuffer(void)
{
    static const struct block_framebuffer usual = {.address = 0xfd000000,
                                                   .pitch = 5120,
                                                   .width = 1024,
                                                   .height = 768,
                                                   .bits = 32,
                                                   .type = MULTIBOOT2_FRAMEBUFFER_RGB};
    static const uint8_t colours[] = {16, 8, 8, 8, 0, 8};
    uint8_t *payload = block_add_tag(MULTIBOOT2_TAG_FRAMEBUFFER, 24 + sizeof(colours));

    put_framebuffer(payload, &usual);
    memcpy(payload + 24, colours, sizeof(colours));
    return payload;
}

void block_add_end(void)
{
    block_add_tag(MULTIBOOT2_TAG_END, 0);
}

void block_begin_with_map(void)
{
    block_begin();
    block_add_map(machine_map, MACHINE_MAP_COUNT, 24);
}

void block_make_full(void)
{
    block_begin();
    put_rsdp(block_add_tag(MULTIBOOT2_TAG_ACPI_NEW, RSDP_LONG), 2, RSDP_LONG);
    block_add_tag(MULTIBOOT2_TAG_EFI_BOOT_SERVICES, 0);
    block_add_module(0x300000, 0x301234, "initrd root=/dev/ram");
    block_add_framebuffer();
    put_u64(block_add_tag(MULTIBOOT2_TAG_EFI64, 8), 0x123456789abc);
    block_add_tag(4, 8); /* basic memory information, which nobody needs */
    block_add_map(machine_map, MACHINE_MAP_COUNT, 24);
    put_rsdp(block_add_tag(MULTIBOOT2_TAG_ACPI_OLD, RSDP_SHORT), 0, RSDP_SHORT);
    block_add_tag(MULTIBOOT2_TAG_EFI_MEMORY_MAP, 8 + 48);
    block_add_tag(0x12345678, 5);
    block_add_text(MULTIBOOT2_TAG_LOADER_NAME, "GRUB 2.06");
    block_add_text(MULTIBOOT2_TAG_COMMAND_LINE, "loglevel=3 console=serial");
    block_add_end();
}

enum status block_parse_raw(uint32_t size, uint64_t window_size)
{
    const struct phys_window window = {
        .bytes = block_bytes + BLOCK_SIZE_MAX - size,
        .base = BLOCK_ADDRESS,
        .size = window_size,
    };

    memmove(block_bytes + BLOCK_SIZE_MAX - size, block_bytes, size);
    return multiboot2_parse(&window, paddr(BLOCK_ADDRESS), &machine_limits, &parsed);
}

enum status block_parse(void)
{
    put_u32(block_bytes, block_size);
    return block_parse_raw(block_size, GIB);
}
