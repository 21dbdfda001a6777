"""Tables of counts in CSV files: reading them with every check, and writing them protected."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.disclosure.attack import Shown
from atips_analysis.disclosure.cells import (
    MARGIN,
    CellKey,
    Relation,
    cell_key,
    describe,
    is_margin,
    table_name,
    table_relations,
)
from atips_analysis.disclosure.rounded_tables import interval_of
from atips_analysis.errors import InputError

STATUS = "status"
NO_FIGURE = {"M", "NC", "NAP"}
HIDDEN = {"C", "P", "S"}
HIDDEN_MARKS = {"", "c", "x", "*", "..", "...", "s", ":c", "n.p.", "hidden"}
FOLLOWS_THE_COUNT = (
    "value", "numerator", "denominator", "ci_low", "ci_high", "rate", "percent", "percentage",
    "share", "proportion", "mean", "median",
)  # fmt: skip
BESIDE_THE_COUNT = (
    *FOLLOWS_THE_COUNT, "note", "notes", "method", "source", "vintage", "unit_of_count",
)  # fmt: skip

PERSONAL_NAMES = {
    "name", "names", "full name", "first name", "last name", "surname", "given name", "alias",
    "victim name", "suspect name", "accused", "accused name", "dob", "date of birth",
    "birth date", "birthdate", "birthday", "passport", "passport no", "passport number", "ssn",
    "social security", "social security number", "id", "identifier", "uuid", "id number",
    "id card", "national id", "case id", "case no", "case number", "file no", "file number",
    "victim id", "person id", "suspect id", "charge id", "client id", "record id", "phone",
    "phone number", "telephone", "mobile", "email", "e mail", "address", "pseudonym", "pseudonym id",
    "nombre", "nombres", "apellido", "apellidos", "nombre completo", "fecha de nacimiento",
    "fecha nacimiento", "pasaporte", "cedula", "cédula", "telefono", "teléfono", "correo",
    "direccion", "dirección", "no de expediente", "expediente",
}  # fmt: skip
CODE_LIKE = re.compile(
    r"^(?=.*\d)(?:[0-9a-f]{8,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|[a-z]{1,4}[-_ ]?\d{4,}|\d{6,}|[^@\s]+@[^@\s]+\.[a-z]+)$|^[^@\s]+@[^@\s]+\.[a-z]+$",
    re.IGNORECASE,
)
DAY = re.compile(r"^(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{4})$")


@dataclass(frozen=True)
class CountTable:
    """A table of counts as read: text as it stood, and what each row means.

    `keys` is None for rows without a figure (missing, not collected, not applicable).
    `shown` is a count, an interval for "<5" and rounded counts, or None for hidden.
    """

    file: str
    frame: pd.DataFrame
    count: str
    by: tuple[str, ...]
    keys: tuple[CellKey | None, ...]
    shown: tuple[Shown, ...]

    def cells(self) -> dict[CellKey, Shown]:
        """What is printed for each cell."""
        return {
            key: shown for key, shown in zip(self.keys, self.shown, strict=True) if key is not None
        }


def read_counts(file: Path, count: str, by: Sequence[str]) -> CountTable:
    """A table to protect: every count a whole number from 0.

    Raises
    ------
    InputError
        If the file cannot be read or is empty, a column is not there or looks like an
        identifier, a count is missing, negative or not whole, a cell stands twice, or some
        margins are there and others are not, or do not add up.
    """
    frame = _read(file)
    _check_columns(file, frame, [count, *by])
    if not by:
        raise InputError("no dimension was named; give them as --by A,B", file=file)
    if len(set(by)) < len(by) or count in by:
        raise InputError("--by names a column twice or the count column; correct it", file=file)
    _refuse_identifiers(file, frame, [c for c in frame.columns if c != count])
    shown: list[Shown] = []
    for row, text in enumerate(frame[count], start=2):
        if _status(frame, row) in NO_FIGURE and text.strip() == "":
            shown.append(None)
        else:
            shown.append(_whole_number(file, row, count, text))
    table = _table(file, frame, count, by, shown)
    _check_margins(table)
    return table


def read_protected(file: Path, count: str) -> CountTable:
    """A protected table, ours or others': hidden counts are blank, a mark such as `c`, or "<5".

    Every column is a dimension but the count, `status` and what goes with a count (rates,
    intervals, notes, source). A status `R` makes a count the interval that a rounded number of our
    tables stands for.
    """
    frame = _read(file)
    _check_columns(file, frame, [count])
    by = [
        column
        for column in frame.columns
        if column not in (count, STATUS) and column.casefold() not in BESIDE_THE_COUNT
    ]
    if not by:
        raise InputError("no column but the count; a table needs a dimension", file=file)
    _refuse_identifiers(file, frame, by)
    zeros = any(text.strip() == "0" for text in frame[count])
    shown = [
        _printed(file, row, count, text, _status(frame, row), zeros)
        for row, text in enumerate(frame[count], start=2)
    ]
    return _table(file, frame, count, by, shown)


def relations_of(table: CountTable) -> list[Relation]:
    """The sums between the rows of a table, named by its file."""
    keys = [key for key in table.keys if key is not None]
    relations = []
    for relation in table_relations(keys):
        part: Any = relation.parts[0]
        name = f"{table.file} ({table_name(part)})"
        relations.append(Relation(relation.total, relation.parts, name))
    return relations


def check_printed_sums(table: CountTable) -> None:
    """Stop where every count of a sum is printed and it does not hold."""
    _check_sums(table, relations_of(table))


def protected_frame(
    table: CountTable, statuses: dict[CellKey, str], hidden: Iterable[CellKey]
) -> pd.DataFrame:
    """The table with a `status` a row, and nothing left in the rows that are hidden."""
    frame = table.frame.copy()
    before = frame[STATUS].tolist() if STATUS in frame else [""] * len(frame)
    concealed = set(hidden)
    frame[STATUS] = [
        statuses[key] if key is not None else old
        for key, old in zip(table.keys, before, strict=True)
    ]
    blank = [key in concealed for key in table.keys]
    for column in frame.columns:
        if column == table.count or column.casefold() in FOLLOWS_THE_COUNT:
            frame.loc[blank, column] = ""
    return frame


def write_frame(frame: pd.DataFrame, file: Path) -> None:
    """Write a frame as CSV, whole or not at all."""
    text = frame.to_csv(index=False, lineterminator="\n")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        Path(partial).chmod(0o644)
        Path(partial).replace(file)
    except OSError as error:
        raise InputError(
            f"cannot be written ({error.strerror}); name another file with --out", file=file
        ) from None


def _read(file: Path) -> pd.DataFrame:
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        raise InputError("no such file; check the name", file=file) from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", file=file) from None
    if raw[:2] == b"PK" or raw[:4] == b"\xd0\xcf\x11\xe0" or b"\x00" in raw:
        raise InputError("is not a CSV file; save the sheet as CSV (UTF-8) first", file=file)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    header = text.split("\n", 1)[0]
    mark = ";" if header.count(";") > header.count(",") else ","
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        raise InputError(f"is not a CSV file ({error}); save it as CSV again", file=file) from None
    if not lines or not any(cell.strip() for cell in lines[0]):
        raise InputError("is empty; give a table with a header and a row a cell", file=file)
    columns = [name.strip() for name in lines[0]]
    while (
        columns
        and not columns[-1]
        and all(len(line) < len(columns) or not line[len(columns) - 1].strip() for line in lines)
    ):
        columns.pop()
    if len(set(columns)) < len(columns) or "" in columns:
        raise InputError("a column has no name, or two have the same; name each once", file=file)
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if any(cell.strip() for cell in line[len(columns) :]):
            raise InputError("has more values than there are columns", file=file, row=number)
        rows.append((line + [""] * len(columns))[: len(columns)])
    if not rows:
        raise InputError("has a header and no row; give a row a cell", file=file)
    return pd.DataFrame(rows, columns=columns, dtype=str)


def _check_columns(file: Path, frame: pd.DataFrame, wanted: Sequence[str]) -> None:
    for column in wanted:
        if column not in frame.columns:
            raise InputError(
                f"no column {column!r}; the columns are {', '.join(frame.columns)}", file=file
            )


def _refuse_identifiers(file: Path, frame: pd.DataFrame, columns: Sequence[str]) -> None:
    for column in columns:
        words = " ".join(re.split(r"[\W_]+", column.strip().casefold())).strip()
        values = {v.strip() for v in frame[column] if not is_margin(v)}
        coded = sum(bool(CODE_LIKE.match(v)) for v in values)
        days = sum(bool(DAY.match(v)) for v in values)
        period = words in ("period start", "period end")
        if (
            words in PERSONAL_NAMES
            or (len(values) >= 4 and coded >= 0.9 * len(values))
            or (len(values) >= 4 and days >= 0.9 * len(values) and not period)
        ):
            raise InputError(
                f"column {column!r} looks like an identifier of persons or cases; a table of "
                "counts has none: take the column out, and count the records first",
                file=file,
            )


def _status(frame: pd.DataFrame, row: int) -> str:
    return str(frame[STATUS].iloc[row - 2]).strip().upper() if STATUS in frame else ""


def _whole_number(file: Path, row: int, column: str, text: str) -> int:
    plain = text.strip()
    if re.fullmatch(r"\d{1,3}(,\d{3})+", plain):
        plain = plain.replace(",", "")
    if plain == "":
        raise InputError(
            f"{column} is empty; give the count (a true zero is 0), or the status M where there "
            "is no figure",
            file=file,
            row=row,
        )
    if not re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)", plain):
        raise InputError(
            f"{column} is {text.strip()!r}, not a number; give a whole number", file=file, row=row
        )
    if plain.startswith("-") and plain.strip("-0."):
        raise InputError(f"{column} is {plain}, but a count cannot be negative", file=file, row=row)
    if "." in plain and plain.split(".")[1].strip("0"):
        raise InputError(
            f"{column} is {plain}, but a count is a whole number; protect counts, and compute "
            "rates from what is left",
            file=file,
            row=row,
        )
    return abs(int(plain.split(".")[0] or "0"))


def _printed(file: Path, row: int, column: str, text: str, status: str, zeros: bool) -> Shown:
    plain = text.strip()
    if status in HIDDEN or plain.casefold() in HIDDEN_MARKS:
        return None
    if below := re.fullmatch(r"<\s*(\d+)", plain):
        return (1.0 if zeros else 0.0), float(int(below[1]) - 1)
    if span := re.fullmatch(r"(\d+)\s*(?:-|–|to)\s*(\d+)", plain):
        return float(span[1]), float(span[2])
    number = _whole_number(file, row, column, text)
    if status == "R":
        low, high = interval_of(number)
        return float(low), float(high)
    return number


def _table(
    file: Path, frame: pd.DataFrame, count: str, by: Sequence[str], shown: Sequence[Shown]
) -> CountTable:
    keys: list[CellKey | None] = []
    first: dict[CellKey, int] = {}
    for row, values in enumerate(zip(*(frame[d] for d in by), strict=True), start=2):
        key = cell_key("", "", dict(zip(by, values, strict=True)))
        if key in first:
            raise InputError(
                f"{describe(key)} stands twice (rows {first[key]} and {row}); keep one row a cell, "
                "and name every dimension of the table",
                file=file,
            )
        first[key] = row
        absent = _status(frame, row) in NO_FIGURE and frame[count].iloc[row - 2].strip() == ""
        keys.append(None if absent else key)
    return CountTable(file.name, frame, count, tuple(by), tuple(keys), tuple(shown))


def _check_margins(table: CountTable) -> None:
    keys = {key for key in table.keys if key is not None}
    for dimension in table.by:
        without = {key for key in keys if dimension not in dict(key[2])}
        if not without:
            continue
        for key in sorted(keys - without):
            rest = tuple(pair for pair in key[2] if pair[0] != dimension)
            if ("", "", rest) not in keys:
                raise InputError(
                    f"the margin of {dimension} is missing for {describe(('', '', rest))}, though "
                    f"it is there for others; add its row with {dimension} = {MARGIN}",
                    file=table.file,
                )
    _check_sums(table, table_relations(keys))


def _check_sums(table: CountTable, relations: Sequence[Relation]) -> None:
    cells: dict[Any, Shown] = dict(table.cells())
    for relation in relations:
        shown = [cells[key] for key in (relation.total, *relation.parts)]
        if all(isinstance(count, int) for count in shown):
            total, parts = shown[0], sum(int(c) for c in shown[1:] if isinstance(c, int))
            if total != parts:
                raise InputError(
                    f"margins do not add up: {describe(relation.total)} is {total}, its parts make "
                    f"{parts}; correct the table",
                    file=table.file,
                )
