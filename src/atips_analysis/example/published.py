"""The published totals that the simulated submissions are made to meet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from atips_analysis.errors import InputError

FIGURES = "*_report_*_figures.csv"
UNODC = "unodc_glotip_*.csv"
LABOUR = "us_dol_labour_enforcement_*.csv"
FIGURE = re.compile(r"(unodc-men:|unodc:|dol:)?(.+?)(?: ([+-]) (\S+))?")


@dataclass(frozen=True)
class PublishedTotals:
    """Published totals that a stream can carry, as printed.

    `figures` are those of the Council's report by identifier; `unodc` and `unodc_men` (adults)
    by indicator and year, of the newest file; `labour` by indicator and year.
    """

    figures: Mapping[str, int] = field(default_factory=dict)
    unodc: Mapping[tuple[str, int], int] = field(default_factory=dict)
    unodc_men: Mapping[tuple[str, int], int] = field(default_factory=dict)
    labour: Mapping[tuple[str, int], int] = field(default_factory=dict)

    def of(self, figure: str, year: int) -> int:
        """What a figure comes to: ``PRS-01``, ``PRV-04 - NGO-04``, ``unodc:Persons prosecuted``.

        Raises KeyError if no published table has it for the year.
        """
        match = FIGURE.fullmatch(figure)
        if match is None:
            raise KeyError(figure)
        source, name, sign, other = match.groups()
        tables = {"unodc:": self.unodc, "unodc-men:": self.unodc_men, "dol:": self.labour}
        first = tables[source][name, year] if source else self.figures[name]
        if sign is None:
            return first
        second = int(other) if other.isdigit() else self.figures[other]
        return first + second if sign == "+" else first - second


def read_published_totals(folder: Path) -> PublishedTotals:
    """Read the totals from the published tables in `folder`; what is not there has no totals."""
    unodc = _table(folder, UNODC)
    return PublishedTotals(
        figures={
            row["figure_id"]: int(row["value"])
            for row in _table(folder, FIGURES).to_dict("records")
            if row["value"].isdigit()
        },
        unodc=_unodc(unodc),
        unodc_men=_unodc(unodc, sex="Male", age="18 years or over"),
        labour={
            (row["indicator"], int(row["period_start"][:4])): int(row["value"].replace(",", ""))
            for row in _table(folder, LABOUR).to_dict("records")
            if row["value"].replace(",", "").isdigit()
        },
    )


def _unodc(
    table: pd.DataFrame, *, sex: str = "Total", age: str = "Total"
) -> dict[tuple[str, int], int]:
    """Indicator and year to value of the cells that are printed as numbers."""
    if table.empty:
        return {}
    rows = table[
        (table["Dimension"] == "Total")
        & (table["Sex"] == sex)
        & (table["Age"] == age)
        & table["txtVALUE"].str.fullmatch(r"\d+")
    ]
    return {
        (indicator, int(year)): int(value)
        for indicator, year, value in zip(
            rows["Indicator"], rows["Year"], rows["txtVALUE"], strict=True
        )
    }


def _table(folder: Path, pattern: str) -> pd.DataFrame:
    """The newest file of a kind, by its name."""
    paths = sorted(folder.glob(pattern))
    if not paths:
        return pd.DataFrame()
    try:
        return pd.read_csv(paths[-1], dtype=str, keep_default_na=False, encoding="utf-8")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(
            "cannot be read as CSV in UTF-8; restore it", file=f"data/published/{paths[-1].name}"
        ) from error
