"""A frame of the researcher's API as a table of a page: labels for codes, marks for statuses."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import dimensions, load_codebook
from atips_analysis.pages.numbers import Cell, format_interval

STATISTIC = {"percent": "%", "rate": "per 100,000", "median": "median", "ratio": "ratio"}


def shown_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns: what is counted, period, each dimension in words, value, interval."""
    units = load_codebook().codelist("unit_of_count")
    by = [name for name in frame.columns if name in dimensions()]
    rows = []
    for row in frame.to_dict("records"):
        unit = units.label(row["unit_of_count"]) if row["unit_of_count"] else ""
        more = STATISTIC.get(row["statistic"], "")
        value = None if pd.isna(row["value"]) else float(row["value"])
        rows.append(
            [
                f"{unit} ({more})" if more else unit,
                str(row["period"]),
                *[label(name, str(row[name])) for name in by],
                Cell(value, str(row["status"])),
                format_interval(row["ci_low"], row["ci_high"]),
            ]
        )
    labels = [load_codebook().dimension(name).label() for name in by]
    heads = [label[:1].upper() + label[1:] for label in labels]
    return pd.DataFrame(rows, columns=["What", "Period", *heads, "Value", "95 % interval"])


def label(dimension: str, code: str) -> str:
    """What a category is called in English."""
    if code == "Total":
        return "Total"
    return load_codebook().dimension(dimension).category(code)
