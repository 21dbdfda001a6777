"""Indicator tables as files of Stata, which R, SPSS and SAS read too, with labels in words."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd

from atips_analysis.codebook import dimensions
from atips_analysis.indicators.long_table import LONG
from atips_analysis.pages.answer_tables import label

SAME_FOR_EVER = datetime(2000, 1, 1)
NUMBERS = ("value", "n", "numerator", "denominator", "ci_low", "ci_high")
LONGEST_LABEL = 80


def write_stata(table: pd.DataFrame, path: Path | str) -> Path:
    """Write an indicator table, wide or long, as a Stata file (version 118, Stata 14 or later).

    Parameters
    ----------
    table : DataFrame
        Of `atips.indicator`, `atips.public_table` or `atips.long_table`.
    path : path
        Ends in ``.dta``.

    Returns
    -------
    Path
        The file. Columns carry labels; dimensions are whole numbers with value labels such as
        "F: Female"; hidden and unknown numbers are Stata's missing value. The data label names
        the edition, and says where records are simulated. The same table gives the same bytes.
    """
    file = Path(path)
    frame = table.reset_index(drop=True)
    values = {name: _labelled(name, frame[name]) for name in frame if name in dimensions()}
    columns = {}
    for name in frame.columns:
        if name in values:
            columns[name] = values[name]
        elif name in NUMBERS:
            columns[name] = frame[name].astype("Float64").astype("float64")
        else:
            columns[name] = frame[name].astype("object").where(frame[name].notna(), "").astype(str)
    words = {name: LONG.get(name, name.replace("_", " ")) for name in columns}
    pd.DataFrame(columns).to_stata(
        file,
        write_index=False,
        version=118,
        time_stamp=SAME_FOR_EVER,
        data_label=_data_label(frame),
        variable_labels={name: _short(text) for name, text in words.items()},
    )
    return file


def _labelled(dimension: str, codes: pd.Series) -> pd.Series:
    """Codes as a category of words: a code alone where no label is known."""
    known = list(dict.fromkeys(codes.astype(str)))
    known.sort(key=lambda code: (code != "Total", code))
    words = {code: _code_and_label(dimension, code) for code in known}
    return codes.astype(str).map(words).astype(pd.CategoricalDtype([words[code] for code in known]))


def _code_and_label(dimension: str, code: str) -> str:
    text = label(dimension, code)
    return code if text == code else f"{code}: {text}"


def _data_label(frame: pd.DataFrame) -> str:
    editions = " ".join(sorted(set(frame.get("vintage", pd.Series(dtype=str)).astype(str))))
    simulated = "simulated" in set(frame.get("source", ()))
    return _short(f"edition {editions}{', SIMULATED records' if simulated else ''}")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1].rstrip() + "…"
