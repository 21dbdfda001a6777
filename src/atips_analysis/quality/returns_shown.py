"""What became of what is owed, on the terminal: an agency a line, a month a mark."""

from __future__ import annotations

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from atips_analysis.quality.returns_received import State, by_agency

MARKS: dict[State, tuple[str, str]] = {
    "received": ("■", "green"),
    "nil": ("0", "green"),
    "late": ("◪", "yellow"),
    "partial": ("◐", "yellow"),
    "missing": ("·", "bold red"),
    "withdrawn": ("×", "bold red"),
}
"""A mark of a state, which is read without its colour too."""
NOT_OWED = " "


def show_returns(returns: pd.DataFrame, console: Console) -> None:
    """Print states by agency and month, years side by side, and what the marks mean.

    Parameters
    ----------
    returns : DataFrame
        As `returns_by_month` gives it.
    console : Console
        Where to.
    """
    states = by_agency(returns)
    years = sorted(set(states["month"].str[:4]))
    of = {(row["agency"], row["month"]): row["state"] for row in states.to_dict("records")}
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("returns")
    for year in years:
        table.add_column(year, no_wrap=True)
    for agency in sorted({agency for agency, _ in of}):
        table.add_row(agency, *(_year(of, agency, year) for year in years))
    console.print(table)
    found = [state for state in MARKS if state in set(of.values())]
    console.print(Text("  ").join(Text(f"{MARKS[s][0]} {s}", MARKS[s][1]) for s in found))


def _year(of: dict[tuple[str, str], State], agency: str, year: str) -> Text:
    text = Text()
    for month in range(1, 13):
        state = of.get((agency, f"{year}-{month:02d}"))
        mark, style = MARKS[state] if state else (NOT_OWED, "")
        text.append(mark, style)
    return text
