"""A frame of the researcher's API as a table of a page: labels for codes, marks for statuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from atips_analysis.codebook import dimensions, load_codebook
from atips_analysis.pages.numbers import Cell, format_interval

STATISTIC = {"percent": "%", "rate": "per 100,000", "median": "median", "ratio": "ratio"}


def is_indicator_table(frame: pd.DataFrame) -> bool:
    """Whether a frame has what `shown_table` reads: one of the researcher's API, or a whole one."""
    needed = {"unit_of_count", "statistic", "period", "value", "status", "numerator", "denominator"}
    return needed <= set(frame.columns)


def shown_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns: what is counted, period, each dimension in words, value, n, interval.

    Dimensions that no row is broken down by are left out, and n where every number is a count.
    """
    units = load_codebook().codelist("unit_of_count")
    by = [name for name in frame.columns if name in dimensions()]
    rows = []
    for row in frame.to_dict("records"):
        unit = units.label(row["unit_of_count"]) if row["unit_of_count"] else ""
        more = STATISTIC.get(row["statistic"], "")
        rows.append(
            [
                f"{unit} ({more})" if more else unit,
                str(row["period"]),
                *[label(name, str(row[name])) for name in by],
                Cell.of(row),
                _of_how_many(row),
                format_interval(row["ci_low"], row["ci_high"]),
            ]
        )
    labels = [load_codebook().dimension(name).label() for name in by]
    heads = [label[:1].upper() + label[1:] for label in labels]
    shown = pd.DataFrame(
        rows, columns=["What", "Period", *heads, "Value", "n", "95 % interval"], dtype=object
    )
    return shown if shown["n"].notna().any() else shown.drop(columns="n")


def _of_how_many(row: Mapping[str, Any]) -> int | None:
    """What a number is of; a rate is of the count behind it, and a count of itself."""
    behind = {"count": None, "rate": row["numerator"]}.get(row["statistic"], row["denominator"])
    return None if behind is None or pd.isna(behind) else round(float(behind))


def label(dimension: str, code: str) -> str:
    """What a category is called in English."""
    if code == "Total":
        return "Total"
    return load_codebook().dimension(dimension).category(code)
