/* SPDX-License-Identifier: MIT */
/*
 * Dead keys: what an accent and a letter become together. The accents of our
 * layouts with the letters that Latin-1 and Latin Extended-A have for them.
 * Source: Unicode Character Database, "Decomposition_Mapping".
 */
#include "drivers/keymap_table.h"

#define CONTROL_LIMIT   0x20
#define COMBINING_FIRST 0x0300
#define COMBINING_LAST  0x036f

/* An accent with a blank, or with itself, stands alone. */
/* clang-format off */
static const struct {
    uint16_t mark;
    uint16_t base;
    uint16_t composed;
} compositions[] = {
    {DEAD_GRAVE, ' ', '`'}, {DEAD_GRAVE, DEAD_GRAVE, '`'}, {DEAD_GRAVE, 'A', u'À'},
    {DEAD_GRAVE, 'E', u'È'}, {DEAD_GRAVE, 'I', u'Ì'}, {DEAD_GRAVE, 'O', u'Ò'},
    {DEAD_GRAVE, 'U', u'Ù'}, {DEAD_GRAVE, 'a', u'à'}, {DEAD_GRAVE, 'e', u'è'},
    {DEAD_GRAVE, 'i', u'ì'}, {DEAD_GRAVE, 'o', u'ò'}, {DEAD_GRAVE, 'u', u'ù'},
    {DEAD_ACUTE, ' ', u'´'}, {DEAD_ACUTE, DEAD_ACUTE, u'´'}, {DEAD_ACUTE, 'A', u'Á'},
    {DEAD_ACUTE, 'C', u'Ć'}, {DEAD_ACUTE, 'E', u'É'}, {DEAD_ACUTE, 'I', u'Í'},
    {DEAD_ACUTE, 'L', u'Ĺ'}, {DEAD_ACUTE, 'N', u'Ń'}, {DEAD_ACUTE, 'O', u'Ó'},
    {DEAD_ACUTE, 'R', u'Ŕ'}, {DEAD_ACUTE, 'S', u'Ś'}, {DEAD_ACUTE, 'U', u'Ú'},
    {DEAD_ACUTE, 'Y', u'Ý'}, {DEAD_ACUTE, 'Z', u'Ź'}, {DEAD_ACUTE, 'a', u'á'},
    {DEAD_ACUTE, 'c', u'ć'}, {DEAD_ACUTE, 'e', u'é'}, {DEAD_ACUTE, 'i', u'í'},
    {DEAD_ACUTE, 'l', u'ĺ'}, {DEAD_ACUTE, 'n', u'ń'}, {DEAD_ACUTE, 'o', u'ó'},
    {DEAD_ACUTE, 'r', u'ŕ'}, {DEAD_ACUTE, 's', u'ś'}, {DEAD_ACUTE, 'u', u'ú'},
    {DEAD_ACUTE, 'y', u'ý'}, {DEAD_ACUTE, 'z', u'ź'},
    {DEAD_CIRCUMFLEX, ' ', '^'}, {DEAD_CIRCUMFLEX, DEAD_CIRCUMFLEX, '^'},
    {DEAD_CIRCUMFLEX, 'A', u'Â'}, {DEAD_CIRCUMFLEX, 'C', u'Ĉ'}, {DEAD_CIRCUMFLEX, 'E', u'Ê'},
    {DEAD_CIRCUMFLEX, 'G', u'Ĝ'}, {DEAD_CIRCUMFLEX, 'H', u'Ĥ'}, {DEAD_CIRCUMFLEX, 'I', u'Î'},
    {DEAD_CIRCUMFLEX, 'J', u'Ĵ'}, {DEAD_CIRCUMFLEX, 'O', u'Ô'}, {DEAD_CIRCUMFLEX, 'S', u'Ŝ'},
    {DEAD_CIRCUMFLEX, 'U', u'Û'}, {DEAD_CIRCUMFLEX, 'W', u'Ŵ'}, {DEAD_CIRCUMFLEX, 'Y', u'Ŷ'},
    {DEAD_CIRCUMFLEX, 'a', u'â'}, {DEAD_CIRCUMFLEX, 'c', u'ĉ'}, {DEAD_CIRCUMFLEX, 'e', u'ê'},
    {DEAD_CIRCUMFLEX, 'g', u'ĝ'}, {DEAD_CIRCUMFLEX, 'h', u'ĥ'}, {DEAD_CIRCUMFLEX, 'i', u'î'},
    {DEAD_CIRCUMFLEX, 'j', u'ĵ'}, {DEAD_CIRCUMFLEX, 'o', u'ô'}, {DEAD_CIRCUMFLEX, 's', u'ŝ'},
    {DEAD_CIRCUMFLEX, 'u', u'û'}, {DEAD_CIRCUMFLEX, 'w', u'ŵ'}, {DEAD_CIRCUMFLEX, 'y', u'ŷ'},
    {DEAD_TILDE, ' ', '~'}, {DEAD_TILDE, DEAD_TILDE, '~'}, {DEAD_TILDE, 'A', u'Ã'},
    {DEAD_TILDE, 'I', u'Ĩ'}, {DEAD_TILDE, 'N', u'Ñ'}, {DEAD_TILDE, 'O', u'Õ'},
    {DEAD_TILDE, 'U', u'Ũ'}, {DEAD_TILDE, 'a', u'ã'}, {DEAD_TILDE, 'i', u'ĩ'},
    {DEAD_TILDE, 'n', u'ñ'}, {DEAD_TILDE, 'o', u'õ'}, {DEAD_TILDE, 'u', u'ũ'},
    {DEAD_DIAERESIS, ' ', u'¨'}, {DEAD_DIAERESIS, DEAD_DIAERESIS, u'¨'},
    {DEAD_DIAERESIS, 'A', u'Ä'}, {DEAD_DIAERESIS, 'E', u'Ë'}, {DEAD_DIAERESIS, 'I', u'Ï'},
    {DEAD_DIAERESIS, 'O', u'Ö'}, {DEAD_DIAERESIS, 'U', u'Ü'}, {DEAD_DIAERESIS, 'Y', u'Ÿ'},
    {DEAD_DIAERESIS, 'a', u'ä'}, {DEAD_DIAERESIS, 'e', u'ë'}, {DEAD_DIAERESIS, 'i', u'ï'},
    {DEAD_DIAERESIS, 'o', u'ö'}, {DEAD_DIAERESIS, 'u', u'ü'}, {DEAD_DIAERESIS, 'y', u'ÿ'},
};
/* clang-format on */

/* What the two become together; 0 when they do not go together. */
static uint32_t find_composed(uint32_t mark, uint32_t base)
{
    for (size_t i = 0; i < ARRAY_SIZE(compositions); i++) {
        if (compositions[i].mark == mark && compositions[i].base == base) {
            return compositions[i].composed;
        }
    }
    return 0;
}

size_t keymap_compose(uint32_t *mark, uint32_t character, uint32_t characters[2])
{
    /* Most keys come without an accent before them: those need no search. */
    uint32_t composed = *mark != 0 ? find_composed(*mark, character) : 0;
    uint32_t alone = *mark != 0 ? find_composed(*mark, ' ') : 0;
    size_t count = 0;

    *mark = 0;
    if (composed != 0) {
        characters[count++] = composed;
        return count;
    }
    if (alone != 0 && character >= CONTROL_LIMIT) {
        characters[count++] = alone;
    }
    if (character >= COMBINING_FIRST && character <= COMBINING_LAST) {
        *mark = character;
    } else {
        characters[count++] = character;
    }
    return count;
}
