"""Persons counted once, whoever reported them: from an edition's rows to linked persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from atips_analysis.databank.bank import DataBank
from atips_analysis.databank.decisions import read_decisions
from atips_analysis.databank.linkage import NOT_KNOWN, PARTIAL_KEYS, Linkage, broad_age_groups, link

AGREED = ("sex", "age_group", "citizenship")
IDENTIFIED = ("POTENTIAL", "CONFIRMED")
RECORD = ["agency", "id", "year", "sex", "age_group", "citizenship", "case_id", *PARTIAL_KEYS]


def link_victims(bank: DataBank) -> Linkage:
    """Link the victims of an edition across agencies, with the decisions of its data bank."""
    return link(victim_records(bank), _decisions(bank))


def link_persons(bank: DataBank) -> Linkage:
    """Link suspects, defendants and persons charged across agencies."""
    return link(person_records(bank), _decisions(bank))


def victim_records(bank: DataBank) -> pd.DataFrame:
    """Rows on victims as `linkage.link` reads them.

    Those served by agencies that send no victims are among them: their services are their
    list. Without consent to statistics only code and keys are used.
    """
    victims = _records(bank.frame("victims"), "victim_id", "identified_year")
    services = bank.frame("services")
    others = services[~services["submitted_by"].isin(victims["agency"])]
    return pd.concat([victims, _records(others, "victim_id", "submitted_for")], ignore_index=True)


def person_records(bank: DataBank) -> pd.DataFrame:
    """Rows on suspects and charges as `linkage.link` reads them."""
    frames = [
        _records(bank.frame(stream), "person_id", "submitted_for")
        for stream in ("suspects", "charges")
    ]
    return pd.concat(frames, ignore_index=True)


def unduplicated_victims(bank: DataBank, year: int | None = None) -> pd.DataFrame:
    """A row a victim, whoever and however many agencies reported it.

    Parameters
    ----------
    year : int, optional
        Victims with a record for this year; `first_year` tells those who are new in it.

    Returns
    -------
    DataFrame
        cluster, first_year, last_year (Int64), agencies, victim_ids, statuses and forms
        (joined by semicolons), and sex, age_group (CHILD or ADULT) and citizenship where all
        records that know it agree; missing where they do not, or where consent to statistics
        was not given. One victim a row: status is for the caller to choose.
    """
    rows = _with_clusters(bank.frame("victims"), link_victims(bank))
    if year is not None:
        there = rows.loc[rows["identified_year"] == year, "cluster"]
        rows = rows[rows["cluster"].isin(there)]
    rows = rows.sort_values(["cluster", "identified_year", "submitted_by"])
    groups = rows.groupby("cluster")
    table = pd.DataFrame(
        {
            "first_year": groups["identified_year"].min(),
            "last_year": groups["identified_year"].max(),
            "agencies": groups["submitted_by"].agg(_joined),
            "victim_ids": groups["victim_id"].agg(_joined),
            "statuses": groups["status"].agg(_joined),
            "forms": groups["form"].agg(_joined),
        }
    )
    for name in AGREED:
        table[name] = _agreed(rows, name)
    return table.reset_index()


def unduplicated_counts(bank: DataBank) -> pd.DataFrame:
    """Victims by year: records (a code at an agency), victims, and those of several agencies.

    Counted are potential and confirmed victims together; a victim with records for two years
    counts in both. Confidential: these are counts of persons before disclosure control.
    """
    rows = _with_clusters(bank.frame("victims"), link_victims(bank))
    rows = rows[rows["status"].isin(IDENTIFIED)]
    by_year = rows.groupby("identified_year")
    records = rows.drop_duplicates(["identified_year", "submitted_by", "victim_id"])
    pairs = rows.drop_duplicates(["identified_year", "cluster", "submitted_by"])
    agencies = pairs.groupby(["identified_year", "cluster"]).size()
    several = (agencies > 1).groupby("identified_year").sum()
    return pd.DataFrame(
        {
            "records": records.groupby("identified_year").size(),
            "victims": by_year["cluster"].nunique(),
            "of_several_agencies": several,
        }
    ).reset_index(names="year")


def overlap_table(
    bank: DataBank, years: Iterable[int], lists: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Who is on which agency's list: what multiple systems estimation reads.

    An agency's list holds the victims (potential or confirmed) that it sent for the years; of
    an agency that sends no victims, those whom its services name. Linked records are one.

    Parameters
    ----------
    years : iterable of int
        Years pooled.
    lists : mapping of agency to list, optional
        Agencies that form one list, such as {"HTI": "NGO", "RET": "NGO"}; the others stand
        for themselves.

    Returns
    -------
    DataFrame
        A column 0/1 for each list, in order of the alphabet, and `count` last; a row for each
        combination that occurs. Confidential.
    """
    wanted = list(years)
    victims = bank.frame("victims")
    clusters = link_victims(bank).clusters
    identified = victims[victims["status"].isin(IDENTIFIED)]
    named = identified[identified["identified_year"].isin(wanted)]
    services = bank.frame("services")
    served = services[
        services["submitted_for"].isin(wanted)
        & ~services["submitted_by"].isin(victims["submitted_by"])
    ]
    rows = pd.concat([named, served])[["submitted_by", "victim_id"]].drop_duplicates()
    rows = rows.merge(
        clusters, left_on=["submitted_by", "victim_id"], right_on=["agency", "id"], how="inner"
    )
    rows["list"] = rows["agency"].replace(dict(lists or {}))
    if rows.empty:
        return pd.DataFrame({"count": pd.Series(dtype="int64")})
    there = pd.crosstab(rows["cluster"], rows["list"]).clip(upper=1)
    names = list(there.columns)
    table = there.groupby(names).size().rename("count").reset_index()
    return table.sort_values(names, ascending=False, ignore_index=True).rename_axis(columns=None)


def _records(frame: pd.DataFrame, code: str, year: str) -> pd.DataFrame:
    rows = frame.rename(columns={"submitted_by": "agency", code: "id"})
    rows = rows.assign(year=frame[year]).reindex(columns=[*RECORD, "consent_statistics"])
    refused = _refused(rows)
    for name in (*AGREED, "case_id"):
        rows[name] = rows[name].mask(refused)
    return rows[RECORD]


def _refused(rows: pd.DataFrame) -> pd.Series:
    """Rows whose person did not consent to statistics."""
    consent = rows["consent_statistics"].astype("boolean")
    return (~consent).fillna(False).astype(bool)


def _with_clusters(victims: pd.DataFrame, linkage: Linkage) -> pd.DataFrame:
    names = {"agency": "submitted_by", "id": "victim_id"}
    return victims.merge(
        linkage.clusters.rename(columns=names), on=["submitted_by", "victim_id"], how="inner"
    )


def _agreed(rows: pd.DataFrame, name: str) -> pd.Series:
    """By cluster, the one value that all records have that know it; else missing."""
    values = rows[name].mask(_refused(rows))
    if name == "age_group":
        values = values.map(broad_age_groups())
    values = values.mask(values.isin(NOT_KNOWN))
    groups = values.groupby(rows["cluster"])
    return groups.first().where(groups.nunique() == 1)


def _joined(values: pd.Series) -> str:
    return ";".join(sorted(set(values.dropna())))


def _decisions(bank: DataBank) -> dict[tuple[str, str], bool]:
    return read_decisions(bank.folder.parent.parent)
