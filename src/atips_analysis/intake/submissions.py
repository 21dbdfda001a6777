"""From a folder of submissions to frames a stream, each row with the place it came from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from atips_analysis.codebook import Codebook, load_codebook
from atips_analysis.errors import AtipsError, InputError
from atips_analysis.intake import delimited, workbook
from atips_analysis.intake.cover import Cover, is_cover, is_simulated, read_cover, title_answers
from atips_analysis.intake.grid import Grid
from atips_analysis.intake.limits import check_size
from atips_analysis.intake.naming import FileName, agency_of, file_name, stream_of_sheet
from atips_analysis.intake.resubmission import Sent, replaced_by
from atips_analysis.intake.table import Table, read_table
from atips_analysis.intake.unnamed import stream_of_headers

SUFFIXES = (*workbook.SUFFIXES, *delimited.SUFFIXES)
FILES = (
    "file",
    "sha256",
    "submitted_by",
    "submitted_for",
    "state",
    "replaced_by",
    "simulated",
)
SHEETS = (
    "file",
    "sheet",
    "stream",
    "rows_read",
    "blank_rows",
    "title_rows",
    "totals_rows",
    "nil_return",
)
HEADERS = ("file", "sheet", "header", "column", "how")
NOTES = ("file", "sheet", "row", "column", "note")
Row = tuple[object, ...]
PROVENANCE = ("file", "sheet", "row", "submitted_by", "submitted_for", "source")


@dataclass(frozen=True)
class Intake:
    """What was read; every table sorted by file.

    frames : stream to its rows: the stream's columns as text (missing where blank), and file,
        sheet, row (as Excel shows it), submitted_by (agency), submitted_for (year), source
        (register or simulated). All streams are there, also those without rows.
    files : file, sha256, submitted_by, submitted_for, state (current or replaced), replaced_by,
        simulated.
    sheets : file, sheet, stream, rows_read, blank_rows, title_rows, totals_rows, nil_return; of a
        sheet that a later file replaces no row is read.
    headers : file, sheet, header, column, how (exact, label, synonym, near or ignored).
    notes : file, sheet, row, column, note: what was set aside, read in spite of something, or
        left unread, and why.
    """

    frames: dict[str, pd.DataFrame]
    files: pd.DataFrame
    sheets: pd.DataFrame
    headers: pd.DataFrame
    notes: pd.DataFrame


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


@dataclass
class _Received:
    """One file while it is read."""

    name: str
    sha256: str
    cover: Cover
    about: FileName
    agency: str = ""
    year: int = 0
    simulated: bool = False
    tables: list[tuple[str, str, Table]] = field(default_factory=list)  # sheet, stream, table
    nil: set[str] = field(default_factory=set)
    notes: list[tuple[str, int | None, str, str]] = field(default_factory=list)


def _read(named: Iterable[tuple[str, Path]], codebook: Codebook, others: list[str]) -> Intake:
    received: list[_Received] = []
    faults: list[str] = []
    first_with: dict[str, str] = {}
    twins: dict[str, str] = {}
    for name, path in named:
        try:
            content = _content(name, path)
            digest = hashlib.sha256(content).hexdigest()
            if digest in first_with:
                twins[name] = first_with[digest]
                continue
            received.append(_read_file(name, content, digest, codebook))
            _still_the_same(name, path, digest)
            first_with[digest] = name
        except InputError as error:
            faults.append(str(error))
        except AtipsError:
            raise
        except MemoryError:
            faults.append(str(InputError("too large for this machine's memory", file=name)))
    if faults:
        raise InputError(
            "; ".join(faults)
            if len(faults) == 1
            else f"{len(faults)} files cannot be used: " + "; ".join(faults)
        )
    return _together(received, twins, others, codebook)


def _read_file(name: str, content: bytes, digest: str, codebook: Codebook) -> _Received:
    """All sheets of one file."""
    about = file_name(name, codebook)
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in workbook.SUFFIXES:
        return _read_workbook(_Received(name, digest, Cover(), about), content, codebook)
    return _read_csv(_Received(name, digest, Cover(), about), content, codebook)


def _read_workbook(file: _Received, content: bytes, codebook: Codebook) -> _Received:
    book = workbook.read_workbook(content, file.name)
    grids = list(book.grids)
    file.notes += [("", None, "", note) for note in book.notes]
    covers = [grid for grid in grids if is_cover(grid.name)]
    if covers:
        file.cover = read_cover(covers[0], codebook, file.name)
    file.nil |= file.cover.nil
    _name_sender(file, covers[0].name if covers else None)
    streams = _streams_of_sheets(
        [grid for grid in grids if not is_cover(grid.name)], file, codebook
    )
    for grid, stream in streams:
        table = read_table(grid, codebook.stream(stream), codebook, file.name, file.year)
        _add(file, grid.name, stream, table)
    file.simulated |= file.cover.simulated
    read = {stream for _, stream, _ in file.tables}
    sheet = covers[0].name if covers else ""
    for stream in codebook.streams:
        if stream in file.nil and stream not in read:
            empty = pd.DataFrame(
                {
                    column.name: pd.Series([], dtype="str")
                    for column in codebook.stream(stream).columns
                }
            )
            file.tables.append((sheet, stream, Table(empty, [])))
    if not file.tables:
        raise InputError(
            "no sheet of this workbook is a stream; name each sheet as its stream "
            f"({', '.join(codebook.streams)}), or tick the cover where there was nothing",
            file=file.name,
        )
    return file


def _streams_of_sheets(
    grids: list[Grid], file: _Received, codebook: Codebook
) -> list[tuple[Grid, str]]:
    """Each sheet with the stream that it holds; the others are noted."""
    found: list[tuple[Grid, str]] = []
    unnamed: list[Grid] = []
    for grid in grids:
        stream = stream_of_sheet(grid.name, codebook)
        if stream:
            found.append((grid, stream))
        elif not grid.cells.empty:
            unnamed.append(grid)
    visible = {stream for grid, stream in found if not grid.hidden}
    kept = []
    for grid, stream in found:
        if grid.hidden and stream in visible:
            file.notes.append(
                (grid.name, None, "", f"hidden sheet beside a visible one of {stream}: not read")
            )
            continue
        if grid.hidden and not grid.cells.empty:
            file.notes.append((grid.name, None, "", "hidden sheet: read; unhide it to check it"))
        kept.append((grid, stream))
    for grid in unnamed:
        stream = None if grid.hidden else stream_of_headers(grid.cells, file.about.stream, codebook)
        if stream is None:
            word = "hidden sheet" if grid.hidden else "sheet"
            file.notes.append((grid.name, None, "", f"{word} that is no stream: not read"))
        else:
            file.notes.append((grid.name, None, "", f"taken for {stream} by its header"))
            kept.append((grid, stream))
    return kept


def _read_csv(file: _Received, content: bytes, codebook: Codebook) -> _Received:
    name = PurePosixPath(file.name)
    grid = delimited.read_delimited(content, file.name, name.stem)
    stream = file.about.stream or stream_of_headers(grid.cells, None, codebook)
    if stream is None:
        raise InputError(
            "the name does not say which stream the file holds; call it "
            "AGENCY_YEAR_stream.csv, such as DHS_2024_victims.csv",
            file=file.name,
        )
    said = title_answers(_first_lines(grid))
    agency = agency_of(said["agency"], codebook) if "agency" in said else None
    year = int(said["year"]) if said.get("year", "").isdecimal() else None
    file.cover = Cover(agency, year)
    _name_sender(file, None)
    table = read_table(grid, codebook.stream(stream), codebook, file.name, file.year)
    if "nil" in said and codebook.code_of("yes_no", said["nil"]) == "yes":
        file.nil.add(stream)
    _add(file, grid.name, stream, table)
    return file


def _add(file: _Received, sheet: str, stream: str, table: Table) -> None:
    file.tables.append((sheet, stream, table))
    file.simulated |= any(is_simulated(text) for text in table.titles)
    file.notes += [(sheet, row, column, note) for row, column, note in table.notes]
    if stream in file.nil and len(table.rows):
        file.notes.append((sheet, None, "", "rows in spite of the nil-return tick: read"))


def _name_sender(file: _Received, cover: str | None) -> None:
    """Agency and year: the cover's, else the name's."""
    agency = file.cover.agency or file.about.agency
    year = file.cover.year or file.about.year
    missing = [word for word, value in (("agency", agency), ("year", year)) if not value]
    if missing:
        where = f"the sheet {cover}" if cover else "a sheet Cover"
        raise InputError(
            f"it is not said which {' and '.join(missing)} the file is from; fill in {where}, or "
            "call the file AGENCY_YEAR, such as DHS_2024",
            file=file.name,
        )
    assert agency is not None and year is not None
    file.agency, file.year = agency, year
    for word, said, named in (
        ("agency", file.cover.agency, file.about.agency),
        ("year", file.cover.year, file.about.year),
    ):
        if said and named and said != named:
            file.notes.append(
                (
                    cover or "",
                    None,
                    "",
                    f"{word} {said} by the cover, {named} by the name: the cover counts",
                )
            )


def _together(
    received: list[_Received], twins: dict[str, str], others: list[str], codebook: Codebook
) -> Intake:
    """The tables of all files; what a later file replaces is listed and not read."""
    replaced = replaced_by(
        [
            Sent(
                file.name,
                file.agency,
                file.year,
                tuple(sorted({stream for _, stream, _ in file.tables})),
                file.about,
                file.cover.version,
                file.cover.replaces,
            )
            for file in received
        ]
    )
    files: list[Row] = []
    sheets: list[Row] = []
    headers: list[Row] = []
    notes: list[Row] = []
    frames: dict[str, list[pd.DataFrame]] = {stream: [] for stream in codebook.streams}
    by_name = {file.name: file for file in received}
    for file in received:
        units = {stream: replaced.get((file.name, stream)) for _, stream, _ in file.tables}
        later = sorted({name for name in units.values() if name})
        whole = all(units.values())
        files.append(_file_row(file, file.name, later[-1] if whole else ""))
        for sheet, stream, table in file.tables:
            gone = units[stream]
            if gone and not whole:
                notes.append((file.name, sheet, None, "", f"replaced by {gone}: not read"))
            rows = table.rows.iloc[:0] if gone else table.rows
            nil = stream in file.nil and not len(table.rows) and not gone
            sheets.append(
                (
                    file.name,
                    sheet,
                    stream,
                    len(rows),
                    table.blank_rows,
                    table.title_rows,
                    table.totals_rows,
                    nil,
                )
            )
            headers += [(file.name, sheet, *header) for header in table.headers]
            if len(rows):
                frames[stream].append(_with_provenance(rows, file, sheet))
        notes += [(file.name, *note) for note in file.notes]
    for name, first in twins.items():
        files.append(_file_row(by_name[first], name, first))
    notes += [(name, "", None, "", "not a submission: not read") for name in others]
    return Intake(
        {stream: _one_frame(parts, stream, codebook) for stream, parts in frames.items()},
        _table(files, FILES).sort_values("file", ignore_index=True),
        _table(sheets, SHEETS).sort_values(["file"], kind="stable", ignore_index=True),
        _table(headers, HEADERS),
        _table(notes, NOTES).astype({"row": "Int64"}),
    )


def _file_row(file: _Received, name: str, later: str) -> Row:
    state = "replaced" if later else "current"
    return (name, file.sha256, file.agency, file.year, state, later, file.simulated)


def _with_provenance(rows: pd.DataFrame, file: _Received, sheet: str) -> pd.DataFrame:
    place: dict[str, Any] = {
        "file": file.name,
        "sheet": sheet,
        "row": rows.index.to_numpy(dtype="int64"),
        "submitted_by": file.agency,
        "submitted_for": file.year,
        "source": "simulated" if file.simulated else "register",
    }
    return rows.assign(**place).reset_index(drop=True)


def _one_frame(parts: list[pd.DataFrame], stream: str, codebook: Codebook) -> pd.DataFrame:
    names = [*(column.name for column in codebook.stream(stream).columns), *PROVENANCE]
    if parts:
        return pd.concat(parts, ignore_index=True)[names]
    frame = pd.DataFrame(columns=names, dtype="str")
    return frame.astype({"row": "int64", "submitted_for": "int64"})


def _table(rows: list[Row], names: tuple[str, ...]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(names))
    counted = {"rows_read", "blank_rows", "title_rows", "totals_rows", "submitted_for"}
    true_or_false = {"nil_return", "simulated"}
    types = {
        name: "int64" if name in counted else "bool" if name in true_or_false else "str"
        for name in names
        if name != "row"
    }
    return table.astype(types)


def _content(name: str, path: Path) -> bytes:
    """The file's bytes, all of one moment."""
    try:
        before = path.stat()
        check_size(before.st_size, name)
        content = path.read_bytes()
        after = path.stat()
    except OSError as error:
        raise InputError(
            "cannot be opened; close it where it is open, and try again", file=name
        ) from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise _changed(name)
    return content


def _still_the_same(name: str, path: Path, digest: str) -> None:
    try:
        same = hashlib.sha256(path.read_bytes()).hexdigest() == digest
    except OSError:
        same = False
    if not same:
        raise _changed(name)


def _changed(name: str) -> InputError:
    return InputError(
        "the file changed while it was read; close it where it is open, and try again", file=name
    )


def _first_lines(grid: Grid, lines: int = 10) -> list[str]:
    return [
        str(text)
        for row in grid.cells.head(lines).itertuples(index=False)
        for text in row
        if isinstance(text, str)
    ]


def _is_hidden(path: Path, folder: Path) -> bool:
    """Files of the system and of open programs: .name, ~$name, in any folder."""
    return any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
