"""Prevention: training, awareness, screening, inspections, reports."""

from __future__ import annotations

import pandas as pd

from atips_analysis.indicators.measure import Bank, by, measure
from atips_analysis.indicators.period import Period
from atips_analysis.indicators.populations import age_group, within


@measure(
    "PREV-01",
    "SESSION",
    "count",
    "trainings",
    by=by("audience", "topic", "district", "facilitator"),
    persons=False,
)
def sessions_held(bank: Bank, period: Period) -> pd.DataFrame:
    """Training and sensitisation sessions: one event, one date, one place."""
    rows = within(bank.frame("trainings"), "month", period)
    return rows.assign(key=rows["session_id"], district=rows["district"].fillna("UNK"))


@measure(
    "PREV-02", "PARTICIPANT", "count", "trainings", by=by("audience", "topic", "district", "sex")
)
def participants(bank: Bank, period: Period) -> pd.DataFrame:
    """Attendances: people counted each time they attend.

    Of a session, the women, the men and, where these do not make up all, those of unknown sex.
    """
    rows = sessions_held(bank, period)
    women, men = rows["women"].fillna(0), rows["men"].fillna(0)
    parts = {"F": women, "M": men, "U": rows["participants"] - women - men}
    split = pd.concat([rows.assign(sex=sex, n=n) for sex, n in parts.items()], ignore_index=True)
    return split[split["n"] != 0].sort_values(["key", "sex"], kind="stable", ignore_index=True)


@measure(
    "PREV-03",
    "PARTICIPANT",
    "percent",
    "trainings",
    by=by("audience"),
    interval="binomial",
    least=10,
)
def participants_with_gain(bank: Bank, period: Period) -> pd.DataFrame:
    """Of participants with both tests, those whose score rose."""
    rows = sessions_held(bank, period)
    rows = rows[rows["pre_post_pairs"].fillna(0) > 0]
    return rows.assign(n=rows["pre_post_pairs"], numerator=rows["pre_post_gain"].fillna(0))


@measure(
    "PREV-05", "PRODUCT", "count", "awareness", by=by("channel", "theme", "language"), persons=False
)
def products_released(bank: Bank, period: Period) -> pd.DataFrame:
    """Awareness products: videos, appearances, campaigns."""
    rows = within(bank.frame("awareness"), "month", period)
    return rows.assign(
        key=rows["activity_id"],
        n=rows["products"],
        theme=rows["theme"].fillna("OTHER"),
        language=rows["language"].fillna("UNK"),
    )


@measure("PREV-05", "AUDIENCE", "count", "awareness", by=by("channel"), persons=False)
def people_reached(bank: Bank, period: Period) -> pd.DataFrame:
    """Views and listeners as each channel counts them, added up: not different persons.

    Activities whose channel measures nothing are not among them.
    """
    rows = products_released(bank, period)
    return rows[rows["people_reached"].notna()].assign(n=rows["people_reached"])


@measure("PREV-06", "ACTION", "count", "counts:DEMAND_ACTIONS", persons=False)
def actions_on_demand(bank: Bank, period: Period) -> pd.DataFrame:
    """Actions aimed at buyers, users of forced labour and tourism operators."""
    return totals(bank, period, "DEMAND_ACTIONS")


@measure(
    "PREV-07",
    "SCREENING",
    "count",
    "screenings",
    by=by("citizenship_group", "sex", "age_group", "outcome"),
)
def persons_screened(bank: Bank, period: Period) -> pd.DataFrame:
    """Screenings of migrants for indicators; whoever is screened twice counts twice."""
    rows = within(bank.frame("screenings"), "month", period)
    return rows.assign(
        key=row_key(rows), sex=rows["sex"].fillna("U"), age_group=age_group(rows["age_group"])
    )


@measure(
    "PREV-08",
    "INSPECTION",
    "count",
    "inspections",
    by=by("inspection_type", "finding", "district", "sector"),
    persons=False,
)
def inspections(bank: Bank, period: Period) -> pd.DataFrame:
    """Workplace visits of labour inspectors."""
    rows = within(bank.frame("inspections"), "month", period)
    return rows.assign(
        key=row_key(rows),
        district=rows["district"].fillna("UNK"),
        sector=rows["sector"].fillna("UNK"),
    )


@measure("PREV-08", "INSPECTION", "percent", "inspections", persons=False)
def inspections_on_child_labour(bank: Bank, period: Period) -> pd.DataFrame:
    """Of inspections, those aimed at child labour. A complete count: no interval."""
    rows = inspections(bank, period)
    return rows.assign(numerator=rows["n"].where(rows["inspection_type"] == "CHILD_LABOUR", 0))


@measure(
    "PREV-09",
    "REPORT",
    "count",
    "reports",
    by=by("channel", "outcome"),
    interval="poisson",
    persons=False,
)
def reports_received(bank: Bank, period: Period) -> pd.DataFrame:
    """Reports of suspected trafficking through public channels; `outcome`: whether it is a case."""
    rows = within(bank.frame("reports"), "month", period)
    became = rows["became_case"].fillna(False).astype(bool)
    return rows.assign(key=row_key(rows), outcome=became.map({True: "CASE", False: "NO_CASE"}))


@measure(
    "PREV-09",
    "REPORT",
    "percent",
    "reports",
    persons=False,
    by=by("channel"),
    interval="binomial",
    same_as={
        "denominator": "PREV-09 REPORT",
        "numerator": "PREV-09 REPORT outcome=CASE",
        "rest": "PREV-09 REPORT outcome=NO_CASE",
    },
)
def reports_that_became_a_case(bank: Bank, period: Period) -> pd.DataFrame:
    """Of reports received, those that became a case."""
    rows = reports_received(bank, period)
    return rows.assign(numerator=rows["n"].where(rows["became_case"].fillna(False), 0))


def totals(bank: Bank, period: Period, of: str) -> pd.DataFrame:
    """Rows of one measure that an agency keeps only as a total."""
    rows = bank.frame("counts")
    rows = within(rows[rows["measure"] == of], "month", period)
    return rows.assign(
        key=row_key(rows), sex=rows["sex"].fillna("U"), age_group=age_group(rows["age_group"])
    )


def row_key(rows: pd.DataFrame) -> pd.Series:
    """A key for rows that are totals: where they were read."""
    return rows["file"] + " " + rows["sheet"].fillna("") + " row " + rows["row"].astype(str)
