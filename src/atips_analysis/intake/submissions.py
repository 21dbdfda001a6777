"""From a folder of submissions to frames a stream, each row with the place it came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from atips_analysis.codebook import Codebook, load_codebook
from atips_analysis.errors import InputError, printable
from atips_analysis.files import why_no_file
from atips_analysis.intake.box import Box
from atips_analysis.intake.limits import Limits
from atips_analysis.intake.received import SUFFIXES, Received, read_file
from atips_analysis.intake.settled import ANSWERS, Settled, settled_here
from atips_analysis.intake.snapshot import check_same, check_unchanged, content_of, digest_of
from atips_analysis.intake.together import Intake, together

# What may well be a submission and cannot be read: passing over it would lose rows.
UNREADABLE = (".xltx", ".xlt", ".numbers", ".fods", ".zip", ".rar", ".7z", ".wk1", ".mdb")


UNSAID = "has characters in its name that cannot be shown; rename it"


def read_submissions(
    folder: Path,
    codebook: Codebook | None = None,
    settled: Settled | None = None,
    limits: Limits | None = None,
) -> Intake:
    """Read every submission in `folder` and the folders in it; nothing is written or changed.

    A file that cannot be used is named in the result (`faults`), and the others are read.
    `settled`: answers that were given and the time zone; by default the project's. `limits`: what
    one file may take, each read in a process apart that may die; by default all are read here.

    Raises InputError if the folder is not there or holds no submission, or none of its files can be
    used: one error that names every one.
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
    found = _Found(known, others, passed_over(folder))
    return _read(found, codebook or load_codebook(), settled, limits)


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
        what = why_no_file(path, (*SUFFIXES, *UNREADABLE))
        if path.is_dir() and path.is_symlink():
            what = "is a link to another folder; put the files themselves in its place"
        if what:
            found.append((name, str(InputError(what, file=name))))
    return found


def read_files(
    paths: Sequence[Path],
    codebook: Codebook | None = None,
    settled: Settled | None = None,
    limits: Limits | None = None,
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
    return _read(_Found(sorted(known), others, odd), codebook or load_codebook(), settled, limits)


@dataclass(frozen=True)
class _Found:
    """Submissions by name and path, the names of other files, and of what is no file."""

    known: Sequence[tuple[str, Path]]
    others: Sequence[str]
    odd: Sequence[tuple[str, str]]


def _read(
    found: _Found, codebook: Codebook, settled: Settled | None, limits: Limits | None
) -> Intake:
    settled = settled_here() if settled is None else settled
    received: list[Received] = []
    faults = [*found.odd, *_not_read_here(found.others)]
    first_with: dict[str, str] = {}
    twins: dict[str, str] = {}
    with Box(limits, codebook, settled) if limits else nullcontext() as box:
        for name, path in found.known:
            try:
                if not name.isprintable():
                    raise InputError(UNSAID, file=name)
                digest = digest_of(name, path)
                if digest in first_with:
                    twins[name] = first_with[digest]
                    continue
                if box is None:
                    read = read_unchanged(name, path, digest, codebook, settled)
                else:
                    read = box.run(name, path, read_unchanged, name, path, digest)
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
    kept = [printable(name) for name in found.others if not name.lower().endswith(UNREADABLE)]
    faults += [(ANSWERS.as_posix(), fault) for fault in settled.faults]
    faults = [(_as_text(name), fault) for name, fault in faults]
    return together(received, twins, kept, codebook, faults)


def _as_text(name: str) -> str:
    """A name as tables hold it: bytes that are no UTF-8, as another system wrote it, as their codes."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def read_unchanged(
    name: str, path: Path, digest: str, codebook: Codebook, settled: Settled
) -> Received:
    """One file, whose bytes are and stay those that `digest` is of."""
    content = content_of(name, path)
    check_same(name, content, digest)
    read = read_file(name, content, digest, codebook, settled)
    check_unchanged(name, path, digest)
    return read


def _not_read_here(names: Iterable[str]) -> list[tuple[str, str]]:
    what = (
        "a table in a form that is not read here; open it, save it as .xlsx (or unpack it) and put "
        "that in its place"
    )
    unread = [name for name in names if name.lower().endswith(UNREADABLE)]
    return [(name, str(InputError(what, file=name))) for name in unread]


def _is_hidden(path: Path, folder: Path) -> bool:
    """Files of the system and of open programs: .name, ~$name, in any folder."""
    return any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
