"""The one loader of the codebook's tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

import pandas as pd

from atips_analysis.codebook.spelling import fold
from atips_analysis.codebook.synonyms import (
    HeaderMatch,
    header_spellings,
    near_spelling,
    unknown_code,
    value_spellings,
)
from atips_analysis.errors import InputError
from atips_analysis.words import by_language, in_language
from atips_analysis.words.catalogues import SOURCE

ColumnType = Literal["id", "year", "month", "bool", "code", "codes", "count", "age"]
HERE = Path(__file__).parent


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

    def _labels(self, lang: str) -> str:
        column = f"label_{lang}"
        if column not in self.table:
            raise InputError(
                f"no labels in language {lang}; add column {column}",
                file=f"codelists/{self.name}.csv",
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
    `categories`: labels of categories that only indicators have; `crosswalk`: our variables against IC-TIP's entities, CTDC, HTCDS, GLOTIP.
    """

    streams: dict[str, Stream]
    codelists: dict[str, CodeList]
    spellings: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    headers: dict[str, dict[str, HeaderMatch]] = field(default_factory=dict, repr=False)
    stream_spellings: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    crosswalk: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    categories: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)

    def own_labels(self, dimension: str, lang: str = SOURCE) -> dict[str, str]:
        """Code to label of categories of the indicators that no code list has, or calls otherwise."""
        column = f"label_{lang}"
        if column not in self.categories:
            raise InputError(
                f"no labels in language {lang}; add column {column}", file="categories.csv"
            )
        own = self.categories[self.categories["dimension"] == dimension]
        return dict(zip(own["code"], own[column], strict=True))

    def own_order(self, dimension: str) -> tuple[str, ...]:
        """The order of a dimension's categories where no code list gives it; else nothing."""
        own = self.categories[self.categories["dimension"] == dimension]
        ordered = own[own["order"] != ""].sort_values("order", key=lambda order: order.astype(int))
        return tuple(ordered["code"])

    def stream(self, name: str) -> Stream:
        if name not in self.streams:
            raise InputError(f"stream {name!r} is not one of {', '.join(self.streams)}")
        return self.streams[name]

    def codelist(self, name: str) -> CodeList:
        if name not in self.codelists:
            raise InputError(f"code list {name!r} is not one of {', '.join(self.codelists)}")
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


@lru_cache(maxsize=1)
def load_codebook() -> Codebook:
    """The codebook that ships with the package."""
    columns = read_table(HERE / "columns.csv")
    streams = {}
    for row in read_table(HERE / "streams.csv").to_dict("records"):
        own = columns[columns["stream"] == row["stream"]]
        streams[row["stream"]] = Stream(
            name=row["stream"],
            labels=by_language(row, "label"),
            unit=row["unit"],
            tables=row["tables"],
            sent_by=tuple(row["sent_by"].split()),
            about_persons=row["about_persons"] == "yes",
            columns=tuple(_column(item) for item in own.to_dict("records")),
        )
    lists = {
        path.stem: CodeList(path.stem, read_table(path))
        for path in sorted((HERE / "codelists").glob("*.csv"))
    }
    extra = lists.pop("service_type_extra", None)
    if extra is not None:
        both = pd.concat([lists["service_type"].table, extra.table], ignore_index=True)
        lists["service_type"] = CodeList("service_type", both.fillna(""))
    return Codebook(
        streams,
        lists,
        spellings=value_spellings(
            {name: codelist.table for name, codelist in lists.items()},
            read_table(HERE / "synonyms" / "values.csv"),
        ),
        headers=header_spellings(columns, read_table(HERE / "synonyms" / "headers.csv")),
        stream_spellings=_stream_spellings(streams),
        crosswalk=read_table(HERE / "crosswalk.csv"),
        categories=read_table(HERE / "categories.csv"),
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
    """A table of the codebook, every value as text: `NA` and `None` are codes here, not blanks."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")


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
