"""The one loader of the codebook's tables."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

import pandas as pd

from atips_analysis.codebook.council import LISTS, Council, read_council, wrong_entry
from atips_analysis.codebook.dimension_table import FILE as DIMENSIONS_FILE
from atips_analysis.codebook.dimension_table import (
    MERGED,
    MERGED_COLUMNS,
    Dimension,
    dimensions_of,
    with_merged,
)
from atips_analysis.codebook.spelling import fold
from atips_analysis.codebook.synonyms import (
    HeaderMatch,
    header_spellings,
    label_columns,
    near_spelling,
    unknown_code,
    value_spellings,
)
from atips_analysis.errors import InputError
from atips_analysis.project import Project, find_registers
from atips_analysis.words import by_language, in_language
from atips_analysis.words.catalogues import SOURCE
from atips_analysis.words.said import Message

ColumnType = Literal["id", "year", "month", "bool", "code", "codes", "count", "age"]
HERE = Path(__file__).parent
LAST = ("OTHER", "UNKNOWN", "NOT_SPECIFIED")
"""Codes that end a list."""


@dataclass(frozen=True)
class Column:
    """A column of a stream.

    `type` is one of id, year (yyyy), month (yyyy-mm), bool (yes/no), code (one code of
    `codelist`), codes (codes separated by semicolons), count (whole number from 0) and age
    (0 to 110). `key` columns together name a row within one agency's return for one year.
    """

    stream: str
    name: str
    type: ColumnType
    codelist: str
    required: bool
    key: bool
    sensitivity: str
    maps_to: str
    labels: Mapping[str, str] = field(hash=False)
    helps: Mapping[str, str] = field(hash=False)

    @property
    def label_en(self) -> str:
        return self.labels[SOURCE]

    def label(self, lang: str = SOURCE) -> str:
        return str(in_language(self.labels, lang, f"label of column {self.name}", "columns.csv"))

    def help(self, lang: str = SOURCE) -> str:
        return str(in_language(self.helps, lang, f"help of column {self.name}", "columns.csv"))


@dataclass(frozen=True)
class Stream:
    """A stream: one kind of row that agencies send."""

    name: str
    labels: Mapping[str, str] = field(hash=False)
    unit: str
    tables: str
    sent_by: tuple[str, ...]
    about_persons: bool
    columns: tuple[Column, ...]

    @property
    def label_en(self) -> str:
        return self.labels[SOURCE]

    def label(self, lang: str = SOURCE) -> str:
        return str(in_language(self.labels, lang, f"label of stream {self.name}", "streams.csv"))

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.key)

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"stream {self.name} has no column {name}")


@dataclass(frozen=True)
class CodeList:
    """A code list: a table with `code`, a label a language and what else the list needs."""

    name: str
    table: pd.DataFrame

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that a row may carry, in the list's order.

        Parents that only group others (`selectable` = no) and the total of tables are left out.
        """
        table = self.table
        if "selectable" in table:
            table = table[table["selectable"] == "yes"]
        return tuple(code for code in table["code"] if not (self.name == "sex" and code == "T"))

    def label(self, code: str, lang: str = SOURCE) -> str:
        """The label of `code`; a code that the list lacks is returned as it is."""
        hit = self.table.loc[self.table["code"] == code, self._labels(lang)]
        return str(hit.iloc[0]) if len(hit) else code

    def labels(self, lang: str = SOURCE) -> dict[str, str]:
        """Code to label, of every code of the list."""
        return self.attribute(self._labels(lang))

    @property
    def file(self) -> str:
        """Where the list stands: in the package, or in the officer's room."""
        own = LISTS.get(self.name)
        return f"data/council/{own}.csv" if own else f"codelists/{self.name}.csv"

    def _labels(self, lang: str) -> str:
        column = f"label_{lang}"
        if column not in self.table:
            raise InputError(
                Message("no labels in language {lang}; add column {column}").format(
                    lang=lang, column=column
                ),
                file=self.file,
            )
        return column

    def attribute(self, name: str) -> dict[str, str]:
        """Code to the value of another column of the list."""
        return dict(zip(self.table["code"], self.table[name], strict=True))


@dataclass(frozen=True)
class Codebook:
    """All streams and code lists, with the spellings that are accepted for them.

    `spellings`: code list (and `yes_no`) to folded spelling to code; `headers`: stream to folded
    header to column; `stream_spellings`: pairs of a stream's name as written and the stream;
    `dimensions`: what values may be broken down by, in the order of their columns; `crosswalk`: our
    variables against IC-TIP's entities, CTDC, HTCDS, GLOTIP. Of the country: `country` (its ISO 3166-1
    code of three letters), `roles` (the agency that has a role), `case_prefix` (how codes of cases
    begin) and `fingerprint` (a hash of the officer's tables that decide how a row is read).
    """

    streams: dict[str, Stream]
    codelists: dict[str, CodeList]
    spellings: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    headers: dict[str, dict[str, HeaderMatch]] = field(default_factory=dict, repr=False)
    stream_spellings: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    crosswalk: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    dimensions: dict[str, Dimension] = field(default_factory=dict, repr=False)
    country: str = ""
    roles: Mapping[str, str] = field(default_factory=dict, repr=False)
    case_prefix: str = ""
    fingerprint: str = ""

    @property
    def case_pattern(self) -> str:
        """The regular expression of a code of a case: the prefix, the year, the number."""
        return rf"^{self.case_prefix}-\d{{4}}-\d{{4,}}$"

    @cached_property
    def proper_names(self) -> frozenset[str]:
        """First words of the names of the country and of its districts, in every language."""
        districts = self.codelist("district").table
        own = self.codelist("country_iso3").table
        named = pd.concat(
            [districts[districts["tile_column"] != ""], own[own["code"] == self.country]]
        )
        columns = label_columns(named)
        return frozenset(name.split()[0] for column in columns for name in named[column] if name)

    def agency(self, role: str) -> str:
        """The code of the agency that has a role: police, care, prosecution or courts."""
        return self.roles[role]

    def dimension(self, name: str) -> Dimension:
        if name not in self.dimensions:
            raise InputError(
                Message("{name} is no dimension; its row is missing in {dimensions_file}").format(
                    name=name, dimensions_file=DIMENSIONS_FILE
                )
            )
        return self.dimensions[name]

    def stream(self, name: str) -> Stream:
        if name not in self.streams:
            raise InputError(
                Message("stream {name!r} is not one of {streams}").format(
                    name=name, streams=", ".join(self.streams)
                )
            )
        return self.streams[name]

    def codelist(self, name: str) -> CodeList:
        if name not in self.codelists:
            raise InputError(
                Message("code list {name!r} is not one of {codelists}").format(
                    name=name, codelists=", ".join(self.codelists)
                )
            )
        return self.codelists[name]

    def code_of(self, codelist: str, text: str) -> str | None:
        """The code that `text` is an accepted spelling of; None when it is none (never guessed)."""
        return self.spellings[codelist].get(fold(text))

    def unknown_code(self, codelist: str) -> str | None:
        """The list's code for "not known", or None."""
        return unknown_code(codelist, tuple(self.codelist(codelist).table["code"]))

    def column_of(self, stream: str, header: str) -> HeaderMatch | None:
        """The column of `stream` that `header` names by its name, label or a listed synonym."""
        return self.headers[stream].get(fold(header))

    def column_near(self, stream: str, header: str) -> HeaderMatch | None:
        """The column of `stream` whose spelling is all but `header`; None in doubt."""
        return near_spelling(header, self.headers[stream])


def dimensions() -> tuple[str, ...]:
    """The names of all dimensions, in the order of their columns in a table of indicators."""
    return tuple(load_codebook().dimensions)


def load_codebook(project: Project | None = None) -> Codebook:
    """The codebook of a project (default: the one around the working folder).

    What the package says of streams, columns and codes, with the country's own lists, spellings
    and labels from `data/council/`; outside a project, from the files that came with the package.

    Raises InputError if an entry of `data/council/` is wrong; one line with file, row and what to
    do.
    """
    return _load((project or find_registers()).root)


@lru_cache(maxsize=8)
def _load(root: Path) -> Codebook:
    project = Project(root)
    council, country = read_council(project), project.profile["country"]
    columns = read_table(HERE / "columns.csv")
    for lang in label_languages(columns):
        columns[f"help_{lang}"] = columns[f"help_{lang}"].str.replace(
            "{case_prefix}", council.case_prefix, regex=False
        )
    streams = _streams(columns, council)
    lists = _lists(council, country)
    _check_languages(lists, project.profile["languages"])
    own = council.spellings
    _check_entries("spellings", own, lists)
    packaged = read_table(HERE / "synonyms" / "values.csv")
    return Codebook(
        streams,
        lists,
        spellings=value_spellings(
            {name: codelist.table for name, codelist in lists.items()},
            pd.concat([packaged, own], ignore_index=True),
        ),
        headers=header_spellings(columns, read_table(HERE / "synonyms" / "headers.csv")),
        stream_spellings=_stream_spellings(streams),
        crosswalk=read_table(HERE / "crosswalk.csv"),
        dimensions=with_merged(
            dimensions_of(
                read_table(HERE / "dimensions.csv"),
                {name: codelist.table for name, codelist in lists.items()},
                read_table(HERE / "categories.csv"),
            ),
            _merged_categories(project),
            country["iso3"],
        ),
        country=country["iso3"],
        roles=council.roles,
        case_prefix=council.case_prefix,
        fingerprint=council.fingerprint,
    )


def label_languages(table: pd.DataFrame) -> list[str]:
    """The languages in which a table has labels."""
    return [column.removeprefix("label_") for column in label_columns(table)]


def _streams(columns: pd.DataFrame, council: Council) -> dict[str, Stream]:
    rows = read_table(HERE / "streams.csv").to_dict("records")
    agencies = council.lists["source_agency"]
    known = [row["stream"] for row in rows]
    for row, code in zip(agencies.index, agencies["code"], strict=True):
        for name in council.streams[code]:
            if name not in known:
                raise wrong_entry(
                    "agencies",
                    Message("{name!r} is no stream; write one of {known}").format(
                        name=name, known=", ".join(known)
                    ),
                    row,
                )
    return {
        row["stream"]: Stream(
            name=row["stream"],
            labels=by_language(row, "label"),
            unit=row["unit"],
            tables=row["tables"],
            sent_by=tuple(a for a, sent in council.streams.items() if row["stream"] in sent),
            about_persons=row["about_persons"] == "yes",
            columns=tuple(
                _column(item)
                for item in columns[columns["stream"] == row["stream"]].to_dict("records")
            ),
        )
        for row in rows
    }


def _lists(council: Council, country: Mapping[str, str]) -> dict[str, CodeList]:
    tables = {path.stem: read_table(path) for path in sorted((HERE / "codelists").glob("*.csv"))}
    extra = tables.pop("service_type_extra")
    tables["service_type"] = pd.concat([tables["service_type"], extra], ignore_index=True).fillna(
        ""
    )
    _put_own_country(tables, country)
    for name, table in council.lists.items():
        tables[name] = table.reset_index(drop=True)
    _add_codes(tables, council.codes)
    lists = {name: CodeList(name, tables[name]) for name in sorted(tables)}
    _check_entries("labels", council.labels, lists)
    for row, entry in zip(council.labels.index, council.labels.to_dict("records"), strict=True):
        table, column = lists[entry["codelist"]].table, entry["column"]
        if column not in table or column == "code" or not entry["text"].strip():
            raise wrong_entry(
                "labels",
                Message(
                    "{column!r} is no column of {codelist} to put words in, or its text is blank; write one of {label_columns}, and the text"
                ).format(
                    column=column,
                    codelist=entry["codelist"],
                    label_columns=", ".join(label_columns(table)),
                ),
                row,
            )
        table.loc[table["code"] == entry["code"], column] = entry["text"]
    return lists


def _add_codes(tables: dict[str, pd.DataFrame], codes: pd.DataFrame) -> None:
    """What the country adds to lists of the codebook: before "other" and "not known", if they end it."""
    for row, entry in zip(codes.index, codes.to_dict("records"), strict=True):
        table = tables[entry["codelist"]]
        if entry["code"] in set(table["code"]):
            raise wrong_entry(
                "codes",
                Message("{codelist} has {code} already; take the row out").format(
                    codelist=entry["codelist"], code=entry["code"]
                ),
                row,
            )
        for lang in label_languages(table):
            if not entry.get(f"label_{lang}"):
                raise wrong_entry(
                    "codes",
                    Message("label_{lang} is missing; write the label").format(lang=lang),
                    row,
                )
        last = table["code"].isin(LAST)
        new = pd.DataFrame([{column: entry.get(column, "") for column in table}])
        tables[entry["codelist"]] = pd.concat([table[~last], new, table[last]], ignore_index=True)


def _put_own_country(tables: dict[str, pd.DataFrame], country: Mapping[str, str]) -> None:
    """The country in the list of countries, in a group of its own, which stands first."""
    iso3, names = country["iso3"], by_language(country, "name")
    countries, groups = tables["country_iso3"], tables["citizenship_group"]
    labels = {
        f"label_{lang}": names.get(lang, names[SOURCE]) for lang in label_languages(countries)
    }
    if iso3 not in set(countries["code"]):
        new = pd.DataFrame([{"code": iso3, "iso2": country["iso2"], **labels}])
        countries = pd.concat([new, countries], ignore_index=True).fillna("")
    countries.loc[countries["code"] == iso3, "citizenship_group"] = iso3
    own = pd.DataFrame([{"code": iso3, "iso3166_alpha3": iso3, **labels}])
    tables["country_iso3"] = countries
    tables["citizenship_group"] = pd.concat([own, groups], ignore_index=True).fillna("")


def _check_entries(name: str, entries: pd.DataFrame, lists: Mapping[str, CodeList]) -> None:
    """Code lists and codes that a table of the officer names are there."""
    for row, entry in zip(entries.index, entries.to_dict("records"), strict=True):
        codelist = lists.get(entry["codelist"])
        if codelist is None:
            raise wrong_entry(
                name,
                Message("{codelist!r} is no code list; one of {lists}").format(
                    codelist=entry["codelist"], lists=", ".join(lists)
                ),
                row,
            )
        codes = list(codelist.table["code"])
        if entry["code"] not in codes:
            raise wrong_entry(
                name,
                Message("{code!r} is no code of {codelist}; write one of {codes}").format(
                    code=entry["code"], codelist=entry["codelist"], codes=", ".join(codes[:30])
                ),
                row,
            )


def _check_languages(lists: Mapping[str, CodeList], languages: Mapping[str, list[str]]) -> None:
    """The country's lists have labels in every language that reports are written in."""
    for lang in sorted({*languages["reports"], *languages["regional"]}):
        for name, table in LISTS.items():
            if f"label_{lang}" not in lists[name].table:
                raise wrong_entry(
                    table,
                    Message(
                        "the column label_{lang} is missing, and the profile names {lang} among the languages of reports; add it"
                    ).format(lang=lang),
                )


def _stream_spellings(streams: dict[str, Stream]) -> tuple[tuple[str, str], ...]:
    own = [
        (text, stream.name)
        for stream in streams.values()
        for text in (stream.name, *stream.labels.values())
    ]
    listed = read_table(HERE / "synonyms" / "streams.csv")
    return (*own, *zip(listed["spelling"], listed["stream"], strict=True))


def read_table(path: Path) -> pd.DataFrame:
    """A table of the codebook, every value as text: `NA` and `None` are codes here, not blanks.

    Raises InputError if it is no CSV file in UTF-8.
    """
    try:
        return read_saved(path)
    except ValueError as error:  # pandas' own, and of letters
        raise InputError(
            f"cannot be read as a CSV file in UTF-8 ({error}); save it again as CSV UTF-8",
            file=path.name,
        ) from None


def read_saved(path: Path) -> pd.DataFrame:
    """A CSV file as programs save it: semicolons or tabs for commas, blank rows below.

    Every value is text.

    Raises
    ------
    ValueError
        If it is no CSV file in UTF-8; pandas' own.
    """
    text = path.read_text(encoding="utf-8-sig")
    between = max(",;\t", key=text.partition("\n")[0].count)
    table = pd.read_csv(io.StringIO(text), sep=between, dtype=str, keep_default_na=False)
    filled = (table != "").any(axis="columns").to_numpy().nonzero()[0]
    return table.iloc[: int(filled[-1]) + 1 if len(filled) else 0]


def _merged_categories(project: Project) -> pd.DataFrame:
    """The categories that the project's tables merge; none where it has no framework."""
    path = project.root / MERGED
    table = read_table(path) if path.is_file() else pd.DataFrame(columns=list(MERGED_COLUMNS))
    lacking = [name for name in MERGED_COLUMNS if name not in table]
    if lacking:
        raise InputError(
            Message("the column {lacking} is missing; add it").format(lacking=lacking[0]),
            file=MERGED,
        )
    return table


def _column(row: dict[str, str]) -> Column:
    return Column(
        stream=row["stream"],
        name=row["column"],
        type=row["type"],  # type: ignore[arg-type]
        codelist=row["codelist"],
        required=row["required"] == "yes",
        key=row["key"] == "yes",
        sensitivity=row["sensitivity"],
        maps_to=row["maps_to"],
        labels=by_language(row, "label"),
        helps=by_language(row, "help"),
    )
