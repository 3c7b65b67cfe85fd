/* SPDX-License-Identifier: MIT */
/* echo, clear, color: commands about the text on the consoles. */
#include "kernel/console.h"
#include "kernel/shell/command.h"
#include "lib/string.h"

/* Source: ECMA-48, "SGR", "ED", "CUP". */
#define SGR_DEFAULT    "\x1b[0m"
#define CLEAR_AND_HOME "\x1b[2J\x1b[H\r"
#define SGR_FOREGROUND 30U
#define SGR_BACKGROUND 40U
#define SGR_BRIGHT     60U /* added to either: its bright twin */

#define HUES 8U /* the rest of the names are bright */

/* In the order of their SGR numbers. */
static const char *const color_names[] = {
    "black",        "red",           "green",       "yellow",         "blue",
    "magenta",      "cyan",          "white",       "bright-black",   "bright-red",
    "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan",
    "bright-white", "default",       NULL,
};

#define COLOR_DEFAULT 16U

static const char *color_name(size_t index)
{
    return color_names[index];
}

static bool color_find(const char *name, unsigned *color)
{
    for (unsigned i = 0; color_names[i] != NULL; i++) {
        if (strcmp(color_names[i], name) == 0) {
            *color = i;
            return true;
        }
    }
    return false;
}

/* What is chosen; the consoles know, and this to go back to it. */
static struct {
    unsigned foreground;
    unsigned background;
} chosen = {COLOR_DEFAULT, COLOR_DEFAULT};

static void color_print(unsigned color, unsigned plane)
{
    if (color != COLOR_DEFAULT) {
        kprintf("\x1b[%um", plane + (color < HUES ? color : color - HUES + SGR_BRIGHT));
    }
}

static void chosen_print(void)
{
    kprintf(SGR_DEFAULT);
    color_print(chosen.foreground, SGR_FOREGROUND);
    color_print(chosen.background, SGR_BACKGROUND);
}

static void colors_list(void)
{
    for (unsigned color = 0; color < COLOR_DEFAULT; color++) {
        kprintf("  ");
        color_print(color, SGR_BACKGROUND);
        kprintf("    ");
        chosen_print();
        kprintf(" %s\n", color_names[color]);
    }
}

SHELL_COMMAND(color, .arguments = "[FOREGROUND [BACKGROUND]]", .most = 2, .value = color_name,
              .summary = "choose text colours",
              .help = "Without a colour, shows them; default puts back how it began.\n")
{
    unsigned foreground;
    unsigned background = COLOR_DEFAULT;

    if (words->count == 1) {
        colors_list();
        return OK;
    }
    if (!color_find(words->at[1], &foreground) ||
        (words->count > 2 && !color_find(words->at[2], &background))) {
        return ERR_BAD_ARG;
    }
    chosen.foreground = foreground;
    chosen.background = background;
    chosen_print();
    kprintf("\r"); /* nothing stands in the line yet */
    return OK;
}

SHELL_COMMAND(clear, .summary = "clear the screen")
{
    (void)words;
    kprintf(CLEAR_AND_HOME);
    return OK;
}

SHELL_COMMAND(echo, .arguments = "[TEXT...]", .most = WORDS_MAX, .summary = "print words")
{
    for (size_t i = 1; i < words->count; i++) {
        kprintf("%s%s", i > 1 ? " " : "", words->at[i]);
    }
    kprintf("\n");
    return OK;
}
