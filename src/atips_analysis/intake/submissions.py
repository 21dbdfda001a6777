"""From a folder of submissions to frames a stream, each row with the place it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from atips_analysis.codebook import Codebook, load_codebook
from atips_analysis.errors import InputError, printable
from atips_analysis.intake.received import SUFFIXES, Received, read_file
from atips_analysis.intake.settled import ANSWERS, Settled, settled_here
from atips_analysis.intake.snapshot import check_unchanged, content_of
from atips_analysis.intake.together import Intake, together

# What may well be a submission and cannot be read: passing over it would lose rows.
UNREADABLE = (".xlsb", ".xltx", ".xlt", ".numbers", ".fods", ".zip", ".rar", ".7z", ".wk1", ".mdb")


UNSAID = "has characters in its name that cannot be shown; rename it"


def read_submissions(
    folder: Path, codebook: Codebook | None = None, settled: Settled | None = None
) -> Intake:
    """Read every submission in `folder` and the folders in it; nothing is written or changed.

    A file that cannot be used is named in the result (`faults`), and the others are read.
    `settled`: answers that were given and the time zone; by default the project's.

    Raises
    ------
    InputError
        If the folder is not there or holds no submission, or none of its files can be used: one
        error that names every one.
    """
    if not folder.is_dir():
        raise InputError(
            "there is no such folder; give the one with the agencies' files", file=folder
        )
    named = files_in(folder)
    known = [(name, path) for name, path in named if path.suffix.lower() in SUFFIXES]
    others = [name for name, path in named if path.suffix.lower() not in SUFFIXES]
    unread = [name for name in others if name.lower().endswith(UNREADABLE)]
    if not known and not unread:
        raise InputError(
            f"no submission in this folder (a file that ends in {', '.join(SUFFIXES)})", file=folder
        )
    return _read(known, codebook or load_codebook(), others, settled, passed_over(folder))


def files_in(folder: Path) -> list[tuple[str, Path]]:
    """The files in a folder and the folders in it, by their name from there; hidden ones apart."""
    paths = sorted(
        (path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path, folder)),
        key=lambda path: path.relative_to(folder).as_posix(),
    )
    return [(path.relative_to(folder).as_posix(), path) for path in paths]


def passed_over(folder: Path) -> list[tuple[str, str]]:
    """What lies among submissions and is no file, by name, and what to do about it."""
    found = []
    for path in sorted(folder.rglob("*")):
        if _is_hidden(path, folder) or path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            what = "is a link to another folder, or to nothing; put the file itself in its place"
        elif not path.is_dir():
            what = "is not a file (a pipe or a device); put the file itself in its place"
        elif path.suffix.lower() in (*SUFFIXES, *UNREADABLE):
            what = "is a folder that is called like a file; give it another name"
        else:
            continue
        found.append((name, str(InputError(what, file=name))))
    return found


def read_files(
    paths: Sequence[Path], codebook: Codebook | None = None, settled: Settled | None = None
) -> Intake:
    """Read these files, and what is in these folders, as `read_submissions` reads a folder.

    Each file is called by its own name; a file in a folder by its name from there.
    """
    known: list[tuple[str, Path]] = []
    others: list[str] = []
    odd: list[tuple[str, str]] = []
    for path in paths:
        if path.is_dir():
            odd += passed_over(path)
            for name, one in files_in(path):
                if one.suffix.lower() in SUFFIXES:
                    known.append((name, one))
                else:
                    others.append(name)
        elif not path.is_file():
            raise InputError("there is no such file or folder", file=path)
        elif path.suffix.lower() not in SUFFIXES:
            raise InputError(
                f"not a submission: its name must end in {', '.join(SUFFIXES)}", file=path.name
            )
        else:
            known.append((path.name, path))
    if not known:
        raise InputError(
            f"no submission here (a file that ends in {', '.join(SUFFIXES)})", file=paths[0]
        )
    if len({name for name, _ in known}) < len(known):
        known = [(path.as_posix(), path) for _, path in known]
    return _read(sorted(known), codebook or load_codebook(), others, settled, odd)


def _read(
    named: Iterable[tuple[str, Path]],
    codebook: Codebook,
    others: list[str],
    settled: Settled | None,
    odd: Sequence[tuple[str, str]] = (),
) -> Intake:
    settled = settled_here() if settled is None else settled
    received: list[Received] = []
    faults = list(odd)
    faults += [
        (
            name,
            str(
                InputError(
                    "a table in a form that is not read here; open it, save it as .xlsx (or unpack "
                    "it) and put that in its place",
                    file=name,
                )
            ),
        )
        for name in others
        if name.lower().endswith(UNREADABLE)
    ]
    first_with: dict[str, str] = {}
    twins: dict[str, str] = {}
    for name, path in named:
        try:
            if not name.isprintable():
                raise InputError(UNSAID, file=name)
            content = content_of(name, path)
            digest = hashlib.sha256(content).hexdigest()
            if digest in first_with:
                twins[name] = first_with[digest]
                continue
            read = read_file(name, content, digest, codebook, settled)
            check_unchanged(name, path, digest)
            received.append(read)
            first_with[digest] = name
        except InputError as error:
            faults.append((name, str(error)))
        except MemoryError:
            fault = InputError("too large for this machine's memory", file=name)
            faults.append((name, str(fault)))
    if not received:
        said = "; ".join(fault for _, fault in faults)
        raise InputError(
            said if len(faults) == 1 else f"{len(faults)} files cannot be used: {said}"
        )
    kept = [printable(name) for name in others if not name.lower().endswith(UNREADABLE)]
    faults += [(ANSWERS.as_posix(), fault) for fault in settled.faults]
    return together(received, twins, kept, codebook, faults)


def _is_hidden(path: Path, folder: Path) -> bool:
    """Files of the system and of open programs: .name, ~$name, in any folder."""
    return any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
