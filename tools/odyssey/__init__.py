# SPDX-License-Identifier: MIT
"""The host side: boots kernels in QEMU, judges what they said, reports it.

    settings   folders, and make's variables
    qemu       the machine as a command line
    image      a kernel's ISO with another command line, a module, or pixels (multiboot2)
    boot       one boot, from power-on to its end, bounded in time
    ktap       what a test kernel printed, read strictly
    processes  what was started and has to be ended
    judge      one boot's outcome, and why
    scenarios  what each scenario must print
    report     results on the terminal, as JUnit XML and as JSON
    bochs      the other emulator: its configuration, and how its end is read
    cells      the table of machines of `make matrix`
    cell_runs  the suites, and a session at the prompt, on one of them
    smoke      that session
    machine    a running machine to type at and look at (with qmp)
"""
