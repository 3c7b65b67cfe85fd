/* SPDX-License-Identifier: MIT */
/* Ranges of characters that are not one cell wide, in ascending order. */
#include "lib/char_width.h"

#include <stddef.h>

#include "lib/bits.h"

static const struct {
    uint32_t first;
    uint32_t last;
    unsigned width;
} ranges[] = {
    {0x00000, 0x0001f, 0}, {0x0007f, 0x0009f, 0}, /* control codes */
    {0x00300, 0x0036f, 0}, /* combining marks: Latin, Greek and Cyrillic */
    {0x00483, 0x00489, 0}, {0x00591, 0x005bd, 0}, /* Cyrillic, Hebrew */
    {0x00610, 0x0061a, 0}, {0x0064b, 0x0065f, 0}, /* Arabic */
    {0x01100, 0x0115f, 2}, {0x01160, 0x011ff, 0}, /* Hangul: what begins a syllable, what goes on */
    {0x01ab0, 0x01aff, 0}, {0x01dc0, 0x01dff, 0}, /* combining marks, extended and supplement */
    {0x0200b, 0x0200f, 0}, {0x0202a, 0x0202e, 0}, /* zero width space and joiners, directions */
    {0x02060, 0x0206f, 0}, {0x020d0, 0x020ff, 0}, /* invisible operators, marks for symbols */
    {0x0231a, 0x0231b, 2}, {0x023e9, 0x023ec, 2}, /* clocks and media keys drawn as pictures */
    {0x02e80, 0x0303e, 2}, {0x03041, 0x033ff, 2}, /* CJK radicals and punctuation, kana, bopomofo */
    {0x03400, 0x04dbf, 2}, {0x04e00, 0x0a4cf, 2}, /* CJK ideographs, Yi */
    {0x0a960, 0x0a97f, 2}, {0x0ac00, 0x0d7a3, 2}, /* Hangul syllables */
    {0x0d7b0, 0x0d7ff, 0}, {0x0f900, 0x0faff, 2}, /* Hangul endings, compatibility ideographs */
    {0x0fe00, 0x0fe0f, 0}, {0x0fe20, 0x0fe2f, 0}, /* variation selectors, half marks */
    {0x0fe30, 0x0fe6f, 2}, {0x0feff, 0x0feff, 0}, /* vertical forms; byte order mark */
    {0x0ff01, 0x0ff60, 2}, {0x0ffe0, 0x0ffe6, 2}, /* full-width forms */
    {0x17000, 0x18cff, 2}, {0x1b000, 0x1b2ff, 2}, /* Tangut, more kana */
    {0x1f300, 0x1f64f, 2}, {0x1f680, 0x1f6ff, 2}, /* pictures */
    {0x1f900, 0x1f9ff, 2}, {0x20000, 0x3fffd, 2}, /* more pictures, ideographs of planes 2 and 3 */
    {0xe0000, 0xe0fff, 0}, /* tags, more variation selectors */
};

unsigned char_width(uint32_t code_point)
{
    size_t low = 0;
    size_t high = ARRAY_SIZE(ranges);

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (code_point > ranges[middle].last) {
            low = middle + 1;
        } else if (code_point < ranges[middle].first) {
            high = middle;
        } else {
            return ranges[middle].width;
        }
    }
    return 1;
}
