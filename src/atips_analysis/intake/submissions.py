"""From a folder of submissions to frames a stream, each row with the place it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from atips_analysis.codebook import Codebook, load_codebook
from atips_analysis.errors import InputError
from atips_analysis.intake.received import SUFFIXES, Received, read_file
from atips_analysis.intake.snapshot import check_unchanged, content_of
from atips_analysis.intake.together import Intake, together

# What may well be a submission and cannot be read: passing over it would lose rows.
UNREADABLE = (".xlsb", ".xltx", ".xlt", ".numbers", ".fods", ".zip", ".rar", ".7z", ".wk1", ".mdb")


def read_submissions(folder: Path, codebook: Codebook | None = None) -> Intake:
    """Read every submission in `folder` and the folders in it; nothing is written or changed.

    Raises
    ------
    InputError
        If the folder is not there or holds no submission, or if any file cannot be used: one
        error that names every such file.
    """
    if not folder.is_dir():
        raise InputError(
            "there is no such folder; give the one with the agencies' files", file=folder
        )
    paths = sorted(
        (path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path, folder)),
        key=lambda path: path.relative_to(folder).as_posix(),
    )
    named = [(path.relative_to(folder).as_posix(), path) for path in paths]
    known = [(name, path) for name, path in named if path.suffix.lower() in SUFFIXES]
    if not known:
        raise InputError(
            f"no submission in this folder (a file that ends in {', '.join(SUFFIXES)})", file=folder
        )
    others = [name for name, path in named if path.suffix.lower() not in SUFFIXES]
    unread = [name for name in others if name.lower().endswith(UNREADABLE)]
    if unread:
        raise InputError(
            f"a table in a form that is not read here ({', '.join(unread)}); open it, save it as "
            ".xlsx (or unpack it) and put that in its place",
            file=unread[0],
        )
    return _read(known, codebook or load_codebook(), others)


def read_files(paths: Sequence[Path], codebook: Codebook | None = None) -> Intake:
    """Read these files as `read_submissions` reads a folder; each is called by its own name."""
    for path in paths:
        if not path.is_file():
            raise InputError("there is no such file", file=path)
        if path.suffix.lower() not in SUFFIXES:
            raise InputError(
                f"not a submission: its name must end in {', '.join(SUFFIXES)}", file=path.name
            )
    names = [path.name for path in paths]
    if len(set(names)) < len(names):
        names = [path.as_posix() for path in paths]
    return _read(sorted(zip(names, paths, strict=True)), codebook or load_codebook(), [])


def _read(named: Iterable[tuple[str, Path]], codebook: Codebook, others: list[str]) -> Intake:
    received: list[Received] = []
    faults: list[str] = []
    first_with: dict[str, str] = {}
    twins: dict[str, str] = {}
    for name, path in named:
        try:
            content = content_of(name, path)
            digest = hashlib.sha256(content).hexdigest()
            if digest in first_with:
                twins[name] = first_with[digest]
                continue
            received.append(read_file(name, content, digest, codebook))
            check_unchanged(name, path, digest)
            first_with[digest] = name
        except InputError as error:
            faults.append(str(error))
        except MemoryError:
            faults.append(str(InputError("too large for this machine's memory", file=name)))
    if faults:
        raise InputError(
            "; ".join(faults)
            if len(faults) == 1
            else f"{len(faults)} files cannot be used: " + "; ".join(faults)
        )
    return together(received, twins, others, codebook)


def _is_hidden(path: Path, folder: Path) -> bool:
    """Files of the system and of open programs: .name, ~$name, in any folder."""
    return any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
