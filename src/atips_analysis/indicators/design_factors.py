"""By how much persons that come by case, and services by victim, widen chance: once an edition.

A factor is pooled over all years of the edition and rounded up to the next half. Whatever period
or breakdown an interval is of, it is worked out with the same published number, so that no
interval tells the sizes of a year's cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.measure import Bank, measures
from atips_analysis.indicators.period import Period
from atips_analysis.indicators.populations import persons_at, victims_known
from atips_analysis.statistics import ComesAbout, design_factor, share_design_factor

IN_CONTACT = frozenset({"CONTACT"})


def comes_about(unit: str) -> ComesAbout:
    """How what is counted in a unit comes about, as the code list of units says it."""
    return ComesAbout(load_codebook().codelist("unit_of_count").attribute("comes_about")[unit])


def design_factors(bank: Bank) -> Mapping[ComesAbout, float]:
    """The design factor of each way in which counts come about, from all years of an edition.

    Persons come by case: the victims identified in a year, and the persons brought into formal
    contact in it, that share a case are a cluster. Services come by victim, and victims by case:
    the services of a year to the victims of one case are a cluster. A person without a case is
    one alone. Participants come by session, and their factor is that of a share of them.

    Returns
    -------
    mapping
        1 for independent events and planned work; NaN where there are too few clusters to tell.
    """
    whole = _all_years(bank)
    nan = float("nan")
    factors = dict.fromkeys(ComesAbout, 1.0)
    factors |= {one: nan for one in ComesAbout if one.clustered}
    if whole is not None:
        victims, contacts = victims_known(bank), persons_at(bank, whole, IN_CONTACT)
        sizes = [
            _sizes(victims["case_id"], victims["victim_id"], victims["identified_year"]),
            _sizes(contacts["case_id"], contacts["person_id"], contacts["year"]),
        ]
        factors[ComesAbout.BY_CASE] = design_factor(pd.concat(sizes))
        factors[ComesAbout.BY_VICTIM] = design_factor(_services_of_cases(bank, whole, victims))
        factors[ComesAbout.BY_SESSION] = _by_session(bank, whole)
    return MappingProxyType(factors)


def _all_years(bank: Bank) -> Period | None:
    """From the first to the last year that anything was returned for."""
    streams = ("victims", "suspects", "services", "trainings")
    years = [year for stream in streams for year in bank.returned(stream)]
    return Period("all years", f"{min(years)}-01", f"{max(years)}-12") if years else None


def _sizes(cases: pd.Series, persons: pd.Series, years: pd.Series) -> pd.Series:
    """Persons of each case and year."""
    cluster = cases.astype("string").fillna("alone " + persons.astype("string"))
    return pd.DataFrame({"cluster": cluster, "year": years.astype("string")}).value_counts()


def _services_of_cases(bank: Bank, whole: Period, victims: pd.DataFrame) -> pd.Series:
    (services,) = (
        one for one in measures("PROT-06") if (one.unit, one.statistic) == ("SERVICE", "count")
    )
    rows = services.population(bank, whole)
    cases = victims.drop_duplicates("victim_id").set_index("victim_id")["case_id"]
    return _sizes(rows["victim_id"].map(cases.to_dict()), rows["victim_id"], rows["year"])


def _by_session(bank: Bank, whole: Period) -> float:
    (gain,) = measures("PREV-03")
    rows = gain.population(bank, whole)
    return share_design_factor(rows["numerator"].astype(float), rows["n"].astype(float))
