/* SPDX-License-Identifier: MIT */
/* How wide characters are: one of each kind, and the edges of ranges. */
#include "lib/char_width.h"

#include "lib/bits.h"
#include "tests/ktest.h"

KTEST(char_width, is_as_terminals_have_it)
{
    static const struct {
        uint32_t code_point;
        unsigned width;
    } known[] = {
        {0, 0},       {'\n', 0},    {0x1b, 0},    {' ', 1},     {'~', 1},     {0x7f, 0},
        {0x9f, 0},    {0xa0, 1},    {0xad, 1},    {0xe4, 1},    {0x2ff, 1},   {0x300, 0},
        {0x36f, 0},   {0x370, 1},   {0x416, 1},   {0x5d0, 1},   {0x10ff, 1},  {0x1100, 2},
        {0x1160, 0},  {0x1200, 1},  {0x200a, 1},  {0x200b, 0},  {0x200d, 0},  {0x2010, 1},
        {0x20ac, 1},  {0x20d0, 0},  {0x2190, 1},  {0x231a, 2},  {0x2500, 1},  {0x259f, 1},
        {0x25a0, 1},  {0x2e7f, 1},  {0x2e80, 2},  {0x303f, 1},  {0x3042, 2},  {0x4e2d, 2},
        {0xa4cf, 2},  {0xa4d0, 1},  {0xac00, 2},  {0xd7a3, 2},  {0xe000, 1},  {0xfb01, 1},
        {0xfe0f, 0},  {0xfeff, 0},  {0xff01, 2},  {0xff61, 1},  {0xfffd, 1},  {0x1f600, 2},
        {0x1f650, 1}, {0x20000, 2}, {0x3fffd, 2}, {0xe0001, 0}, {0xe0fff, 0}, {0x10ffff, 1},
    };

    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        CHECK_EQ(char_width(known[i].code_point), known[i].width);
    }
}
