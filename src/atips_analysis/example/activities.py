"""Simulated prevention and partnership: training, awareness, inspections, meetings, totals.

Every function yields records: the agency that sends it, the year, the stream, and the row in the
codes of the data model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from atips_analysis.example.chance import Chance
from atips_analysis.example.cohorts import DISTRICTS, FIRST_YEAR, LAST_YEAR
from atips_analysis.example.months import month
from atips_analysis.example.published import PublishedTotals

Row = dict[str, str]
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)


@dataclass(frozen=True)
class Record:
    """One true row: who sends it, for which year, in which stream."""

    agency: str
    year: int
    stream: str
    row: Row


# --- screenings -------------------------------------------------------------------------------

SCREENED = {2021: 47, 2022: 66, 2023: 81}
SCREENED_GROUPS = {"NCA": 9, "OCA": 2, "SAM": 4, "ASIA": 2}
"""Groups of the nine countries that the 2024 report names; no count by country is published."""


def screenings(seed: int, published: PublishedTotals) -> Iterator[Record]:
    for year in YEARS:
        chance = Chance(seed, f"screenings {year}")
        total = SCREENED.get(year, published.figures["PRS-03"])
        cells: dict[tuple[str, ...], int] = {}
        groups = list(SCREENED_GROUPS)
        for number in range(total):
            group = groups[number] if number < len(groups) else chance.weighted(SCREENED_GROUPS)
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
                "BPD_ATIPS",
                year,
                "screenings",
                {
                    "month": when,
                    "agency": "BPD_ATIPS",
                    "citizenship_group": group,
                    "sex": sex,
                    "age_group": age,
                    "outcome": outcome,
                    "n": str(size),
                },
            )


# --- training ---------------------------------------------------------------------------------

TRAINED_BEFORE = {
    2021: {"TEACHERS": 310, "POLICE": 120, "DEFENCE": 40, "NGO_IO": 18, "PUBLIC": 95},
    2022: {"TEACHERS": 455, "POLICE": 210, "TOURISM": 60, "LIQUOR": 45, "TRANSPORT": 72,
           "SHELTER": 36},
    2023: {"TEACHERS": 602, "POLICE": 260, "DEFENCE": 65, "RANGERS": 28, "LIQUOR": 70,
           "SHELTER": 24},
}  # fmt: skip
SESSION_SIZE = {"TEACHERS": 35, "POLICE": 28, "DEFENCE": 30, "LIQUOR": 18, "PUBLIC": 24}
FACILITATOR = {"TEACHERS": "NOPCAN", "TOURISM": "BTB", "SHELTER": "DHS", "TRANSPORT": "RET"}
WOMEN = {"TEACHERS": 0.74, "SHELTER": 0.8, "POLICE": 0.27, "DEFENCE": 0.15, "RANGERS": 0.12}
SENT_BY_ITSELF = ("NOPCAN", "HTI", "RET", "BTB")


def trainings(seed: int, published: PublishedTotals) -> Iterator[Record]:
    """Sessions whose participants add up to the published number of each audience."""
    for year in YEARS:
        audiences = TRAINED_BEFORE.get(year, published.trained)
        for audience, total in audiences.items():
            for facilitator, size in _facilitators(published, year, audience, total):
                yield from _sessions(seed, year, audience, facilitator, size)
    yield from _sessions(seed, 2023, "MEDICAL", "RET", published.figures["NGO-03"])


def _facilitators(
    published: PublishedTotals, year: int, audience: str, total: int
) -> list[tuple[str, int]]:
    if year == LAST_YEAR and audience == "LIQUOR":
        by_institute = published.figures["NGO-04"]
        return [("HTI", by_institute), ("NCFC", total - by_institute)]
    if audience == "POLICE":
        return [("HTI" if year >= 2023 else "BPD_ATIPS", total)]
    if audience == "TOURISM" and year < 2023:
        return [("NCFC", total)]
    return [(FACILITATOR.get(audience, "NCFC"), total)]


def _sessions(
    seed: int, year: int, audience: str, facilitator: str, total: int
) -> Iterator[Record]:
    chance = Chance(seed, f"trainings {year} {audience} {facilitator}")
    number = max(1, round(total / SESSION_SIZE.get(audience, 16)))
    topic = {"TEACHERS": "MANDATORY"}.get(audience, "HT101")
    for place, size in enumerate(chance.parts(total, number), start=1):
        women = min(size, round(size * (WOMEN.get(audience, 0.5) + chance.whole(-8, 8) / 100)))
        row = {
            "session_id": f"{facilitator}-{year % 100}-{audience[:4]}-{place:02d}",
            "month": month(year, chance.whole(1, 11)),
            "audience": audience,
            "topic": "HT101" if topic == "MANDATORY" and chance.happens(0.15) else topic,
            "facilitator": facilitator,
            "district": chance.weighted(DISTRICTS),
            "participants": str(size),
            "women": str(max(0, women)),
            "men": str(size - max(0, women)),
        }
        if year >= 2023 and facilitator in {"HTI", "NOPCAN", "RET"} and chance.happens(0.5):
            pairs = chance.whole(size // 2, size)
            row["pre_post_pairs"] = str(pairs)
            row["pre_post_gain"] = str(round(pairs * chance.whole(55, 90) / 100))
        sender = facilitator if facilitator in SENT_BY_ITSELF else "NCFC"
        yield Record(sender, year, "trainings", row)


# --- awareness --------------------------------------------------------------------------------


def awareness(seed: int, published: PublishedTotals) -> Iterator[Record]:
    """Products. In 2024: those that the report counts, the July campaign, and posts."""
    figures = published.figures
    chance = Chance(seed, "awareness")
    streamed = figures["PRV-10"]
    report = [
        ("VIDEO", 10, "HT101", 1),
        ("VIDEO", 10, "ONLINE", figures["PRV-09"] - 1),
        ("TV", 12, "HT101", 1),
        ("TV", 12, "ONLINE", 1),
        ("TV", 12, "OTHER", streamed - 2),
        ("TV", 8, "ONLINE", figures["PRV-11"]),
        ("EVENT", 7, "HT101", 1),
    ]
    for year in YEARS:
        activities = list(report) if year == LAST_YEAR else [("EVENT", 7, "HT101", 1)]
        if year < LAST_YEAR:
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
                "language": chance.weighted({"en": 7, "es": 2, "kri": 1}),
                "products": str(products),
            }
            if channel in {"SOCIAL", "TV", "RADIO"}:
                row["people_reached"] = str(chance.whole(4, 90) * 150)
            yield Record("NCFC", year, "awareness", row)
    for year in (2023, 2024):
        for quarter in (2, 4):
            row = {
                "activity_id": f"YES-{year}-{quarter}",
                "month": month(year, quarter * 3 - 1),
                "channel": "SOCIAL",
                "theme": "ONLINE",
                "language": "en",
                "products": str(chance.whole(1, 4)),
                "people_reached": str(chance.whole(3, 20) * 100),
            }
            yield Record("YES", year, "awareness", row)


# --- labour inspections -----------------------------------------------------------------------

INSPECTIONS_2023 = 802
SECTORS = {"A": 6, "I": 5, "G": 5, "F": 3, "C": 2, "N": 1, "T": 1}


def inspections(seed: int, published: PublishedTotals) -> Iterator[Record]:
    """Monthly totals. No child labour is found in 2021 and 2022: the published finding is none."""
    for year in YEARS:
        chance = Chance(seed, f"inspections {year}")
        total = {2023: INSPECTIONS_2023, LAST_YEAR: published.figures["LAB-01"]}.get(
            year, published.inspections.get(year, 0)
        )
        on_children = published.figures["LAB-02"] if year == LAST_YEAR else chance.whole(60, 110)
        cells: dict[tuple[str, ...], int] = {}
        kinds = ["CHILD_LABOUR"] * on_children + ["OTHER"] * (total - on_children)
        favoured = {
            (number, district): chance.weighted(SECTORS)
            for number in range(1, 13)
            for district in DISTRICTS
        }
        for kind in kinds:
            number = chance.whole(1, 12)
            district = chance.weighted(DISTRICTS)
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
            yield Record("LABOUR", year, "inspections", row)


# --- reports received -------------------------------------------------------------------------

REPORT_CHANNELS = {
    "BPD_ATIPS": {"HOTLINE": 5, "ONLINE": 2, "FAMILY": 2, "SELF": 1, "BPD": 2},
    "DHS": {"HOTLINE": 4, "FAMILY": 2, "EDU": 2, "HEALTH": 1},
}
REPORTS_A_YEAR = {"BPD_ATIPS": (34, 48), "DHS": (18, 30)}


def reports(seed: int) -> Iterator[Record]:
    for agency, channels in REPORT_CHANNELS.items():
        for year in YEARS:
            chance = Chance(seed, f"reports {agency} {year}")
            cells: dict[tuple[str, str, str], int] = {}
            for _ in range(chance.whole(*REPORTS_A_YEAR[agency])):
                key = (
                    month(year, chance.whole(1, 12)),
                    chance.weighted(channels),
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


def engagements(seed: int, published: PublishedTotals) -> Iterator[Record]:
    """Council and committee meetings, simulated; in 2024, the events that the report dates."""
    for year in YEARS:
        chance = Chance(seed, f"engagements {year}")
        rows: list[Row] = []
        for quarter in range(1, 5):
            rows.append(_meeting(chance, "COUNCIL", month(year, quarter * 3)))
            for _committee in ("Operations", "IEC", "M&E"):
                rows.append(_meeting(chance, "COMMITTEE", month(year, quarter * 3 - 1)))
        if year < LAST_YEAR:
            for _ in range(chance.whole(1, 3)):
                rows.append(_event("PARTNER_EVENT", month(year, chance.whole(2, 11)), "IOM"))
        else:
            rows += _partner_events(published)
        for place, row in enumerate(rows, start=1):
            yield Record(
                "NCFC", year, "engagements", {"engagement_id": f"ENG-{year}-{place:02d}", **row}
            )
    abroad = [
        (2023, _event("REGIONAL_CONFERENCE", "2023-05", country="PAN", people="2")),
        (2023, _event("REGIONAL_OPERATION", "2023-10")),
        *((LAST_YEAR, row) for row in _abroad_in_the_report(published)),
    ]
    for place, (year, row) in enumerate(abroad, start=1):
        yield Record(
            "MFA", year, "engagements", {"engagement_id": f"MFA-{year}-{place:02d}", **row}
        )


def _partner_events(published: PublishedTotals) -> list[Row]:
    """Three events in August, the Leadership Summit among them, and the rest in December."""
    total = published.figures["PAR-08"]
    rows = [
        _event("PARTNER_EVENT", "2024-08", "NCFC"),
        _event("PARTNER_EVENT", "2024-08"),
        _event("PARTNER_EVENT", "2024-08", "HTI", people=str(published.figures["NGO-05"])),
    ]
    return rows + [_event("PARTNER_EVENT", "2024-12", "IOM") for _ in range(total - len(rows))]


def _abroad_in_the_report(published: PublishedTotals) -> list[Row]:
    figures = published.figures
    return [
        _event("REGIONAL_CONFERENCE", "2024-04", country="COL", people=str(figures["PAR-06"])),
        _event("REGIONAL_CONFERENCE", "2024-07", country="SLV", people=str(figures["PAR-07"])),
        *(
            _event("REGIONAL_CONFERENCE", "2024-05", country="USA")
            for _ in range(figures["PAR-11"])
        ),
        _event("REGIONAL_OPERATION", "2024-09"),
        *(_event("BILATERAL", "2024-06", "LABOUR", "BRA") for _ in range(figures["LAB-04"])),
        *(_event("BILATERAL", "2024-06", "LABOUR", "BRA") for _ in range(figures["LAB-06"])),
        *(_event("BILATERAL", "2024-09", "LABOUR", "BRA") for _ in range(figures["LAB-05"])),
        *(
            _event("REGIONAL_CONFERENCE", "2024-10", "LABOUR", "BRA")
            for _ in range(figures["LAB-07"])
        ),
    ]


def _event(kind: str, when: str, body: str = "", country: str = "", people: str = "") -> Row:
    return {
        "month": when,
        "kind": kind,
        "body": body,
        "country": country or ("BLZ" if kind == "PARTNER_EVENT" else ""),
        "held": "yes",
        "quorum": "",
        "representatives": people,
    }


def _meeting(chance: Chance, kind: str, when: str) -> Row:
    held = chance.happens(0.85)
    return {
        "month": when,
        "kind": kind,
        "body": "",
        "country": "BLZ",
        "held": "yes" if held else "no",
        "quorum": ("yes" if chance.happens(0.8) else "no") if held else "",
        "representatives": str(chance.whole(6, 14)) if held else "",
    }


# --- totals -----------------------------------------------------------------------------------

SHELTERED = {2021: 22, 2022: 31, 2023: 35}
OFFICERS = {2021: 7, 2022: 8, 2023: 8}


def counts(seed: int, published: PublishedTotals) -> Iterator[Record]:
    """What agencies keep only as a total. Funds and posts are left out: nobody collects them."""
    figures = published.figures
    for year in YEARS:
        chance = Chance(seed, f"counts {year}")
        children = SHELTERED.get(year, figures["PRT-04"])
        for place, size in enumerate(chance.parts(children, 8)):
            row = _count(
                "DHS", month(year, 3 * (place // 2 + 1)), "MIGRANT_CHILDREN_SHELTERED", size
            )
            row |= {"sex": "FM"[place % 2], "age_group": "CHILD"}
            yield Record("DHS", year, "counts", row)
        officers = OFFICERS.get(year, figures["PRS-02"] + 1)
        yield Record(
            "BPD_ATIPS",
            year,
            "counts",
            _count("BPD_ATIPS", f"{year}-12", "OFFICERS_IN_POST", officers),
        )
        if year >= 2023:
            requests = _count("BPD_ATIPS", f"{year}-12", "COOPERATION_REQUESTS", chance.whole(1, 4))
            yield Record("BPD_ATIPS", year, "counts", requests)
        partners = figures["PAR-05"] if year == LAST_YEAR else figures["PAR-05"] - 1
        yield Record("NCFC", year, "counts", _count("NCFC", f"{year}-12", "PARTNERS", partners))
        actions = _count("NCFC", f"{year}-06", "DEMAND_ACTIONS", chance.whole(0, 3))
        yield Record("NCFC", year, "counts", actions)


def _count(agency: str, when: str, measure: str, size: int) -> Row:
    return {"month": when, "agency": agency, "measure": measure, "n": str(size)}
