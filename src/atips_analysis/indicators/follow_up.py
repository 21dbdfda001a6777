"""How far everybody is followed: to the last month received of the streams that would tell."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.measure import Bank
from atips_analysis.indicators.period import Period
from atips_analysis.indicators.populations import victims_known, victims_once
from atips_analysis.indicators.remembering import once_a_bank

DAYS_A_MONTH = 30
SERVED_WITHIN = (30, 90)


def last_month(bank: Bank, *streams: str) -> str:
    """The last month received of a stream, or of several that tell the same; "" without a return.

    The newest return of a stream tells of the months up to the last one that its files name, in
    this stream or in another: a return that was sent in June says nothing of July. Where an
    agency's cover says that it has nothing of the stream, that holds for the whole year.
    """
    return max((_last_month_of(bank, stream) for stream in streams), default="")


@once_a_bank
def _last_month_of(bank: Bank, stream: str) -> str:
    years = bank.returned(stream)
    if not years:
        return ""
    newest, end = max(years), f"{max(years)}-12"
    rows = bank.frame(stream)
    files = set(rows.loc[rows["submitted_for"] == newest, "file"])
    named = [month for month in _months_of(bank, files) if month[:4] <= str(newest)]
    return max(named, default=end)


def _months_of(bank: Bank, files: set[str]) -> list[str]:
    """The last month that each column of months names in the files."""
    found = []
    for name, stream in load_codebook().streams.items():
        rows = bank.frame(name)
        rows = rows[rows["file"].isin(files)]
        for column in stream.columns:
            if column.type == "month" and column.name in rows:
                found += list(rows[column.name].dropna().unique())
    return found


def months_between(start: pd.Series, end: pd.Series) -> pd.Series:
    """Whole months from one month to another, both as text; 0 where the end is the earlier."""

    def months(text: pd.Series) -> pd.Series:
        return pd.to_numeric(text.str[:4]) * 12 + pd.to_numeric(text.str[5:7])

    return (months(end) - months(start)).clip(lower=0)


@once_a_bank
def victims_followed(bank: Bank, period: Period) -> pd.DataFrame:
    """Everybody identified in the period, each once a year, with the time to the first service.

    Adds ``days`` (to the first service; of those without one, as long as they were followed) and
    ``served`` (bool). Days come from the agency that gives the service; where it sends none, they
    are the most that the months allow, at 30 days a month: a service in the month of
    identification is one within 30 days. Months alone say how long somebody was followed, so that
    it is the least that they allow: from the end of the month of identification to the last month
    received of services. Without a month of identification the year's first stands for the first
    of these, its last for the second. Somebody identified in two years is two; a service belongs
    to the last identification that it does not precede.
    """
    rows = victims_once(bank, period)
    year = rows["identified_year"].astype("str")
    until = rows["status_date"].fillna(year + "-12")
    received = pd.Series(last_month(bank, "services") or None, index=rows.index, dtype="str")
    followed = DAYS_A_MONTH * months_between(until, received).fillna(0)
    first = rows["key"].map(_days_to_first_service(bank))
    return rows.assign(days=first.fillna(followed).astype("Float64"), served=first.notna())


@once_a_bank
def _days_to_first_service(bank: Bank) -> pd.Series:
    """Days by identification (``key``)."""
    services = bank.frame("services")[["victim_id", "start_month", "days_from_identification"]]
    known = victims_known(bank)
    if known.empty or services.empty:
        return pd.Series(dtype="Float64")
    since = known["status_date"].fillna(known["identified_year"].astype("str") + "-01")
    known = known.assign(since=since)[["victim_id", "key", "since"]].sort_values("since")
    both = services.reset_index(names="service").merge(known, on="victim_id")
    follows = both["since"].le(both["start_month"]).fillna(False).astype(bool)
    own = both[follows].drop_duplicates("service", keep="last")
    earlier = both[~both["service"].isin(own["service"])].drop_duplicates("service")
    given = pd.concat([own, earlier])
    at_most = DAYS_A_MONTH * (months_between(given["since"], given["start_month"]) + 1)
    days = given["days_from_identification"].astype("Float64").fillna(at_most.astype("Float64"))
    return days.groupby(given["key"]).min().dropna()
