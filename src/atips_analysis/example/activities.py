"""Simulated prevention and partnership: training, awareness, inspections, meetings, totals.

Every function yields records: the agency that sends it, the year, the stream, and the row in the
codes of the data model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from atips_analysis.example.chance import Chance
from atips_analysis.example.month_steps import month
from atips_analysis.example.scenario import Row, Scenario


@dataclass(frozen=True)
class Record:
    """One true row: who sends it, for which year, in which stream."""

    agency: str
    year: int
    stream: str
    row: Row


# --- screenings -------------------------------------------------------------------------------


def screenings(seed: int, scenario: Scenario) -> Iterator[Record]:
    """Screenings by the police: a row a month, group, sex, age and outcome."""
    police, listed = scenario.agency("police"), scenario.weights("screened_groups")
    for year in scenario.years:
        chance = Chance(seed, f"screenings {year}")
        total = scenario.total("screened", year)
        cells: dict[tuple[str, ...], int] = {}
        groups = list(listed)
        for number in range(total):
            group = groups[number] if number < len(groups) else chance.weighted(listed)
            key = (
                month(year, chance.whole(1, 12)),
                group,
                chance.weighted({"M": 5, "F": 4}),
                chance.weighted({"ADULT": 7, "CHILD": 2}),
                chance.weighted({"NO_IND": 16, "IND_REFERRED": 2, "ASYLUM": 2, "IND_DECLINED": 1}),
            )
            cells[key] = cells.get(key, 0) + 1
        for (when, group, sex, age, outcome), size in sorted(cells.items()):
            yield Record(
                police,
                year,
                "screenings",
                {
                    "month": when,
                    "agency": police,
                    "citizenship_group": group,
                    "sex": sex,
                    "age_group": age,
                    "outcome": outcome,
                    "n": str(size),
                },
            )


# --- training ---------------------------------------------------------------------------------


def trainings(seed: int, scenario: Scenario) -> Iterator[Record]:
    """Sessions whose participants add up to the attendances of each audience."""
    for row in scenario.tables["trainings"]:
        yield from _sessions(seed, scenario, row)


def _sessions(seed: int, scenario: Scenario, said: Row) -> Iterator[Record]:
    year, audience, facilitator = int(said["year"]), said["audience"], said["facilitator"]
    chance = Chance(seed, f"trainings {year} {audience} {facilitator}")
    total, topic = scenario.amount(said, "attendances"), said["topic"]
    number = max(1, round(total / int(said["session_size"])))
    for place, size in enumerate(chance.parts(total, number), start=1):
        share = float(said["women_share"]) + chance.whole(-8, 8) / 100
        women = max(0, min(size, round(size * share)))
        row = {
            "session_id": f"{facilitator}-{year % 100}-{audience[:4]}-{place:02d}",
            "month": month(year, chance.whole(1, 11)),
            "audience": audience,
            "topic": "HT101" if topic == "MANDATORY" and chance.happens(0.15) else topic,
            "facilitator": facilitator,
            "district": chance.weighted(scenario.weights("districts")),
            "participants": str(size),
            "women": str(women),
            "men": str(size - women),
        }
        if said["tests"] == "yes" and chance.happens(0.5):
            pairs = chance.whole(size // 2, size)
            row["pre_post_pairs"] = str(pairs)
            row["pre_post_gain"] = str(round(pairs * chance.whole(55, 90) / 100))
        yield Record(said["sender"], year, "trainings", row)


# --- awareness --------------------------------------------------------------------------------


def awareness(seed: int, scenario: Scenario) -> Iterator[Record]:
    """Products: those that the scenario fixes, radio, print and television, and posts."""
    chance = Chance(seed, "awareness")
    for year in scenario.years:
        activities = [
            (row["channel"], int(row["month"]), row["theme"], scenario.amount(row, "products"))
            for row in scenario.tables["awareness"]
            if int(row["year"]) == year
        ]
        if year < scenario.last_year:
            activities += [
                ("RADIO", chance.whole(1, 11), "HT101", chance.whole(2, 6)),
                ("PRINT", chance.whole(1, 11), "HT101", chance.whole(1, 3)),
                ("TV", chance.whole(1, 11), "IDENT", chance.whole(1, 2)),
            ]
        activities += [
            (
                "SOCIAL",
                quarter * 3,
                chance.one(["HT101", "ONLINE", "MANDATORY"]),
                chance.whole(2, 9),
            )
            for quarter in range(1, 5)
        ]
        for place, (channel, when, theme, products) in enumerate(activities, start=1):
            row = {
                "activity_id": f"AW-{year}-{place:02d}",
                "month": month(year, when),
                "channel": channel,
                "theme": theme,
                "language": chance.weighted(scenario.weights("languages")),
                "products": str(products),
            }
            if channel in {"SOCIAL", "TV", "RADIO"}:
                row["people_reached"] = str(chance.whole(4, 90) * 150)
            yield Record(scenario.agency("prevention"), year, "awareness", row)
    posts = scenario.agency("posts")
    for year in scenario.said["posts"]["years"]:
        for quarter in (2, 4):
            row = {
                "activity_id": f"{posts}-{year}-{quarter}",
                "month": month(year, quarter * 3 - 1),
                "channel": "SOCIAL",
                "theme": "ONLINE",
                "language": "en",
                "products": str(chance.whole(1, 4)),
                "people_reached": str(chance.whole(3, 20) * 100),
            }
            yield Record(posts, year, "awareness", row)


# --- labour inspections -----------------------------------------------------------------------

SECTORS = {"A": 6, "I": 5, "G": 5, "F": 3, "C": 2, "N": 1, "T": 1}


def inspections(seed: int, scenario: Scenario) -> Iterator[Record]:
    """Monthly totals."""
    districts = scenario.weights("districts")
    for year in scenario.years:
        chance = Chance(seed, f"inspections {year}")
        total = scenario.total("inspections", year)
        fixed = scenario.optional_total("child_labour_inspections", year)
        on_children = chance.whole(60, 110) if fixed is None else fixed
        cells: dict[tuple[str, ...], int] = {}
        kinds = ["CHILD_LABOUR"] * on_children + ["OTHER"] * (total - on_children)
        favoured = {
            (number, district): chance.weighted(SECTORS)
            for number in range(1, 13)
            for district in districts
        }
        for kind in kinds:
            number = chance.whole(1, 12)
            district = chance.weighted(districts)
            if kind == "OTHER":
                kind = chance.weighted({"ROUTINE": 16, "COMPLAINT": 3, "JOINT": 1})
            finding = "NONE"
            if not chance.happens(0.85):
                finding = chance.weighted({"LABOUR": 8, "IMM": 2})
            key = (month(year, number), kind, favoured[number, district], district, finding)
            cells[key] = cells.get(key, 0) + 1
        for (when, kind, sector, district, finding), size in sorted(cells.items()):
            found = {"sector": sector, "district": district, "finding": finding}
            row = {"month": when, "inspection_type": kind, **found, "n": str(size)}
            yield Record(scenario.agency("inspections"), year, "inspections", row)


# --- reports received -------------------------------------------------------------------------


def reports(seed: int, scenario: Scenario) -> Iterator[Record]:
    """Reports received: a row a month, channel and whether it became a case."""
    for agency, said in scenario.said["reports"].items():
        least, most = said["a_year"]
        for year in scenario.years:
            chance = Chance(seed, f"reports {agency} {year}")
            cells: dict[tuple[str, str, str], int] = {}
            for _ in range(chance.whole(least, most)):
                key = (
                    month(year, chance.whole(1, 12)),
                    chance.weighted(said["channels"]),
                    "yes" if chance.happens(0.1) else "no",
                )
                cells[key] = cells.get(key, 0) + 1
            for (when, channel, became_case), size in sorted(cells.items()):
                yield Record(
                    agency,
                    year,
                    "reports",
                    {"month": when, "channel": channel, "became_case": became_case, "n": str(size)},
                )


# --- meetings and engagements -----------------------------------------------------------------


def engagements(seed: int, scenario: Scenario) -> Iterator[Record]:
    """Meetings of the council and its committees, and the events that the scenario fixes."""
    own, partner = scenario.agency("prevention"), scenario.agency("partner")
    for year in scenario.years:
        chance = Chance(seed, f"engagements {year}")
        rows: list[Row] = []
        for quarter in range(1, 5):
            rows.append(_meeting(chance, scenario, "COUNCIL", month(year, quarter * 3)))
            for _committee in range(3):
                rows.append(_meeting(chance, scenario, "COMMITTEE", month(year, quarter * 3 - 1)))
        if year < scenario.last_year:
            for _ in range(chance.whole(1, 3)):
                when = month(year, chance.whole(2, 11))
                rows.append(_event("PARTNER_EVENT", when, partner, scenario.country))
        rows += [row for of, row in _events(scenario, "partner") if of == year]
        for place, row in enumerate(rows, start=1):
            yield Record(
                own, year, "engagements", {"engagement_id": f"ENG-{year}-{place:02d}", **row}
            )
    abroad = scenario.agency("foreign_affairs")
    for place, (year, row) in enumerate(_events(scenario, "abroad"), start=1):
        yield Record(
            abroad, year, "engagements", {"engagement_id": f"{abroad}-{year}-{place:02d}", **row}
        )


def _events(scenario: Scenario, which: str) -> Iterator[tuple[int, Row]]:
    for said in scenario.tables["engagements"]:
        if said["list"] != which:
            continue
        year, kind = int(said["year"]), said["kind"]
        people = said["people"]
        if said["people_figure"]:
            people = str(scenario.amount(said, "people", "people_figure"))
        country = said["country"] or (scenario.country if kind == "PARTNER_EVENT" else "")
        when = month(year, int(said["month"]))
        for _ in range(scenario.amount(said, "times", "times_figure")):
            yield year, _event(kind, when, said["body"], country, people)


def _event(kind: str, when: str, body: str, country: str, people: str = "") -> Row:
    return {
        "month": when,
        "kind": kind,
        "body": body,
        "country": country,
        "held": "yes",
        "quorum": "",
        "representatives": people,
    }


def _meeting(chance: Chance, scenario: Scenario, kind: str, when: str) -> Row:
    held = chance.happens(0.85)
    return {
        "month": when,
        "kind": kind,
        "body": "",
        "country": scenario.country,
        "held": "yes" if held else "no",
        "quorum": ("yes" if chance.happens(0.8) else "no") if held else "",
        "representatives": str(chance.whole(6, 14)) if held else "",
    }


# --- totals -----------------------------------------------------------------------------------


def counts(seed: int, scenario: Scenario) -> Iterator[Record]:
    """What agencies keep only as a total. Funds and posts are left out: nobody collects them."""
    care, police = scenario.agency("care"), scenario.agency("police")
    own = scenario.agency("prevention")
    for year in scenario.years:
        chance = Chance(seed, f"counts {year}")
        children = scenario.total("sheltered", year)
        for place, size in enumerate(chance.parts(children, 8)):
            when = month(year, 3 * (place // 2 + 1))
            row = _count(care, when, "MIGRANT_CHILDREN_SHELTERED", size)
            row |= {"sex": "FM"[place % 2], "age_group": "CHILD"}
            yield Record(care, year, "counts", row)
        end = month(year, 12)
        officers = scenario.total("officers", year)
        yield Record(police, year, "counts", _count(police, end, "OFFICERS_IN_POST", officers))
        if year >= scenario.last_year - 1:
            requests = _count(police, end, "COOPERATION_REQUESTS", chance.whole(1, 4))
            yield Record(police, year, "counts", requests)
        partners = scenario.total("partners", year)
        yield Record(own, year, "counts", _count(own, end, "PARTNERS", partners))
        actions = _count(own, month(year, 6), "DEMAND_ACTIONS", chance.whole(0, 3))
        yield Record(own, year, "counts", actions)


def _count(agency: str, when: str, measure: str, size: int) -> Row:
    return {"month": when, "agency": agency, "measure": measure, "n": str(size)}
