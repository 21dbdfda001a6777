"""What the register of returns does not say: returns that nobody owes, agencies that owe nothing.

Such a return is never missing and never late, so that nobody is told when it stops coming: it is
named, until the register says who owes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

UNIT = ["agency", "stream", "year"]


@dataclass(frozen=True, order=True)
class Beyond:
    """Streams of an agency that came for some years and are owed for none of them."""

    agency: str
    streams: tuple[str, ...]
    years: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.agency}: {', '.join(self.streams)} ({', '.join(map(str, self.years))})"


def came_beyond(account: pd.DataFrame, returns: pd.DataFrame) -> tuple[Beyond, ...]:
    """Returns that came and are not in the register; none where no register is kept.

    Parameters
    ----------
    account : DataFrame
        The account of rows of an edition: submitted_by, submitted_for, stream, read, nil_return.
    returns : DataFrame
        What is owed by month, as `returns_by_month` gives it.
    """
    if returns.empty or account.empty:
        return ()
    owed = returns.assign(year=returns["month"].str[:4].astype("int64"))[UNIT].drop_duplicates()
    there = account[(account["read"] > 0) | account["nil_return"].astype(bool)]
    came = pd.DataFrame(
        {
            "agency": there["submitted_by"].astype("str"),
            "stream": there["stream"].astype("str"),
            "year": there["submitted_for"].astype("int64"),
        }
    ).drop_duplicates()
    both = came.merge(owed.astype({"agency": "str", "stream": "str"}), how="left", indicator=True)
    return tuple(sorted(_by_agency(both[both["_merge"] == "left_only"])))


def owing_nothing(agencies: Iterable[str], returns: pd.DataFrame) -> tuple[str, ...]:
    """The agencies that are in no row of the register, in their order; none where none is kept."""
    if returns.empty:
        return ()
    owing = set(returns["agency"])
    return tuple(agency for agency in agencies if agency not in owing)


def say_beyond(came: Iterable[Beyond], silent: Iterable[str]) -> Iterator[str]:
    """What the register does not say, in lines for the terminal."""
    listed, nothing = list(came), list(silent)
    if listed:
        yield "not in the register of returns, and so never missing (who owes them?):"
        yield from (f"  {one}" for one in listed)
    if nothing:
        yield f"owe nothing, by the register: {', '.join(nothing)}"


def _by_agency(units: pd.DataFrame) -> Iterator[Beyond]:
    for agency, own in units.groupby("agency"):
        streams = tuple(sorted(set(own["stream"])))
        yield Beyond(str(agency), streams, tuple(sorted({int(year) for year in own["year"]})))
