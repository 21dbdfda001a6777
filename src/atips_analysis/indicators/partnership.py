"""Partnership: meetings, partners, referrals, cooperation, funds, data quality."""

from __future__ import annotations

import pandas as pd

from atips_analysis.indicators.measure import Bank, by, measure
from atips_analysis.indicators.period import Period
from atips_analysis.indicators.populations import within
from atips_analysis.indicators.prevention import totals
from atips_analysis.indicators.remembering import once_a_bank

COOPERATION = ("REGIONAL_CONFERENCE", "REGIONAL_OPERATION", "BILATERAL")


@measure("PART-01", "EVENT", "percent", "engagements", by=by("kind"), persons=False)
def meetings_with_a_quorum(bank: Bank, period: Period) -> pd.DataFrame:
    """Of Council and committee meetings scheduled, those held with a quorum, by `kind` of body."""
    rows = _engagements(bank, period, ("COUNCIL", "COMMITTEE"))
    held = rows["held"].fillna(False) & rows["quorum"].fillna(False)
    return rows.assign(numerator=held.astype(int))


@measure(
    "PART-02",
    "ORGANIZATION",
    "count",
    "counts:PARTNERS",
    persons=False,
    additive=False,
    last_count=True,
)
def partners(bank: Bank, period: Period) -> pd.DataFrame:
    """Partner organisations with a stated role: the last count sent."""
    rows = totals(bank, period, "PARTNERS")
    return rows[rows["month"] == rows["month"].max()]


@measure("PART-03", "EVENT", "count", "engagements", persons=False)
def coordination_events(bank: Bank, period: Period) -> pd.DataFrame:
    """Dated events that the Council hosted with partners."""
    rows = _engagements(bank, period, ("PARTNER_EVENT",))
    return rows[rows["held"].fillna(False)]


@measure(
    "PART-04",
    "REFERRAL",
    "percent",
    "referrals",
    by=by("from_agency", "to_agency"),
    interval="binomial",
    least=10,
)
def referrals_on_time(bank: Bank, period: Period) -> pd.DataFrame:
    """Of referrals made, those acknowledged within two working days."""
    rows = within(bank.frame("referrals"), "made_month", period)
    in_time = rows["ack_working_days"].le(2).fillna(False)
    return rows.assign(key=rows["referral_id"], numerator=in_time.astype(int))


@measure(
    "PART-06",
    "ACTION",
    "count",
    "engagements",
    reads_too=("counts",),
    by=by("kind", "country"),
    persons=False,
)
def international_cooperation(bank: Bank, period: Period) -> pd.DataFrame:
    """Regional conferences and operations, bilateral meetings and visits, and requests.

    Requests for legal assistance and extradition are sent as totals, without the country.
    """
    rows = _engagements(bank, period, COOPERATION)
    requests = totals(bank, period, "COOPERATION_REQUESTS")
    requests = requests.assign(kind="COOPERATION_REQUESTS", country="UNK")
    held = rows[rows["held"].fillna(False)].assign(n=1)
    return pd.concat([held, requests[requests["n"] > 0]], ignore_index=True)


@measure("PART-06", "REPRESENTATIVE", "count", "engagements", by=by("country"), persons=False)
def representatives_sent(bank: Bank, period: Period) -> pd.DataFrame:
    """Officials who represented the country at regional conferences."""
    rows = _engagements(bank, period, ("REGIONAL_CONFERENCE",))
    return rows[rows["representatives"].notna()].assign(n=rows["representatives"])


@measure(
    "PART-08",
    "",
    "mean",
    "",
    by=by("quality", "agency", "agency x quality"),
    persons=False,
    measured_in="points of 100",
)
def quality_of_returns(bank: Bank, period: Period) -> pd.DataFrame:
    """Score of each return (an agency and year): the mean of its dimensions, each over its streams.

    Completeness, validity, consistency, and timeliness where the days of returns are known; one
    row a return and dimension (`quality`). Returns are yearly: in a part of a year there is none.
    """
    rows = scores_known(bank)
    dimensions = ["completeness", "validity", "timeliness", "consistency"]
    rows = rows[rows["dimension"].isin(dimensions) & rows["score"].notna()]
    rows = rows[rows["submitted_for"].isin(period.years if period.whole_years else ())]
    rows = rows.assign(score=rows["score"].astype("float64"))
    each = rows.groupby(["submitted_by", "submitted_for", "dimension"])["score"].mean()
    returns = each.reset_index().rename(columns={"dimension": "quality"})
    agency = returns["submitted_by"].astype("str")
    return returns.assign(
        key=agency + "/" + returns["submitted_for"].astype("str"),
        agency=agency,
        quality=returns["quality"].str.upper(),
    )


@once_a_bank
def scores_known(bank: Bank) -> pd.DataFrame:
    """Scores by agency, year, stream and dimension."""
    return bank.scores()


@measure("PART-10", "CURRENCY", "percent", "counts:FUNDS_VOTED counts:FUNDS_SPENT", persons=False)
def funds_spent(bank: Bank, period: Period) -> pd.DataFrame:
    """Public funds spent over public funds voted."""
    voted = totals(bank, period, "FUNDS_VOTED")
    spent = totals(bank, period, "FUNDS_SPENT")
    return pd.concat(
        [voted.assign(numerator=0), spent.assign(numerator=spent["n"], n=0)], ignore_index=True
    )


def _engagements(bank: Bank, period: Period, kinds: tuple[str, ...]) -> pd.DataFrame:
    rows = within(bank.frame("engagements"), "month", period)
    rows = rows[rows["kind"].isin(kinds)]
    return rows.assign(key=rows["engagement_id"], country=rows["country"].fillna("UNK"))
