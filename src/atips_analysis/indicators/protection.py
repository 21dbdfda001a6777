"""Protection: victims identified, what they received, and what became of them."""

from __future__ import annotations

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.follow_up import SERVED_WITHIN, victims_followed
from atips_analysis.indicators.measure import Bank, by, measure
from atips_analysis.indicators.period import Period
from atips_analysis.indicators.populations import UNKNOWN, victims_known, victims_once, within
from atips_analysis.indicators.prevention import totals
from atips_analysis.indicators.remembering import once_a_bank


@measure(
    "PROT-01",
    "VICTIM",
    "count",
    "victims",
    by=by(
        "status_of_victim",
        "sex",
        "age_group",
        "form",
        "citizenship_group",
        "geographic_flow",
        "referral_source",
        "sex x age_group",
        "sex x form",
        "age_group x form",
        "status_of_victim x citizenship_group",
    ),
    interval="poisson",
)
def victims_identified(bank: Bank, period: Period) -> pd.DataFrame:
    """Potential and confirmed victims, each once a year."""
    return victims_once(bank, period)


@measure(
    "PROT-02",
    "VICTIM",
    "rate",
    "victims",
    by=by("sex", "age_group", "form"),
    interval="poisson",
    same_as={"within": "PROT-01 VICTIM", "value": "PROT-01 VICTIM status_of_victim=CONFIRMED"},
)
def confirmed_victims(bank: Bank, period: Period) -> pd.DataFrame:
    """Confirmed victims over mid-year population (SDG 16.2.2, the detected part)."""
    rows = victims_once(bank, period)
    return rows[rows["status"] == "CONFIRMED"]


@measure(
    "PROT-03",
    "VICTIM",
    "percent",
    "victims",
    by=by("sex", "form"),
    interval="binomial",
    least=10,
    same_as={
        "numerator": "PROT-01 VICTIM age_group=CHILD",
        "rest": "PROT-01 VICTIM age_group=ADULT",
    },
)
def children_among_victims(bank: Bank, period: Period) -> pd.DataFrame:
    """Of victims of known age, those under 18 when identified."""
    rows = victims_once(bank, period)
    rows = rows[rows["age_group"] != "UNK"]
    return rows.assign(numerator=rows["age_group"].eq("CHILD").astype(int))


@measure(
    "PROT-04",
    "VICTIM",
    "percent",
    "victims",
    by=by("form", "sex x form", "age_group x form"),
    interval="binomial",
    total=False,
    distribution="form",
    same_as={"numerator": "PROT-01 VICTIM"},
)
def victims_by_form(bank: Bank, period: Period) -> pd.DataFrame:
    """How victims of known form share out over the forms; two forms count once, as mixed."""
    rows = victims_once(bank, period)
    return rows[rows["form"] != "UNKNOWN"]


@measure(
    "PROT-05",
    "VICTIM",
    "percent",
    "victims services",
    by=by("follow_up", "sex", "age_group", "citizenship_group"),
    interval="binomial",
    overlapping="follow_up",
    shares_of_all="follow_up",
    nested=(("DAYS_30", "Total"), ("NOT_FOLLOWED_90", "rest")),
    none_by_months=("NOT_FOLLOWED_90",),
    same_as={"denominator": "PROT-01 VICTIM"},
)
def victims_served(bank: Bank, period: Period) -> pd.DataFrame:
    """Of victims identified in the period, those with a service within 90 days.

    Every year has the same time, and everybody counts. `follow_up` says beside it who was served
    within 30 days, and who was not served so far and could not be followed for 90 days: by these
    the share may yet rise, and until there are none it has bounds and no interval. That a victim
    leaves or wants no service is not recorded, so that no other end competes.
    """
    rows = victims_followed(bank, period)
    soon, window = SERVED_WITHIN
    not_followed = {days: ~rows["served"] & rows["days"].lt(days) for days in SERVED_WITHIN}
    within: dict[str | None, tuple[pd.Series, int]] = {
        None: (rows["days"].le(window) & rows["served"], window),
        f"DAYS_{soon}": (rows["days"].le(soon) & rows["served"], soon),
        f"NOT_FOLLOWED_{window}": (not_followed[window], window),
    }
    parts = [
        rows.assign(follow_up=part, numerator=those.astype(int), may_rise=not_followed[days])
        for part, (those, days) in within.items()
    ]
    return pd.concat(parts, ignore_index=True)


@measure(
    "PROT-06",
    "SERVICE",
    "count",
    "services",
    by=by("service_type", "provider", "age_group"),
    interval="poisson",
)
def services_given(bank: Bank, period: Period) -> pd.DataFrame:
    """Services: one service type to one victim in one year, counted once, in its first month.

    Sex, age group (at identification) and citizenship group are those of the victim.
    """
    return within(services_known(bank), "start_month", period)


@measure(
    "PROT-06", "VICTIM", "count", "services", by=by("service_group"), overlapping="service_group"
)
@once_a_bank
def victims_with_services(bank: Bank, period: Period) -> pd.DataFrame:
    """Victims who received a service in the period, whenever they were identified.

    One row a victim and group of services, so that the parts of `service_group` do not add up.
    """
    rows = services_given(bank, period)
    of = load_codebook().codelist("service_type").attribute("group")
    groups = rows["service_type"].map(of).replace("", "other").fillna("other")
    rows = rows.assign(key=rows["victim_id"] + "/" + rows["year"], service_group=groups)
    return rows.drop_duplicates(["key", "service_group"])


@measure(
    "PROT-06",
    "SERVICE",
    "ratio",
    "services",
    same_as={"numerator": "PROT-06 SERVICE", "denominator": "PROT-06 VICTIM"},
)
def services_for_each_victim(bank: Bank, period: Period) -> pd.DataFrame:
    """Services over the victims who received them."""
    given = services_given(bank, period).groupby(["victim_id", "year"])["key"].size()
    rows = victims_with_services(bank, period).drop_duplicates("key")
    rows = rows.set_index(["victim_id", "year"])
    return rows.assign(numerator=given).reset_index()


@measure(
    "PROT-07",
    "VICTIM",
    "median",
    "victims services",
    by=by("age_group", "district"),
    least=10,
    measured_in="days",
    quartiles=True,
    same_as={"value": "PROT-01 VICTIM"},
)
def days_to_first_service(bank: Bank, period: Period) -> pd.DataFrame:
    """Days from identification by which half of all victims identified had a service.

    Those not served so far wait as long as they could be followed (censored).
    """
    rows = victims_followed(bank, period)
    return rows.assign(duration=rows["days"], ending=rows["served"].astype(int))


@measure(
    "PROT-08",
    "VICTIM",
    "count",
    "services",
    by=by("shelter_type", "age_group", "sex"),
    interval="poisson",
    same_as={"value": "PROT-06 SERVICE service_type=SHELTER"},
)
def victims_in_shelter(bank: Bank, period: Period) -> pd.DataFrame:
    """Victims placed, each once a year, at the first placement."""
    return _with_service(bank, period, "SHELTER")


@measure(
    "PROT-09",
    "VICTIM",
    "count",
    "services",
    by=by("citizenship_group", "age_group"),
    interval="poisson",
    same_as={"value": "PROT-06 SERVICE service_type=REPATRIATION"},
)
def victims_repatriated(bank: Bank, period: Period) -> pd.DataFrame:
    """Victims with a completed repatriation, each once a year."""
    return _with_service(bank, period, "REPATRIATION")


@measure(
    "PROT-10",
    "VICTIM",
    "count",
    "services",
    by=by("sex"),
    interval="poisson",
    same_as={"value": "PROT-06 SERVICE service_type=IMM_STATUS"},
)
def survivors_regularised(bank: Bank, period: Period) -> pd.DataFrame:
    """Survivors whose immigration status was regularised, each once a year."""
    return _with_service(bank, period, "IMM_STATUS")


@measure("PROT-11", "CHILD", "count", "counts:MIGRANT_CHILDREN_SHELTERED", by=by("sex"))
def migrant_children_sheltered(bank: Bank, period: Period) -> pd.DataFrame:
    """Children in the migrant shelter: a vulnerable group, not victims."""
    return totals(bank, period, "MIGRANT_CHILDREN_SHELTERED")


@once_a_bank
def services_known(bank: Bank) -> pd.DataFrame:
    """The services of all years, each once a year, with the characteristics of their victims."""
    rows = bank.frame("services")
    rows = rows[rows["start_month"].notna()]
    rows = rows.sort_values(["start_month", "file", "sheet", "row"], kind="stable")
    rows = rows.assign(year=rows["start_month"].str[:4])
    rows = rows.drop_duplicates(["victim_id", "service_type", "year"])
    known = victims_known(bank).drop_duplicates("victim_id")
    of = ["sex", "age_group", "citizenship_group"]
    rows = rows.drop(columns=of, errors="ignore")
    rows = rows.merge(known[["victim_id", *of]], on="victim_id", how="left")
    rows = rows.fillna({name: UNKNOWN[name] for name in of})
    return rows.assign(key=rows["victim_id"] + "/" + rows["service_type"] + "/" + rows["year"])


def _with_service(bank: Bank, period: Period, service: str) -> pd.DataFrame:
    rows = services_given(bank, period)
    rows = rows[rows["service_type"] == service]
    return rows.assign(
        key=rows["victim_id"] + "/" + rows["year"],
        shelter_type=rows["shelter_type"].fillna("UNKNOWN"),
    )
