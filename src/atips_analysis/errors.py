"""What can go wrong, said in one line that a person can act on.

Every error that a user may meet derives from `AtipsError`; the command line prints its
text and leaves with its exit code. Anything else is a defect.
"""

from __future__ import annotations

from typing import Any


class Worded(str):
    """English text that still has its message and its values, for whoever says it in a language."""

    message: str
    values: dict[str, Any]


def worded(message: str, **values: Any) -> Worded:
    """A message of the catalogues filled in, for rooms that stand below them."""
    text = Worded(message.format(**values))
    text.message, text.values = message, values
    return text


def printable(text: str) -> str:
    """A text that a terminal shows and does not obey: what cannot be shown as its code."""
    return "".join(one if one.isprintable() or one == "\n" else ascii(one)[1:-1] for one in text)


class AtipsError(Exception):
    """Base of the errors that users see: one line that says what is wrong and what to do."""

    exit_code = 2
    where: tuple[object | None, str | None, int | None] = (None, None, None)

    def __init__(self, text: str = "") -> None:
        self.what = text
        """What is wrong, without its place: where it is `Said`, it has other languages too."""
        super().__init__(printable(" ".join(str(text).split())))

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows instead of a traceback."""
        return [f"{type(self).__name__}: {self}"]


class Stopped(SystemExit):
    """Somebody stopped the command: Ctrl-C, a closed terminal, the end of the session.

    Not a `KeyboardInterrupt`, which pytask takes for the failure of a step and, with several
    processes, for the end of the work.
    """


class InputError(AtipsError):
    """Input that cannot be used (exit code 2).

    Parameters
    ----------
    what : str
        What is wrong, and what to do about it; one line.
    file, sheet, row : optional
        Where; they are put in front of the text.
    """

    exit_code = 2

    def __init__(
        self,
        what: str,
        *,
        file: object | None = None,
        sheet: str | None = None,
        row: int | None = None,
    ) -> None:
        place = [str(file)] if file is not None else []
        if sheet is not None:
            place.append(f"sheet {sheet}")
        if row is not None:
            place.append(f"row {row}")
        super().__init__(f"{', '.join(place)}: {what}" if place else what)
        self.what, self.where = what, (file, sheet, row)


class FindingsError(AtipsError):
    """The work was done, and what it found must be looked at (exit code 1)."""

    exit_code = 1


class MachineError(AtipsError):
    """The machine lacks something that the work needs (exit code 3)."""

    exit_code = 3
