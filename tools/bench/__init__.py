# SPDX-License-Identifier: MIT
"""What Odyssey costs, counted: figures, their limits and record, plots and profiles.

    __main__  `make bench`, `make bench-images`, `make profile`
    kernel    the benchmarks in the test kernel
    size      bytes, and what the boot takes
    native    the pure modules beside the C library's
    figures   what limits a figure, and what was recorded of it
    document  tables of figures in the documents
    plots     costs against scale
    profile   where a benchmark's instructions go
    symbols   names, lines and calls of a kernel
"""
