/* SPDX-License-Identifier: MIT */
/*
 * What a framebuffer must be for the kernel to draw on it. A picture on the
 * wrong memory is worse than none, so everything is checked.
 */
#pragma once

#include "boot/boot_builder.h"
#include "boot/boot_info.h"

/*
 * Record a framebuffer and keep its bytes out of `free`, where it lies in RAM.
 * One that does not make sense is reported and left out.
 *
 * framebuffer  of any kind but NONE
 *
 * Context: after boot_builder_finish_map().
 */
void boot_framebuffer_set(struct boot_builder *builder, const struct boot_framebuffer *framebuffer);
