"""Files written whole or not at all, for their owner or for readers. Every room may use this module.

What a command writes is its owner's alone (`owner_only`), whatever the umask: records, and all
that is made from them. What is published is put in place within `for_readers`. Windows has no
umask; there both change nothing, and who may read a folder is for its owner to say.
"""

from __future__ import annotations

import csv
import errno
import glob
import io
import json
import os
import re
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atips_analysis.errors import MachineError

if TYPE_CHECKING:
    import pandas as pd

OUT = "name another folder with --out"
WORK = "a build keeps its intermediate files there: give your account the right to write in it"


OWNER = 0o077
OCTAL = set("01234567")
READERS = "ATIPS_UMASK"
"""Set within `owner_only`: the umask that the user had, in octal digits; workers inherit it."""


@contextmanager
def owner_only() -> Iterator[None]:
    """Whatever is written within, by child processes too, can be read by its owner alone."""
    before, outer = os.umask(OWNER), os.environ.get(READERS)
    if not (outer and set(outer) <= OCTAL):
        outer = None  # somebody else's, not of a command that started this one
    if outer is None:
        os.environ[READERS] = f"{before:03o}"
    try:
        yield
    finally:
        os.umask(before)
        if outer is None:
            os.environ.pop(READERS, None)


@contextmanager
def for_readers() -> Iterator[None]:
    """Within `owner_only`: what is written here is published, and as readable as the user has it."""
    own = os.environ.get(READERS)
    before = os.umask(int(own, 8)) if own else None
    try:
        yield
    finally:
        if before is not None:
            os.umask(before)


def open_to_readers(folder: Path) -> None:
    """What was written by `owner_only` in `folder`, and it, as readable as the user has files."""
    with for_readers():
        umask = os.umask(OWNER)
        os.umask(umask)
    for path in (folder, *folder.rglob("*")):
        path.chmod((0o777 if path.is_dir() else 0o666) & ~umask)


def close_to_others(folder: Path) -> None:
    """Take from everybody but the owner what they may do in `folder`, if it is there.

    Raises MachineError if it is another account's, and open to others.
    """
    if os.name != "posix" or not folder.is_dir() or not folder.stat().st_mode & OWNER:
        return
    try:
        folder.chmod(0o700)
    except PermissionError:
        raise MachineError(
            f"{folder}: holds confidential files, is open to others, and belongs to another account; "
            "its owner closes it with chmod 700"
        ) from None


def can_be_written(folder: Path, remedy: str = OUT) -> None:
    """Nothing, when files can be put into `folder` (made if it is not there).

    Raises
    ------
    MachineError
        Before any work is done, when they cannot; `remedy` ends its line.
    """
    trial = folder / f".{os.getpid()}.trial"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise MachineError(
            f"{folder}: nothing can be written there ({error.strerror}); {remedy}"
        ) from None


def why_no_file(path: Path, suffixes: Collection[str]) -> str:
    """Why what stands there cannot be read as a file, and what to do; empty for files and folders.

    A folder is called like a file where its name ends in one of `suffixes`.
    """
    if path.is_dir():
        called = path.suffix.lower() in suffixes
        return "is a folder that is called like a file; give it another name" if called else ""
    if path.is_file():
        return ""
    if path.is_symlink():
        return "is a link to another folder, or to nothing; put the file itself in its place"
    return "is not a file (a pipe or a device); put the file itself in its place"


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What a system says where a disk, or the user's share of it, has no room for a file."""


def cannot_be_written(target: object, error: OSError) -> MachineError:
    """What to tell whoever runs a command whose file could not be written."""
    if error.errno in FULL:
        return MachineError(f"{target}: the disk is full; make room, and run this again")
    return MachineError(
        f"{target}: cannot be written ({error.strerror or error}); close it if another program has "
        "it open, give your account the right to write there, or choose another place"
    )


def write_whole(target: Path, content: bytes) -> Path:
    """Write `content` beside `target` and move it there in one step; return `target`."""
    with temporary_for(target) as temporary, temporary.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())  # or a cable that is pulled leaves the new name and no content
    return target


def sync_folder(folder: Path) -> None:
    """Make the folder's own entries durable, where the system knows how."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


TEMPORARY = re.compile(r"\.(\d+)\..+")
"""How `beside` names what is not finished: by the process that writes it."""


def beside(target: Path) -> Path:
    """Where what takes the place of `target` is written first, in the same folder."""
    return target.with_name(f".{os.getpid()}.{target.name}")


def is_gone(process: int) -> bool:
    """Whether a process has ended; on Windows nobody can be asked without touching it."""
    if os.name != "posix":
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        return False
    return False


def remove_left_beside(target: Path) -> None:
    """Remove what commands that were killed had written `beside` a target: it may hold records."""
    for path in target.parent.glob(f".*.{glob.escape(target.name)}"):
        named = TEMPORARY.fullmatch(path.name)
        if named and path.name == f".{named[1]}.{target.name}" and is_gone(int(named[1])):
            with suppress(OSError):
                remove(path)


@contextmanager
def temporary_for(target: Path) -> Iterator[Path]:
    """A path next to `target` to write to; it takes the target's place when the block ends well.

    What a command that was killed had left for this target goes.

    Raises MachineError if it cannot be written; then what stood there stays.
    """
    temporary = beside(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        remove_left_beside(target)
        remove(temporary)  # where others may write too it could be a link to another file
        yield temporary
        os.replace(temporary, target)
    except OSError as error:
        if error.filename and Path(error.filename) not in (temporary, *target.parents):
            raise  # of another file, which the block reads
        raise cannot_be_written(target, error) from error
    finally:
        with suppress(OSError):  # as on a disk that is read only
            temporary.unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Take away what stands there, if anything: a file, a link, a folder with all that it holds."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


COMPUTED = re.compile(
    r"[\t\r\n]|[\s\x00-\x1f\x7f\u200b\u2060\ufeff]*"  # what nobody sees
    r"([=@\uff1d\uff20]|[+\-\uff0b\uff0d](?![0-9.,\s]*(e[+\-]?[0-9]+)?%?\Z))"  # in full width too
)
"""How a cell begins that a spreadsheet takes for a formula, of what it opens as CSV."""


def uncomputed(text: str) -> str:
    """A stranger's text as a cell of a CSV that somebody opens in a spreadsheet: shown, not computed."""
    return f"'{text}" if COMPUTED.match(text) else text


def as_it_was(cell: str) -> str:
    """The text of which `uncomputed` made a cell."""
    return cell[1:] if cell.startswith("'") and COMPUTED.match(cell[1:]) else cell


def write_text(target: Path, text: str) -> None:
    """Write a text file whole or not at all: UTF-8, line ends as they are in `text`."""
    write_whole(target, text.encode("utf-8"))


def read_json(path: Path) -> Any:
    """What a file of JSON in UTF-8 holds; where it is none that can be read, a ValueError."""
    return parse_json(path.read_text(encoding="utf-8"))


class _Rows(io.StringIO):
    """Rows that end as on Unix, of a writer that quotes a carriage return for ending its own so."""

    END = "\r\n"

    def write(self, row: str, /) -> int:
        return super().write(f"{row.removesuffix(self.END)}\n")


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV with the line ends of Unix; no text is a formula to a spreadsheet."""
    text = _Rows()
    cells = ([uncomputed(one) if isinstance(one, str) else one for one in row] for row in rows)
    csv.writer(text, lineterminator=_Rows.END).writerows(cells)
    return text.getvalue()


def frame_csv(frame: pd.DataFrame) -> str:
    """A frame as CSV without its index, as `csv_text` writes rows."""
    shown = frame.rename(columns=uncomputed)
    for name in shown.select_dtypes(exclude="number"):
        texts = {one for one in shown[name].unique() if isinstance(one, str)}
        if formulas := {one: uncomputed(one) for one in texts if COMPUTED.match(one)}:
            shown[name] = shown[name].replace(formulas)
    text = _Rows()
    shown.to_csv(text, index=False, lineterminator=_Rows.END)
    return text.getvalue()


def write_json(target: Path, content: Any) -> None:
    """Write JSON whole or not at all: keys sorted, one line break at the end."""
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    write_text(target, text + "\n")


def parse_json(text: str | bytes) -> Any:
    """What a JSON text says; one that is nested too deeply is a ValueError, as its other faults."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
