"""Records in the shape of a Coalition's: nine countries, ten years, victims with their services.

Invented and seeded: same seed, country, year and size, same rows. They are about no country: each
has a size, a mix of ages, forms and citizenships of its own, drawn from its number, and all use the
code lists of this project (its districts and agencies stand for theirs). Cases have one victim or
many, a victim any number of services; one row of victims in a thousand is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

SEED = 20_261_130
COUNTRIES = 9
YEARS = tuple(range(2015, 2025))
SHARES = np.array([30, 20, 14, 11, 8, 6, 5, 4, 2]) / 100
"""How many of the Coalition's victims each country has: the first as many as the last six."""
PARTITION = 50_000
WRONG = 0.001
FORMS = ("SEX_ADULT", "SEX_CSEC", "LAB_SECTOR", "LAB_DOMESTIC", "CRIM", "BEG", "MARRIAGE", "OTHER")
CITIZENSHIPS = ("BLZ", "GTM", "HND", "SLV", "MEX", "NIC", "CUB", "HTI", "CHN", "UNKNOWN")
DISTRICTS = ("BZ", "CY", "CZL", "OW", "SC", "TOL", "UNK")
SERVICES = ("SHELTER", "COUNSELLING", "MEDICAL", "FOOD", "CLOTHING", "REPATRIATION", "SCHOOL")
FLOWS = ("DOMESTIC", "CB_IN", "CB_OUT", "LOCAL_FOREIGN", "UNKNOWN")
SOURCES = ("BPD", "ATIPS_PU", "IMM", "DHS", "NGO", "HOTLINE", "SELF", "UNKNOWN")


def victims_of(country: int, victims: int) -> dict[int, int]:
    """How many victims a country has a year, of so many that the Coalition has in all years."""
    trend = np.linspace(0.8, 1.2, len(YEARS))
    wanted = victims * SHARES[country] * trend / trend.sum()
    return dict(zip(YEARS, np.maximum(1, np.rint(wanted)).astype(int).tolist(), strict=True))


def write_country(country: int, victims: int, folder: Path) -> int:
    """Write what a country's agencies send, files of a year each; returns the rows."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = 0
    for year, count in victims_of(country, victims).items():
        for agency, stream, frame in records(country, year, count):
            for number, start in enumerate(range(0, len(frame), PARTITION), start=1):
                part = frame.iloc[start : start + PARTITION]
                part.to_csv(folder / f"{agency}_{year}_{stream}_part{number}.csv", index=False)
            rows += len(frame)
    return rows


def records(country: int, year: int, victims: int) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Agency, stream and rows of a country's year, with so many victims."""
    mix = np.random.default_rng([SEED, country])
    drawn = np.random.default_rng([SEED, country, year])

    def of(values: tuple[str, ...], size: int) -> np.ndarray:
        return drawn.choice(values, size, p=mix.dirichlet(np.full(len(values), 1.5)))

    sizes = drawn.geometric(0.35, victims)
    case = np.repeat(np.arange(victims), sizes)[:victims]
    case_ids = np.array([f"BZ-CASE-{year}-{number:04d}" for number in range(case[-1] + 1)])
    months = np.array([f"{year}-{month:02d}" for month in range(1, 13)])
    opened = drawn.integers(0, 12, len(case_ids))
    yield (
        "BPD_ATIPS",
        "cases",
        pd.DataFrame(
            {
                "case_id": case_ids,
                "ref_year": year,
                "opened_date": months[opened],
                "carried_over": "no",
                "referral_source": of(SOURCES, len(case_ids)),
                "district": of(DISTRICTS, len(case_ids)),
                "geographic_flow": of(FLOWS, len(case_ids)),
                "means": "FORCE",
                "stage": drawn.choice(["INVEST", "CHARGED", "DISPOSED"], len(case_ids)),
            }
        ),
    )
    first = (country * 10_000 + year) * 10**9
    victim_ids = np.array([f"{first + number:016x}" for number in range(victims)])
    form = of(FORMS, victims)
    child = (form == "SEX_CSEC") | ((form != "SEX_ADULT") & (drawn.random(victims) < 0.3))
    age = np.where(child, "CHILD", "ADULT")
    month = np.minimum(11, opened[case] + drawn.integers(0, 3, victims))
    sex = of(("F", "M"), victims)
    yield (
        "DHS",
        "victims",
        pd.DataFrame(
            {
                "victim_id": victim_ids,
                "case_id": case_ids[case],
                "identified_year": year,
                "sex": np.where(drawn.random(victims) < WRONG, "femle", sex),
                "age_years_ident": np.where(
                    child, drawn.integers(5, 18, victims), drawn.integers(18, 60, victims)
                ),
                "age_group": age,
                "age_at_exploit_group": age,
                "citizenship": of(CITIZENSHIPS, victims),
                "status": drawn.choice(["POTENTIAL", "CONFIRMED"], victims),
                "status_date": months[month],
                "decision_by": "DHS",
                "form": form,
                "primary_form": "yes",
                "sexual_type": np.where(np.char.startswith(form, "SEX"), "PROSTITUTION", ""),
                "country_of_exploitation": "BLZ",
                "means_of_control": drawn.choice(["THREATS", "THREATS;PHYS_ABUSE"], victims),
                "consent_statistics": "yes",
            }
        ),
    )
    given = drawn.random((victims, len(SERVICES))) < mix.uniform(0.1, 0.35, len(SERVICES))
    whom, what = np.nonzero(given)
    yield (
        "DHS",
        "services",
        pd.DataFrame(
            {
                "victim_id": victim_ids[whom],
                "service_type": np.array(SERVICES)[what],
                "provider": "DHS",
                "start_month": months[month[whom]],
            }
        ),
    )
