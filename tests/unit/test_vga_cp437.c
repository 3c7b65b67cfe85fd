/* SPDX-License-Identifier: MIT */
/* Code page 437 against its picture: the 256 shapes as they stand in the card's font. */
#include "drivers/vga_cp437.h"

#include "lib/string.h"
#include "lib/utf8.h"
#include "tests/ktest.h"

/* From code 1 on, but for 0x20 to 0x7e, which are ASCII. */
static const char low[] = "☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼";
static const char high[] = "⌂ÇüéâäàåçêëèïîìÄÅ"
                           "ÉæÆôöòûùÿÖÜ¢£¥₧ƒ"
                           "áíóúñÑªº¿⌐¬½¼¡«»"
                           "░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
                           "└┴┬├─┼╞╟╚╔╩╦╠═╬╧"
                           "╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
                           "αßΓπΣσµτΦΘΩδ∞φε∩"
                           "≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

static unsigned check_row(const char *text, unsigned code)
{
    struct utf8_decoder decoder = {0};

    for (; *text != '\0'; text++) {
        uint32_t code_point;

        if (utf8_decode(&decoder, (uint8_t)*text, &code_point) == UTF8_CHARACTER) {
            CHECK_EQ(vga_cp437(code_point), code);
            code++;
        }
    }
    return code;
}

KTEST(vga_cp437, each_shape_is_found_by_its_character)
{
    CHECK_EQ(vga_cp437(0), 0u);
    CHECK_EQ(check_row(low, 1), 0x20u);
    for (unsigned code = 0x20; code < 0x7f; code++) {
        CHECK_EQ(vga_cp437(code), code);
    }
    CHECK_EQ(check_row(high, 0x7f), 0x100u);
}

KTEST(vga_cp437, other_characters_are_the_block)
{
    size_t shown = 0;

    for (uint32_t code_point = 1; code_point <= UTF8_LAST; code_point++) {
        shown += vga_cp437(code_point) != VGA_SUBSTITUTE;
    }
    CHECK_EQ(shown, 254u); /* all but 0 and the block itself */
    CHECK_EQ(vga_cp437(0x20ac), VGA_SUBSTITUTE);
    CHECK_EQ(vga_cp437(0xfffd), VGA_SUBSTITUTE);
    CHECK_EQ(vga_cp437(1), VGA_SUBSTITUTE);
}
