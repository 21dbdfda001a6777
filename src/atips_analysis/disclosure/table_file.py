"""CSV files of tables of counts: read with every check, written whole or not at all."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from atips_analysis.disclosure.table_words import is_margin_word
from atips_analysis.errors import InputError
from atips_analysis.files import COMPUTED, frame_csv, write_text

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


def read_frame(file: Path) -> pd.DataFrame:
    """A CSV file as text, a header and a row a cell.

    Raises InputError if it cannot be read, is not CSV or empty, or a row is longer than the header.
    """
    lines = _lines(file, _text(file))
    columns = _named_columns(file, lines)
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


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        raise InputError("no such file; check the name", file=file) from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", file=file) from None
    if raw[:2] == b"PK" or raw[:4] == b"\xd0\xcf\x11\xe0" or b"\x00" in raw:
        raise InputError("is not a CSV file; save the sheet as CSV (UTF-8) first", file=file)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _lines(file: Path, text: str) -> list[list[str]]:
    """The file's lines, the header first, parted by the mark that its header has more of."""
    header = text.split("\n", 1)[0]
    mark = ";" if header.count(";") > header.count(",") else ","
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        raise InputError(f"is not a CSV file ({error}); save it as CSV again", file=file) from None
    if not lines or not any(cell.strip() for cell in lines[0]):
        raise InputError("is empty; give a table with a header and a row a cell", file=file)
    return lines


def _named_columns(file: Path, lines: list[list[str]]) -> list[str]:
    """The header's names, without columns at the end that are empty throughout."""
    columns = [name.strip() for name in lines[0]]
    while (
        columns
        and not columns[-1]
        and all(len(line) < len(columns) or not line[len(columns) - 1].strip() for line in lines)
    ):
        columns.pop()
    if len(set(columns)) < len(columns) or "" in columns:
        raise InputError("a column has no name, or two have the same; name each once", file=file)
    return columns


def check_columns(file: Path, frame: pd.DataFrame, wanted: Sequence[str]) -> None:
    """Stop when a column that was asked for is not there."""
    for column in wanted:
        if column not in frame.columns:
            raise InputError(
                f"no column {column!r}; the columns are {', '.join(frame.columns)}", file=file
            )


def refuse_identifiers(file: Path, frame: pd.DataFrame, columns: Sequence[str]) -> None:
    """Stop when a column holds what tells who a person is: names, codes, days of birth."""
    for column in columns:
        words = " ".join(re.split(r"[\W_]+", column.strip().casefold())).strip()
        values = {v.strip() for v in frame[column] if not is_margin_word(v)}
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


def refuse_formulas(file: Path, frame: pd.DataFrame) -> None:
    """Stop where a spreadsheet would take a text of a table that leaves the house for a formula."""
    for column in frame.columns:
        for row, text in enumerate([column, *frame[column]], start=1):
            if COMPUTED.match(text):
                raise InputError(
                    f"{text[:40]!r} is a formula to a spreadsheet; begin it with a letter or a digit",
                    file=file,
                    row=row,
                )


def write_frame(frame: pd.DataFrame, file: Path) -> None:
    """Write a frame as CSV, whole or not at all."""
    write_text(file, frame_csv(frame))
