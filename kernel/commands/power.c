/* SPDX-License-Identifier: MIT */
/* reboot and poweroff: kernel/power.h logs each way that it tries. */
#include "kernel/power.h"

#include "kernel/shell/command.h"

SHELL_COMMAND(
    reboot, .summary = "restart the machine",
    .help = "By ACPI's reset register, else the keyboard controller, else a triple fault.\n")
{
    (void)words;
    power_reboot();
}

SHELL_COMMAND(poweroff, .summary = "turn the machine off",
              .help = "By ACPI, else by the ports that emulators have for it.\n")
{
    (void)words;
    power_off(); /* returns where the machine cannot, having said why */
    return OK;
}
