"""Protected tables of several countries side by side, and the sums that their definitions allow.

A sum is made of a count where every country that has a number for it defines the indicator in the
same words, counts the same unit, and was released within a year of the others; never of shares,
rates, medians and means. It is made of what is printed and of nothing else: where one country
hides its count, the sum is hidden too and stands with the range that the printed numbers leave; a
country that prints neither a number nor a range is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from atips_analysis.coalition.sealed_packs import SealedPack
from atips_analysis.codebook import dimensions, load_codebook
from atips_analysis.codebook.council import LISTS
from atips_analysis.framework import Indicator
from atips_analysis.indicators import wide
from atips_analysis.indicators.compute import KEPT
from atips_analysis.indicators.place import NAME, SPAN, wide_columns
from atips_analysis.pages.numbers import Cell
from atips_analysis.pages.region import AREA, REGION
from atips_analysis.pages.tidy import Tidy
from atips_analysis.words import languages
from atips_analysis.words.catalogues import SOURCE

NUMBER = ("OK", "Z", "PV", "E")
"""Statuses of a value that is printed as it is."""
APART = 365
"""Days between the first and the last release beyond which their numbers are not added up."""
OWN = {*LISTS, "citizenship_group"}
"""Code lists of which a country has its own: its districts and agencies, its groups of countries."""
REASONS = ("definition", "unit", "vintage")
"""Why a count is not added up, in the order in which it is asked."""
Place = tuple[str, str, str, str, str]
"""Indicator, unit, period, and what it is broken down by: dimension and category, both blank for a total."""


@dataclass(frozen=True)
class Sum:
    """A count added up over countries: its place, its cell, who is in it and who is not, and why."""

    place: Place
    cell: Cell
    parts: tuple[str, ...]
    without: Mapping[str, str]

    @property
    def note(self) -> str:
        """Who is in the sum, and the status of who is not."""
        left = ", ".join(f"{area} ({status})" for area, status in self.without.items())
        said = f"sum of {', '.join(self.parts)}" + (f"; without {left}" if left else "")
        return f"{said}; {KEPT}" if self.cell.kept else said


@dataclass(frozen=True)
class SideBySide:
    """The packs of a region and the register of indicators in whose words they are read."""

    packs: Sequence[SealedPack]
    indicators: tuple[Indicator, ...]

    @cached_property
    def table(self) -> pd.DataFrame:
        """All rows of all packs but those by what is a country's own; wide, with the column `ref_area`."""
        own = set(dimensions()) - set(common_dimensions())
        parts = []
        for pack in self.packs:
            kept = pack.table[pack.table["indicator_id"].isin(self._known)]
            kept = kept[~(kept["by_1"].isin(own) | kept["by_2"].isin(own))]
            parts.append(wide(kept).assign(**{AREA: pack.area}))
        return pd.concat(parts, ignore_index=True)[[AREA, *wide_columns()]]

    @property
    def unknown_indicators(self) -> list[str]:
        """Indicators of packs that the register here lacks: their rows stand in their packs alone."""
        return sorted(
            {code for pack in self.packs for code in pack.table["indicator_id"]} - self._known
        )

    @cached_property
    def _known(self) -> set[str]:
        return {one.id for one in self.indicators}

    @cached_property
    def not_added(self) -> pd.DataFrame:
        """indicator_id, unit_of_count, reason: counts of which no sum is made; a row each."""
        rows = []
        for code, unit in self._counts:
            reason = next((why for why in REASONS if self._differs(why, code, unit)), "")
            if reason:
                rows.append((code, unit, reason))
        return pd.DataFrame(rows, columns=["indicator_id", "unit_of_count", "reason"])

    @cached_property
    def sums(self) -> tuple[Sum, ...]:
        """Every sum that may be made: of totals and of breakdowns by what all countries share."""
        left = set(
            self.not_added[["indicator_id", "unit_of_count"]].itertuples(index=False, name=None)
        )
        counts = self.table[self.table["statistic"] == "count"]
        names = list(common_dimensions())
        places: dict[Place, None] = {}
        for row in counts[["indicator_id", "unit_of_count", "period", *names]].itertuples(
            index=False, name=None
        ):
            by = [
                (name, code) for name, code in zip(names, row[3:], strict=True) if code != "Total"
            ]
            if len(by) < 2 and row[:2] not in left:
                places[(*row[:3], *(by[0] if by else ("", "")))] = None
        made = (self._sum(place) for place in places)
        return tuple(one for one in made if one is not None)

    def with_sums(self) -> pd.DataFrame:
        """The table with a row a sum; its area is `REGION`."""
        spans = self.table.drop_duplicates("period").set_index("period")[list(SPAN)]
        rows = [
            dict.fromkeys(wide_columns(), "")
            | dict.fromkeys(dimensions(), "Total")
            | _printed(one)
            | spans.loc[one.place[2]].to_dict()
            | {"source": "simulated" if self.packs[0].simulated else "register"}
            for one in self.sums
        ]
        numbers = ["value", "numerator", "denominator", "ci_low", "ci_high", "low", "high"]
        more = pd.DataFrame(rows, columns=[AREA, *wide_columns()])
        for name in numbers:
            more[name] = pd.to_numeric(more[name].replace("", None)).astype("Float64")
        return pd.concat([self.table, more], ignore_index=True)

    def definitions(self) -> dict[str, list[dict[str, Any]]]:
        """Of each indicator that packs define in different words: each definition, and whose it is."""
        found = {}
        for code in dict.fromkeys(code for code, _ in self._counts):
            own: dict[str, list[SealedPack]] = {}
            for pack in self._with_number(code):
                own.setdefault(_said(pack, code, f"definition_{SOURCE}"), []).append(pack)
            if len(own) > 1:
                found[code] = [
                    {
                        "areas": [pack.area for pack in packs],
                        "definition": {
                            lang: _said(packs[0], code, f"definition_{lang}")
                            for lang in languages()
                        },
                    }
                    for packs in own.values()
                ]
        return found

    @cached_property
    def _counts(self) -> list[tuple[str, str]]:
        """Indicator and unit of every count that two countries or more have a number of."""
        totals = self._totals[self._totals["statistic"] == "count"]
        known = totals[totals["status"].isin([*NUMBER, "C", "R"])]
        areas = known.groupby(["indicator_id", "unit_of_count"], sort=False)[AREA].nunique()
        return [key for key, many in areas.items() if many > 1 or self._alone(str(key[0]))]

    def _alone(self, code: str) -> bool:
        """Whether other countries count the indicator too, be it in other units."""
        return len(self._with_number(code)) > 1

    @cached_property
    def _totals(self) -> pd.DataFrame:
        return self.table[(self.table[list(dimensions())] == "Total").all(axis=1)]

    def _with_number(self, code: str, unit: str | None = None) -> list[SealedPack]:
        """The countries that print or hide a count of the indicator, in the unit if one is named."""
        own = self._totals[
            (self._totals["indicator_id"] == code)
            & (self._totals["statistic"] == "count")
            & self._totals["status"].isin([*NUMBER, "C", "R"])
        ]
        own = own if unit is None else own[own["unit_of_count"] == unit]
        areas = set(own[AREA])
        return [pack for pack in self.packs if pack.area in areas]

    def _differs(self, reason: str, code: str, unit: str) -> bool:
        """Whether countries differ in what would have to be the same."""
        packs = self._with_number(code)
        if reason == "definition":
            said = {_said(pack, code, f"definition_{SOURCE}") for pack in packs}
            return len(said) > 1
        if reason == "unit":
            return len(self._with_number(code, unit)) < len(packs)
        days = sorted(date.fromisoformat(pack.day) for pack in packs)
        return (days[-1] - days[0]).days > APART

    def _sum(self, place: Place) -> Sum | None:
        """The sum of a place; None where fewer than two countries have a number, or one is rounded."""
        cells = {pack.area: self._cell(pack.area, place) for pack in self.packs}
        parts = {area: cell for area, cell in cells.items() if _has_number(cell)}
        if len(parts) < 2 or any(cell.status == "R" for cell in cells.values()):
            return None
        without = {area: cell.status for area, cell in cells.items() if area not in parts}
        return Sum(place, _added(list(parts.values())), tuple(parts), without)

    def _cell(self, area: str, place: Place) -> Cell:
        """A country's cell; where it has no row, what its breakdown says of it.

        What a part that was left out can be at most is not added to the numbers of others.
        """
        if place in self._printed[area]:
            return self._printed[area][place]
        code, unit, period, dimension, category = place
        by = {dimension: category} if dimension else {}
        cell = self._tidy[area].cell(code, period, unit, "count", **by)
        return cell._replace(low=None, high=None)

    @cached_property
    def _printed(self) -> dict[str, dict[Place, Cell]]:
        """Each country's counts that have a row, by place."""
        found = {}
        for pack in self.packs:
            own = pack.table[(pack.table["statistic"] == "count") & (pack.table["by_2"] == "")]
            places = own[["indicator_id", "unit_of_count", "period", "by_1", "category_1"]]
            cells = map(Cell.of, own[["value", "status", "low", "high", "note"]].to_dict("records"))
            found[pack.area] = dict(
                zip(places.itertuples(index=False, name=None), cells, strict=True)
            )
        return found

    @cached_property
    def _tidy(self) -> dict[str, Tidy]:
        return {
            pack.area: Tidy(wide(pack.table), self.indicators, {"simulated": pack.simulated})
            for pack in self.packs
        }


def common_dimensions() -> tuple[str, ...]:
    """The dimensions whose categories are the same in every country."""
    known = load_codebook()
    return tuple(name for name in dimensions() if OWN.isdisjoint(known.dimension(name).codelists))


def _has_number(cell: Cell) -> bool:
    """Whether a number is printed, or the range of a hidden one."""
    return cell.hidden_range is not None or (cell.status in NUMBER and cell.value is not None)


def _added(cells: Sequence[Cell]) -> Cell:
    """Cells added up: a number where all are, else the range that the printed ones leave."""
    ends = [cell.hidden_range or (float(cell.value or 0), float(cell.value or 0)) for cell in cells]
    low, high = (sum(side) for side in zip(*ends, strict=True))
    statuses, kept = {cell.status for cell in cells}, any(cell.kept for cell in cells)
    if "C" in statuses:
        return Cell(None, "C", low, high, kept)
    worst = next((one for one in ("E", "PV") if one in statuses), "OK")
    return Cell(low, "Z" if worst == "OK" and not low else worst, kept=kept)


def _printed(one: Sum) -> dict[str, Any]:
    code, unit, period, dimension, category = one.place
    by = {dimension: category} if dimension else {}
    told = {"value": one.cell.value, "low": one.cell.low, "high": one.cell.high}
    place = dict(zip(NAME, (code, unit, "count", period), strict=True))
    return {AREA: REGION, **place, **by, **told, "status": one.cell.status, "note": one.note}


def _said(pack: SealedPack, code: str, column: str) -> str:
    """What a pack says of an indicator, its spaces alike; blank where it says nothing."""
    if code not in pack.definitions.index:
        return ""
    return " ".join(str(pack.definitions.at[code, column]).split())
