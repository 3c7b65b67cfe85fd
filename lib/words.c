/* SPDX-License-Identifier: MIT */
/*
 * Splitting a line in place. Invariant: what is written never overtakes what
 * is read, since no word grows.
 */
#include "lib/words.h"

static bool is_blank(char character)
{
    return character == ' ' || character == '\t';
}

static char *skip_blanks(char *text)
{
    while (is_blank(*text)) {
        text++;
    }
    return text;
}

/* Copy a word to where it stays. Returns what ended it; NULL where its own end is missing. */
static char *copy_word(char *from, char **to)
{
    char quote = '\0';

    for (; *from != '\0' && (quote != '\0' || (!is_blank(*from) && *from != '&')); from++) {
        if (*from == quote) {
            quote = '\0';
        } else if (quote == '\0' && (*from == '\'' || *from == '"')) {
            quote = *from;
        } else {
            if (*from == '\\' && quote != '\'' && *++from == '\0') {
                return NULL;
            }
            *(*to)++ = *from;
        }
    }
    return quote == '\0' ? from : NULL;
}

enum status words_split(char *line, struct words *words)
{
    char *from = skip_blanks(line);
    char *to = line;
    char end = *from;

    words->count = 0;
    while (end != '\0' && end != '&') {
        if (words->count == WORDS_MAX) {
            return ERR_FULL;
        }
        words->at[words->count++] = to;
        from = copy_word(from, &to);
        if (from == NULL) {
            return ERR_CORRUPT;
        }
        from = skip_blanks(from);
        end = *from;
        *to++ = '\0'; /* perhaps where `from` is */
    }
    words->in_background = end == '&';
    if (words->in_background && (words->count == 0 || *skip_blanks(from + 1) != '\0')) {
        return ERR_CORRUPT;
    }
    return OK;
}
