/* SPDX-License-Identifier: MIT */
/* hwreport: this machine, on one screen. */
#include "kernel/hwreport.h"

#include "kernel/shell/command.h"
#include "lib/string.h"

static const char *part_name(size_t index)
{
    return index == 0 ? "map" : NULL;
}

SHELL_COMMAND(hwreport, .arguments = "[map]", .most = 1, .value = part_name,
              .summary = "this machine on one screen",
              .help = "map: the whole memory map, of which the report shows the beginning.\n"
                      "hwreport on the kernel's command line prints the report at boot.\n"
                      "docs/hardware.md says what each line means, and how to send them.\n")
{
    if (words->count == 1) {
        return hwreport_print();
    }
    if (strcmp(words->at[1], part_name(0)) != 0) {
        return ERR_BAD_ARG;
    }
    hwreport_print_map();
    return OK;
}
