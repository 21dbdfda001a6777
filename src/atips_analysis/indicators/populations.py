"""Populations that several indicators count: victims, cases and persons, each once.

All functions are pure: frames of accepted rows in, a frame with one row a unit out, with the
dimensions of the tables as text columns and `key` naming the unit.
"""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.measure import Bank
from atips_analysis.indicators.period import Period

UNKNOWN = {"sex": "U", "age_group": "UNK", "citizenship_group": "UNKNOWN", "form": "UNKNOWN"}
STATUS_RANK = {"CONFIRMED": 0, "POTENTIAL": 1}


def within(frame: pd.DataFrame, month: str, period: Period) -> pd.DataFrame:
    """Rows whose month lies in the period, both ends included."""
    return frame[frame[month].ge(period.start).fillna(False) & frame[month].le(period.end)]


def latest(frame: pd.DataFrame, key: list[str], period: Period) -> pd.DataFrame:
    """The newest row of each key among returns for years up to the period's last.

    A charge or a case is sent again in later years with what became of it; the last return
    that the period can know of stands.
    """
    known = frame[frame["submitted_for"] <= period.years[-1]]
    ordered = known.sort_values(["submitted_for", "file", "sheet", "row"], kind="stable")
    return ordered.drop_duplicates(key, keep="last")


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
        row.code: "SEX" if row.code.startswith("SEX") else "LAB" if is_labour else "OTHER"
        for row, is_labour in zip(table.itertuples(), labour, strict=True)
    }
    groups["UNKNOWN"] = "UNKNOWN"
    return code.map(groups).fillna("UNKNOWN")


def victims_once(bank: Bank, period: Period) -> pd.DataFrame:
    """Victims, potential or confirmed, each once a reference year.

    Two agencies may report the same victim: the rows of one `victim_id` and year become one,
    the strongest status and the first known value of each characteristic standing (Department
    of Human Services before police, which keep the register). A victim with sexual exploitation
    and forced labour counts once, as mixed.
    """
    rows = bank.frame("victims")
    rows = rows[rows["status"].isin(STATUS_RANK) & rows["identified_year"].isin(period.years)]
    rows = rows.assign(
        rank=rows["status"].map(STATUS_RANK),
        first=rows["submitted_by"].ne("DHS"),
        age_group=age_group(rows["age_group"]),
        citizenship_group=citizenship_group(rows["citizenship"]),
        form=form_group(rows["form"]),
    ).sort_values(["rank", "first", "submitted_by", "file", "row"], kind="stable")
    key = ["victim_id", "identified_year"]
    known = rows.copy()
    for column, unknown in UNKNOWN.items():
        known[column] = known[column].mask(known[column] == unknown)
    once = known.groupby(key, sort=True, as_index=False).first()
    forms = known.dropna(subset=["form"]).groupby(key)["form"].agg(frozenset)
    once = once.merge(forms.rename("forms"), on=key, how="left")
    both = once["forms"].map(lambda found: isinstance(found, frozenset) and {"SEX", "LAB"} <= found)
    once["form"] = once["form"].mask(both.astype(bool), "MIXED")
    for column, unknown in UNKNOWN.items():
        once[column] = once[column].fillna(unknown)
    once = _with_case(once, bank)
    if not period.whole_years:
        once = within(once, "status_date", period)
    return once.assign(key=once["victim_id"] + "/" + once["identified_year"].astype(str))


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


def defendants(bank: Bank, period: Period) -> pd.DataFrame:
    """Charges as known at the period's end, with the person's characteristics, a row a charge."""
    charges = latest(bank.frame("charges"), ["charge_id"], period)
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
    if rows.empty:
        return rows.assign(key=pd.Series(dtype=str))
    forms = rows.groupby("person_id")["form"].nunique()
    once = rows.sort_values(["charged_date", "charge_id"], kind="stable")
    once = once.drop_duplicates("person_id")
    mixed = once["person_id"].map(forms).gt(1)
    return once.assign(form=once["form"].mask(mixed, "MIXED"), key=once["person_id"])


def _with_case(rows: pd.DataFrame, bank: Bank) -> pd.DataFrame:
    cases = bank.frame("cases").sort_values(["submitted_for", "file", "row"], kind="stable")
    cases = cases.drop_duplicates("case_id", keep="last")
    columns = ["case_id", "district", "geographic_flow", "referral_source"]
    rows = rows.drop(columns=["district", "geographic_flow", "referral_source"], errors="ignore")
    joined = rows.merge(cases[columns], on="case_id", how="left")
    return joined.assign(
        district=joined["district"].fillna("UNK"),
        geographic_flow=joined["geographic_flow"].fillna("UNKNOWN"),
        referral_source=joined["referral_source"].fillna("UNKNOWN"),
    )


def cases_active(bank: Bank, period: Period) -> pd.DataFrame:
    """Cases opened or active in a year, each once; in a part of a year, those opened in it."""
    cases = bank.frame("cases")
    if period.whole_years:
        cases = cases[cases["ref_year"].isin(period.years)]
    else:
        cases = within(cases, "opened_date", period)
    cases = latest(cases, ["case_id"], period)
    victims = bank.frame("victims")
    forms = (
        victims.assign(form=form_group(victims["form"])).groupby("case_id")["form"].agg(frozenset)
    )
    found = cases["case_id"].map(forms)
    return cases.assign(
        form=found.map(_one_form).fillna("UNKNOWN"),
        carried_over=cases["opened_date"].lt(period.start).map({True: "YES", False: "NO"}),
        key=cases["case_id"],
    )


def _one_form(found: object) -> str:
    if not isinstance(found, frozenset):
        return "UNKNOWN"
    known = found - {"UNKNOWN"}
    if {"SEX", "LAB"} <= known:
        return "MIXED"
    return sorted(known)[-1] if known else "UNKNOWN"
