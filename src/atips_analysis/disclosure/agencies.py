"""Agencies that know their own rows, and what they can work out of the others'.

An agency takes its own persons out of every number. Where that leaves exactly 1 to 4 of others, it
opens a small count of theirs, as a reader would who had been told it. National totals of a year are
always printed: what they alone open, with an agency's own rows, nothing that is hidden takes back.
(Eurostat, Handbook on Statistical Disclosure Control, 2nd ed., chapter 4: a contributor who takes
its own part out of a total.)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from atips_analysis.codebook import load_codebook
from atips_analysis.disclosure.attack import Release
from atips_analysis.disclosure.cells import describe
from atips_analysis.disclosure.system import System
from atips_analysis.errors import InputError
from atips_analysis.profile import PLACE
from atips_analysis.project import Project

EVERY = "*"
Own = Mapping[str, Mapping[Any, int]]
"""For each agency how many of each cell are known to it."""


@dataclass(frozen=True)
class AgencyView:
    """What one agency sees.

    Attributes
    ----------
    counted : numbers that are printed and count some of its own.
    opened : cells of which it knows that they count exactly 1 to 4 of others, but for `by_totals`.
    by_totals : those that national totals, and what was released before, alone tell it.
    """

    agency: str
    counted: int
    opened: frozenset[Any]
    by_totals: frozenset[Any]


def withstood_agencies(project: Project) -> tuple[str, ...]:
    """The codes of agencies that the Council says are to be withstood, at every door; * is all."""
    return tuple(project.profile["disclosure"].get("withstood_agencies", ()))


def withstood(own: Own, listed: Collection[str]) -> Own:
    """Of the agencies those that are to be withstood: a list of codes, or `*` for every one.

    Raises InputError if a code is of no agency.
    """
    known = list(load_codebook().codelist("source_agency").table["code"])
    for code in listed:
        if code not in (EVERY, *known):
            raise InputError(
                f"withstood_agencies in [disclosure] names {code}, which is no agency; write codes of "
                f"agencies.csv, or {EVERY} for every one",
                file=PLACE.as_posix(),
            )
    return {agency: counts for agency, counts in own.items() if {agency, EVERY} & set(listed)}


def views_of(system: System, own: Own, release: Release) -> tuple[AgencyView, ...]:
    """What each agency opens of a release of the system."""
    shown = [key for key, count in release.cells.items() if isinstance(count, int)]
    return tuple(
        AgencyView(agency, sum(own[agency].get(key, 0) > 0 for key in shown), opened, by_totals)
        for agency, (opened, by_totals) in system.opened_by_agencies(own, release).items()
    )


def agency_account(views: Collection[AgencyView]) -> dict[str, dict[str, Any]]:
    """What the confidential account says of each agency."""
    return {
        one.agency: {
            "numbers": one.counted,
            "opened": sorted(describe(key) for key in one.opened),
            "by_totals": sorted(describe(key) for key in one.by_totals),
        }
        for one in views
    }
