"""Yearly series that others print, from the rows of `external_series`."""

from __future__ import annotations

import pandas as pd

from atips_analysis.pages.numbers import published_cell
from atips_analysis.published import external


def published_series(
    rows: pd.DataFrame, name: str, label: str, *, confidence: str | None = None
) -> pd.DataFrame:
    """One published series by calendar year, as its newest vintage prints it; totals alone.

    Parameters
    ----------
    rows : DataFrame
        Of `external_series`.
    name, label : str
        The series there, and what the page calls it.
    confidence : str, optional
        Only figures read so, such as ``read_in_source``.

    Returns
    -------
    DataFrame
        indicator (blank), series, year, value (missing where its publisher hides it), status,
        cell. A year without any number in print is left out; a hidden one is not.
    """
    frame = external.yearly_figures(rows, name, confidence).assign(indicator="", series=label)
    values = zip(frame["value"], frame["status"], strict=True)
    frame["cell"] = [
        published_cell(None if pd.isna(one) else float(one), status) for one, status in values
    ]
    return frame[["indicator", "series", "year", "value", "status", "cell"]]
