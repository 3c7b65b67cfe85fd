/* SPDX-License-Identifier: MIT */
/*
 * The Multiboot2 parser: what single tags say, and tags too short to say it.
 */
#include "tests/unit/multiboot2_builder.h"

/* Add a sound tag, which another tag's reader would take for an unsound one of its own. */
static void add_sound_tag(uint32_t type)
{
    uint8_t *payload;

    switch (type) {
    case MULTIBOOT2_TAG_COMMAND_LINE:
    case MULTIBOOT2_TAG_LOADER_NAME:
        block_add_text(type, "text");
        break;
    case MULTIBOOT2_TAG_MODULE:
        block_add_module(0x300000, 0x301000, "m");
        break;
    case MULTIBOOT2_TAG_FRAMEBUFFER:
        put_u64(block_add_framebuffer(), 0xfd0000000);
        break;
    case MULTIBOOT2_TAG_ELF_SECTIONS:
        payload = block_add_tag(type, 12 + 64);
        put_u32(payload, 1);
        put_u32(payload + 4, 64);
        break;
    case MULTIBOOT2_TAG_ACPI_OLD:
    case MULTIBOOT2_TAG_ACPI_NEW:
        put_rsdp(block_add_tag(type, RSDP_SHORT), 0, RSDP_SHORT);
        break;
    default:
        block_add_tag(type, 8);
        break;
    }
}

KTEST(multiboot2, tag_says_one_thing_when_alone)
{
    static const uint32_t types[] = {1, 2, 3, 8, 9, 12, 14, 15, 17, 18};

    for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
        size_t things;

        block_begin_with_map();
        add_sound_tag(types[i]);
        block_add_end();
        CHECK_OK(block_parse());
        CHECK_NO_PROBLEM();
        things = parsed.modules_offered;
        things += parsed.command_line[0] != '\0';
        things += parsed.loader_name[0] != '\0';
        things += parsed.framebuffer.kind != BOOT_FRAMEBUFFER_NONE;
        things += parsed.rsdp_size != 0;
        things += parsed.efi.has_system_table;
        things += parsed.efi.has_memory_map;
        things += parsed.efi.boot_services_active;
        CHECK_EQ(things, types[i] != MULTIBOOT2_TAG_ELF_SECTIONS);
    }
}

KTEST(multiboot2, text_is_cut_safely_when_unterminated)
{
    block_begin_with_map();
    memcpy(block_add_tag(MULTIBOOT2_TAG_COMMAND_LINE, 8), "loglevel", 8);
    memcpy(block_add_tag(MULTIBOOT2_TAG_LOADER_NAME, 8), "GRUB2.06", 8);
    put_u32(block_bytes, block_size);
    CHECK_OK(block_parse_raw(block_size, GIB));
    CHECK_STR_EQ(parsed.command_line, "loglevel");
    CHECK_STR_EQ(parsed.loader_name, "GRUB2.06");
    CHECK_EQ(parsed.problem_count, 3);
    CHECK_EQ(parsed.problems[1].kind, BOOT_PROBLEM_TEXT_UNTERMINATED);
    CHECK_EQ(parsed.problems[1].tag, MULTIBOOT2_TAG_COMMAND_LINE);
    CHECK_EQ(parsed.problems[2].kind, BOOT_PROBLEM_TEXT_UNTERMINATED);
    CHECK_EQ(parsed.problems[2].tag, MULTIBOOT2_TAG_LOADER_NAME);
}

KTEST(multiboot2, module_is_recorded_and_kept_when_it_is_sound)
{
    block_make_full();
    CHECK_OK(block_parse());
    CHECK_EQ(parsed.module_count, 1);
    CHECK_EQ(parsed.modules_offered, 1);
    CHECK_EQ(parsed.modules[0].start.value, 0x300000);
    CHECK_EQ(parsed.modules[0].end.value, 0x301234);
    CHECK_STR_EQ(parsed.modules[0].command_line, "initrd root=/dev/ram");
    CHECK(is_reserved(0x300000, 0x301234));
    CHECK(is_free(0x301234, RAM_END));
}

KTEST(multiboot2, module_is_refused_when_its_tag_is_too_short)
{
    block_begin_with_map();
    block_add_tag(MULTIBOOT2_TAG_MODULE, 7);
    put_u32(block_bytes, block_size - 1);
    CHECK_OK(block_parse_raw(block_size - 1, GIB));
    CHECK_EQ(parsed.modules_offered, 0);
    CHECK_EQ(parsed.problems[1].kind, BOOT_PROBLEM_SHORT_TAG);
    CHECK_EQ(parsed.problems[1].got, 15);
}

KTEST(multiboot2, module_is_recorded_when_it_has_no_text)
{
    uint8_t *payload;

    block_begin_with_map();
    payload = block_add_tag(MULTIBOOT2_TAG_MODULE, 8);
    put_u32(payload, 0x300000);
    put_u32(payload + 4, 0x301000);
    put_u32(block_bytes, block_size);
    CHECK_OK(block_parse_raw(block_size, GIB));
    CHECK_EQ(parsed.module_count, 1);
    CHECK_STR_EQ(parsed.modules[0].command_line, "");
    CHECK_EQ(parsed.problem_count, 2);
    CHECK_EQ(parsed.problems[1].kind, BOOT_PROBLEM_TEXT_UNTERMINATED);
    CHECK_EQ(parsed.problems[1].got, 0);
}

KTEST(multiboot2, all_modules_are_kept_out_when_there_are_a_thousand)
{
    block_begin_with_map();
    for (uint32_t i = 0; i < 1000; i++) {
        block_add_module(0x400000 + i * 0x2000, 0x401000 + i * 0x2000, "m");
    }
    block_add_end();
    CHECK_OK(block_parse());
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.module_count, BOOT_MODULES_MAX);
    CHECK_EQ(parsed.modules_offered, 1000);
    CHECK_EQ(parsed.modules[63].start.value, 0x400000 + 63 * 0x2000);
    CHECK_LE(parsed.free.count, MEMORY_MAP_RANGES_MAX);
    for (uint32_t i = 0; i < 1000; i++) {
        CHECK(is_reserved(0x400000 + i * 0x2000, 0x401000 + i * 0x2000));
    }
    CHECK(is_free(0x401000 + 999 * 0x2000, RAM_END));
}

KTEST(multiboot2, framebuffer_is_read_field_by_field)
{
    block_make_full();
    CHECK_OK(block_parse());
    CHECK_EQ(parsed.framebuffer.kind, BOOT_FRAMEBUFFER_RGB);
    CHECK_EQ(parsed.framebuffer.address.value, 0xfd000000);
    CHECK_EQ(parsed.framebuffer.pitch_bytes, 5120);
    CHECK_EQ(parsed.framebuffer.width, 1024);
    CHECK_EQ(parsed.framebuffer.height, 768);
    CHECK_EQ(parsed.framebuffer.bits_per_pixel, 32);
    CHECK_EQ(parsed.framebuffer.red.position, 16);
    CHECK_EQ(parsed.framebuffer.green.position, 8);
    CHECK_EQ(parsed.framebuffer.blue.position, 0);
    CHECK_EQ(parsed.framebuffer.red.size, 8);
    CHECK_EQ(parsed.framebuffer.green.size, 8);
    CHECK_EQ(parsed.framebuffer.blue.size, 8);
}

KTEST(multiboot2, framebuffer_needs_no_colours_when_it_is_text)
{
    block_begin_with_map();
    block_add_framebuffer_of((struct block_framebuffer){.address = 0xb8000,
                                                        .pitch = 160,
                                                        .width = 80,
                                                        .height = 25,
                                                        .bits = 16,
                                                        .type = MULTIBOOT2_FRAMEBUFFER_EGA_TEXT});
    block_add_end();
    CHECK_OK(block_parse());
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.framebuffer.kind, BOOT_FRAMEBUFFER_EGA_TEXT);
    CHECK_EQ(parsed.framebuffer.width, 80);
    CHECK_EQ(parsed.framebuffer.height, 25);
}

KTEST(multiboot2, framebuffer_is_read_when_it_has_a_palette)
{
    block_begin_with_map();
    block_add_framebuffer_of((struct block_framebuffer){.address = 0xfd000000,
                                                        .pitch = 640,
                                                        .width = 640,
                                                        .height = 480,
                                                        .bits = 8,
                                                        .type = MULTIBOOT2_FRAMEBUFFER_INDEXED});
    block_add_end();
    CHECK_OK(block_parse());
    CHECK_NO_PROBLEM();
    CHECK_EQ(parsed.framebuffer.kind, BOOT_FRAMEBUFFER_INDEXED);
}

KTEST(multiboot2, framebuffer_is_refused_when_its_tag_is_too_short)
{
    for (uint32_t size = 0; size < 24; size++) {
        block_begin_with_map();
        block_add_tag(MULTIBOOT2_TAG_FRAMEBUFFER, size);
        put_u32(block_bytes, ALIGN_DOWN(block_size, 8U) - (-size & 7));
        CHECK_OK(block_parse_raw(block_size - (-size & 7), GIB));
        CHECK_EQ(parsed.problems[1].kind, BOOT_PROBLEM_SHORT_TAG);
        CHECK_EQ(parsed.problems[1].got, 8 + size);
    }
}

KTEST(multiboot2, framebuffer_is_refused_when_its_colours_are_missing)
{
    for (uint32_t missing = 1; missing <= 6; missing++) {
        uint8_t *tag;

        block_begin_with_map();
        tag = block_add_framebuffer() - MULTIBOOT2_TAG_HEADER_SIZE;
        put_u32(tag + 4, 38 - missing);
        block_size = (uint32_t)(tag - block_bytes) + 38 - missing;
        CHECK_OK(block_parse());
        CHECK_PROBLEM_AT(1, BOOT_PROBLEM_SHORT_TAG, MULTIBOOT2_TAG_FRAMEBUFFER, 38 - missing);
        CHECK_EQ(parsed.framebuffer.kind, BOOT_FRAMEBUFFER_NONE);
    }
}

KTEST(multiboot2, framebuffer_is_refused_when_its_type_is_unknown)
{
    static const uint8_t types[] = {3, 4, 255};

    for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
        block_begin_with_map();
        block_add_framebuffer()[21] = types[i];
        block_add_end();
        CHECK_OK(block_parse());
        CHECK_PROBLEM(BOOT_PROBLEM_FRAMEBUFFER_TYPE, MULTIBOOT2_TAG_FRAMEBUFFER, types[i]);
        CHECK_EQ(parsed.framebuffer.kind, BOOT_FRAMEBUFFER_NONE);
    }
}

KTEST(multiboot2, framebuffer_is_refused_when_it_is_the_phantom_of_a_machine_without_one)
{
    block_begin_with_map();
    /* Planar: one bit here, the others behind registers. */
    block_add_framebuffer_of((struct block_framebuffer){.address = 0xa0000,
                                                        .pitch = 80,
                                                        .width = 640,
                                                        .height = 480,
                                                        .bits = 1,
                                                        .type = MULTIBOOT2_FRAMEBUFFER_INDEXED});
    block_add_end();
    CHECK_OK(block_parse());
    CHECK_PROBLEM(BOOT_PROBLEM_FRAMEBUFFER_DEPTH, MULTIBOOT2_TAG_FRAMEBUFFER, 1);
    CHECK_EQ(parsed.framebuffer.kind, BOOT_FRAMEBUFFER_NONE);
}

/* An ELF sections tag with 128 bytes of headers that are there. */
static void parse_with_elf_sections(uint32_t count, uint32_t entry_size)
{
    uint8_t *payload;

    block_begin_with_map();
    payload = block_add_tag(MULTIBOOT2_TAG_ELF_SECTIONS, 12 + 128);
    put_u32(payload, count);
    put_u32(payload + 4, entry_size);
    block_add_end();
    CHECK_OK(block_parse());
}

KTEST(multiboot2, elf_sections_are_passed_over_when_sound)
{
    parse_with_elf_sections(2, 64);
    CHECK_NO_PROBLEM();
    parse_with_elf_sections(0, UINT32_MAX);
    CHECK_NO_PROBLEM();
}

KTEST(multiboot2, elf_sections_are_reported_when_larger_than_their_tag)
{
    parse_with_elf_sections(129, 1);
    CHECK_PROBLEM(BOOT_PROBLEM_ELF_SECTIONS, MULTIBOOT2_TAG_ELF_SECTIONS, 129);
    /* The product is 0 in 32 bits. */
    parse_with_elf_sections(0x80000000, 2);
    CHECK_PROBLEM(BOOT_PROBLEM_ELF_SECTIONS, MULTIBOOT2_TAG_ELF_SECTIONS, 0x100000000);
}

KTEST(multiboot2, elf_sections_are_reported_when_their_tag_is_too_short)
{
    block_begin_with_map();
    block_add_tag(MULTIBOOT2_TAG_ELF_SECTIONS, 11);
    put_u32(block_bytes, block_size - 5);
    CHECK_OK(block_parse_raw(block_size - 5, GIB));
    CHECK_EQ(parsed.problem_count, 2);
    CHECK_EQ(parsed.problems[1].kind, BOOT_PROBLEM_SHORT_TAG);
    CHECK_EQ(parsed.problems[1].got, 19);
}

KTEST(multiboot2, efi_table_is_refused_when_its_tag_is_too_short)
{
    block_begin_with_map();
    block_add_tag(MULTIBOOT2_TAG_EFI64, 7);
    put_u32(block_bytes, block_size - 1);
    CHECK_OK(block_parse_raw(block_size - 1, GIB));
    CHECK_EQ(parsed.problem_count, 2);
    CHECK_EQ(parsed.problems[1].kind, BOOT_PROBLEM_SHORT_TAG);
    CHECK(!parsed.efi.has_system_table);
}

KTEST(multiboot2, old_rsdp_serves_when_the_new_one_is_damaged)
{
    uint8_t *rsdp;

    block_begin_with_map();
    rsdp = block_add_tag(MULTIBOOT2_TAG_ACPI_NEW, RSDP_LONG);
    put_rsdp(rsdp, 2, RSDP_LONG);
    rsdp[33] ^= 1;
    put_rsdp(block_add_tag(MULTIBOOT2_TAG_ACPI_OLD, RSDP_SHORT), 0, RSDP_SHORT);
    block_add_end();
    CHECK_OK(block_parse());
    CHECK_PROBLEM(BOOT_PROBLEM_RSDP_LONG_CHECKSUM, MULTIBOOT2_TAG_ACPI_NEW, 1);
    CHECK_EQ(parsed.rsdp_size, RSDP_SHORT);
}

KTEST(multiboot2, problems_name_no_tag_when_they_are_not_in_one)
{
    static const struct boot_map_entry entries[] = {
        {0x100000, 0x100000, BOOT_MAP_AVAILABLE},
        {1UL << 36, 0x1000, BOOT_MAP_AVAILABLE},
    };

    block_begin();
    block_add_map(entries, ARRAY_SIZE(entries), 24);
    block_add_end();
    CHECK_OK(block_parse());
    CHECK_PROBLEM(BOOT_PROBLEM_MAP_BEYOND_CPU, BOOT_NO_TAG, (1UL << 36) + 0x1000);
}

KTEST(multiboot2, problems_name_the_map_tag_when_an_entry_wraps)
{
    static const struct boot_map_entry entries[] = {
        {0x100000, 0x100000, BOOT_MAP_AVAILABLE},
        {0x100000, UINT64_MAX, BOOT_MAP_AVAILABLE},
        {UINT64_MAX, 2, 2},
    };

    block_begin();
    block_add_map(entries, ARRAY_SIZE(entries), 24);
    block_add_end();
    CHECK_OK(block_parse());
    CHECK_EQ(parsed.problem_count, 2);
    CHECK_EQ(parsed.problems[0].kind, BOOT_PROBLEM_MAP_AVAILABLE_WRAPS);
    CHECK_EQ(parsed.problems[0].tag, MULTIBOOT2_TAG_MEMORY_MAP);
    CHECK_EQ(parsed.problems[1].kind, BOOT_PROBLEM_MAP_RESERVED_WRAPS);
    CHECK_EQ(parsed.problems[1].tag, MULTIBOOT2_TAG_MEMORY_MAP);
}

KTEST(multiboot2, framebuffer_is_found_alone_whatever_else_is_wrong)
{
    const struct phys_window window = {.bytes = block_bytes, .base = BLOCK_ADDRESS, .size = GIB};

    block_begin();
    block_add_tag(MULTIBOOT2_TAG_COMMAND_LINE, 0);
    block_add_framebuffer();
    put_u64(block_add_framebuffer(), 0xfe000000); /* the first one counts */
    put_u32(block_bytes, block_size); /* neither a memory map nor an end */
    multiboot2_find_framebuffer(&window, paddr(BLOCK_ADDRESS), &machine_limits, &parsed);
    CHECK_EQ(parsed.framebuffer.kind, BOOT_FRAMEBUFFER_RGB);
    CHECK_EQ(parsed.framebuffer.address.value, 0xfd000000);

    put_u32(block_bytes, 0); /* nor a size */
    multiboot2_find_framebuffer(&window, paddr(BLOCK_ADDRESS), &machine_limits, &parsed);
    CHECK_EQ(parsed.framebuffer.kind, BOOT_FRAMEBUFFER_NONE);
    multiboot2_find_framebuffer(&window, paddr(0), &machine_limits, &parsed);
    CHECK_EQ(parsed.framebuffer.kind, BOOT_FRAMEBUFFER_NONE);
}
