"""Cases from their opening: what each has come to, when, and how long it was followed."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.follow_up import last_month, months_between
from atips_analysis.indicators.measure import Bank
from atips_analysis.indicators.period import Period
from atips_analysis.indicators.populations import cases_known, charges_known, forms_of_cases, within
from atips_analysis.indicators.remembering import once_a_bank
from atips_analysis.statistics.durations import ENDED_OTHERWISE, OPEN, REACHED

BEFORE_A_COURT = frozenset({"MAGISTRATE", "COMMITTED", "AWAIT_TRIAL", "TRIAL", "DISPOSED"})
CLOSED_UNDECIDED = frozenset({"INVEST_CLOSED", "CLOSED_DEATH"})
DECIDED = frozenset({"DISPOSED", "APPEAL"})
MONTHS_WITHIN = (12, 24)
TELL_OF_COURTS = ("suspects", "charges")


@once_a_bank
def cohort(bank: Bank, period: Period) -> pd.DataFrame:
    """Cases opened in the period, one row each, with the stages that they have reached since.

    Columns, all bool: ``charged``, ``committed``, ``disposed``, ``convicted`` (of trafficking
    charges, and each implies those before it), ``closed`` (without a decision) and ``open``;
    ``charged_12``, ``charged_24``, ``disposed_12``, ``disposed_24`` (within so many months of the
    opening), ``not_followed_12`` and ``not_followed_24`` (still open, and opened less long before
    the last month received: by these the shares within so many months may still rise).

    Times in months, to the stage, to the closing, or to the last month received: ``to_charge``,
    ``to_disposal`` (from the first charge), each with an ``…_ending``: 0 open, 1 come to the
    stage, 2 closed before it. A closed case never waits.

    A charge names a person, not a case: it belongs to that person's case, of several to the last
    one opened by the month of the charge. Where the return of cases alone tells of a charge, a
    decision or a closing, its month is the last of the year whose return first has it.
    """
    cases = within(cases_known(bank), "opened_date", period)
    cases = cases.assign(key=cases["case_id"], form=forms_of_cases(bank, cases))
    when = _months_of_stages(bank).loc[cases["case_id"]].set_axis(cases.index)
    reached = {str(stage): months.notna() for stage, months in when.items()}
    closed = reached.pop("closed") & ~reached["disposed"]
    still_open = ~reached["disposed"] & ~closed
    received = pd.Series(
        last_month(bank, *TELL_OF_COURTS) or period.end, index=cases.index, dtype="str"
    )
    opened = cases["opened_date"]
    to = {stage: months_between(opened, when[stage]) for stage in ("charged", "disposed")}
    followed = months_between(opened, received)
    windows = {}
    for months in MONTHS_WITHIN:
        for stage, time in to.items():
            windows[f"{stage}_{months}"] = time.le(months).fillna(False).astype(bool)
        windows[f"not_followed_{months}"] = still_open & followed.lt(months)
    end = when["closed"].where(closed).fillna(received)
    return cases.assign(
        **reached,
        **windows,
        closed=closed,
        open=still_open,
        to_charge=months_between(opened, when["charged"].fillna(end)),
        to_charge_ending=_ending(reached["charged"], closed),
        to_disposal=months_between(when["charged"].fillna(end), when["disposed"].fillna(end)),
        to_disposal_ending=_ending(reached["disposed"], closed),
    )


def _ending(reached: pd.Series, closed: pd.Series) -> pd.Series:
    ending = pd.Series(OPEN, index=reached.index).mask(closed, ENDED_OTHERWISE)
    return ending.mask(reached, REACHED)


@once_a_bank
def _months_of_stages(bank: Bank) -> pd.DataFrame:
    """By code of each known case the month in which it came to each stage; missing where not yet."""
    cases = cases_known(bank)
    cases = cases.set_axis(pd.Index(cases["case_id"], name="code"))
    suspects, charges = bank.frame("suspects"), _charges_of_cases(bank)

    def first(months: pd.Series, case_ids: pd.Series) -> pd.Series:
        return cases["case_id"].map(months.groupby(case_ids).min()).astype("str")

    def stage(*stages: str) -> pd.Series:
        rows = suspects[suspects["stage"].isin(stages)]
        return first(rows["event_date"], rows["case_id"])

    decided = charges[charges["decided"]]
    guilty = decided[convicted(decided)]
    disposed = _earliest(stage("DISPOSED"), first(decided["ended"], decided["case_id"]))
    disposed = disposed.fillna(_by_returns(bank, cases, DECIDED))
    laid = first(charges["charged_date"], charges["case_id"])
    charged = _earliest(stage("CHARGED", *BEFORE_A_COURT), laid)
    charged = charged.fillna(_by_returns(bank, cases, frozenset({"CHARGED", *BEFORE_A_COURT})))
    charged = _earliest(charged, disposed)
    return pd.DataFrame(
        {
            "charged": charged,
            "committed": stage("COMMITTED", "AWAIT_TRIAL", "TRIAL"),
            "disposed": disposed,
            "convicted": first(guilty["ended"], guilty["case_id"]),
            "closed": _closings(bank, cases),
        }
    )


def _closings(bank: Bank, cases: pd.DataFrame) -> pd.Series:
    """The month in which a case was closed without a decision; missing where it is not closed.

    A row on the case as a whole closes it too, unless another stage came later.
    """
    told = bank.frame("suspects")
    last = told.groupby("case_id")["event_date"].max()
    told = told[told["stage"].isin(CLOSED_UNDECIDED)]
    whole = told[told["person_id"].isna()]
    whole = whole[whole["event_date"].eq(whole["case_id"].map(last)).fillna(False)]
    closed = cases["stage"].isin(CLOSED_UNDECIDED) | cases["case_id"].isin(whole["case_id"])
    month = cases["case_id"].map(told.groupby("case_id")["event_date"].max()).astype("str")
    return month.fillna(_by_returns(bank, cases, CLOSED_UNDECIDED)).where(closed).astype("str")


def _by_returns(bank: Bank, cases: pd.DataFrame, stages: frozenset[str]) -> pd.Series:
    """The last month of the year whose return of cases first has one of the stages."""
    returns = bank.frame("cases")
    returns = returns[returns["stage"].isin(stages)]
    year = cases["case_id"].map(returns.groupby("case_id")["ref_year"].min())
    return year.astype("Int64").astype("str") + "-12"


def _charges_of_cases(bank: Bank) -> pd.DataFrame:
    """Trafficking charges with the case that each belongs to."""
    charges = charges_known(bank)
    offences = load_codebook().codelist("offence_group").attribute("count_as_tip")
    charges = charges[charges["offence_group"].map(offences).eq("yes")]
    people = bank.frame("suspects")[["person_id", "case_id"]].dropna().drop_duplicates()
    opened = cases_known(bank).set_index("case_id")["opened_date"]
    people = people.assign(opened=people["case_id"].map(opened).astype("str"))
    linked = charges.merge(people, on="person_id", how="inner")
    linked = linked.assign(
        before=linked["opened"].le(linked["charged_date"]).fillna(False).astype(bool)
    )
    ordered = linked.sort_values(["before", "opened", "case_id"], kind="stable")
    return ordered.drop_duplicates("charge_id", keep="last")


def _earliest(one: pd.Series, other: pd.Series) -> pd.Series:
    """The earlier of two months; the one that is there where the other is missing."""
    return one.where(one.le(other).fillna(False) | other.isna(), other)


def convicted(rows: pd.DataFrame) -> pd.Series:
    """Charges whose outcome is a conviction."""
    counts = load_codebook().codelist("court_outcome").attribute("counts_as_conviction")
    return rows["outcome"].map(counts).eq("yes")
