/* SPDX-License-Identifier: MIT */
/*
 * Included by the compiler, with -include, before anything else in the host
 * builds of lib/string.c and of its tests: gives our functions names that
 * neither libc nor a sanitizer has. Without it the tests would test libc.
 * string_copy needs no other name: it is nobody else's.
 */
#pragma once

#define memcpy  odyssey_memcpy
#define memmove odyssey_memmove
#define memset  odyssey_memset
#define memcmp  odyssey_memcmp
#define strlen  odyssey_strlen
#define strnlen odyssey_strnlen
#define strcmp  odyssey_strcmp
#define strncmp odyssey_strncmp
#define strchr  odyssey_strchr
