"""The officer's tables in `data/council/`: what a country calls things, and who sends returns.

A table is a small CSV file whose first lines, marked with #, say what it is for. Each is checked
when it is read: a wrong entry is one line that names file, row and what to do.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.profile import markup_in
from atips_analysis.project import Project
from atips_analysis.words import languages
from atips_analysis.words.said import Message

LISTS = {
    "district": "districts",
    "source_agency": "agencies",
    "referral_source": "referral_sources",
    "status_decision_authority": "authorities",
    "training_audience": "audiences",
}
"""Code lists that are the country's own, and the table of `data/council/` that each stands in."""

OPEN = tuple(
    """awareness_channel engagement_kind means_of_control recruiter_relationship
    recruitment_method training_topic""".split()
)
"""Code lists of the codebook that a country may add to: nothing depends on there being no other."""

EXTRA = {
    "districts": ("iso3166_2", "tile_column", "tile_row"),
    "agencies": ("role", "streams", "committee", "units_supplied"),
    "referral_sources": ("agency_type",),
    "authorities": ("htcds_value",),
    "audiences": ("text_in_2024_report", "value_2024", "value_2024_label_in_report"),
    "partners": ("type_en", "support_en", "source"),
}
"""Columns of a table beside its code and labels."""

ROLES = ("police", "care", "prosecution", "courts")
"""Agencies that rules know by what they do: one agency a role; one agency may have several."""

CODE = re.compile(r"[A-Z][A-Z0-9_-]*")
LABEL = r"\w+_[a-z]{2,3}"
"""A column that is a text in a language."""


@dataclass(frozen=True)
class Council:
    """What the country adds to the codebook.

    `lists` are its own code lists by their name in the codebook; `codes` (codelist, code, labels)
    what it adds to others; `spellings` (codelist, spelling, code) what agencies write; `labels` (codelist, code, column, text) other words for codes of the
    codebook; `roles` the agency of a role; `streams` what each agency sends.
    """

    lists: Mapping[str, pd.DataFrame]
    codes: pd.DataFrame
    spellings: pd.DataFrame
    labels: pd.DataFrame
    roles: Mapping[str, str]
    streams: Mapping[str, tuple[str, ...]]
    case_prefix: str
    fingerprint: str


def read_council(project: Project) -> Council:
    """The tables of `data/council/` that the codebook takes in.

    Raises InputError as `read_council_table`, and if a role is unknown, given twice or given to
    nobody, or a tile is no whole number.
    """
    lists = {name: read_council_list(project, table) for name, table in LISTS.items()}
    agencies = lists["source_agency"]
    _check_tiles(lists["district"])
    _check_languages(agencies)
    codes = read_council_table(
        project, "codes", ("codelist", "code", "label_en"), key=("code", "codelist"), also=LABEL
    )
    _check_open(codes)
    spellings = read_council_table(
        project, "spellings", ("codelist", "spelling", "code"), key=("codelist", "spelling")
    )
    labels = read_council_table(
        project,
        "labels",
        ("codelist", "code", "column", "text"),
        key=("codelist", "code", "column"),
    )
    prefix = str(project.profile["country"]["case_prefix"])
    return Council(
        lists=lists,
        codes=codes,
        spellings=spellings,
        labels=labels,
        roles=_roles(agencies),
        streams={
            code: tuple(streams.split())
            for code, streams in zip(agencies["code"], agencies["streams"], strict=True)
        },
        case_prefix=prefix,
        fingerprint=_fingerprint(project, prefix),
    )


def read_council_list(project: Project, name: str) -> pd.DataFrame:
    """A table with `code`, `label_en` and labels in other languages; codes stand once."""
    return read_council_table(
        project,
        name,
        ("code", "label_en", *EXTRA[name]),
        key=("code",),
        also=LABEL + ("|lang" if name == "agencies" else ""),
    )


def read_council_table(
    project: Project, name: str, columns: Sequence[str], *, key: Sequence[str] = (), also: str = ""
) -> pd.DataFrame:
    """A table of `data/council/`, every value as text; the index is the row in the file.

    Parameters
    ----------
    columns : sequence of str
        The columns that it has.
    key : sequence of str
        Columns that together may not repeat. The first is a code list, or a code: capital letters
        and digits.
    also : str
        A pattern of further columns that it may have.

    Raises
    ------
    InputError
        If the file is missing or no CSV in UTF-8, lacks a column or has an unknown one, has a row
        that is too long, a blank or misspelt code, a blank label, or a code twice.
    """
    return read_table_at(project.council / f"{name}.csv", columns, key=key, also=also)


def read_table_at(
    path: Path, columns: Sequence[str], *, key: Sequence[str] = (), also: str = ""
) -> pd.DataFrame:
    """As `read_council_table`, of a file that stands elsewhere."""
    table = _read(path)
    known: list[Any] = [*columns, *(c for c in table if also and re.fullmatch(also, str(c)))]
    for column in columns:
        if column not in table:
            raise _wrong(
                path,
                Message("the column {column} is missing; add it").format(column=column),
                table.attrs["header"],
            )
    for column in table:
        if list(table).count(column) > 1:
            raise _wrong(
                path,
                Message("the column {column} stands twice; keep one").format(column=column),
                table.attrs["header"],
            )
        if column not in known:
            raise _wrong(
                path,
                Message(
                    "the column {column} is not known; take it out, or write one of {known}"
                ).format(column=column, known=", ".join(known)),
                table.attrs["header"],
            )
    _check_rows(path, table, key)
    return table


def _read(path: Path) -> pd.DataFrame:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise _wrong(path, Message("the file is missing; restore it").format()) from error
    except UnicodeDecodeError as error:
        raise _wrong(path, Message("is no text in UTF-8; save it as CSV UTF-8").format()) from error
    header, numbers, rows = _cells_of(path, text)
    if not header:
        raise _wrong(
            path,
            Message("has no header; write the names of its columns below the comment").format(),
        )
    table = pd.DataFrame(rows, columns=[name for _, name in header], index=numbers, dtype="str")
    table.attrs["header"] = header[0][0]
    return table


def _cells_of(path: Path, text: str) -> tuple[list[tuple[int, str]], list[int], list[list[str]]]:
    """The header (row and name of each column), the rows' numbers in the file, and their cells.

    As Excel saves it: semicolons where the country writes decimals with a comma, comments in
    quotation marks, blank cells to the right of what is filled and blank rows below.
    """
    lines = ["" if line.lstrip('"').startswith("#") else line for line in text.splitlines()]
    first = next((line for line in lines if line.strip('",;\t ')), "")
    reader = csv.reader(lines, delimiter=max(",;\t", key=first.count), strict=True)
    header: list[tuple[int, str]] = []
    numbers: list[int] = []
    rows: list[list[str]] = []
    try:
        for cells in reader:
            while cells and not cells[-1].strip():
                cells.pop()
            if header and len(cells) > len(header):
                raise _wrong(
                    path,
                    Message(
                        "has {cells} cells under {columns} names of columns; put a text that holds a comma between quotation marks"
                    ).format(cells=len(cells), columns=len(header)),
                    reader.line_num,
                )
            if header and cells:
                numbers.append(reader.line_num)
                rows.append([*cells, *[""] * (len(header) - len(cells))])
            elif cells:
                header = [(reader.line_num, cell.strip()) for cell in cells]
    except csv.Error:
        raise _wrong(
            path,
            Message("a quotation mark is not closed, or stands inside a cell").format(),
            reader.line_num,
        ) from None
    return header, numbers, rows


def _check_rows(path: Path, table: pd.DataFrame, key: Sequence[str]) -> None:
    labels = [column for column in table if str(column).startswith("label_")]
    seen: dict[tuple[str, ...], int] = {}
    for row, values in zip(table.index, table.to_dict("records"), strict=True):
        for column in labels:
            if not values[column].strip():
                raise _wrong(
                    path, Message("{column} is blank; write the label").format(column=column), row
                )
            mark = markup_in(values[column])
            if mark:
                raise _wrong(
                    path,
                    Message("{column} holds {mark!r}, which is no word; take it out").format(
                        column=column, mark=mark
                    ),
                    row,
                )
        if not key:
            continue
        code = values[key[0]]
        if key[0] != "codelist" and not CODE.fullmatch(code):
            raise _wrong(
                path,
                Message(
                    "{code!r} is no code; write capital letters without accents (A to Z) and digits"
                ).format(code=code),
                row,
            )
        place = tuple(values[column] for column in key)
        if place in seen:
            raise _wrong(
                path,
                Message("{place} stands already in row {row}; keep one").format(
                    place=", ".join(place), row=seen[place]
                ),
                row,
            )
        seen[place] = row


def _roles(agencies: pd.DataFrame) -> dict[str, str]:
    path = Path("data/council/agencies.csv")
    found: dict[str, str] = {}
    named = zip(agencies.index, agencies["code"], agencies["role"], strict=True)
    for row, code, role in (
        (row, code, role) for row, code, roles in named for role in roles.split()
    ):
        if role not in ROLES:
            raise _wrong(
                path,
                Message("the role {role!r} is not one of {roles}").format(
                    role=role, roles=", ".join(ROLES)
                ),
                row,
            )
        if role in found:
            raise _wrong(
                path,
                Message("{agency} has the role {role} already; keep one").format(
                    agency=found[role], role=role
                ),
                row,
            )
        found[role] = code
    missing = [role for role in ROLES if role not in found]
    if missing:
        raise _wrong(
            path, Message("no agency has the role {role}; give it to one").format(role=missing[0])
        )
    return found


def _check_open(codes: pd.DataFrame) -> None:
    for row, name in codes["codelist"].items():
        if name not in OPEN:
            raise wrong_entry(
                "codes",
                Message(
                    "{name!r} is no list that codes can be added to; write one of {lists}"
                ).format(name=name, lists=", ".join(OPEN)),
                int(str(row)),
            )


def _check_languages(agencies: pd.DataFrame) -> None:
    """`lang`, if there is such a column: the language in which an agency is written to."""
    for row, lang in agencies["lang"].items() if "lang" in agencies else []:
        if lang and lang not in languages():
            raise _wrong(
                Path("data/council/agencies.csv"),
                Message(
                    "the language {lang!r} has no catalogue; write one of {languages}, or nothing for the reports' language"
                ).format(lang=lang, languages=", ".join(languages())),
                int(str(row)),
            )


def _check_tiles(districts: pd.DataFrame) -> None:
    taken: dict[tuple[str, str], str] = {}
    for row, code, *tile in zip(
        districts.index,
        districts["code"],
        districts["tile_column"],
        districts["tile_row"],
        strict=True,
    ):
        if tile == ["", ""]:
            continue
        if not all(number.isascii() and number.isdigit() for number in tile):
            raise _wrong(
                Path("data/council/districts.csv"),
                Message("the tile of {code} is no pair of whole numbers").format(code=code),
                row,
            )
        other = taken.setdefault((tile[0], tile[1]), code)
        if other != code:
            raise _wrong(
                Path("data/council/districts.csv"),
                Message("{code} has the tile of {other}; give it another").format(
                    code=code, other=other
                ),
                row,
            )


def districts_on_the_map(districts: pd.DataFrame, lang: str = "en") -> list[dict[str, Any]]:
    """The districts that have a tile, north to south: code, name and tile (column, row)."""
    placed = districts[districts["tile_column"] != ""]
    rows = [
        {"code": code, "name": name, "tile": (int(column), int(row))}
        for code, name, column, row in zip(
            placed["code"],
            placed[f"label_{lang}"],
            placed["tile_column"],
            placed["tile_row"],
            strict=True,
        )
    ]
    return sorted(rows, key=lambda row: (row["tile"][1], row["tile"][0]))


def load_partners(project: Project) -> pd.DataFrame:
    """The organisations that work with the Council: code, labels, types, support, source."""
    return read_council_list(project, "partners")


def _fingerprint(project: Project, prefix: str) -> str:
    """What of the officer's room decides how a row is read."""
    whole = hashlib.sha256(prefix.encode())
    for name in sorted([*LISTS.values(), "codes", "spellings", "labels"]):
        whole.update((project.council / f"{name}.csv").read_bytes().replace(b"\r\n", b"\n"))
    return whole.hexdigest()


def wrong_entry(name: str, what: str, row: int | None = None) -> InputError:
    """An error about an entry of a table of `data/council/`."""
    return InputError(what, file=f"data/council/{name}.csv", row=row)


def _wrong(path: Path, what: str, row: int | None = None) -> InputError:
    return InputError(what, file="/".join(path.parts[-3:]), row=row)
