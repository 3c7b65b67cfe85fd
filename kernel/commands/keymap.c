/* SPDX-License-Identifier: MIT */
/* keymap: which character a key of the keyboard gives. */
#include "drivers/keymap.h"

#include "drivers/keyboard.h"
#include "kernel/console.h"
#include "kernel/shell/command.h"
#include "lib/string.h"

static const char *keymap_name(size_t index)
{
    const struct keymap *keymap = keymap_at(index);

    return keymap != NULL ? keymap->name : NULL;
}

SHELL_COMMAND(keymap, .arguments = "[NAME]", .most = 1, .value = keymap_name,
              .summary = "the keyboard's layout",
              .help = "keymap=NAME on the kernel's command line chooses it at boot.\n")
{
    const struct keymap *keymap;

    if (words->count == 1) {
        kprintf("keymap: %s\n", keyboard_keymap()->name);
        return OK;
    }
    keymap = keymap_find(words->at[1], strlen(words->at[1]));
    if (keymap == NULL) {
        return ERR_BAD_ARG;
    }
    keyboard_set_keymap(keymap);
    return OK;
}
