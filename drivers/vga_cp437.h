/* SPDX-License-Identifier: MIT */
/*
 * The 256 shapes that a VGA's text mode has, by the characters they stand for:
 * code page 437, with the pictures that IBM gave the control codes. Pure.
 * Source: IBM, "Code Page CPGID 00437"; Unicode's mapping tables CP437 and
 * IBMGRAPH.
 */
#pragma once

#include <stdint.h>

/* What stands for a character that has no shape: a small block, itself U+25A0. */
#define VGA_SUBSTITUTE 0xfe

/* The shape of a character; 0, which is blank, for 0. Any context. */
uint8_t vga_cp437(uint32_t code_point);
