"""A frame of the researcher's API as a table of a page: labels for codes, marks for statuses."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators import DIMENSIONS
from atips_analysis.pages.known_names import CODELIST
from atips_analysis.pages.numbers import Cell, format_interval

STATISTIC = {"percent": "%", "rate": "per 100,000", "median": "median", "ratio": "ratio"}


def shown_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns: what is counted, period, each dimension in words, value, interval."""
    units = load_codebook().codelist("unit_of_count")
    dimensions = [name for name in frame.columns if name in DIMENSIONS]
    rows = []
    for row in frame.to_dict("records"):
        unit = units.label(row["unit_of_count"]) if row["unit_of_count"] else ""
        more = STATISTIC.get(row["statistic"], "")
        value = None if pd.isna(row["value"]) else float(row["value"])
        rows.append(
            [
                f"{unit} ({more})" if more else unit,
                str(row["period"]),
                *[label(name, str(row[name])) for name in dimensions],
                Cell(value, str(row["status"])),
                format_interval(row["ci_low"], row["ci_high"]),
            ]
        )
    heads = [name.replace("_", " ").capitalize() for name in dimensions]
    return pd.DataFrame(rows, columns=["What", "Period", *heads, "Value", "95 % interval"])


def label(dimension: str, code: str) -> str:
    """What a category is called in English."""
    if code == "Total":
        return "Total"
    own = load_codebook().own_labels(dimension).get(code)
    if own:
        return own
    return load_codebook().codelist(CODELIST.get(dimension, dimension)).label(code, "en")
