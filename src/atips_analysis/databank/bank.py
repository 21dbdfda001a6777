"""Reading an edition: the frames of its streams, checked against the manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.databank.edition import KEPT, LATEST, RETURN, Edition, show
from atips_analysis.databank.storage import read_parquet, sha256_of
from atips_analysis.errors import InputError


@dataclass(frozen=True)
class DataBank:
    """One edition of a data bank, for reading. Its rows are confidential.

    `bank.victims(year=2024, district="UNK")` and the like read a stream: `year` is the year
    that the rows report on (the stream's own year, or else the year of the return) or several
    years; every other name is a column and the value or values that it must have.
    """

    about: Edition

    @property
    def edition(self) -> str:
        """The edition's name, which baselines and reports cite."""
        return self.about.name

    @property
    def folder(self) -> Path:
        return self.about.folder

    @property
    def manifest(self) -> dict[str, Any]:
        return self.about.manifest

    @property
    def simulated(self) -> bool:
        """Whether any row is simulated; all that is made from it must then say so."""
        return self.about.simulated

    @property
    def account(self) -> pd.DataFrame:
        """The account of rows: a line for each file, sheet and stream."""
        return self.about.account

    @property
    def years(self) -> tuple[int, ...]:
        """The years that current files report on, in order."""
        files = self.manifest["files"]
        return tuple(
            sorted({int(file["submitted_for"]) for file in files if file["state"] == "current"})
        )

    def frame(self, stream: str) -> pd.DataFrame:
        """The accepted rows of a stream, typed, with file, sheet, row and who sent them."""
        load_codebook().stream(stream)
        return self._read(f"{stream}.parquet")

    def kept(self, table: str) -> pd.DataFrame:
        """What an edition keeps besides the accepted rows.

        `quarantine`, `duplicates` (rows of all streams, as text), `findings`, `changes`,
        `files`, `headers` or `returns` (what was owed by month, and what became of it).
        """
        if table not in KEPT:
            raise InputError(f"table {table!r} is not one of {', '.join(KEPT)}")
        if table == "returns" and "returns.parquet" not in self.manifest["parquet"]:
            return pd.DataFrame(columns=RETURN, dtype="str")  # written before there was a register
        return self._read(f"{table}.parquet")

    def nil_returns(self) -> pd.DataFrame:
        """submitted_by, submitted_for, stream: nothing to report, said so on the cover.

        A true zero; a stream that an agency neither sent nor ticked is missing, not zero.
        """
        account = self.account
        nil = account[account["nil_return"] & (account["read"] == 0)]
        return nil[["submitted_by", "submitted_for", "stream"]].drop_duplicates(ignore_index=True)

    def read(
        self, stream: str, *, year: int | Iterable[int] | None = None, **values: Any
    ) -> pd.DataFrame:
        """The accepted rows of a stream for a year or years and for values of its columns."""
        rows = self.frame(stream)
        wanted = dict(values)
        if year is not None:
            wanted[year_column(stream)] = year
        for name, value in wanted.items():
            if name not in rows:
                raise InputError(
                    f"stream {stream} has no column {name!r}; it has {', '.join(rows.columns)}"
                )
            several = not isinstance(value, str) and isinstance(value, Iterable)
            rows = rows[rows[name].isin(list(value) if several else [value])]
        return rows.reset_index(drop=True)

    def __getattr__(self, name: str) -> Callable[..., pd.DataFrame]:
        if name in load_codebook().streams:
            return partial(self.read, name)
        raise AttributeError(f"a data bank has no stream or attribute {name!r}")

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *load_codebook().streams})

    def _read(self, file: str) -> pd.DataFrame:
        path = self.folder / file
        if not path.is_file() or sha256_of(path) != self.manifest["parquet"].get(file):
            raise InputError(
                f"edition {self.edition} is damaged ({file} is not what was written); "
                "move the folder away and consolidate again",
                file=self.folder,
            )
        return read_parquet(path)


def open_databank(path: Path | str, edition: str = LATEST) -> DataBank:
    """Open an edition of the data bank at `path`, by name, its first letters, or `latest`.

    The files are plain Parquet; SQL needs nothing of ours. With DuckDB installed (it is not a
    dependency), in one line::

        duckdb.sql("SELECT sex, count(DISTINCT victim_id) FROM 'data/databank/editions/NAME/victims.parquet' GROUP BY sex")

    Raises InputError if there is no such edition; the line lists those there are.
    """
    return DataBank(show(Path(path), edition))


def year_column(stream: str) -> str:
    """The column that says which year a row reports on."""
    columns = load_codebook().stream(stream).columns
    return next((column.name for column in columns if column.type == "year"), "submitted_for")
