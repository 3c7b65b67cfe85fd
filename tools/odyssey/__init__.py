# SPDX-License-Identifier: MIT
"""The host side: boots kernels in QEMU, judges what they said, reports it.

    settings   folders, and make's variables
    qemu       the machine as a command line
    image      a kernel's ISO with another kernel command line
    boot       one boot, from power-on to its end, bounded in time
    ktap       what a test kernel printed, read strictly
    processes  what was started and has to be ended
    judge      one boot's outcome, and why
    scenarios  what each scenario must print
    report     results on the terminal, as JUnit XML and as JSON
    machine    a running machine to type at and look at (with qmp)
"""
