"""What a command says when nobody listens: a closed terminal, `| head`, a full disk behind `>`.

Whoever closes a pipe has read enough: the work goes on, and the exit code says how it ended. What
cannot be written to standard output for another reason is one line; where that cannot be said
either, the exit code is left.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Any

from atips_analysis.errors import MachineError

CLOSED = os.O_RDONLY, os.O_WRONLY, os.O_WRONLY
"""How the three are opened to nothing where whoever started the command had closed them."""


class _Said(io.FileIO):
    """Standard output or error: passes over a reader who is gone."""

    unsaid: OSError | None = None
    """Why something of it was not written, where not for want of a reader."""

    def write(self, text: Any) -> int:
        try:
            return super().write(text)
        except OSError as error:
            if not isinstance(error, BrokenPipeError):
                self.unsaid = error
            return len(text)


def speak_whoever_listens() -> None:
    """From here on no write to standard output or error raises; `refuse_unsaid` tells afterwards.

    A closed one is opened to nothing first: or the next file that is opened would take its number,
    and what is printed would be written into it.
    """
    for number, how in enumerate(CLOSED):
        try:
            os.fstat(number)
        except OSError:
            _open_to_nothing(number, how)
    for number, name in ((1, "stdout"), (2, "stderr")):
        setattr(sys, name, _speaking(number, getattr(sys, name)))


def _open_to_nothing(number: int, how: int) -> None:
    opened = os.open(os.devnull, how)
    if opened != number:
        os.dup2(opened, number)
        os.close(opened)
    os.set_inheritable(number, True)


def _speaking(number: int, old: Any) -> Any:
    """The stream in place of `old`; a console of Windows, which takes no bytes, stays."""
    raw = _Said(number, "w", closefd=False)
    if os.name == "nt" and raw.isatty():
        return old
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=old.encoding if old else "utf-8",
        errors="backslashreplace",
        line_buffering=raw.isatty() or number == 2,
        write_through=getattr(old, "write_through", False),
    )


def refuse_unsaid() -> None:
    """Nothing, where all that was printed was written or nobody wanted it.

    Raises
    ------
    MachineError
        If standard output leads to where nothing more can be written.
    """
    if not isinstance(sys.stdout, io.TextIOWrapper) or sys.stdout.closed:
        return
    sys.stdout.flush()
    raw = getattr(sys.stdout.buffer, "raw", None)
    if isinstance(raw, _Said) and raw.unsaid is not None:
        raise MachineError(
            f"standard output: what was made was made, and could not be told ({raw.unsaid.strerror}); "
            "lead it elsewhere"
        )
