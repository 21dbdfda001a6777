"""What a block of code used: time, computing and memory, its notebooks' kernels included.

A kernel that was forked from the warm process is nobody's child here; the warm process tells what
it used (`kernel_provisioner`). Nothing of this goes into an output.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_kernels: list[tuple[float, int]] = []


@dataclass
class Used:
    """What a block used, filled at its end.

    Parameters
    ----------
    seconds, computed : float
        By the clock; and by processors, of this process, its children and its kernels.
    peak : int
        Most memory, bytes, that this process held within the block, or that one kernel held.
    """

    seconds: float = 0.0
    computed: float = 0.0
    peak: int = 0


def add_used(computed: float, peak: int) -> None:
    """Note the seconds and the peak memory (`ru_maxrss`) of a kernel that has ended."""
    _kernels.append((computed, peak * _UNIT))


@contextmanager
def measured() -> Iterator[Used]:
    """Measure the block; yields what it used, which is known when the block has ended."""
    used = Used()
    _kernels.clear()
    with suppress(OSError):
        RESET.write_text("5")  # Linux: the peak starts again from what is held now
    start, computed = time.perf_counter(), _computed()
    try:
        yield used
    finally:
        used.seconds = time.perf_counter() - start
        used.computed = _computed() - computed + sum(seconds for seconds, _ in _kernels)
        used.peak = max([_peak(), *(peak for _, peak in _kernels)])


if sys.platform == "win32":
    _UNIT = 1

    def _computed() -> float:
        return time.process_time()

    def _peak() -> int:
        return 0  # not known there

else:
    import resource

    _UNIT = 1 if sys.platform == "darwin" else 1024

    def _computed() -> float:
        both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(one.ru_utime + one.ru_stime for one in both)

    def _peak() -> int:
        with suppress(OSError, IndexError, ValueError):
            return int(STATUS.read_text().partition("VmHWM:")[2].split()[0]) * 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
