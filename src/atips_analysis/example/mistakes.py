"""The mistakes that the simulated agencies make, each with what should become of it.

They are data (`mistakes.toml` of the scenario, which says what the keys mean); here stands how each
kind is put in. A row that is to be set aside is always an extra row, so that the accepted rows
still add up to the totals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from atips_analysis.codebook import Codebook
from atips_analysis.example.chance import simulated_pseudonym
from atips_analysis.example.generation import Example
from atips_analysis.example.scenario import Row, Scenario, wrong
from atips_analysis.example.written_returns import (
    Drafts,
    Entry,
    Key,
    Slip,
    Submission,
    Verdict,
    sheet_of,
)

CLEANED: Verdict = "accepted after cleaning"
ASIDE: Verdict = "quarantined"
NOBODY = "~"
"""Before a name in `changes`: a pseudonym with nobody behind it."""

HOW: dict[str, Callable[[str, Scenario], str]] = {
    "nationality": lambda value, scenario: str(scenario.said["nationalities"][value]),
    "thousands": lambda value, _: f"{int(value):,}",
    "month/year": lambda value, _: f"{int(value[5:])}/{value[:4]}",
    "abbreviated month": lambda value, _: (
        f"sept {value[:4]}" if value.endswith("-09") else f"{value[5:]}.{value[:4]}"
    ),
    "small letters": lambda value, _: f"{value.lower()} ",
}
"""Ways to write a value otherwise."""


def plant(drafts: Drafts, example: Example) -> None:
    """Put the mistakes of all years into the drafts.

    Raises InputError if a mistake is of no known kind, or no row fits it.
    """
    planter = _Planter(drafts, example)
    for number, said in enumerate(example.scenario.mistakes, start=1):
        kind = planter.kinds.get(said["kind"])
        if kind is None:
            raise wrong("mistakes.toml", f"mistake {number}: {said['kind']!r} is no kind")
        try:
            kind(_key(said), said)
        except StopIteration as error:
            raise wrong(
                "mistakes.toml",
                f"mistake {number} ({said.get('what', said['kind'])}): no row of {said['in']} "
                "fits; correct `where`, or take it out",
            ) from error


def _key(said: Mapping[str, Any]) -> Key:
    agency, year, stream = said["in"]
    return agency, year, stream


def _fits(row: Row, where: Mapping[str, str]) -> bool:
    return all(_agrees(row.get(column, ""), wanted) for column, wanted in where.items())


def _agrees(value: str, wanted: str) -> bool:
    if wanted == "*":
        return bool(value)
    if wanted.startswith("!"):
        return value != wanted[1:]
    if wanted.startswith(">=n "):
        return bool(value) and int(value) >= int(wanted[4:])
    if wanted.startswith(">="):
        return value >= wanted[2:]
    return value in wanted[3:].split() if wanted.startswith("in ") else value == wanted


class _Planter:
    """The drafts while mistakes are being put in."""

    def __init__(self, drafts: Drafts, example: Example) -> None:
        self.drafts = drafts
        self.example = example
        self.kinds: dict[str, Callable[[Key, Mapping[str, Any]], None]] = {
            "reword": self.reword,
            "extra": self.extra,
            "again": self.again,
            "blank": self.blank,
            "totals": self.totals,
            "no consent": self.no_consent,
        }

    def reword(self, key: Key, said: Mapping[str, Any]) -> None:
        """Write one value of a true row in another way: of the first untouched row that fits."""
        column = said["column"]
        untouched = [
            entry
            for entry in self.drafts.get(key, ())
            if entry.kind == "data" and not entry.slips and entry.row.get(column)
        ]
        found = [
            entry
            for where in (said.get("where", {}), said.get("or_where"))
            if where is not None
            for entry in untouched
            if _fits(entry.row, where)
        ]
        entry = next(iter(found))
        value = entry.row[column]
        entry.written[column] = (
            HOW[said["how"]](value, self.example.scenario) if "how" in said else said["to"]
        )
        entry.slips.append(self._slip(said, CLEANED))

    def extra(self, key: Key, said: Mapping[str, Any]) -> None:
        """Add a row that is to be set aside: a like row with changes."""
        base = next(
            entry.row
            for entry in self.drafts.get(key, ())
            if entry.kind == "data" and _fits(entry.row, said.get("where", {}))
        )
        changes = {
            column: self._pseudonym(value[1:]) if value.startswith(NOBODY) else value
            for column, value in said.get("changes", {}).items()
        }
        entry = Entry({**base, **changes}, dict(said.get("written", {})), [self._slip(said, ASIDE)])
        there = len(self.drafts[key])
        place = said.get("place", 1 + len(said["what"]) % there)
        self.drafts[key].insert(there if place == "end" else min(place, there), entry)

    def again(self, key: Key, said: Mapping[str, Any]) -> None:
        entry = self.drafts[key][said["place"]]
        slip = Slip("", "The row above was pasted a second time.", "duplicate", "duplicate")
        copy = Entry(dict(entry.row), dict(entry.written), [slip])
        self.drafts[key].insert(said["place"] + 1, copy)

    def totals(self, key: Key, said: Mapping[str, Any]) -> None:
        entries, number = self.drafts[key], said["number"]
        total = sum(
            int(entry.row[number])
            for entry in entries
            if entry.row.get(number, "").isdigit()
            and not any(slip.verdict == ASIDE for slip in entry.slips)
        )
        slip = Slip("", "A totals row stands below the data.", "left out", "totals row")
        written = {said["label"]: "TOTAL", number: f"{total:,}"}
        entries.append(Entry({}, written, [slip], "totals"))

    def blank(self, key: Key, said: Mapping[str, Any]) -> None:
        slip = Slip("", "A blank row stands between the data.", "left out", "blank row")
        self.drafts[key].insert(said["place"], Entry({}, {}, [slip], "blank"))

    def no_consent(self, key: Key, said: Mapping[str, Any]) -> None:
        """A potential victim known to one agency only did not consent to statistics."""
        alone = {
            victim.victim_id
            for victim in self.example.victims
            if victim.known_to == (key[0],)
            and victim.status == "POTENTIAL"
            and len(victim.forms) == 1
        }
        rows = self.drafts[key]
        entry = next((e for e in rows if e.row["victim_id"] in alone and not e.slips), None)
        if entry is None:
            victim = {
                "victim_id": self._pseudonym("no consent"),
                "status": "POTENTIAL",
                "primary_form": "yes",
            }
            entry = Entry({**rows[0].row, **victim})
            rows.append(entry)
        entry.row[said["column"]] = "no"
        entry.slips.append(self._slip(said, CLEANED))

    def _slip(self, said: Mapping[str, Any], verdict: Verdict) -> Slip:
        return Slip(said["column"], said["what"], said.get("verdict", verdict), said["rule"])

    def _pseudonym(self, name: str) -> str:
        return simulated_pseudonym(self.example.seed, name)


def replaced_return(
    scenario: Scenario, drafts: Drafts, codebook: Codebook, correction: str
) -> Submission:
    """A return that a later one replaces: a month is missing in it, and one stands twice."""
    said = scenario.said["replaced"]
    key = (said["agency"], said["year"], said["stream"])
    entries = [entry for entry in drafts[key] if entry.row["month"] != said["missing"]]
    entries += [entry for entry in entries if entry.row["month"] == said["twice"]]
    written = [replace(entry, slips=[]) for entry in entries]
    slip = Slip(
        "",
        f"{said['what']}; {correction} replaces this file.",
        "left out",
        "replaced by a later version",
    )
    return Submission(
        file=f"{key[0]}_{key[1]}.xlsx",
        agency=key[0],
        year=key[1],
        lang="en",
        sheets=(sheet_of(key, written, codebook, scenario),),
        slips=(("", slip),),
    )
