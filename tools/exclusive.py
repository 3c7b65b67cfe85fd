#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs a command while no other one run by this has the same folder:

    tools/exclusive.py FOLDER COMMAND...

Waits for the other, and says so. The lock is a file that the command inherits
open: it is free again when the command has ended, in whatever way.
"""
from __future__ import annotations

import fcntl
import os
import sys

sys.dont_write_bytecode = True


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit("usage: exclusive.py FOLDER COMMAND...")
    folder, command = sys.argv[1], sys.argv[2:]
    path = os.path.join(folder, "lock")
    try:
        os.makedirs(folder, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            line = f"waiting for another run of tests or checks to end in {folder}"
            print(line, file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError as error:
        sys.exit(f"cannot lock {path}: {error.strerror}")
    except KeyboardInterrupt:
        sys.exit(130)
    os.set_inheritable(lock, True)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.exit(f"cannot run {command[0]}: {error.strerror}")


if __name__ == "__main__":
    main()
