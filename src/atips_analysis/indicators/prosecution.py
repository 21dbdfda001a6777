"""Prosecution: cases, persons and what the courts decided. Units never mix."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.case_cohorts import BEFORE_A_COURT, cohort, convicted
from atips_analysis.indicators.follow_up import months_between
from atips_analysis.indicators.measure import Bank, by, measure
from atips_analysis.indicators.period import Period
from atips_analysis.indicators.populations import (
    cases_active,
    charges_known,
    defendants,
    once_a_person,
    once_a_person_and_year,
    persons_at,
    within,
)
from atips_analysis.indicators.prevention import totals
from atips_analysis.indicators.remembering import once_a_bank

NO_LONGER_WAITING = frozenset({"DISPOSED", "APPEAL", "CLOSED_DEATH"})
LAWS = ("TIP", "CSEC", "OTHER_LAW")
WAITING = ("UNDER_1", "1_TO_2", "3_AND_MORE")
STAGES = tuple(
    """CHARGED CHARGED_12 CHARGED_24 COMMITTED DISPOSED DISPOSED_12 DISPOSED_24 CONVICTED
    CLOSED OPEN NOT_FOLLOWED_12 NOT_FOLLOWED_24""".split()
)


@measure(
    "PROS-01",
    "CASE",
    "count",
    "cases",
    persons=False,
    by=by("carried_over", "district", "referral_source", "form", "stage"),
    additive=False,
    in_part_of_year="cases opened in the period, not those active in it",
)
def cases_investigated(bank: Bank, period: Period) -> pd.DataFrame:
    """Suspected cases opened or active in the year; in a part of a year, those opened in it."""
    return cases_active(bank, period)


@measure(
    "PROS-02",
    "SUSPECT",
    "count",
    "suspects",
    by=by("sex", "age_group", "citizenship_group", "stage", "offence_group"),
    interval="poisson",
)
def persons_arrested(bank: Bank, period: Period) -> pd.DataFrame:
    """Persons brought into formal contact (suspected, arrested or cautioned), each once a year.

    `stage` is what became of each by the end of that year; `offence_group` the gravest law under
    which each was charged by then (trafficking, the CSEC Act, another), as arrests come without.
    """
    rows = persons_at(bank, period, frozenset({"CONTACT"}))
    return _with_law(bank, _with_last_stage(bank, rows, period), period)


@measure(
    "PROS-03",
    "SUSPECT",
    "count",
    "suspects charges",
    by=by("sex", "age_group", "citizenship_group", "form", "carried_over"),
    additive=False,
)
def persons_prosecuted(bank: Bank, period: Period) -> pd.DataFrame:
    """Persons with a trafficking charge before a court at any time in the period.

    `carried_over`: whether the person's first such charge was laid before the period.
    """
    rows = defendants(bank, period)
    once = once_a_person(rows[rows["trafficking"] & _open_in(rows, period)])
    earlier = once["charged_date"].lt(period.start).fillna(False).astype(bool)
    return once.assign(carried_over=earlier.map({True: "YES", False: "NO"}))


@measure(
    "PROS-04",
    "CONVICTION_P",
    "count",
    "charges",
    reads_too=("suspects",),
    by=by("sex", "age_group", "citizenship_group", "form"),
    interval="poisson",
    same_as={"within": "PROS-03 SUSPECT"},
)
def persons_convicted(bank: Bank, period: Period) -> pd.DataFrame:
    """Persons convicted at first instance on at least one trafficking count, once a year."""
    return once_a_person_and_year(_convictions(bank, period), "ended")


@measure("PROS-04", "CONVICTION_C", "count", "charges", by=by("sex"))
def counts_convicted(bank: Bank, period: Period) -> pd.DataFrame:
    """Trafficking counts on which there was a conviction."""
    rows = _convictions(bank, period)
    return rows.assign(n=rows["counts"], key=rows["charge_id"])


@measure(
    "PROS-05",
    "SUSPECT",
    "percent",
    "charges",
    by=by("form"),
    interval="binomial",
    least=10,
    same_as={"numerator": "PROS-04 CONVICTION_P"},
)
def convicted_among_disposed(bank: Bank, period: Period) -> pd.DataFrame:
    """Of persons with a trafficking charge disposed at first instance, those convicted of it."""
    rows = defendants(bank, period)
    rows = within(rows[rows["trafficking"] & rows["decided"]], "ended", period)
    once = once_a_person_and_year(rows, "ended")
    convicted = set(persons_convicted(bank, period)["key"])
    return once.assign(numerator=once["key"].isin(convicted).astype(int))


@measure(
    "PROS-06",
    "SUSPECT",
    "count",
    "suspects charges",
    by=by("offence_group", "waiting"),
    additive=False,
)
def persons_awaiting_trial(bank: Bank, period: Period) -> pd.DataFrame:
    """Persons with a charge pending before a court at the period's end.

    `waiting` is the time since the first pending charge: under 1 year, 1 to 2 years, 3 or more.
    A person whose last stage is an outcome, an appeal or death waits no longer.
    """
    stages = persons_at_end(bank, period)
    over = set(stages.loc[stages["stage"].isin(NO_LONGER_WAITING), "person_id"])
    in_court = bank.frame("suspects")
    in_court = in_court[in_court["stage"].isin(BEFORE_A_COURT) & in_court["person_id"].notna()]
    reached = set(within_end(in_court, period)["person_id"])
    rows = defendants(bank, period)
    rows = rows[rows["ended"].isna() | rows["ended"].gt(period.end)]
    once = once_a_person(rows[rows["person_id"].isin(reached - over)])
    months = months_between(once["charged_date"], pd.Series(period.end, index=once.index))
    years = pd.cut(months.astype(float), [-1, 11, 35, 10_000], labels=list(WAITING))
    return once.assign(waiting=years.astype("str"))


@measure(
    "PROS-07",
    "SUSPECT",
    "count",
    "suspects charges",
    by=by("offence_group", "sex", "citizenship_group"),
    additive=False,
)
def persons_before_magistrates_for_csec(bank: Bank, period: Period) -> pd.DataFrame:
    """Persons before the Magistrate's Court in the period on charges under the CSEC Act."""
    rows = defendants(bank, period)
    present = persons_at(bank, period, frozenset({"MAGISTRATE"}))["person_id"]
    rows = rows[rows["csec"] & rows["person_id"].isin(present)]
    return once_a_person(rows[_open_in(rows, period)])


@measure(
    "PROS-08",
    "CASE",
    "percent",
    "cases suspects",
    persons=False,
    reads_too=("charges",),
    by=by("stage", "stage x form"),
    interval="binomial",
    least=10,
    total=False,
    same_as={
        "denominator": "PROS-01 CASE carried_over=NO",
        "numerator stage=NOT_FOLLOWED_12": "PROS-08 CASE percent numerator stage=OPEN",
        "numerator stage=NOT_FOLLOWED_24": "PROS-08 CASE percent numerator stage=OPEN",
    },
    shares_of_all="stage",
    nested=(
        ("COMMITTED", "CHARGED"),
        ("DISPOSED", "CHARGED"),
        ("CONVICTED", "DISPOSED"),
        ("CHARGED_12", "CHARGED_24"),
        ("CHARGED_24", "CHARGED"),
        ("DISPOSED_12", "DISPOSED_24"),
        ("DISPOSED_12", "CHARGED_12"),
        ("DISPOSED_24", "DISPOSED"),
        ("DISPOSED_24", "CHARGED_24"),
        ("NOT_FOLLOWED_12", "NOT_FOLLOWED_24"),
        ("NOT_FOLLOWED_24", "OPEN"),
    ),
    none_by_months=("NOT_FOLLOWED_12", "NOT_FOLLOWED_24"),
    shares_out=("DISPOSED", "CLOSED", "OPEN"),
)
def cases_reaching_a_stage(bank: Bank, period: Period) -> pd.DataFrame:
    """Of the cohort of cases opened in the period, those that have reached each stage since.

    Within 12 and 24 months of its opening every case has the same time: these shares are of all
    cases, and those still open that could not be followed so long yet are said beside them. Stages
    reached so far are those by the last month received. A case is disposed, closed without a
    decision (no charge, or the defendant died) or still open: by those that are open each share may
    yet rise, and until none is it has bounds and no interval.

    A case is opened once, so cohorts of single years add up to that of several.
    One row a case and stage, so that `stage` is a dimension whose parts do not add up.
    """
    opened = cohort(bank, period)
    parts = [
        opened.assign(
            stage=stage, numerator=opened[stage.lower()].astype(int), may_rise=opened[_open(stage)]
        )
        for stage in STAGES
    ]
    return pd.concat(parts, ignore_index=True)


def _open(stage: str) -> str:
    """The column of the cases by which the share of a stage may still rise."""
    _, _, months = stage.rpartition("_")
    return f"not_followed_{months}" if months.isdigit() else "open"


@measure(
    "PROS-09",
    "CASE",
    "median",
    "cases suspects charges",
    persons=False,
    by=by("stage", "stage x form"),
    least=10,
    measured_in="months",
    total=False,
    same_as={
        "value stage=CHARGED": "PROS-08 CASE percent denominator stage=",
        "value stage=DISPOSED": "PROS-08 CASE percent numerator stage=CHARGED",
    },
)
def months_between_stages(bank: Bank, period: Period) -> pd.DataFrame:
    """Months by which half of the cases are charged, and from that charge half are disposed of.

    Of the cohort of cases opened in the period, all of them: open ones wait as long as they could
    be followed, and those closed before the stage never come to it (Aalen and Johansen 1978).
    `stage` is the stage waited for.
    """
    opened = cohort(bank, period)
    charged = opened[opened["charged"]]
    waits = {"CHARGED": (opened, "to_charge"), "DISPOSED": (charged, "to_disposal")}
    parts = [
        rows.assign(stage=stage, duration=rows[time], ending=rows[f"{time}_ending"])
        for stage, (rows, time) in waits.items()
    ]
    return pd.concat(parts, ignore_index=True)


@measure(
    "PROS-10",
    "CONVICTION_P",
    "percent",
    "charges",
    by=by("form"),
    interval="binomial",
    least=10,
    same_as={"within": "PROS-04 CONVICTION_P"},
)
def custodial_sentences(bank: Bank, period: Period) -> pd.DataFrame:
    """Of persons convicted and sentenced, those with an effective custodial sentence."""
    rows = _convictions(bank, period)
    rows = rows[rows["sentence_type"].notna() & (rows["sentence_type"] != "PENDING")]
    once = once_a_person_and_year(rows, "ended")
    held = set(once_a_person_and_year(rows[_custodial(rows)], "ended")["key"])
    return once.assign(numerator=once["key"].isin(held).astype(int))


@measure(
    "PROS-10",
    "CONVICTION_P",
    "median",
    "charges",
    by=by("form"),
    least=10,
    measured_in="months",
    same_as={"within": "PROS-10 CONVICTION_P percent numerator; PROS-04 CONVICTION_P"},
)
def months_of_custody(bank: Bank, period: Period) -> pd.DataFrame:
    """Term of the longest effective custodial sentence of each person convicted, in months."""
    rows = _convictions(bank, period)
    rows = rows[_custodial(rows) & rows["sentence_months"].notna()]
    once = once_a_person_and_year(rows, "ended")
    terms = rows.assign(key=rows["person_id"] + "/" + rows["ended"].str[:4])
    longest = terms.groupby("key")["sentence_months"].max().to_dict()
    return once.assign(duration=once["key"].map(longest), ending=1)


@measure("PROS-11", "SUSPECT", "count", "suspects", by=by("stage"), interval="poisson")
def public_officials(bank: Bank, period: Period) -> pd.DataFrame:
    """Public officials brought into formal contact, prosecuted or convicted for complicity.

    Each once a year; `stage` is the furthest that each had reached by the end of that year.
    """
    rows = persons_at(bank, period, BEFORE_A_COURT | {"CONTACT", "CHARGED"})
    rows = rows[rows["is_public_official"].fillna(False).astype(bool)]
    return _with_last_stage(bank, rows, period)


@measure(
    "PROS-12",
    "OFFICER",
    "count",
    "counts:OFFICERS_IN_POST",
    by=by("sex"),
    persons=False,
    additive=False,
    last_count=True,
)
def investigators_in_post(bank: Bank, period: Period) -> pd.DataFrame:
    """Officers posted to the specialised police unit at the period's end: the last count sent."""
    rows = totals(bank, period, "OFFICERS_IN_POST")
    return rows[rows["month"] == rows["month"].max()]


def _with_law(bank: Bank, rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Persons of a year with the law of their charges by its end: merged, as offences are few."""
    charges = charges_known(bank)
    offences = load_codebook().codelist("offence_group").attribute("count_as_tip")
    law = charges["offence_group"].map(offences).eq("yes").map({True: "TIP", False: "OTHER_LAW"})
    law = law.mask(charges["offence_group"].str.startswith("CSEC"), "CSEC")
    charges = charges.assign(law=law)[["person_id", "charged_date", "law"]]
    known = rows[["key", "person_id", "year"]].merge(charges, on="person_id")
    ends = (known["year"] + "-12").clip(upper=period.end)
    known = known[known["charged_date"].le(ends).fillna(False)]
    order = {law: place for place, law in enumerate(LAWS)}
    gravest = known.assign(order=known["law"].map(order)).sort_values("order", kind="stable")
    of = gravest.drop_duplicates("key").set_index("key")["law"]
    return rows.assign(offence_group=rows["key"].map(of).fillna("NOT_CHARGED").astype("str"))


def _with_last_stage(bank: Bank, rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Persons of a year with the furthest stage by its end, or by the period's if that is sooner."""
    ends = rows["year"].map(lambda year: min(f"{year}-12", period.end))
    stages = [
        _last_stage(bank, person, end) for person, end in zip(rows["person_id"], ends, strict=True)
    ]
    return rows.assign(stage=pd.Series(stages, index=rows.index, dtype="str"))


def _last_stage(bank: Bank, person: str, end: str) -> str:
    """The furthest stage that a person had reached by a month."""
    rows = bank.frame("suspects")
    rows = rows[(rows["person_id"] == person) & rows["event_date"].le(end)]
    order = load_codebook().codelist("case_stage").attribute("order")
    return str(max(rows["stage"], key=lambda stage: int(order[stage])))


def persons_at_end(bank: Bank, period: Period) -> pd.DataFrame:
    """The last stage of each person at the period's end; of one month, the furthest."""
    rows = bank.frame("suspects")
    rows = within_end(rows[rows["person_id"].notna()], period)
    order = load_codebook().codelist("case_stage").attribute("order")
    rows = rows.assign(order=pd.to_numeric(rows["stage"].map(order)))
    ordered = rows.sort_values(["event_date", "order"], kind="stable")
    return ordered.drop_duplicates("person_id", keep="last")


def within_end(rows: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Stages reached by the period's end."""
    return rows[rows["event_date"].le(period.end).fillna(False)]


@once_a_bank
def _convictions(bank: Bank, period: Period) -> pd.DataFrame:
    """Trafficking charges that ended in a conviction in the period."""
    rows = defendants(bank, period)
    return within(rows[rows["trafficking"] & convicted(rows)], "ended", period)


def _custodial(rows: pd.DataFrame) -> pd.Series:
    custody = load_codebook().codelist("sentence_type").attribute("effective_custody")
    return rows["sentence_type"].map(custody).eq("yes")


def _open_in(rows: pd.DataFrame, period: Period) -> pd.Series:
    """Charges that were before a court in the period: not ended before it began."""
    return rows["ended"].isna() | rows["ended"].ge(period.start).fillna(True)
