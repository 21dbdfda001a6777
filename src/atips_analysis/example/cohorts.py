"""Simulated cases opened 2019 to 2024, with the persons accused and the charges.

Cases are followed from the report to the outcome, so that cohorts can be linked: a case that
was opened in 2022 may be heard in 2024. What the published sources print for a year is met by
events of that year; which persons stand behind it is invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from atips_analysis.example.chance import Chance, simulated_pseudonym
from atips_analysis.example.months import later, month, year_of
from atips_analysis.example.published import PublishedTotals

FIRST_YEAR = 2021
LAST_YEAR = 2024

CASES_OPENED_BEFORE = {2019: 2, 2020: 4}
CASES_OPENED_2023 = 10

CLOSED_WITHOUT_CHARGE = {
    (2019, 2): "2021-04",
    (2020, 1): "2021-08",
    (2020, 3): "2022-03",
    (2020, 4): "2022-09",
    (2021, 2): "2022-06",
    (2021, 3): "2023-05",
    (2021, 5): "2023-02",
    (2022, 1): "2022-12",
    (2022, 3): "2023-09",
    (2022, 6): "2023-04",
    (2023, 2): "2023-10",
    (2023, 6): "2024-03",
    (2023, 9): "2023-12",
    (2023, 10): "2024-08",
    (2024, 4): "2024-11",
}
"""Case (year, number in the year) to the month in which it was closed without charge."""


@dataclass(frozen=True)
class Charge:
    """A charge against one person; what became of it is known from `outcome_month` on."""

    charge_id: str
    offence: str
    counts: int
    charged: str
    committed: str
    outcome: str
    outcome_month: str
    sentence_type: str
    sentence_months: int | None


@dataclass(frozen=True)
class Accused:
    """A person brought into formal contact; `stages` are (stage, month) in order."""

    person_id: str
    case: tuple[int, int]
    sex: str
    citizenship: str
    role: str
    stages: tuple[tuple[str, str], ...]
    charge: Charge | None


@dataclass(frozen=True)
class Case:
    """A case with its own stages; `theme` is SEX, CSEC, LAB or OTHER."""

    place: tuple[int, int]
    case_id: str
    opened: str
    source: str
    district: str
    flow: str
    theme: str
    stages: tuple[tuple[str, str], ...]
    last_year: int


@dataclass(frozen=True)
class Path:
    """What happens to one accused person; months as printed below, blank when not reached."""

    case: tuple[int, int]
    sex: str
    citizenship: str
    offence: str
    counts: int
    contact: str
    charged: str
    magistrate: str
    committed: str = ""
    waiting: str = ""
    trial: str = ""
    disposed: str = ""
    outcome: str = "PENDING"
    death: str = ""
    sentence: tuple[str, int | None] = ("", None)


PATHS = (
    # Convicted in 2021, in a case opened in 2019.
    Path((2019, 1), "M", "BLZ", "TIP_SEX", 2, "2019-09", "2019-10", "2019-11", "2020-06",
         "2020-07", "2021-03", "2021-05", "GUILTY_TRIAL", sentence=("IMPRISON", 96)),
    Path((2019, 1), "F", "BLZ", "TIP_SEX", 1, "2019-09", "2019-10", "2019-11", "2020-06",
         "2020-07", "2021-03", "2021-05", "GUILTY_TRIAL", sentence=("IMPRISON", 60)),
    Path((2020, 2), "M", "BLZ", "CSEC_EXPLOIT", 1, "2020-11", "2020-12", "2021-01",
         disposed="2021-10", outcome="STRUCK_OUT"),
    Path((2021, 1), "M", "BLZ", "TIP_SEX", 1, "2021-02", "2021-03", "2021-04",
         disposed="2021-11", outcome="DISCHARGED"),
    Path((2021, 1), "F", "BLZ", "TIP_SEX", 1, "2021-02", "2021-03", "2021-04",
         disposed="2021-11", outcome="DISCHARGED"),
    # Nobody is prosecuted for trafficking in 2022: UNODC prints a zero.
    # Convicted in 2024, in cases opened in 2022 and 2021.
    Path((2022, 2), "M", "GTM", "TIP_SEX", 2, "2022-09", "2023-02", "2023-03", "2023-08",
         "2023-09", "2024-03", "2024-06", "GUILTY_TRIAL", sentence=("IMPRISON", 120)),
    Path((2021, 4), "F", "GTM", "TIP_LAB", 1, "2022-03", "2023-01", "2023-02", "2023-06",
         "2023-07", "2024-08", "2024-10", "GUILTY_TRIAL", sentence=("IMPRISON", 72)),
    Path((2022, 4), "M", "BLZ", "TIP_LAB", 1, "2022-06", "2023-03", "2023-04", "2023-07",
         disposed="2023-10", outcome="GUILTY_PLEA", sentence=("IMPRISON", 48)),
    Path((2022, 4), "F", "BLZ", "TIP_LAB", 1, "2023-01", "2023-03", "2023-04", "2023-07",
         disposed="2023-10", outcome="GUILTY_PLEA", sentence=("FINE", None)),
    Path((2022, 5), "M", "HND", "TIP_SEX", 1, "2022-11", "2023-05", "2023-06", "2023-11",
         "2023-12"),
    Path((2023, 1), "M", "BLZ", "TIP_SEX", 2, "2023-02", "2023-03", "2023-04", "2023-10",
         "2023-11"),
    Path((2023, 1), "F", "BLZ", "TIP_SEX", 1, "2023-02", "2023-03", "2023-04",
         disposed="2024-04", outcome="NOLLE"),
    Path((2023, 3), "M", "SLV", "TIP_LAB", 1, "2023-05", "2023-06", "2023-07", "2023-12",
         "2023-12"),
    Path((2023, 4), "M", "BLZ", "CSEC_EXPLOIT", 1, "2023-06", "2023-06", "2023-07",
         disposed="2023-12", outcome="STRUCK_OUT"),
    Path((2023, 5), "M", "BLZ", "CSEC_CSAM", 1, "2023-08", "2023-08", "2023-09",
         disposed="2023-11", outcome="GUILTY_PLEA", sentence=("IMPRISON", 36)),
    Path((2023, 7), "M", "BLZ", "CSEC_EXPLOIT", 1, "2023-12", "2024-01", "2024-02"),
    # Arrested in 2024: one committed to the High Court, one since deceased, five in
    # connection with one survivor. The five and the person above are before the
    # Magistrate's Court on charges under the CSEC Act.
    Path((2024, 1), "M", "BLZ", "TIP_SEX", 1, "2024-02", "2024-02", "2024-03", "2024-10",
         "2024-11"),
    Path((2024, 2), "M", "GTM", "TIP_LAB", 1, "2024-04", "2024-04", "2024-05",
         outcome="DIED", death="2024-09"),
    Path((2024, 3), "F", "BLZ", "CSEC_CSAM", 1, "2024-07", "2024-07", "2024-08"),
    Path((2024, 3), "M", "BLZ", "CSEC_EXPLOIT", 1, "2024-07", "2024-07", "2024-08"),
    Path((2024, 3), "M", "BLZ", "CSEC_EXPLOIT", 1, "2024-07", "2024-07", "2024-08"),
    Path((2024, 3), "F", "BLZ", "CSEC_PROCURE", 1, "2024-07", "2024-07", "2024-08"),
    Path((2024, 3), "F", "BLZ", "CSEC_PROCURE", 1, "2024-07", "2024-07", "2024-08"),
)  # fmt: skip
"""Persons charged. Each year's totals are those published for it."""

CONTACTS_2023 = 9

ROLES = {
    "SEX": {"EXPLOITER": 4, "RECRUITER": 3, "CONTROLLER": 2, "FACILITATOR": 1},
    "CSEC": {"EXPLOITER": 3, "FAMILY_FACIL": 3, "FACILITATOR": 2, "RECRUITER": 1},
    "LAB": {"EXPLOITER": 4, "RECRUITER": 3, "HARBOURER": 2, "CONTROLLER": 1},
    "OTHER": {"EXPLOITER": 2, "RECRUITER": 2, "UNKNOWN": 1},
}
SOURCES = {
    "BPD": 5, "ATIPS_PU": 4, "DHS": 4, "IMM": 2, "LAB": 2, "HEALTH": 1, "EDU": 2, "NGO": 2,
    "HOTLINE": 3, "ONLINE": 1, "FAMILY": 2, "SELF": 1,
}  # fmt: skip
DISTRICTS = {"BZ": 8, "CY": 7, "OW": 3, "CZL": 2, "SC": 4, "TOL": 2}
FLOWS = {"DOMESTIC": 6, "CB_IN": 4, "LOCAL_FOREIGN": 2}


def simulate_cases(seed: int, published: PublishedTotals) -> list[Case]:
    """All cases, by year and number."""
    opened = {
        **CASES_OPENED_BEFORE,
        **{year: published.offences[year] for year in (2021, 2022)},
        2023: CASES_OPENED_2023,
    }
    cases = [
        _case(seed, (year, number))
        for year, size in opened.items()
        for number in range(1, size + 1)
    ]
    carried = sum(case.last_year >= LAST_YEAR for case in cases)
    new = published.figures["PRS-01"] - carried
    return cases + [_case(seed, (LAST_YEAR, number)) for number in range(1, new + 1)]


def simulate_accused(
    seed: int, published: PublishedTotals, cases: list[Case]
) -> tuple[Accused, ...]:
    """All persons brought into formal contact: those charged, then those released."""
    charged = [_accused(seed, place, path) for place, path in enumerate(PATHS, start=1)]
    return (*charged, *_released(seed, published, cases, charged))


def _case(seed: int, place: tuple[int, int]) -> Case:
    year, number = place
    chance = Chance(seed, f"case {place}")
    paths = [path for path in PATHS if path.case == place]
    first_contact = min((path.contact for path in paths), default=month(year, 12))
    latest = min(first_contact, month(year, 11 if not paths else 12))
    opened = month(year, chance.whole(max(1, int(latest[5:]) - 4), int(latest[5:])))
    if year_of(first_contact) > year:
        opened = month(year, chance.whole(2, 10))
    closed = CLOSED_WITHOUT_CHARGE.get(place, "")
    if closed and year_of(closed) == year:
        opened = month(year, chance.whole(1, int(closed[5:]) - 3))
    stages = [("REPORT", opened), ("REFERRED", opened), ("INVEST", opened)]
    if closed:
        stages.append(("INVEST_CLOSED", closed))
    return Case(
        place=place,
        case_id=f"BZ-CASE-{year}-{number:04d}",
        opened=opened,
        source=chance.weighted(SOURCES),
        district=chance.weighted(DISTRICTS),
        flow=chance.weighted(FLOWS),
        theme=_theme(paths, chance),
        stages=tuple(stages),
        last_year=_last_year(paths, closed),
    )


def _theme(paths: list[Path], chance: Chance) -> str:
    if not paths:
        return chance.weighted({"CSEC": 5, "SEX": 3, "LAB": 3, "OTHER": 1})
    return paths[0].offence.split("_")[1] if paths[0].offence.startswith("TIP") else "CSEC"


def _last_year(paths: list[Path], closed: str) -> int:
    if closed:
        return year_of(closed)
    ends = [year_of(path.disposed or path.death or month(LAST_YEAR, 12)) for path in paths]
    return max(ends, default=LAST_YEAR)


def _accused(seed: int, place: int, path: Path) -> Accused:
    chance = Chance(seed, f"accused {place}")
    reached = (
        ("CONTACT", path.contact),
        ("CHARGED", path.charged),
        ("MAGISTRATE", path.magistrate),
        ("COMMITTED", path.committed),
        ("AWAIT_TRIAL", path.waiting),
        ("TRIAL", path.trial),
        ("DISPOSED", path.disposed),
        ("CLOSED_DEATH", path.death),
    )
    theme = path.offence.split("_")[1] if path.offence.startswith("TIP") else "CSEC"
    sentence, months = path.sentence
    return Accused(
        person_id=simulated_pseudonym(seed, f"accused {place}"),
        case=path.case,
        sex=path.sex,
        citizenship=path.citizenship,
        role=chance.weighted(ROLES[theme]),
        stages=tuple((stage, when) for stage, when in reached if when),
        charge=Charge(
            charge_id=f"BZ-CHG-{path.charged[:4]}-{place:04d}",
            offence=path.offence,
            counts=path.counts,
            charged=path.charged,
            committed=path.committed,
            outcome=path.outcome,
            outcome_month=path.disposed or path.death,
            sentence_type=sentence,
            sentence_months=months,
        ),
    )


def _released(
    seed: int, published: PublishedTotals, cases: list[Case], charged: list[Accused]
) -> Iterator[Accused]:
    """Persons in formal contact and not charged, up to the published number of contacts."""
    wanted = {**published.contacts, 2023: CONTACTS_2023}
    men = {2021: published.contacts_men[2021]}
    for year in (2021, 2022, 2023):
        there = [person for person in charged if year_of(person.stages[0][1]) == year]
        men_missing = men.get(year, wanted[year]) - sum(person.sex == "M" for person in there)
        active = [
            case
            for case in cases
            if case.place[0] == year
            and CLOSED_WITHOUT_CHARGE.get(case.place, "9999") > f"{year}-12"
        ]
        for number in range(wanted[year] - len(there)):
            chance = Chance(seed, f"released {year} {number}")
            case = chance.one(active)
            when = later(case.opened, chance.whole(0, max(0, 12 - int(case.opened[5:]))))
            sex = "F" if number >= men_missing else "M"
            if year not in men:
                sex = chance.weighted({"M": 3, "F": 1})
            yield Accused(
                person_id=simulated_pseudonym(seed, f"released {year} {number}"),
                case=case.place,
                sex=sex,
                citizenship=chance.weighted({"BLZ": 6, "GTM": 2, "HND": 1, "SLV": 1, "UNK": 1}),
                role=chance.weighted(ROLES[case.theme]),
                stages=(("CONTACT", when),),
                charge=None,
            )
