"""Simulated cases, with the persons accused and the charges.

Cases are followed from the report to the outcome, so that cohorts can be linked: a case that
was opened in one year may be heard two years later. What the published sources print for a year is met by
events of that year; which persons stand behind it is invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from atips_analysis.example.chance import Chance, simulated_pseudonym
from atips_analysis.example.month_steps import later, month, year_of
from atips_analysis.example.scenario import Row, Scenario


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


ROLES = {
    "SEX": {"EXPLOITER": 4, "RECRUITER": 3, "CONTROLLER": 2, "FACILITATOR": 1},
    "CSEC": {"EXPLOITER": 3, "FAMILY_FACIL": 3, "FACILITATOR": 2, "RECRUITER": 1},
    "LAB": {"EXPLOITER": 4, "RECRUITER": 3, "HARBOURER": 2, "CONTROLLER": 1},
    "OTHER": {"EXPLOITER": 2, "RECRUITER": 2, "UNKNOWN": 1},
}
FLOWS = {"DOMESTIC": 6, "CB_IN": 4, "LOCAL_FOREIGN": 2}


def simulate_cases(seed: int, scenario: Scenario) -> list[Case]:
    """All cases, by year and number; those of the last year with the ones carried over."""
    paths, last = read_paths(scenario), scenario.last_year
    cases = [
        _case(seed, scenario, paths, (year, number))
        for year in scenario.years_of("cases_opened")
        for number in range(1, scenario.total("cases_opened", year) + 1)
    ]
    carried = sum(case.last_year >= last for case in cases)
    new = scenario.total("cases_investigated", last) - carried
    return cases + [_case(seed, scenario, paths, (last, number)) for number in range(1, new + 1)]


def read_paths(scenario: Scenario) -> tuple[Path, ...]:
    """The persons charged, as the scenario has them."""
    return tuple(_path(row) for row in scenario.tables["paths"])


def _path(row: Row) -> Path:
    return Path(
        case=(int(row["case_year"]), int(row["case_number"])),
        sex=row["sex"],
        citizenship=row["citizenship"],
        offence=row["offence"],
        counts=int(row["counts"]),
        contact=row["contact"],
        charged=row["charged"],
        magistrate=row["magistrate"],
        committed=row["committed"],
        waiting=row["waiting"],
        trial=row["trial"],
        disposed=row["disposed"],
        outcome=row["outcome"],
        death=row["death"],
        sentence=(row["sentence"], int(row["months"]) if row["months"] else None),
    )


def simulate_accused(seed: int, scenario: Scenario, cases: list[Case]) -> tuple[Accused, ...]:
    """All persons brought into formal contact: those charged, then those released."""
    charged = [
        _accused(seed, scenario, place, path)
        for place, path in enumerate(read_paths(scenario), start=1)
    ]
    return (*charged, *_released(seed, scenario, cases, charged))


def _case(seed: int, scenario: Scenario, every: tuple[Path, ...], place: tuple[int, int]) -> Case:
    year, number = place
    chance = Chance(seed, f"case {place}")
    paths = [path for path in every if path.case == place]
    first_contact = min((path.contact for path in paths), default=month(year, 12))
    latest = min(first_contact, month(year, 11 if not paths else 12))
    opened = month(year, chance.whole(max(1, int(latest[5:]) - 4), int(latest[5:])))
    if year_of(first_contact) > year:
        opened = month(year, chance.whole(2, 10))
    closed = scenario.closed.get(place, "")
    if closed and year_of(closed) == year:
        opened = month(year, chance.whole(1, int(closed[5:]) - 3))
    stages = [("REPORT", opened), ("REFERRED", opened), ("INVEST", opened)]
    if closed:
        stages.append(("INVEST_CLOSED", closed))
    return Case(
        place=place,
        case_id=f"{scenario.codebook.case_prefix}-{year}-{number:04d}",
        opened=opened,
        source=chance.weighted(scenario.weights("sources")),
        district=chance.weighted(scenario.weights("districts")),
        flow=chance.weighted(FLOWS),
        theme=_theme(paths, chance),
        stages=tuple(stages),
        last_year=_last_year(paths, closed, scenario.last_year),
    )


def _theme(paths: list[Path], chance: Chance) -> str:
    if not paths:
        return chance.weighted({"CSEC": 5, "SEX": 3, "LAB": 3, "OTHER": 1})
    return paths[0].offence.split("_")[1] if paths[0].offence.startswith("TIP") else "CSEC"


def _last_year(paths: list[Path], closed: str, last: int) -> int:
    if closed:
        return year_of(closed)
    ends = [year_of(path.disposed or path.death or month(last, 12)) for path in paths]
    return max(ends, default=last)


def _accused(seed: int, scenario: Scenario, place: int, path: Path) -> Accused:
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
            charge_id=f"{scenario.said['charge_prefix']}-{path.charged[:4]}-{place:04d}",
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
    seed: int, scenario: Scenario, cases: list[Case], charged: list[Accused]
) -> Iterator[Accused]:
    """Persons in formal contact and not charged, up to the year's number of contacts."""
    for year in scenario.years_of("contacts"):
        wanted = scenario.total("contacts", year)
        there = [person for person in charged if year_of(person.stages[0][1]) == year]
        men = scenario.optional_total("contacts_men", year)
        men_missing = (wanted if men is None else men) - sum(p.sex == "M" for p in there)
        active = [
            case
            for case in cases
            if case.place[0] == year and scenario.closed.get(case.place, "9999") > f"{year}-12"
        ]
        for number in range(wanted - len(there)):
            chance = Chance(seed, f"released {year} {number}")
            case = chance.one(active)
            when = later(case.opened, chance.whole(0, max(0, 12 - int(case.opened[5:]))))
            sex = "F" if number >= men_missing else "M"
            if men is None:
                sex = chance.weighted({"M": 3, "F": 1})
            yield Accused(
                person_id=simulated_pseudonym(seed, f"released {year} {number}"),
                case=case.place,
                sex=sex,
                citizenship=chance.weighted(scenario.weights("accused_citizenships")),
                role=chance.weighted(ROLES[case.theme]),
                stages=(("CONTACT", when),),
                charge=None,
            )
