/* SPDX-License-Identifier: MIT */
/*
 * What the loader told the kernel, checked, copied and the same whichever boot
 * protocol it spoke. Nothing in here points into the loader's memory.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mm/address.h"
#include "mm/memory_map.h"

/* Texts: bytes, terminator included. */
#define BOOT_LOADER_NAME_SIZE  64
#define BOOT_COMMAND_LINE_SIZE 1024
#define BOOT_MODULE_TEXT_SIZE  64

/* How many are recorded; of all there is a count. */
#define BOOT_MAP_ENTRIES_MAX 128
#define BOOT_MODULES_MAX     64
#define BOOT_PROBLEMS_MAX    16

#define BOOT_RSDP_SIZE_MAX 36 /* bytes, of the long form */

/* Bytes of boot information, or of one table in it, that are looked at. */
#define BOOT_TABLE_SIZE_MAX 0x1000000UL

/* Memory below belongs to the firmware, whatever the map says. */
#define BOOT_LOW_MEMORY_END 0x100000UL

/* Widths that the physical addresses of CPUs have, in bits. */
#define BOOT_PHYSICAL_BITS_LEAST 32U
#define BOOT_PHYSICAL_BITS_MOST  52U

enum boot_protocol { BOOT_MULTIBOOT2 = 1, BOOT_PVH = 2 };

/* What the parsers need to know about the machine; the loader does not tell. */
struct boot_limits {
    paddr_t kernel_start; /* the image with its BSS, stacks and boot tables */
    paddr_t kernel_end; /* exclusive */
    unsigned physical_bits; /* width of the CPU's addresses, BOOT_PHYSICAL_BITS_LEAST to _MOST */
};

/* Types of memory map entries, as ACPI's "Address Range Types"; all but the first are reserved. */
#define BOOT_MAP_AVAILABLE 1

/* An entry as the loader gave it, unchecked: for reports. */
struct boot_map_entry {
    uint64_t base;
    uint64_t length; /* bytes */
    uint32_t type;
};

struct boot_module {
    paddr_t start;
    paddr_t end; /* exclusive; equal to start for an empty file */
    char command_line[BOOT_MODULE_TEXT_SIZE];
};

enum boot_framebuffer_kind {
    BOOT_FRAMEBUFFER_NONE,
    BOOT_FRAMEBUFFER_INDEXED, /* a byte a pixel, through a palette */
    BOOT_FRAMEBUFFER_RGB,
    BOOT_FRAMEBUFFER_EGA_TEXT, /* two bytes a character */
};

/* Where a colour is in a pixel read as a little-endian number. */
struct boot_color_field {
    uint8_t position; /* of its lowest bit */
    uint8_t size; /* bits */
};

struct boot_framebuffer {
    enum boot_framebuffer_kind kind;
    paddr_t address;
    uint32_t pitch_bytes; /* from one row to the next */
    uint32_t width; /* pixels; characters for EGA text */
    uint32_t height;
    uint8_t bits_per_pixel;
    struct boot_color_field red, green, blue; /* RGB only */
};

/* Bytes of all rows, padding included. Cannot overflow: both factors have 32 bits. */
static inline uint64_t boot_framebuffer_size(const struct boot_framebuffer *framebuffer)
{
    return (uint64_t)framebuffer->pitch_bytes * framebuffer->height;
}

struct boot_efi {
    bool has_system_table;
    paddr_t system_table; /* of 64-bit firmware */
    bool has_memory_map;
    bool boot_services_active; /* the loader has not called ExitBootServices() */
};

/*
 * What can be wrong with boot information: code, what was looked at, what it
 * should have been. They make "multiboot2: tag 8: WHAT: got 0x0, want WANT".
 */
#define BOOT_PROBLEM_LIST(X)                                                                     \
    X(BOOT_PROBLEM_ADDRESS, "information address", "mapped memory")                              \
    X(BOOT_PROBLEM_MISALIGNED, "information address", "a multiple of 8")                         \
    X(BOOT_PROBLEM_MAGIC, "magic number", "0x336ec578")                                          \
    X(BOOT_PROBLEM_TOTAL_SIZE, "total size", "16 bytes to 16 MiB, in mapped memory")             \
    X(BOOT_PROBLEM_TAG_SIZE, "tag size", "8 bytes to what is left of the information")           \
    X(BOOT_PROBLEM_NO_END_TAG, "bytes of tags", "an end tag among them")                         \
    X(BOOT_PROBLEM_SHORT_TAG, "tag size", "room for its fields")                                 \
    X(BOOT_PROBLEM_DUPLICATE_TAG, "another tag of type", "one; the first counts")                \
    X(BOOT_PROBLEM_TABLE_ADDRESS, "table address", "a whole table in mapped memory")             \
    X(BOOT_PROBLEM_TABLE_COUNT, "table entries", "16 MiB of them at the most")                   \
    X(BOOT_PROBLEM_MAP_ENTRY_SIZE, "map entry size", "a multiple of 8, 24 to the map's size")    \
    X(BOOT_PROBLEM_MAP_REST, "bytes behind the last whole map entry", "none")                    \
    X(BOOT_PROBLEM_MAP_AVAILABLE_WRAPS, "start of an available entry", "its end within 2^64")    \
    X(BOOT_PROBLEM_MAP_RESERVED_WRAPS, "start of a reserved entry", "its end within 2^64")       \
    X(BOOT_PROBLEM_MAP_BEYOND_CPU, "end of available memory", "an address the CPU can form")     \
    X(BOOT_PROBLEM_MAP_FULL, "bytes dropped from a list of ranges", "no more than 512 ranges")   \
    X(BOOT_PROBLEM_TEXT_ADDRESS, "text address", "mapped memory")                                \
    X(BOOT_PROBLEM_TEXT_UNTERMINATED, "bytes of text", "a NUL behind them")                      \
    X(BOOT_PROBLEM_TEXT_CUT, "bytes of text or more", "less; the rest is cut")                   \
    X(BOOT_PROBLEM_MODULE_REVERSED, "module end", "its start or above")                          \
    X(BOOT_PROBLEM_MODULE_OVER_KERNEL, "module start", "a module clear of the kernel")           \
    X(BOOT_PROBLEM_MODULE_NOT_IN_MEMORY, "module start", "a module in available memory")         \
    X(BOOT_PROBLEM_FRAMEBUFFER_TYPE, "framebuffer type", "0 indexed, 1 RGB or 2 EGA text")       \
    X(BOOT_PROBLEM_FRAMEBUFFER_DEPTH, "bits per pixel", "8 indexed, 15/16/24/32 RGB, 16 text")   \
    X(BOOT_PROBLEM_FRAMEBUFFER_EMPTY, "framebuffer width or height", "1 or more")                \
    X(BOOT_PROBLEM_FRAMEBUFFER_PITCH, "framebuffer pitch", "a row of pixels or more")            \
    X(BOOT_PROBLEM_FRAMEBUFFER_ADDRESS, "framebuffer address", "bytes that the CPU can address") \
    X(BOOT_PROBLEM_FRAMEBUFFER_OVER_KERNEL, "framebuffer address", "one clear of the kernel")    \
    X(BOOT_PROBLEM_FRAMEBUFFER_TEXT_WINDOW, "text buffer address", "0xb8000, 32 KiB at most")    \
    X(BOOT_PROBLEM_FRAMEBUFFER_COLOR, "colour position and size", "bits inside the pixel")       \
    X(BOOT_PROBLEM_ELF_SECTIONS, "bytes of section headers", "what the tag holds or less")       \
    X(BOOT_PROBLEM_RSDP_SIZE, "RSDP bytes", "20 for revision 0, 36 to 256 from 2 on")            \
    X(BOOT_PROBLEM_RSDP_SIGNATURE, "RSDP signature", "\"RSD PTR \"")                             \
    X(BOOT_PROBLEM_RSDP_CHECKSUM, "RSDP checksum over 20 bytes", "0")                            \
    X(BOOT_PROBLEM_RSDP_LONG_CHECKSUM, "RSDP checksum over its length", "0")

enum boot_problem_kind {
#define BOOT_PROBLEM_ENUM(kind, what, want) kind,
    BOOT_PROBLEM_LIST(BOOT_PROBLEM_ENUM)
#undef BOOT_PROBLEM_ENUM
};

/* Stands for a tag type where a problem is not inside a tag. */
#define BOOT_NO_TAG UINT32_MAX

struct boot_problem {
    enum boot_problem_kind kind;
    uint32_t tag; /* Multiboot2 tag type, or BOOT_NO_TAG */
    uint64_t got;
};

struct boot_info {
    enum boot_protocol protocol;
    char loader_name[BOOT_LOADER_NAME_SIZE];
    char command_line[BOOT_COMMAND_LINE_SIZE];

    /* The map as given: the first entries, and how many there were. */
    struct boot_map_entry map_entries[BOOT_MAP_ENTRIES_MAX];
    size_t map_entry_count;
    struct memory_map usable; /* available by the map alone */
    /* Less low memory, kernel, boot information, modules and framebuffer. */
    struct memory_map free;

    struct boot_module modules[BOOT_MODULES_MAX];
    size_t module_count; /* recorded */
    size_t modules_offered; /* by the loader; the rest were bad or too many, but are not free */

    struct boot_framebuffer framebuffer;
    uint8_t rsdp[BOOT_RSDP_SIZE_MAX]; /* validated */
    size_t rsdp_size; /* 36 with an XSDT address, 20 without, 0 for no RSDP */
    struct boot_efi efi;

    struct boot_problem problems[BOOT_PROBLEMS_MAX];
    size_t problem_count; /* of all; the first BOOT_PROBLEMS_MAX are recorded */
};

/*
 * Write a problem as a line: "multiboot2: tag 8: framebuffer pitch: got 0x0, want ...".
 *
 * protocol  the boot information's, for the line's first word
 * size      bytes in buffer, 1 or more; the text is cut to fit
 *
 * Context: any.
 */
void boot_problem_format(const struct boot_problem *problem, enum boot_protocol protocol,
                         char *buffer, size_t size);
