"""Ctrl-C, a closed terminal and the end of a session unwind a command, and end its workers.

What a worker was writing is removed by whoever holds the lock (`one_writer`).
"""

from __future__ import annotations

import multiprocessing
import signal

from atips_analysis.errors import Stopped

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP


def unwind_when_stopped() -> None:
    """From here on these signals raise `Stopped` in this process, so that it cleans up.

    A signal that is ignored, as by ``nohup``, stays so.
    """
    for number in _numbers():
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)


def _stop(number: int, _: object) -> None:
    for one in _numbers():  # what is sent again does not disturb the cleaning up
        signal.signal(one, signal.SIG_IGN)
    for worker in multiprocessing.active_children():
        worker.terminate()
    raise Stopped(130)


def _numbers() -> list[signal.Signals]:
    return [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
