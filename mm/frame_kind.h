/* SPDX-License-Identifier: MIT */
/*
 * What frames are used for. Every usable frame is free or of one kind, and
 * whoever takes frames says which: so the kinds' counts tell where memory is.
 */
#pragma once

/* The first seven are reserved when the kernel comes up; the rest is given out by the allocator. */
#define FRAME_KIND_LIST(X)                        \
    X(FRAME_UNNAMED, "no name given")             \
    X(FRAME_LOW_MEMORY, "low memory")             \
    X(FRAME_KERNEL_IMAGE, "kernel image")         \
    X(FRAME_BOOT, "boot information and modules") \
    X(FRAME_FRAMEBUFFER, "framebuffer")           \
    X(FRAME_BITMAP, "bitmap of frames")           \
    X(FRAME_OUT_OF_REACH, "not reached")          \
    X(FRAME_PAGE_TABLE, "page tables")            \
    X(FRAME_HEAP, "heap")                         \
    X(FRAME_STACK, "stacks")                      \
    X(FRAME_DEVICE, "device buffers")             \
    X(FRAME_OTHER, "other")

enum frame_kind {
#define FRAME_KIND_ENUM(kind, name) kind,
    FRAME_KIND_LIST(FRAME_KIND_ENUM) FRAME_KIND_COUNT
#undef FRAME_KIND_ENUM
};

/* The kind in words, "page tables"; "?" for a value outside the list. Any context. */
const char *frame_kind_name(enum frame_kind kind);
