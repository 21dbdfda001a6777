"""How a number is cited: what it is, of which edition, by which code, out of which table."""

from __future__ import annotations

import hashlib

import pandas as pd

from atips_analysis import __version__
from atips_analysis.codebook import dimensions
from atips_analysis.errors import InputError
from atips_analysis.files import frame_csv
from atips_analysis.indicators.place import TOTAL
from atips_analysis.project import commit_of_code

HASH = "sha256"


def table_hash(table: pd.DataFrame) -> str:
    """SHA-256 of a table as CSV (UTF-8, Unix line ends, no index)."""
    text = frame_csv(table)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def cite(row: pd.Series, table: pd.DataFrame | None = None) -> str:
    """A number's citation: indicator and place, edition, version with its commit, table.

    Parameters
    ----------
    row : Series
        A row of a frame that `atips.indicator` or `atips.public_table` gave, such as
        ``frame.iloc[0]``.
    table : DataFrame, optional
        The frame that it is a row of, where the row does not remember it.

    Returns
    -------
    str
        One line. The hash is of the table as CSV; of a published table it is the SHA-256 of
        ``indicators.csv``, which the manifest and the pack name too.

    Raises
    ------
    InputError
        If the row has no indicator, or nothing tells which table it is of.
    """
    if not isinstance(row, pd.Series) or "indicator_id" not in row:
        raise InputError("give a row of an indicator's frame, such as frame.iloc[0]")
    about = dict(row.attrs) | ({} if table is None else dict(table.attrs))
    if HASH not in about and table is None:
        raise InputError("which table the row is of is not known; write atips.cite(row, frame)")
    digest = about.get(HASH) or table_hash(table)
    place = [f"{name} {row[name]}" for name in dimensions() if row.get(name, TOTAL) != TOTAL]
    measured = f"{row['unit_of_count']} {row['statistic']}".lower()
    what = ", ".join([str(row["indicator_id"]), measured, str(row["period"]), *place])
    simulated = " (simulated records)" if row.get("source") == "simulated" else ""
    return (
        f"{what}. Data bank, edition {row['vintage']}{simulated}. atips-analysis {__version__}, "
        f"commit {commit_of_code()}. Table {HASH} {digest}."
    )
