/* SPDX-License-Identifier: MIT */
/* What Tab does in the line editor. */
#include "kernel/line_editor.h"
#include "lib/bits.h"
#include "lib/string.h"

#define GAP 2 /* blanks between words of a list */

/* The word that is to be completed, and those that it can be. */
struct completion {
    const struct line_editor *editor;
    size_t start; /* of the word, in the line */
    size_t index; /* of the next candidate */
};

static struct completion begin(const struct line_editor *editor)
{
    size_t start = editor->cursor;

    while (start > 0 && editor->setup.line[start - 1] != ' ') {
        start--;
    }
    return (struct completion){.editor = editor, .start = start};
}

/* The next word that begins with what there is of it; NULL behind the last. */
static const char *next_match(struct completion *completion)
{
    const struct line_editor *editor = completion->editor;
    const char *line = editor->setup.line;
    const char *word;

    while ((word = editor->setup.candidate(line, completion->start, completion->index++)) != NULL) {
        if (strncmp(word, line + completion->start, editor->cursor - completion->start) == 0) {
            return word;
        }
    }
    return NULL;
}

/* What all matches begin with. */
struct common {
    const char *word; /* the first match */
    size_t length; /* of it, what the others share */
    size_t count; /* matches */
    uint32_t longest; /* in cells */
};

static struct common find_common(struct completion completion)
{
    struct common common = {0};
    const char *word;

    while ((word = next_match(&completion)) != NULL) {
        size_t shared = 0;

        if (common.count++ == 0) {
            common.word = word;
            common.length = strlen(word);
        }
        while (shared < common.length && word[shared] == common.word[shared]) {
            shared++;
        }
        common.length = shared;
        common.longest = MAX(common.longest, line_view_width(word, strlen(word)));
    }
    return common;
}

/* Below the line: the matches in columns; then the line again. */
static void list(struct line_editor *editor, struct completion completion, uint32_t longest)
{
    static const char blanks[] = "        ";
    struct line_view *view = &editor->view;
    uint32_t per_row = MAX((editor->columns - 1) / (longest + GAP), 1U);
    const char *word;

    for (size_t i = 0; (word = next_match(&completion)) != NULL; i++) {
        size_t padding = longest + GAP - line_view_width(word, strlen(word));

        line_view_send(view, "\n", i % per_row == 0);
        line_view_send(view, word, strlen(word));
        while (padding > 0) {
            size_t count = MIN(padding, sizeof(blanks) - 1);

            line_view_send(view, blanks, count);
            padding -= count;
        }
    }
    line_view_send(view, "\n", 1);
    line_view_redraw(view, line_editor_text(editor));
}

void line_editor_complete(struct line_editor *editor, bool is_second_tab)
{
    struct completion completion = begin(editor);
    struct common common = {0};
    size_t typed = editor->cursor - completion.start;

    if (editor->setup.candidate != NULL) {
        common = find_common(completion);
    }
    bool is_longer = common.length > typed;

    if (is_longer && !line_editor_insert(editor, common.word + typed, common.length - typed)) {
        return;
    }
    if (common.count == 1) {
        (void)line_editor_insert(editor, " ", 1);
    } else if (common.count > 1 && is_second_tab) {
        list(editor, completion, common.longest);
    } else if (!is_longer) {
        line_view_send(&editor->view, "\a", 1);
    }
}
