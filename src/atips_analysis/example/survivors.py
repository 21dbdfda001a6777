"""Simulated victims, and the services that they received."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from atips_analysis.example.chance import Chance, simulated_pseudonym
from atips_analysis.example.cohorts import Case
from atips_analysis.example.month_steps import later, month, year_of
from atips_analysis.example.scenario import Scenario, wrong


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


def simulate_victims(seed: int, scenario: Scenario, cases: list[Case]) -> tuple[Victim, ...]:
    """Victims of all years, in order of identification year."""
    return tuple(
        victim for year in scenario.years for victim in _victims_of(seed, scenario, cases, year)
    )


@dataclass(frozen=True)
class Outline:
    """What is decided about a victim before the rest is drawn."""

    sex: str
    child: bool
    form: str
    citizenship: str
    status: str


def _victims_of(seed: int, scenario: Scenario, cases: list[Case], year: int) -> Iterator[Victim]:
    chance = Chance(seed, f"victims {year}")
    outlines = [
        *_confirmed(chance, scenario, year),
        *(
            _outline(chance, scenario, "POTENTIAL")
            for _ in range(scenario.total("potential", year))
        ),
    ]
    one = scenario.one_survivor
    place = tuple(one["case"]) if one else None
    active = [
        case for case in cases if case.place[0] <= year <= case.last_year and case.place != place
    ]
    if one and place and year == place[0]:
        outlines[0] = Outline(
            one["sex"], one["child"], one["form"], one["citizenship"], "CONFIRMED"
        )
    if year == scenario.last_year:
        least = int(scenario.said["victims"]["foreign_at_least"])
        outlines = [
            *outlines[: len(outlines) - least],
            *(_foreign(outline, scenario) for outline in outlines[len(outlines) - least :]),
        ]
    known = _known_to(chance, scenario, len(outlines))
    for number, outline in enumerate(outlines):
        own = Chance(seed, f"victim {year} {number}")
        case = (
            next(case for case in cases if case.place == place)
            if number == 0 and place and year == place[0]
            else _case_for(own, outline, active, year)
        )
        who = simulated_pseudonym(seed, f"victim {year} {number}")
        yield _victim(own, scenario, outline, case, (who, year), known[number])


def _foreign(outline: Outline, scenario: Scenario) -> Outline:
    if outline.citizenship != scenario.country:
        return outline
    return replace(outline, citizenship=scenario.said["victims"]["foreign"])


def _known_to(chance: Chance, scenario: Scenario, size: int) -> list[tuple[str, ...]]:
    """Which agencies know each victim: most are known to both, a sixth to the police alone."""
    police, care = scenario.agency("police"), scenario.agency("care")
    alone = [(police,)] * (size // 6) + [(care,)] * (size // 4)
    both = [(care, police)] * (size - len(alone))
    first, *rest = both
    return [first, *chance.shuffled([*rest, *alone])]


def _confirmed(chance: Chance, scenario: Scenario, year: int) -> list[Outline]:
    """Confirmed victims, within what a published source prints where it prints cells.

    Such a source prints the total, and for each sex, age and form whether the cell is zero or
    1 to 4. One of the breakdowns that agree with it is drawn.
    """
    total = scenario.total("confirmed", year)
    said = next((one for one in scenario.said.get("confirmed", ()) if one["year"] == year), None)
    if said is None:
        return [_outline(chance, scenario, "CONFIRMED") for _ in range(total)]
    besides = [_shaped(tuple(shape)) for shape in said.get("besides", ())]
    sizes = chance.one(
        [
            split
            for split in _splits(total - len(besides), len(said["shapes"]))
            if all(sum(split[at] for at in cells) < 5 for cells in said["together_under_5"])
        ]
    )
    shapes = [shape for shape, size in zip(said["shapes"], sizes, strict=True) for _ in range(size)]
    countries = _countries_of(chance, scenario, said, len(shapes))
    drawn = [_shaped((*shape, country)) for shape, country in zip(shapes, countries, strict=True)]
    return [*drawn, *besides]


def _shaped(shape: tuple[str, bool, str, str]) -> Outline:
    sex, child, form, citizenship = shape
    return Outline(sex, child, form, citizenship, "CONFIRMED")


def _countries_of(
    chance: Chance, scenario: Scenario, said: Mapping[str, Any], size: int
) -> list[str]:
    """Citizenships of confirmed victims: drawn, or such that each that is printed is there."""
    printed = list(said.get("citizenships", ()))
    if not printed:
        return [chance.weighted(scenario.weights("citizenships")) for _ in range(size)]
    others = [chance.one(said["other_citizenships"]) for _ in range(size - len(printed))]
    return chance.shuffled([*printed, *others])


def _splits(total: int, cells: int) -> list[tuple[int, ...]]:
    """Ways to share out `total` over cells of 1 to 4."""
    return [sizes for sizes in itertools.product(range(1, 5), repeat=cells) if sum(sizes) == total]


def _outline(chance: Chance, scenario: Scenario, status: str) -> Outline:
    sex = chance.weighted({"F": 4, "M": 1})
    child = chance.happens(0.6 if sex == "F" else 0.3)
    forms = (
        {"SEX_CSEC": 6, "SEX_CSAM": 1, "LAB_CHILD": 2, "LAB_DOMESTIC": 1}
        if child
        else {"SEX_ADULT": 4 if sex == "F" else 0.5, "LAB_SECTOR": 4, "LAB_DOMESTIC": 2, "DEBT": 1}
    )
    form = chance.weighted(forms)
    return Outline(sex, child, form, chance.weighted(scenario.weights("citizenships")), status)


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
    chance: Chance,
    scenario: Scenario,
    outline: Outline,
    case: Case,
    who: tuple[str, int],
    known_to: tuple[str, ...],
) -> Victim:
    victim_id, year = who
    start = case.opened if year_of(case.opened) == year else month(year, 1)
    identified = month(year, min(12, int(start[5:]) + chance.whole(0, 2)))
    labour = outline.form in {"LAB_SECTOR", "LAB_CHILD"}
    forms: tuple[str, ...] = (outline.form,)
    if outline.status == "POTENTIAL" and outline.form.startswith("SEX") and chance.happens(0.15):
        forms = (outline.form, "LAB_CHILD" if outline.child else "LAB_DOMESTIC")
    return Victim(
        victim_id=victim_id,
        case=case,
        year=year,
        sex=outline.sex,
        age=chance.whole(11, 17) if outline.child else chance.whole(18, 46),
        child_when_exploited=outline.child,
        citizenship=outline.citizenship,
        status=outline.status,
        identified=identified,
        decision_by=chance.weighted(scenario.weights("decisions")),
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


def simulate_services(
    seed: int, scenario: Scenario, victims: tuple[Victim, ...]
) -> tuple[Service, ...]:
    """Services of all years, each service type once a victim and year.

    In the last year the victims supported, the services, the repatriations and the
    regularisations are those of the scenario. The survivors who were regularised were identified
    in the two years before.
    """
    before = [
        service
        for year in scenario.years[:-1]
        for service in _plain_year(seed, scenario, victims, year)
    ]
    return (*before, *_last_year(seed, scenario, victims))


def _plain_year(
    seed: int, scenario: Scenario, victims: tuple[Victim, ...], year: int
) -> list[Service]:
    chance = Chance(seed, f"services {year}")
    served, total = scenario.total("supported", year), scenario.total("services", year)
    care = scenario.agency("care")
    known = [victim for victim in victims if victim.year == year and care in victim.known_to]
    chosen = chance.several(known, min(served, len(known)))
    given = _given(chance, scenario, chosen, {victim.victim_id: [] for victim in chosen}, total)
    return [
        _service(seed, scenario, victim, kind, year)
        for victim in chosen
        for kind in given[victim.victim_id]
    ]


def _last_year(seed: int, scenario: Scenario, victims: tuple[Victim, ...]) -> list[Service]:
    year = scenario.last_year
    chance = Chance(seed, f"services {year}")
    supported = scenario.total("supported", year)
    known = [victim for victim in victims if scenario.agency("care") in victim.known_to]
    earlier = [
        victim
        for victim in known
        if victim.year in (year - 2, year - 1) and victim.citizenship != scenario.country
    ]
    regularised = chance.several(earlier, scenario.total("regularised", year))
    new = [victim for victim in known if victim.year == year]
    returned = chance.several(
        [victim for victim in new if victim.citizenship != scenario.country],
        scenario.total("repatriated", year),
    )
    others = [victim for victim in new if victim not in returned]
    room = supported - len(regularised) - len(returned)
    chosen = [*regularised, *returned, *chance.several(others, room)]
    if len(chosen) != supported:
        raise wrong(
            "totals.csv",
            f"only {len(chosen)} of {supported} victims can be supported in {year}; lower it, or "
            "raise the victims",
        )
    fixed = {victim.victim_id: ["IMM_STATUS"] for victim in regularised}
    fixed |= {victim.victim_id: ["REPATRIATION"] for victim in returned}
    start = {victim.victim_id: fixed.get(victim.victim_id, []) for victim in chosen}
    given = _given(chance, scenario, chosen, start, scenario.total("services", year))
    return [
        _service(seed, scenario, victim, kind, year)
        for victim in chosen
        for kind in given[victim.victim_id]
    ]


def _given(
    chance: Chance,
    scenario: Scenario,
    chosen: list[Victim],
    start: dict[str, list[str]],
    total: int,
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
        if victim.citizenship in scenario.said["victims"]["no_translation"]:
            kinds.pop("TRANSLATION", None)
        given[victim.victim_id].append(chance.weighted(kinds))
    return given


def _service(seed: int, scenario: Scenario, victim: Victim, kind: str, year: int) -> Service:
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
        provider=_provider(scenario, kind, year),
        start=start,
        end=end if end and year_of(end) == year else "",
        shelter=shelter,
        days=days,
    )


def _provider(scenario: Scenario, kind: str, year: int) -> str:
    for said in scenario.said["providers"]:
        first, last = said["years"]
        if first <= year <= last and kind in said["services"]:
            return str(said["agency"])
    return scenario.agency("care")
