"""Prosecution: cases, persons and what the courts decided. Units never mix."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.measure import Bank, by, measure
from atips_analysis.indicators.period import Period
from atips_analysis.indicators.populations import (
    cases_active,
    defendants,
    form_group,
    once_a_person,
    persons_at,
    within,
)
from atips_analysis.indicators.prevention import totals

BEFORE_A_COURT = frozenset({"MAGISTRATE", "COMMITTED", "AWAIT_TRIAL", "TRIAL", "DISPOSED"})


@measure(
    "PROS-01",
    "CASE",
    "count",
    "cases",
    by=by("carried_over", "district", "referral_source", "form", "stage"),
    interval="poisson",
    additive=False,
)
def cases_investigated(bank: Bank, period: Period) -> pd.DataFrame:
    """Suspected cases opened or active in the year."""
    return cases_active(bank, period)


@measure(
    "PROS-02",
    "SUSPECT",
    "count",
    "suspects",
    by=by("sex", "age_group", "citizenship_group", "stage"),
    interval="poisson",
)
def persons_arrested(bank: Bank, period: Period) -> pd.DataFrame:
    """Persons brought into formal contact (suspected, arrested or cautioned), each once a year.

    `stage` is what became of each by the end of that year.
    """
    rows = persons_at(bank, period, frozenset({"CONTACT"}))
    ends = rows["year"].map(lambda year: min(f"{year}-12", period.end))
    stages = [
        _last_stage(bank, person, end) for person, end in zip(rows["person_id"], ends, strict=True)
    ]
    return rows.assign(stage=pd.Series(stages, index=rows.index, dtype="str"))


@measure(
    "PROS-03",
    "SUSPECT",
    "count",
    "suspects charges",
    by=by("sex", "age_group", "citizenship_group", "form"),
    interval="poisson",
    additive=False,
)
def persons_prosecuted(bank: Bank, period: Period) -> pd.DataFrame:
    """Persons with a trafficking charge before a court at any time in the period."""
    rows = defendants(bank, period)
    rows = rows[rows["trafficking"] & _open_in(rows, period)]
    return once_a_person(rows)


@measure(
    "PROS-04",
    "CONVICTION_P",
    "count",
    "charges",
    by=by("sex", "citizenship_group", "form"),
    interval="poisson",
    same_as={"within": "PROS-03 SUSPECT"},
)
def persons_convicted(bank: Bank, period: Period) -> pd.DataFrame:
    """Persons convicted at first instance on at least one trafficking count."""
    rows = defendants(bank, period)
    rows = within(rows[rows["trafficking"] & _convicted(rows)], "outcome_date", period)
    return once_a_person(rows)


@measure("PROS-04", "CONVICTION_C", "count", "charges", by=by("sex"))
def counts_convicted(bank: Bank, period: Period) -> pd.DataFrame:
    """Trafficking counts on which there was a conviction."""
    rows = defendants(bank, period)
    rows = within(rows[rows["trafficking"] & _convicted(rows)], "outcome_date", period)
    return rows.assign(n=rows["counts"], key=rows["charge_id"])


@measure(
    "PROS-05",
    "SUSPECT",
    "percent",
    "charges",
    interval="binomial",
    least=10,
    same_as={"numerator": "PROS-04 CONVICTION_P"},
)
def convicted_among_disposed(bank: Bank, period: Period) -> pd.DataFrame:
    """Of persons with a trafficking charge disposed at first instance, those convicted."""
    rows = defendants(bank, period)
    rows = rows[rows["trafficking"] & ~rows["outcome"].isin({"PENDING", "UNKNOWN"})]
    rows = within(rows, "outcome_date", period)
    convicted = set(rows.loc[_convicted(rows), "person_id"])
    once = once_a_person(rows)
    return once.assign(numerator=once["person_id"].isin(convicted).astype(int))


@measure("PROS-06", "SUSPECT", "count", "suspects charges", by=by("offence_group"), additive=False)
def persons_awaiting_trial(bank: Bank, period: Period) -> pd.DataFrame:
    """Persons with an open charge whose last stage, at the period's end, is awaiting trial."""
    rows = bank.frame("suspects")
    rows = rows[rows["person_id"].notna() & rows["event_date"].le(period.end)]
    order = load_codebook().codelist("case_stage").attribute("order")
    rows = rows.assign(order=pd.to_numeric(rows["stage"].map(order)))
    last = rows.sort_values(["event_date", "order"], kind="stable").drop_duplicates(
        "person_id", keep="last"
    )
    waiting = set(last.loc[last["stage"].isin({"COMMITTED", "AWAIT_TRIAL"}), "person_id"])
    charges = defendants(bank, period)
    open_charges = charges[charges["outcome_date"].isna() | charges["outcome_date"].gt(period.end)]
    return once_a_person(open_charges[open_charges["person_id"].isin(waiting)])


@measure(
    "PROS-07",
    "SUSPECT",
    "count",
    "suspects charges",
    by=by("offence_group", "sex", "citizenship_group"),
    interval="poisson",
    additive=False,
)
def persons_before_magistrates_for_csec(bank: Bank, period: Period) -> pd.DataFrame:
    """Persons before the Magistrate's Court in the period on charges under the CSEC Act."""
    rows = defendants(bank, period)
    present = persons_at(bank, period, frozenset({"MAGISTRATE"}))["person_id"]
    return once_a_person(rows[rows["csec"] & rows["person_id"].isin(present)])


@measure(
    "PROS-08",
    "CASE",
    "percent",
    "cases suspects",
    by=by("stage"),
    interval="binomial",
    least=10,
    total=False,
    same_as={"denominator": "PROS-01 CASE carried_over=NO"},
    nested=(("COMMITTED", "CHARGED"), ("DISPOSED", "CHARGED"), ("CONVICTED", "DISPOSED")),
)
def cases_reaching_a_stage(bank: Bank, period: Period) -> pd.DataFrame:
    """Of the cohort of cases opened in the period, those that have reached each stage since.

    A case is opened once, so cohorts of single years add up to that of several.
    One row a case and stage, so that `stage` is a dimension whose parts do not add up.
    """
    opened = cohort(bank, period)
    stages = ("CHARGED", "COMMITTED", "DISPOSED", "CONVICTED")
    parts = [
        opened.assign(stage=stage, numerator=opened[stage.lower()].astype(int)) for stage in stages
    ]
    return pd.concat(parts, ignore_index=True)


@measure("PROS-09", "CASE", "median", "cases suspects", by=(), least=10, additive=False)
def months_to_charge(bank: Bank, period: Period) -> pd.DataFrame:
    """Months from the opening of a case to its first charge; cases not charged are censored."""
    opened = cohort(bank, period)
    return opened.assign(duration=opened["months_to_charge"], observed=opened["charged"])


@measure(
    "PROS-10",
    "CONVICTION_P",
    "percent",
    "charges",
    interval="binomial",
    same_as={"within": "PROS-04 CONVICTION_P"},
)
def custodial_sentences(bank: Bank, period: Period) -> pd.DataFrame:
    """Of persons convicted and sentenced, those with an effective custodial sentence."""
    rows = defendants(bank, period)
    rows = within(rows[rows["trafficking"] & _convicted(rows)], "outcome_date", period)
    rows = rows[rows["sentence_type"].notna() & (rows["sentence_type"] != "PENDING")]
    custody = load_codebook().codelist("sentence_type").attribute("effective_custody")
    held = set(rows.loc[rows["sentence_type"].map(custody) == "yes", "person_id"])
    once = once_a_person(rows)
    return once.assign(numerator=once["person_id"].isin(held).astype(int))


@measure("PROS-11", "SUSPECT", "count", "suspects", interval="poisson")
def public_officials(bank: Bank, period: Period) -> pd.DataFrame:
    """Public officials brought into formal contact, prosecuted or convicted for complicity."""
    rows = persons_at(bank, period, BEFORE_A_COURT | {"CONTACT", "CHARGED"})
    return rows[rows["is_public_official"].fillna(False)]


@measure(
    "PROS-12",
    "OFFICER",
    "count",
    "counts:OFFICERS_IN_POST",
    persons=False,
    additive=False,
)
def investigators_in_post(bank: Bank, period: Period) -> pd.DataFrame:
    """Officers posted to the A-TIPs Police Unit at the period's end: the last count sent."""
    rows = totals(bank, period, "OFFICERS_IN_POST")
    return rows[rows["month"] == rows["month"].max()]


def _last_stage(bank: Bank, person: str, end: str) -> str:
    """The furthest stage that a person had reached by a month."""
    rows = bank.frame("suspects")
    rows = rows[(rows["person_id"] == person) & rows["event_date"].le(end)]
    order = load_codebook().codelist("case_stage").attribute("order")
    return str(max(rows["stage"], key=lambda stage: int(order[stage])))


def cohort(bank: Bank, period: Period) -> pd.DataFrame:
    """Cases opened in the period, one row each, with the stages that they have reached.

    Columns ``charged``, ``committed``, ``disposed``, ``convicted`` (bool) and
    ``months_to_charge`` (to the first charge, or to the last month that the bank knows of).
    """
    cases = bank.frame("cases").sort_values(["submitted_for", "file", "row"], kind="stable")
    cases = within(cases.drop_duplicates("case_id", keep="last"), "opened_date", period)
    suspects = bank.frame("suspects")
    horizon = f"{int(bank.frame('cases')['submitted_for'].max())}-12" if len(cases) else period.end
    charges = bank.frame("charges").sort_values("submitted_for", kind="stable")
    charges = charges.drop_duplicates("charge_id", keep="last")
    convicted_people = set(charges.loc[_convicted(charges), "person_id"])

    def reached(stages: set[str]) -> pd.Series:
        rows = suspects[suspects["stage"].isin(stages)]
        return cases["case_id"].map(rows.groupby("case_id")["event_date"].min())

    charged = reached({"CHARGED", *BEFORE_A_COURT})
    convicted_cases = set(suspects.loc[suspects["person_id"].isin(convicted_people), "case_id"])
    victims = bank.frame("victims")
    forms = victims.assign(form=form_group(victims["form"])).groupby("case_id")["form"].first()
    convicted = cases["case_id"].isin(convicted_cases)
    disposed = reached({"DISPOSED"}).notna() | convicted
    committed = reached({"COMMITTED", "AWAIT_TRIAL", "TRIAL"}).notna()
    return cases.assign(
        key=cases["case_id"],
        form=cases["case_id"].map(forms).fillna("UNKNOWN"),
        charged=charged.notna() | committed | disposed,
        committed=committed,
        disposed=disposed,
        convicted=convicted,
        months_to_charge=_months_between(cases["opened_date"], charged.fillna(horizon)),
    )


def _convicted(rows: pd.DataFrame) -> pd.Series:
    counts = load_codebook().codelist("court_outcome").attribute("counts_as_conviction")
    return rows["outcome"].map(counts).eq("yes")


def _open_in(rows: pd.DataFrame, period: Period) -> pd.Series:
    return rows["outcome_date"].isna() | rows["outcome_date"].ge(period.start).fillna(True)


def _months_between(start: pd.Series, end: pd.Series) -> pd.Series:
    def months(text: pd.Series) -> pd.Series:
        return pd.to_numeric(text.str[:4]) * 12 + pd.to_numeric(text.str[5:7])

    return (months(end) - months(start)).clip(lower=0)
