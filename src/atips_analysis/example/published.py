"""The published totals that the simulated submissions are made to meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from atips_analysis.errors import InputError

FIGURES = "atips_report_2024_figures.csv"
UNODC = "unodc_glotip_belize_2025-10-28.csv"
LABOUR = "us_dol_labour_enforcement_belize.csv"

TRAINING_FIGURES = {
    "DEFENCE": "PRV-01",
    "TOURISM": "PRV-02",
    "NGO_IO": "PRV-03",
    "LIQUOR": "PRV-04",
    "TEACHERS": "PRV-05",
    "RANGERS": "PRV-06",
    "POLICE": "PRV-07",
}
"""Audience of the training table to the identifier of its figure."""


@dataclass(frozen=True)
class PublishedTotals:
    """Published totals that a stream can carry, as printed.

    `figures` are those of the 2024 report by identifier. The others are by year: UNODC's
    detected victims, offences and persons brought into formal contact (in all and men), and the
    labour inspections that the US Department of Labor prints.
    """

    figures: Mapping[str, int]
    detected: Mapping[int, int]
    offences: Mapping[int, int]
    contacts: Mapping[int, int]
    contacts_men: Mapping[int, int]
    inspections: Mapping[int, int]

    @property
    def trained(self) -> dict[str, int]:
        """Participants of the 2024 training table by audience."""
        return {audience: self.figures[name] for audience, name in TRAINING_FIGURES.items()}


def read_published_totals(folder: Path) -> PublishedTotals:
    """Read the totals from the published tables in `folder`.

    Raises
    ------
    InputError
        If a table is not there.
    """
    figures = _table(folder, FIGURES)
    unodc = _table(folder, UNODC)
    labour = _table(folder, LABOUR)
    inspections = labour[(labour["indicator"] == "labour_inspections") & (labour["value"] != "")]
    return PublishedTotals(
        figures={
            row["figure_id"]: int(row["value"])
            for row in figures.to_dict("records")
            if row["value"].isdigit()
        },
        detected=_unodc(unodc, "Detected trafficking victims"),
        offences=_unodc(unodc, "Offences of trafficking in persons"),
        contacts=_unodc(unodc, "Persons brought into formal contact"),
        contacts_men=_unodc(
            unodc, "Persons brought into formal contact", sex="Male", age="18 years or over"
        ),
        inspections={
            int(row["period_start"][:4]): int(row["value"].replace(",", ""))
            for row in inspections.to_dict("records")
        },
    )


def _unodc(
    table: pd.DataFrame, indicator: str, *, sex: str = "Total", age: str = "Total"
) -> dict[int, int]:
    """Year to value of the cells that are printed as numbers."""
    rows = table[
        (table["Indicator"] == indicator)
        & (table["Dimension"] == "Total")
        & (table["Sex"] == sex)
        & (table["Age"] == age)
        & table["txtVALUE"].str.fullmatch(r"\d+")
    ]
    return {
        int(year): int(value) for year, value in zip(rows["Year"], rows["txtVALUE"], strict=True)
    }


def _table(folder: Path, name: str) -> pd.DataFrame:
    path = folder / name
    if not path.is_file():
        raise InputError(
            "this published table is needed to make the example; restore it from the repository",
            file=f"{folder.name}/{name}",
        )
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
