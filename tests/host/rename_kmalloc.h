/* SPDX-License-Identifier: MIT */
/*
 * Included by the compiler before anything else in the host builds of
 * mm/checked/kmalloc.c and its test: both kernel heaps are in one program.
 */
#pragma once

#define kmalloc_init       checked_kmalloc_init
#define kmalloc            checked_kmalloc
#define kzalloc            checked_kzalloc
#define kmalloc_aligned    checked_kmalloc_aligned
#define krealloc           checked_krealloc
#define kfree              checked_kfree
#define kmalloc_trim       checked_kmalloc_trim
#define kmalloc_statistics checked_kmalloc_statistics
#define kmalloc_check      checked_kmalloc_check
#define kmalloc_find       checked_kmalloc_find
