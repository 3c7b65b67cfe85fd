# SPDX-License-Identifier: MIT
"""`make check`: what can be known about the kernel without booting it.

    __main__      the list of steps, run side by side
    kernels       builds with each toolset; gates and host tests of each build
    toolset       a compiler, and a linker
    reproducible  two builds give the same bytes
    sanitized     the suites in kernels that check themselves
    lint          steps that look at the sources
    fuzz          fuzz targets, each run for some seconds
    step          one step: running programs, missing tools, results

    loaded_gates  gates on the file that a loader gets
    code_gates    gates on its instructions
    image, elf    one ELF file, and how to read it
    disassembly   its functions
    frames        how deep the stack is at each of their instructions
    stack         how deep chains of calls go

    layering      who may include whom
    source_rules  rules that a line of text can break
    docs_names    the documents speak of what there is
    docs_excerpts what they quote of the code stands in it
    tree          the source files
    build_plan    what the Makefile would run; also writes compile_commands.json
"""
