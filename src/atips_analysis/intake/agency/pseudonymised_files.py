"""A file with names becomes a file with codes: what `atips pseudonymise` does, at the agency.

Names, dates of birth and columns that tell who a person is by their header (documents,
telephones, addresses, notes) or by what they hold (the person's name) are left out. When in
doubt a column is left out, and said to be, rather than let pass.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from atips_analysis.codebook import Codebook, label_columns, load_codebook
from atips_analysis.errors import InputError
from atips_analysis.files import csv_text, write_text
from atips_analysis.intake.agency.pseudonyms import (
    PARTIAL_KEYS,
    Person,
    birth_date,
    mark_of,
    name_parts,
    order_of_day,
    partial_keys,
    person_code,
    plain,
    read_key,
)
from atips_analysis.intake.box import Box
from atips_analysis.intake.cover import is_cover, is_simulated
from atips_analysis.intake.limits import GENEROUS
from atips_analysis.intake.word_lists import word_list

Cell = Any
Rows = list[list[Cell]]
FIRST_ROWS = 30  # a header stands within these
KEPT_TEXT = re.compile(r'^="([^"]*)"$')
"""="2024-02" is how some programs keep Excel from changing a text of a CSV: the text is meant."""
CODE_COLUMNS = ("victim_id", "person_id")

NEEDED = {
    what: frozenset(headers)
    for what, headers in word_list(Path(__file__).with_name("name_headers.csv")).items()
}
"""Plain headers of what a person's code is made of."""
TELLS_WHO = re.compile(
    r"\b(names?|nombres?|apellidos?|surnames?|alias|apodo|nickname|maiden|birth|birthday|dob|"
    r"nacimiento|passport|pasaporte|document|documento|cedula|dpi|dui|curp|ssn|social security|"
    r"seguro social|national id|id number|id no|phone|telephone|telefono|mobile|movil|cell|"
    r"celular|whatsapp|facebook|email|e mail|mail|correo|address|direccion|domicilio|village|"
    r"aldea|street|calle|gps|coordinates|coordenadas|notes?|notas?|remarks?|comments?|"
    r"comentarios?|observations?|observaciones|description|descripcion|narrative|relato|photo|"
    r"foto|mother|father|madre|padre|guardian)\b"
)


@dataclass
class Summary:
    """What was done, to be told to the person who did it. Holds no name and no code."""

    rows: int = 0
    persons: int = 0
    key_mark: str = ""
    order_of_day: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    without_name: list[str] = field(default_factory=list)
    without_birth_date: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def pseudonymise_file(
    file: Path, key_file: Path, out: Path, code_column: str | None = None
) -> Summary:
    """Write `out`: the rows of `file` with codes in place of names and dates of birth.

    Parameters
    ----------
    file, out : Path
        .xlsx or .csv, both. A workbook's sheets with names become sheets with codes; its
        cover and sheets that hold columns of the codebook alone are kept; others are left out.
    key_file : Path
        See `pseudonyms.read_key`.
    code_column : "victim_id" or "person_id", optional
        What to call the code; by default person_id where the sheet or the file is named as
        a stream about persons accused, victim_id elsewhere.

    Raises
    ------
    InputError
        If file or key cannot be used, no sheet has names, or a name stands where a code belongs.
    """
    for path in (file, out):
        if path.suffix.lower() not in {".xlsx", ".csv"}:
            raise InputError("not an .xlsx or .csv file; save it as one of them", file=path)
    if file.resolve() == out.resolve():
        raise InputError("--out is the file with the names; give another name", file=out)
    if code_column not in {None, *CODE_COLUMNS}:
        raise InputError(f"code column {code_column!r} is not one of {', '.join(CODE_COLUMNS)}")
    key = read_key(key_file)
    with Box(GENEROUS) as box:
        sheets = box.run(file.name, file, _read, file)
    summary, written = Summary(key_mark=mark_of(key)), {}
    people: dict[str, Person] = {}
    for name, rows in sheets.items():
        place = _Place(file.name, name if file.suffix.lower() != ".csv" else None)
        result = _pseudonymised(name, rows, key, code_column, place, summary, people)
        if result is not None:
            written[name] = result
    summary.persons = len(people)
    if not summary.rows:
        raise _no_names(file, sheets)
    for name, rows in written.items():
        _refuse_full_names(rows, people.values(), _Place(file.name, name))
    _write(written, out)
    return summary


def _no_names(file: Path, sheets: dict[str, Rows]) -> InputError:
    """What a file of no use lacks: columns of its header, rows below it, or a header."""
    nearest = [(len(lacking), name, n, lacking) for name, n, lacking in _almost_headers(sheets)]
    if not nearest:
        return InputError(
            "no row with a name found: a sheet needs a header row with first names, surnames and "
            "date of birth (nombres, apellidos, fecha de nacimiento), each in a column of its own",
            file=file,
        )
    _, name, number, lacking = min(nearest)
    place = _Place(file.name, name if file.suffix.lower() != ".csv" else None)
    if not lacking:
        return place.wrong("no row stands below the header", number)
    return place.wrong(
        f"the header has no column of its own for {' and '.join(lacking)}; where one column holds "
        "the whole name, split it (in Excel: Data, Text to Columns), and name each part",
        number,
    )


def _almost_headers(sheets: dict[str, Rows]) -> Iterator[tuple[str, int, list[str]]]:
    """Sheet and row of each header of some of the three, with what it lacks."""
    for name, rows in sheets.items():
        for number, row in enumerate(rows[:FIRST_ROWS], start=1):
            words = {plain(_text(cell)) for cell in row}
            lacking = [what for what, known in NEEDED.items() if not words & known]
            if len(lacking) < len(NEEDED):
                yield name, number, lacking


@dataclass(frozen=True)
class _Place:
    file: str
    sheet: str | None

    def row(self, number: int) -> str:
        return f"{self.sheet} row {number}" if self.sheet else f"row {number}"

    def wrong(self, what: str, row: int | None = None) -> InputError:
        return InputError(what, file=self.file, sheet=self.sheet, row=row)


def _pseudonymised(  # noqa: PLR0913  (one sheet of the loop above)
    name: str,
    rows: Rows,
    key: bytes,
    code_column: str | None,
    place: _Place,
    summary: Summary,
    coded: dict[str, Person],
) -> Rows | None:
    """A sheet with codes; the sheet as it is when no name can be in it; None to leave it out."""
    codebook = load_codebook()
    if is_cover(name):
        return rows
    position = _header_position(rows)
    if position is None:
        if _only_codebook_columns(rows, codebook):
            return rows
        if any(cell not in (None, "") for row in rows for cell in row) and plain(name) != "lists":
            summary.left_out.append(f"sheet {name} (no first names, surnames and date of birth)")
        return None
    header = [_text(cell) for cell in rows[position]]
    own = code_column or _code_column(f"{place.file} {name}", codebook)
    parts = _Columns.of(header, own, codebook, place)
    kept = [index for index in parts.others if not _tells_who(header[index])]
    left_out = [index for index in parts.others if index not in kept and header[index]]
    body, people = [], []
    for number, row in enumerate(rows[position + 1 :], start=position + 2):
        row = [*row, *[None] * (len(header) - len(row))]
        if any(_text(cell) for cell in row):
            body.append((number, row))
            people.append(parts.person(row))
            summary.order_of_day[order_of_day(row[parts.birth[0]])].append(place.row(number))
    kept, held_names = _without_names(header, kept, body, people, codebook, place)
    summary.left_out += [f"column {header[index]}" for index in [*left_out, *held_names]]
    titles = [row for row in rows[:position] if any(is_simulated(_text(cell)) for cell in row)]
    result: Rows = [["SIMULATED RECORDS"]] if titles else []
    result.append([own, *PARTIAL_KEYS, *(header[index] for index in kept)])
    for (number, row), person in zip(body, people, strict=True):
        summary.rows += 1
        code, keys = None, dict.fromkeys(PARTIAL_KEYS)
        if name_parts(person.first_names) and name_parts(person.surnames):
            code, keys = person_code(person, key), partial_keys(person, key)
            coded[code] = person
            if person.born is None:
                summary.without_birth_date.append(place.row(number))
        else:
            summary.without_name.append(place.row(number))
        result.append([code, *keys.values(), *(row[index] for index in kept)])
    return result


@dataclass(frozen=True)
class _Columns:
    """Positions of the columns that name a person, and of the others."""

    first_names: list[int]
    surnames: list[int]
    birth: list[int]
    others: list[int]

    @classmethod
    def of(cls, header: Sequence[str], own: str, codebook: Codebook, place: _Place) -> _Columns:
        plain_header = [plain(text) for text in header]
        first = [i for i, text in enumerate(plain_header) if text in NEEDED["first names"]]
        last = [i for i, text in enumerate(plain_header) if text in NEEDED["surnames"]]
        birth = [i for i, text in enumerate(plain_header) if text in NEEDED["date of birth"]]
        if len(birth) > 1:
            raise place.wrong("two columns hold a date of birth; keep one")
        given = code_labels(own, codebook) | set(map(plain, PARTIAL_KEYS))
        taken = {*first, *last, *birth}
        taken |= {i for i, text in enumerate(plain_header) if text in given}
        return cls(first, last, birth, [i for i in range(len(header)) if i not in taken])

    def person(self, row: Sequence[Cell]) -> Person:
        born, year = birth_date(row[self.birth[0]])
        first = " ".join(_text(row[index]) for index in self.first_names)
        return Person(first, " ".join(_text(row[index]) for index in self.surnames), born, year)


def _header_position(rows: Rows) -> int | None:
    """The first row that has first names, surnames and date of birth."""
    for position, row in enumerate(rows[:FIRST_ROWS]):
        words = {plain(_text(cell)) for cell in row}
        if all(words & known for known in NEEDED.values()):
            return position
    return None


def code_labels(own: str, codebook: Codebook) -> set[str]:
    """Plain headers of the codebook's form that the code fills: they give way to it."""
    labels = {plain(own)}
    for stream in codebook.streams.values():
        for column in stream.columns:
            if column.name == own:
                labels |= {plain(label) for label in column.labels.values()}
    return labels


def _code_column(name: str, codebook: Codebook) -> str:
    """person_id where the name is a stream's whose rows have one, victim_id elsewhere."""
    words = f" {plain(name)} "
    accused = any(f" {label} " in words for label in person_streams(codebook))
    return "person_id" if accused else "victim_id"


def person_streams(codebook: Codebook) -> set[str]:
    """Plain names, in every language, of the streams about persons accused."""
    return {
        name
        for stream in codebook.streams.values()
        if any(column.name == "person_id" for column in stream.columns)
        for name in {plain(text) for text in (stream.name, *stream.labels.values())}
    }


def codebook_headers(codebook: Codebook) -> dict[str, set[str]]:
    """Plain header to the code lists whose values may stand below it."""
    known: dict[str, set[str]] = {}
    for stream in codebook.streams.values():
        for column in stream.columns:
            for text in (column.name, *column.labels.values()):
                known.setdefault(plain(text), set()).add(column.codelist)
    return known


def _only_codebook_columns(rows: Rows, codebook: Codebook) -> bool:
    """Whether a sheet's first filled row holds headers of the codebook and nothing else."""
    for row in rows:
        texts = [plain(_text(cell)) for cell in row if _text(cell)]
        if texts:
            return set(texts) <= set(codebook_headers(codebook))
    return False


def _tells_who(header: str) -> bool:
    return not header or bool(TELLS_WHO.search(plain(header)))


def _without_names(
    header: Sequence[str],
    kept: Sequence[int],
    body: Sequence[tuple[int, list[Cell]]],
    people: Sequence[Person],
    codebook: Codebook,
    place: _Place,
) -> tuple[list[int], list[int]]:
    """Columns to keep, and those to leave out because a cell holds the name of its row's person.

    In a column of the codebook, which the data bank needs, that is an error to correct.
    """
    known = codebook_headers(codebook)
    clean, held_names = [], []
    for index in kept:
        lists = known.get(plain(header[index]))
        allowed = values_of(lists - {""}, codebook) if lists else set()
        for (number, row), person in zip(body, people, strict=True):
            cell = plain(_text(row[index]))
            if cell in allowed or not _names_in(cell, person):
                continue
            if lists is not None:
                raise place.wrong(
                    f"column {header[index]} holds a name; put a value of the list there", number
                )
            held_names.append(index)
            break
        else:
            clean.append(index)
    return clean, held_names


def values_of(lists: Iterable[str], codebook: Codebook) -> set[str]:
    """Every code and label of some code lists, folded."""
    values: set[str] = set()
    for name in lists:
        table = codebook.codelist(name).table
        for column in ("code", *label_columns(table)):
            values |= {plain(value) for value in table[column]}
    return values


def _names_in(cell: str, person: Person) -> bool:
    names = {*name_parts(person.first_names), *name_parts(person.surnames)}
    return bool({name for name in names if len(name) > 2} & set(cell.split()))


def _refuse_full_names(rows: Rows, people: Iterable[Person], place: _Place) -> None:
    """The last look at what is about to be written: no cell may hold a person's full name."""
    surnames_of: dict[str, set[str]] = {}
    for person in people:
        for first_name in name_parts(person.first_names):
            surnames_of.setdefault(first_name, set()).update(name_parts(person.surnames))
    for number, row in enumerate(rows, start=1):
        for cell in row:
            words = plain(cell).split() if isinstance(cell, str) else []
            if any(surnames_of[word] & {*words} - {word} for word in words if word in surnames_of):
                raise place.wrong("a cell holds a person's name; remove it and run again", number)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return str(cell).strip()


# reading and writing


def _read(file: Path) -> dict[str, Rows]:
    if not file.is_file():
        raise InputError("there is no such file", file=file)
    return _read_csv(file) if file.suffix.lower() == ".csv" else _read_workbook(file)


def _read_csv(file: Path) -> dict[str, Rows]:
    content = file.read_bytes()
    try:  # Excel's “Unicode text” is UTF-16
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first_lines = "\n".join(text.splitlines()[:FIRST_ROWS])
    delimiter = max(",;\t|", key=first_lines.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError(
            "a quotation mark is not closed, or stands inside a cell; save the table as CSV again",
            file=file,
        ) from error
    return {file.stem: [[KEPT_TEXT.sub(r"\1", cell) for cell in row] for row in rows]}


def _read_workbook(file: Path) -> dict[str, Rows]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        sheets = {
            sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
            for sheet in book.worksheets
        }
        book.close()
    except Exception as error:  # openpyxl fails in many ways on what is not a workbook
        raise InputError(
            "not a workbook that can be opened; remove its password, or save it again as .xlsx",
            file=file,
        ) from error
    return sheets


def _write(sheets: dict[str, Rows], out: Path) -> None:
    if out.suffix.lower() == ".csv":
        _write_csv(sheets, out)
    else:
        _write_workbook(sheets, out)


def _write_csv(sheets: dict[str, Rows], path: Path) -> None:
    tables = [rows for name, rows in sheets.items() if not is_cover(name)]
    if len(tables) != 1:
        raise InputError("several sheets do not fit one .csv; choose an --out that ends in .xlsx")
    write_text(path, csv_text([_text(cell) for cell in row] for row in tables[0]))


def _write_workbook(sheets: dict[str, Rows], path: Path) -> None:
    from atips_analysis.intake.agency.workbook_writer import new_workbook

    with new_workbook(path, {}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name[:31])
            for number, row in enumerate(rows):
                for position, cell in enumerate(row):
                    if isinstance(cell, int | float) and not isinstance(cell, bool):
                        sheet.write_number(number, position, cell)
                    elif _text(cell):
                        sheet.write_string(number, position, _text(cell))
