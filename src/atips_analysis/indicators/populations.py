"""Populations that several indicators count: victims, cases and persons, each once.

All functions are pure: frames of accepted rows in, a frame with one row a unit out, with the
dimensions of the tables as text columns and `key` naming the unit.
"""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.measure import Bank
from atips_analysis.indicators.period import Period
from atips_analysis.indicators.remembering import once_a_bank

UNKNOWN = {"sex": "U", "age_group": "UNK", "citizenship_group": "UNKNOWN", "form": "UNKNOWN"}
OF_THE_CASE = {"district": "UNK", "geographic_flow": "UNKNOWN", "referral_source": "UNKNOWN"}
FIRST_NAMED = {"SEX": 0, "LAB": 1, "OTHER": 2}
STATUS_RANK = {"CONFIRMED": 0, "POTENTIAL": 1}
UNDECIDED = frozenset({"PENDING", "UNKNOWN"})


def within(frame: pd.DataFrame, month: str, period: Period) -> pd.DataFrame:
    """Rows whose month lies in the period, both ends included."""
    return frame[frame[month].ge(period.start).fillna(False) & frame[month].le(period.end)]


@once_a_bank
def charges_known(bank: Bank) -> pd.DataFrame:
    """Every charge once, as the newest return has it, with ``ended``: the month of its outcome.

    A charge is sent again with what became of it, perhaps years later, and prosecution and court
    may both send it. The newest return stands; in one year, the return that knows an outcome, and
    the court's before others. What was so in an earlier period is told by the months of the charge
    and of its outcome, never by which return came first, so that a late outcome is not lost.
    """
    rows = bank.frame("charges")
    decided = ~rows["outcome"].isin(UNDECIDED) & rows["outcome"].notna()
    rows = rows.assign(
        decided=decided, court=rows["submitted_by"].eq(load_codebook().agency("courts"))
    )
    order = ["submitted_for", "decided", "court", "file", "sheet", "row"]
    once = rows.sort_values(order, kind="stable").drop_duplicates("charge_id", keep="last")
    year_end = once["submitted_for"].astype("str") + "-12"
    return once.assign(
        ended=once["outcome_date"].where(once["decided"]).fillna(year_end.where(once["decided"]))
    )


@once_a_bank
def cases_known(bank: Bank, last_year: int | None = None) -> pd.DataFrame:
    """Every case once, as its newest reference year (up to `last_year`) has it."""
    rows = bank.frame("cases")
    if last_year is not None:
        rows = rows[rows["ref_year"] <= last_year]
    order = ["ref_year", "submitted_for", "file", "sheet", "row"]
    return rows.sort_values(order, kind="stable").drop_duplicates("case_id", keep="last")


def citizenship_group(country: pd.Series) -> pd.Series:
    """Country codes to the groups of countries that may be published."""
    groups = load_codebook().codelist("country_iso3").attribute("citizenship_group")
    return (
        country.map(groups).where(country.isna() | country.isin(groups), "OTHER").fillna("UNKNOWN")
    )


def age_group(code: pd.Series) -> pd.Series:
    """Any age-group code to child, adult or unknown (level 1, the only one in shared tables)."""
    table = load_codebook().codelist("age_group").table
    child = set(table.loc[pd.to_numeric(table["max_age"], errors="coerce") <= 17, "code"])
    adult = set(table.loc[pd.to_numeric(table["min_age"], errors="coerce") >= 18, "code"])
    return code.map(dict.fromkeys(child, "CHILD") | dict.fromkeys(adult, "ADULT")).fillna("UNK")


def form_group(code: pd.Series) -> pd.Series:
    """A form of exploitation to its group: sexual, forced labour, other or unknown."""
    table = load_codebook().codelist("form_of_exploitation").table
    labour = table["unodc_public_category"].eq("Forced labour")
    groups = {
        own: "SEX" if own.startswith("SEX") else "LAB" if is_labour else "OTHER"
        for own, is_labour in zip(table["code"].astype(str), labour, strict=True)
    }
    groups["UNKNOWN"] = "UNKNOWN"
    return code.map(groups).fillna("UNKNOWN")


def victims_once(bank: Bank, period: Period) -> pd.DataFrame:
    """Victims, potential or confirmed, each once a reference year.

    In a part of a year, those whose first status falls in it.
    """
    known = victims_known(bank)
    if not period.whole_years:
        known = within(known, "status_date", period)
    return known[known["identified_year"].isin(period.years)].reset_index(drop=True)


@once_a_bank
def victims_known(bank: Bank) -> pd.DataFrame:
    """Victims of all years, each once a reference year.

    Two agencies may report the same victim: the rows of one `victim_id` and year become one,
    the strongest status and the first known value of each characteristic standing (the agency
    that cares for victims first: it keeps the register). A victim with sexual exploitation
    and forced labour counts once, as mixed. Of a victim who did not consent to statistics nothing
    is known but that they count, whatever another agency sent.
    """
    rows = bank.frame("victims")
    rows = rows[rows["status"].isin(STATUS_RANK)]
    rows = rows.assign(
        rank=rows["status"].map(STATUS_RANK),
        first=rows["submitted_by"].ne(load_codebook().agency("care")),
        age_group=age_group(rows["age_group"]),
        citizenship_group=citizenship_group(rows["citizenship"]),
        form=form_group(rows["form"]),
    ).sort_values(["rank", "first", "submitted_by", "file", "row"], kind="stable")
    key = ["victim_id", "identified_year"]
    known = rows.copy()
    for column, unknown in UNKNOWN.items():
        known[column] = known[column].mask(known[column] == unknown)
    once = known.groupby(key, sort=True, as_index=False).first()
    once["form"] = once["form"].mask(_among(once, _with_both_forms(rows, key)), "MIXED")
    first = rows.sort_values("status_date", kind="stable").drop_duplicates(key)
    once = once.drop(columns="status_date").merge(first[[*key, "status_date"]], on=key, how="left")
    once = _with_case(once, bank)
    silent = _among(once, rows.loc[~rows["consent_statistics"].fillna(True).astype(bool), key])
    for column, unknown in (UNKNOWN | OF_THE_CASE).items():
        once[column] = once[column].mask(silent).fillna(unknown)
    return once.assign(
        status_of_victim=once["status"],
        key=once["victim_id"] + "/" + once["identified_year"].astype(str),
    )


def _with_both_forms(rows: pd.DataFrame, unit: list[str]) -> pd.DataFrame:
    """The units of which some row tells of sexual exploitation and some of forced labour."""
    forms = rows[rows["form"].isin(["SEX", "LAB"])].drop_duplicates([*unit, "form"])
    return forms.loc[forms.duplicated(unit), unit]


def _among(rows: pd.DataFrame, those: pd.DataFrame) -> pd.Series:
    """Which rows are of one of those units, by the columns that name them."""
    found = rows[those.columns].merge(those.drop_duplicates(), how="left", indicator="found")
    return found["found"].eq("both").set_axis(rows.index)


@once_a_bank
def persons_at(bank: Bank, period: Period, stages: frozenset[str]) -> pd.DataFrame:
    """Persons who reached one of `stages` in the period, each once a year."""
    rows = bank.frame("suspects")
    rows = within(
        rows[rows["stage"].isin(stages) & rows["person_id"].notna()], "event_date", period
    )
    return _persons(rows.assign(year=rows["event_date"].str[:4]))


def _persons(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.sort_values(["event_date", "file", "row"], kind="stable")
    once = rows.groupby(["person_id", "year"], sort=True, as_index=False).first()
    return once.assign(
        sex=once["sex"].fillna("U"),
        age_group=age_group(once["age_group"]),
        citizenship_group=citizenship_group(once["citizenship"]),
        key=once["person_id"] + "/" + once["year"],
    )


@once_a_bank
def defendants(bank: Bank, period: Period) -> pd.DataFrame:
    """Charges laid by the period's end, with the person's characteristics, a row a charge.

    `ended` is the month of the outcome, which may lie after the period.
    """
    charges = charges_known(bank)
    charges = charges[charges["charged_date"].le(period.end).fillna(False)]
    people = bank.frame("suspects")
    people = people[people["person_id"].notna()].sort_values("event_date", kind="stable")
    people = people.groupby("person_id", as_index=False)[
        ["sex", "age_group", "citizenship", "case_id", "is_public_official"]
    ].first()
    rows = charges.merge(people, on="person_id", how="left")
    offences = load_codebook().codelist("offence_group").attribute("count_as_tip")
    forms = {"TIP_SEX": "SEX", "TIP_LAB": "LAB", "TIP_OTHER": "OTHER"}
    return rows.assign(
        sex=rows["sex"].fillna("U"),
        age_group=age_group(rows["age_group"]),
        citizenship_group=citizenship_group(rows["citizenship"]),
        trafficking=rows["offence_group"].map(offences).eq("yes"),
        csec=rows["offence_group"].str.startswith("CSEC"),
        form=rows["offence_group"].map(forms),
    )


def once_a_person(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a person out of charges: the first, with mixed forms named as such."""
    return _once(rows, ["person_id"])


def once_a_person_and_year(rows: pd.DataFrame, month: str) -> pd.DataFrame:
    """One row a person and year of `month`, so that pooled years are the sum of their years."""
    return _once(rows.assign(year=rows[month].str[:4]), ["person_id", "year"])


def _once(rows: pd.DataFrame, unit: list[str]) -> pd.DataFrame:
    if rows.empty:
        return rows.assign(key=pd.Series(dtype="str"))
    ordered = rows.sort_values(["charged_date", "charge_id"], kind="stable")
    ordered = ordered.assign(key=ordered[unit].agg("/".join, axis=1))
    once = ordered.drop_duplicates("key")
    several = once["key"].map(ordered.groupby("key")["form"].nunique()).gt(1)
    return once.assign(form=once["form"].mask(several, "MIXED"))


def _with_case(rows: pd.DataFrame, bank: Bank) -> pd.DataFrame:
    rows = rows.drop(columns=list(OF_THE_CASE), errors="ignore")
    return rows.merge(cases_known(bank)[["case_id", *OF_THE_CASE]], on="case_id", how="left")


@once_a_bank
def cases_active(bank: Bank, period: Period) -> pd.DataFrame:
    """Cases opened or active in a year, each once; in a part of a year, those opened in it."""
    cases = cases_known(bank, period.years[-1])
    if period.whole_years:
        cases = cases[cases["ref_year"].isin(period.years)]
    else:
        cases = within(cases, "opened_date", period)
    earlier = cases["opened_date"].lt(period.start).fillna(cases["carried_over"]).fillna(False)
    return cases.assign(
        form=forms_of_cases(bank, cases),
        carried_over=earlier.astype(bool).map({True: "YES", False: "NO"}),
        key=cases["case_id"],
    )


def forms_of_cases(bank: Bank, cases: pd.DataFrame) -> pd.Series:
    """The form of exploitation of each case: that of its victims, mixed where they differ."""
    return cases["case_id"].map(_forms_known(bank)).fillna("UNKNOWN")


@once_a_bank
def _forms_known(bank: Bank) -> pd.Series:
    """Forms by the case that some victim names, of those cases whose form is known."""
    victims = bank.frame("victims")[["case_id", "form"]].dropna(subset="case_id")
    victims = victims.assign(form=form_group(victims["form"]))
    named = victims[victims["form"] != "UNKNOWN"].sort_values(
        "form", key=lambda form: form.map(FIRST_NAMED), kind="stable"
    )
    once = named.drop_duplicates("case_id")
    mixed = _among(once[["case_id"]], _with_both_forms(victims, ["case_id"]))
    return once["form"].mask(mixed, "MIXED").set_axis(once["case_id"])
