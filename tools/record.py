#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Boots Odyssey for a person, and writes down all that happens: `make record`.

`make replay` repeats it under GDB, as often as wanted, and backwards. The serial
console is on this terminal; what it showed is also in build/record/record.log.
MEM=, CPUS=, QEMU_EXTRA=, CMDLINE= choose the machine as for `make run-fast`.
"""
from __future__ import annotations

import argparse
import os
import sys

sys.dont_write_bytecode = True

from odyssey import recording  # noqa: E402
from odyssey.settings import SetupError  # noqa: E402

HOW_TO_END = "Odyssey's serial console is on this terminal, and recorded. To end: Ctrl-C."


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--test", action="store_true", help="the test kernel; CMDLINE=test=suite")
    options = parser.parse_args()
    try:
        recording.prepare("odyssey-test" if options.test else "odyssey")
        command = recording.machine("record", "stdio")
    except SetupError as error:
        print(f"record: {error}", file=sys.stderr)
        return 1
    print(HOW_TO_END, flush=True)
    os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main())
