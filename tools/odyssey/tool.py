# SPDX-License-Identifier: MIT
"""What is round a tool's main(): an ordered end, whoever ends it; a complaint is one line."""
from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import Callable, NoReturn, Optional

from . import processes
from .settings import SetupError

ENDINGS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def run(name: str, main: Callable[[], int]) -> NoReturn:
    """Exit with what main() returns; nothing that it started goes on."""
    for number in ENDINGS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
            signal.signal(number, _leave)
    try:
        status = main()
    except SetupError as error:
        print(f"{name}: {error}", file=sys.stderr)
        status = 1
    finally:
        processes.end_all()
    sys.exit(status)


def _leave(number: int, _: Optional[FrameType]) -> None:
    """Leave main() as an exception does, with the status that a shell gives such an end.

    Who says it again need not wait until everything has ended.
    """
    for again in ENDINGS:
        if signal.getsignal(again) is _leave:
            signal.signal(again, signal.SIG_DFL)
    sys.exit(128 + number)
