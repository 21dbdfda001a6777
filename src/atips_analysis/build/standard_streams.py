"""What a command says when nobody listens: a closed terminal, `| head`, a full disk behind `>`.

Whoever closes a pipe has read enough: the work goes on, and the exit code says how it ended. What
cannot be written to standard output for another reason is one line; where that cannot be said
either, the exit code is left. A terminal shows what is said and obeys none of it: names of files and
cells come from strangers, and may hold codes that colour, erase or turn around what an officer reads.
"""

from __future__ import annotations

import io
import os
import sys
import unicodedata
from typing import IO, TYPE_CHECKING, Any, cast

from atips_analysis.errors import MachineError

if TYPE_CHECKING:
    from rich.console import Console

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


OBEYED = frozenset(["Cc", "Cf", "Cs", "Zl", "Zp"])
"""Unicode's categories of what a terminal obeys, hides or breaks a line at, instead of showing it."""


def shown(text: str) -> str:
    """A text as it may be said: what a terminal would obey as its code, which JSON understands too."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"\\u{ord(one):04x}" if unicodedata.category(one) in OBEYED and one not in "\n\t" else one
        for one in text
    )


class _Shown(io.TextIOWrapper):
    """Standard output or error: shows all that is said."""

    def write(self, text: str) -> int:
        return super().write(shown(text))


class _Obeyed:
    """The same stream for what colours its own words and moves the cursor."""

    def __init__(self, stream: _Shown) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return io.TextIOWrapper.write(self._stream, text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def console(stream: IO[str]) -> Console:
    """Where a table with colours or a bar of progress is shown, with none of a stranger's words."""
    from rich.console import Console

    out = cast(IO[str], _Obeyed(stream)) if isinstance(stream, _Shown) else stream
    return Console(file=out, highlight=False)


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
    return _Shown(
        io.BufferedWriter(raw),
        encoding=old.encoding if old else "utf-8",
        errors="backslashreplace",
        line_buffering=raw.isatty() or number == 2,
        write_through=getattr(old, "write_through", False),
    )


def refuse_unsaid() -> None:
    """Nothing, where all that was printed was written or nobody wanted it.

    Raises MachineError if standard output leads to where nothing more can be written.
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
