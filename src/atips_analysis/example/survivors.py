"""Simulated victims, and the services that they received."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from atips_analysis.example.chance import Chance, simulated_pseudonym
from atips_analysis.example.cohorts import FIRST_YEAR, LAST_YEAR, Case
from atips_analysis.example.months import later, month, year_of
from atips_analysis.example.published import PublishedTotals

POTENTIAL = {2021: 6, 2022: 9, 2023: 9, 2024: 12}
"""Potential victims a year: nobody publishes them for these years."""

CONFIRMED_UNPUBLISHED = {2023: 8, 2024: 6}

ONE_SURVIVOR_CASE = (2024, 3)
"""The case in which five persons were arrested in connection with one survivor."""


FOREIGN_AT_LEAST = 5
"""Foreign nationals among the victims of 2024, so that two known to DHS can be repatriated."""


@dataclass(frozen=True)
class Victim:
    """A victim in the year of identification. `known_to` are the agencies that report her or him."""

    victim_id: str
    case: Case
    year: int
    sex: str
    age: int
    child_when_exploited: bool
    citizenship: str
    status: str
    identified: str
    decision_by: str
    forms: tuple[str, ...]
    sector: str
    recruiter: str
    method: str
    control: str
    known_to: tuple[str, ...]

    @property
    def child(self) -> bool:
        return self.age < 18


@dataclass(frozen=True)
class Service:
    """One service type to one victim in one year."""

    victim_id: str
    kind: str
    provider: str
    start: str
    end: str
    shelter: str
    days: int | None


def simulate_victims(
    seed: int, published: PublishedTotals, cases: list[Case]
) -> tuple[Victim, ...]:
    """Victims of all years, in order of identification year."""
    return tuple(
        victim
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for victim in _victims_of(seed, published, cases, year)
    )


@dataclass(frozen=True)
class Outline:
    """What is decided about a victim before the rest is drawn."""

    sex: str
    child: bool
    form: str
    citizenship: str
    status: str


def _victims_of(
    seed: int, published: PublishedTotals, cases: list[Case], year: int
) -> Iterator[Victim]:
    chance = Chance(seed, f"victims {year}")
    outlines = [
        *_confirmed(chance, published, year),
        *(_outline(chance, "POTENTIAL") for _ in range(POTENTIAL[year])),
    ]
    active = [
        case
        for case in cases
        if case.place[0] <= year <= case.last_year and case.place != ONE_SURVIVOR_CASE
    ]
    if year == ONE_SURVIVOR_CASE[0]:
        outlines[0] = Outline("F", True, "SEX_CSEC", "BLZ", "CONFIRMED")
    if year == LAST_YEAR:
        outlines = [*outlines[:-FOREIGN_AT_LEAST], *map(_foreign, outlines[-FOREIGN_AT_LEAST:])]
    known = _known_to(chance, len(outlines))
    for number, outline in enumerate(outlines):
        own = Chance(seed, f"victim {year} {number}")
        one_survivor = number == 0 and year == ONE_SURVIVOR_CASE[0]
        case = (
            next(case for case in cases if case.place == ONE_SURVIVOR_CASE)
            if one_survivor
            else _case_for(own, outline, active, year)
        )
        yield _victim(seed, own, outline, case, (year, number), known[number])


def _foreign(outline: Outline) -> Outline:
    return replace(outline, citizenship="GTM") if outline.citizenship == "BLZ" else outline


def _known_to(chance: Chance, size: int) -> list[tuple[str, ...]]:
    """Which agencies know each victim: most are known to both, a sixth to the police alone."""
    police = size // 6
    department = size // 4
    alone = [("BPD_ATIPS",)] * police + [("DHS",)] * department
    both = [("DHS", "BPD_ATIPS")] * (size - len(alone))
    first, *rest = both
    return [first, *chance.shuffled([*rest, *alone])]


def _confirmed(chance: Chance, published: PublishedTotals, year: int) -> list[Outline]:
    """Confirmed victims, within what UNODC prints for 2021 and 2022.

    For those years UNODC prints the total, and for each sex, age and form whether the cell is
    zero or 1 to 4. One of the breakdowns that agree with it is drawn.
    """
    if year == 2021:
        sexual_girls, labour_girls, labour_men = chance.one(
            [split for split in _splits(published.detected[year], 3) if sum(split[:2]) <= 4
             and sum(split[1:]) <= 4]
        )  # fmt: skip
        shapes = (
            [("F", True, "SEX_CSEC")] * sexual_girls
            + [("F", True, "LAB_CHILD")] * labour_girls
            + [("M", False, "LAB_SECTOR")] * labour_men
        )
        return [Outline(*shape, _citizenship(chance), "CONFIRMED") for shape in shapes]
    if year == 2022:
        men = 1
        cells = chance.one(
            [split for split in _splits(published.detected[year] - men, 4)
             if all(split[first] + split[second] <= 4
                    for first, second in ((0, 1), (2, 3), (0, 2), (1, 3)))]
        )  # fmt: skip
        kinds = [
            ("F", True, "SEX_CSEC"),
            ("F", False, "SEX_ADULT"),
            ("F", True, "MARRIAGE"),
            ("F", False, "MARRIAGE"),
        ]
        shapes = [kind for kind, size in zip(kinds, cells, strict=True) for _ in range(size)]
        spare = len(shapes) - 3
        countries = ["GTM", "HND", "BLZ"] + [chance.one(["BLZ", "GTM"]) for _ in range(spare)]
        women = [
            Outline(*shape, country, "CONFIRMED")
            for shape, country in zip(shapes, chance.shuffled(countries), strict=True)
        ]
        return [*women, Outline("M", False, "LAB_SECTOR", "IND", "CONFIRMED")]
    return [_outline(chance, "CONFIRMED") for _ in range(CONFIRMED_UNPUBLISHED[year])]


def _splits(total: int, cells: int) -> list[tuple[int, ...]]:
    """Ways to share out `total` over cells of 1 to 4."""
    return [sizes for sizes in itertools.product(range(1, 5), repeat=cells) if sum(sizes) == total]


def _outline(chance: Chance, status: str) -> Outline:
    sex = chance.weighted({"F": 4, "M": 1})
    child = chance.happens(0.6 if sex == "F" else 0.3)
    forms = (
        {"SEX_CSEC": 6, "SEX_CSAM": 1, "LAB_CHILD": 2, "LAB_DOMESTIC": 1}
        if child
        else {"SEX_ADULT": 4 if sex == "F" else 0.5, "LAB_SECTOR": 4, "LAB_DOMESTIC": 2, "DEBT": 1}
    )
    return Outline(sex, child, chance.weighted(forms), _citizenship(chance), status)


def _citizenship(chance: Chance) -> str:
    return chance.weighted({"BLZ": 6, "GTM": 3, "HND": 2, "SLV": 2, "NIC": 1})


THEMES = {"SEX_ADULT": "SEX", "SEX_CSEC": "CSEC", "SEX_CSAM": "CSEC"}


def _case_for(chance: Chance, outline: Outline, active: list[Case], year: int) -> Case:
    """A case of the year that fits the form if there is one, else any of the year."""
    theme = THEMES.get(outline.form, "LAB" if outline.form.startswith(("LAB", "DEBT")) else "OTHER")
    new = [case for case in active if case.place[0] == year]
    carried = [case for case in active if case.place[0] < year and year_of(case.opened) == year - 1]
    fitting = [case for case in new if case.theme == theme]
    if carried and chance.happens(0.15):
        return chance.one([case for case in carried if case.theme == theme] or carried)
    return chance.one(fitting or new)


def _victim(
    seed: int,
    chance: Chance,
    outline: Outline,
    case: Case,
    place: tuple[int, int],
    known_to: tuple[str, ...],
) -> Victim:
    year, number = place
    start = case.opened if year_of(case.opened) == year else month(year, 1)
    identified = month(year, min(12, int(start[5:]) + chance.whole(0, 2)))
    labour = outline.form in {"LAB_SECTOR", "LAB_CHILD"}
    forms: tuple[str, ...] = (outline.form,)
    if outline.status == "POTENTIAL" and outline.form.startswith("SEX") and chance.happens(0.15):
        forms = (outline.form, "LAB_CHILD" if outline.child else "LAB_DOMESTIC")
    return Victim(
        victim_id=simulated_pseudonym(seed, f"victim {year} {number}"),
        case=case,
        year=year,
        sex=outline.sex,
        age=chance.whole(11, 17) if outline.child else chance.whole(18, 46),
        child_when_exploited=outline.child,
        citizenship=outline.citizenship,
        status=outline.status,
        identified=identified,
        decision_by=chance.weighted({"JOINT": 4, "POLICE": 2, "DHS": 2}),
        forms=forms,
        sector=chance.weighted({"A": 4, "I": 3, "F": 2, "G": 1}) if labour else "",
        recruiter=chance.weighted(
            {"FAMILY": 4, "FRIEND": 2, "PARTNER": 2, "ONLINE": 1, "STRANGER": 1}
            if outline.child
            else {"EMPLOYER": 4, "PARTNER": 2, "FRIEND": 2, "STRANGER": 2, "ONLINE": 1}
        ),
        method=chance.weighted(
            {"FAMILY": 4, "SOCIAL_NET": 3, "FRIENDS": 2, "SCHOOL": 1}
            if outline.child
            else {"WORK": 3, "BUSINESS": 2, "SOCIAL_NET": 2, "FRIENDS": 2, "ONLINE_AD": 1}
        ),
        control=";".join(
            chance.several(
                ["TAKES_EARNINGS", "THREATS", "PSYCH_ABUSE", "FALSE_PROMISES",
                 "RESTRICTS_MOVEMENT", "WITHHOLDS_DOCUMENTS"],
                chance.whole(1, 3),
            )
        ),
        known_to=known_to,
    )  # fmt: skip


SERVICES = {
    "COUNSELLING": 9, "MEDICAL": 7, "SHELTER": 7, "FOOD": 2, "CLOTHING": 2, "FAMILY_CONTACT": 2,
    "SKILLS": 1, "TRANSLATION": 1, "COURT_SUPPORT": 2, "LEGAL_AID": 1,
}  # fmt: skip
CHILD_SERVICES = {"SCHOOL": 5, "FAMILY_REUNI": 2}
ADULT_SERVICES = {"STIPEND": 3, "INDEP_LIVING": 3}
SERVICES_A_YEAR = {2021: (8, 19), 2022: (13, 33), 2023: (14, 36)}
"""Simulated for years without a published figure: at most so many victims, so many services."""


def simulate_services(
    seed: int, published: PublishedTotals, victims: tuple[Victim, ...]
) -> tuple[Service, ...]:
    """Services of all years, each service type once a victim and year.

    In 2024 the victims supported, the services, the repatriations and the regularisations are
    those published. The survivors who were regularised were identified in earlier years.
    """
    before = [
        service
        for year, (served, total) in SERVICES_A_YEAR.items()
        for service in _plain_year(seed, victims, year, served, total)
    ]
    return (*before, *_year_of_the_report(seed, published, victims))


def _plain_year(
    seed: int, victims: tuple[Victim, ...], year: int, served: int, total: int
) -> list[Service]:
    chance = Chance(seed, f"services {year}")
    known = [victim for victim in victims if victim.year == year and "DHS" in victim.known_to]
    chosen = chance.several(known, min(served, len(known)))
    given = _given(chance, chosen, {victim.victim_id: [] for victim in chosen}, total)
    return [
        _service(seed, victim, kind, year) for victim in chosen for kind in given[victim.victim_id]
    ]


def _year_of_the_report(
    seed: int, published: PublishedTotals, victims: tuple[Victim, ...]
) -> list[Service]:
    chance = Chance(seed, f"services {LAST_YEAR}")
    figures = published.figures
    known = [victim for victim in victims if "DHS" in victim.known_to]
    earlier = [
        victim for victim in known if victim.year in (2022, 2023) and victim.citizenship != "BLZ"
    ]
    regularised = chance.several(earlier, figures["PRT-03"])
    new = [victim for victim in known if victim.year == LAST_YEAR]
    returned = chance.several(
        [victim for victim in new if victim.citizenship != "BLZ"], figures["PRT-02"]
    )
    others = [victim for victim in new if victim not in returned]
    room = figures["NGO-06"] - len(regularised) - len(returned)
    chosen = [*regularised, *returned, *chance.several(others, room)]
    if len(chosen) != figures["NGO-06"]:
        raise ValueError(f"only {len(chosen)} of {figures['NGO-06']} victims can be supported")
    fixed = {victim.victim_id: ["IMM_STATUS"] for victim in regularised}
    fixed |= {victim.victim_id: ["REPATRIATION"] for victim in returned}
    given = _given(
        chance, chosen, {victim.victim_id: fixed.get(victim.victim_id, []) for victim in chosen},
        figures["NGO-07"],
    )  # fmt: skip
    return [
        _service(seed, victim, kind, LAST_YEAR)
        for victim in chosen
        for kind in given[victim.victim_id]
    ]


def _given(
    chance: Chance, chosen: list[Victim], start: dict[str, list[str]], total: int
) -> dict[str, list[str]]:
    """Service types by victim: everybody gets one, then more are shared out up to `total`."""
    given = {victim: list(kinds) for victim, kinds in start.items()}
    empty = [victim for victim in chosen if not given[victim.victim_id]]
    queue = [*empty, *(chance.one(chosen) for _ in range(20 * total))]
    for victim in queue:
        if sum(map(len, given.values())) >= total:
            break
        kinds = {
            kind: weight
            for kind, weight in {
                **SERVICES,
                **(CHILD_SERVICES if victim.child else ADULT_SERVICES),
            }.items()
            if kind not in given[victim.victim_id]
        }
        if victim.citizenship in {"BLZ", "IND"}:
            kinds.pop("TRANSLATION", None)
        given[victim.victim_id].append(chance.weighted(kinds))
    return given


def _service(seed: int, victim: Victim, kind: str, year: int) -> Service:
    chance = Chance(seed, f"service {victim.victim_id} {kind} {year}")
    days = None
    start = month(year, chance.whole(2, 11))
    if victim.year == year:
        days = (
            chance.whole(0, 3) if kind in {"SHELTER", "FOOD", "CLOTHING"} else chance.whole(1, 45)
        )
        if kind in {"REPATRIATION", "SKILLS", "SCHOOL"}:
            days += 60
        start = min(later(victim.identified, days // 30), month(year, 12))
    shelter = ""
    if kind == "SHELTER":
        shelter = chance.weighted(
            {"RESIDENTIAL": 4, "FOSTER": 3, "FAMILY": 2} if victim.child
            else {"RESIDENTIAL": 4, "INDEPENDENT": 3}
        )  # fmt: skip
    lasting = kind in {"SHELTER", "INDEP_LIVING", "STIPEND", "COUNSELLING"}
    end = later(start, chance.whole(1, 5)) if lasting and chance.happens(0.6) else ""
    return Service(
        victim_id=victim.victim_id,
        kind=kind,
        provider=_provider(chance, kind, year),
        start=start,
        end=end if end and year_of(end) == year else "",
        shelter=shelter,
        days=days,
    )


def _provider(chance: Chance, kind: str, year: int) -> str:
    if year == LAST_YEAR and kind == "REPATRIATION":
        return "HTI"
    if year >= 2023 and kind in {"SKILLS", "LEGAL_AID", "COURT_SUPPORT"}:
        return "HTI"
    if year == 2022 and kind in {"FAMILY_CONTACT", "TRANSLATION", "CLOTHING"}:
        return "IOM"
    return "DHS"
