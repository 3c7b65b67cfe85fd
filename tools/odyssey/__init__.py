# SPDX-License-Identifier: MIT
"""The host side: boots kernels in emulators, judges what they said, reports it.

What every tool has:

    settings         folders, and make's variables
    tool             a main() that ends in order, whoever ends it
    processes        what was started and has to be ended
    jobs             jobs side by side
    report           results on the terminal, as JUnit XML and as JSON
    pytest_run       a run of pytest, and what its report says

A boot, from power-on to its verdict:

    qemu             the machine as a command line
    image            a kernel's ISO with another command line, a module, or pixels
    multiboot2       the header by which a kernel asks for pixels
    boot             one boot, bounded in time
    ktap             what a test kernel printed, read strictly
    scenarios        what each scenario must print
    judge            one boot's outcome, and why
    symbolize        what a kernel printed as it died, with its sources
    control_images   one-page kernels that do something wrong, for the judge
    bochs            the other emulator: its configuration, and how its end is read

A machine that runs, to type at and look at:

    machine          its keyboard, serial line and screen
    qmp, gdbstub     QEMU's own ways in
    pixels           text off a screen of pixels
    panic_screen     what a panic leaves there, beside its QR code
    qr_reader        what that code says
    shell            somebody at the prompt
    grub             somebody at GRUB's menu
    handover         a boot with a Multiboot2 handover of our own making
    recording        a run that QEMU wrote down, and can repeat
    transcript       a session that a document shows, compared with what happens
    session_picture  a session as a picture that moves

What else make has targets for:

    cells            the table of machines of `make matrix`
    cell_runs        the suites, and a session at the prompt, on one of them
    smoke            that session
    card             what `make grade` asks a tree, and what each answer is worth
    grading          the asking
    graded_tree      the tree, under this one's tests
    sessions         somebody at its prompt
    framework        its own test framework, on suites with something wrong
    exercises        tasks, and the patches that remove what they ask for
    broken_tree      a copy of the sources, to be broken
    mutate           small changes to C sources, as slips of the pen make them
    fuzzing          runs of fuzz targets
    gcov             coverage counters: from a machine's memory to gcov's files
    counted_qemu     the QEMU that leaves that memory behind
    lines_run        lines that were run, and those that were not with their reasons
    quality          what coverage and mutants came to last
    disk             what a disk is, and why it must not be written to
"""
