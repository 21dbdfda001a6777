"""The attack on all packs of a region together, with the sums that are printed beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from atips_analysis.coalition.sealed_packs import SealedPack
from atips_analysis.coalition.side_by_side import Place, Sum
from atips_analysis.disclosure.cells import CellKey, Relation, describe
from atips_analysis.disclosure.knowledge import Tie
from atips_analysis.disclosure.releases import (
    Printed,
    Released,
    attack_releases,
    of_country,
    ties_stated,
)
from atips_analysis.errors import FindingsError
from atips_analysis.indicators.place import row_id
from atips_analysis.pages.region import REGION


@dataclass(frozen=True)
class Withstood:
    """What the attack was made on: hidden cells, tables of packs, sums of the region."""

    hidden: int
    tables: int
    sums: int


def attack_together(packs: Sequence[SealedPack], sums: Sequence[Sum]) -> Withstood:
    """Attack everything that the packs ever printed, and the region's sums, as one system.

    Cells of two countries are never one unknown; a sum ties them together. Each pack withstood the
    attack alone, by its own threshold; together with the others and the sums, a reader must be
    able to work out no more of any hidden cell than that.

    Raises FindingsError if the range of a hidden cell becomes narrower, or the packs contradict the
    sums.
    """
    printed = [of_country(one, pack.area) for pack in packs for one in pack.printed]
    region, ties = _region(packs, sums)
    stated = ties_stated(printed)
    alone = attack_releases(printed, ties=stated)
    together = attack_releases([*printed, region], ties=[*stated, *ties])
    if not together.solvable:
        raise FindingsError(
            "nothing was made: the packs contradict one another or the sums over them "
            f"({'; '.join(together.contradictions)}); leave out the pack that is named"
        )
    place = ["edition", "key"]
    ranges = alone.cells.merge(together.cells, on=place, suffixes=("", "_together"))
    narrower = ranges[
        (ranges["low_together"] > ranges["low"]) | (ranges["high_together"] < ranges["high"])
    ]
    for cell in narrower.itertuples():
        raise FindingsError(
            f"nothing was made: {describe(cell.key)} is hidden, and can be worked out more narrowly "
            f"({cell.low_together:g} to {cell.high_together:g}) from the packs together; leave that "
            "country's pack out, and tell it"
        )
    return Withstood(len(ranges), len(printed), len(region.relations))


def _region(packs: Sequence[SealedPack], sums: Sequence[Sum]) -> tuple[Released, list[Tie]]:
    """The sums as a release of the region's own, and what ties its parts to the packs' cells."""
    keys = {pack.area: _keys_of_rows(pack) for pack in packs}
    shown: dict[CellKey, Printed] = {}
    relations = []
    tied: dict[str, set[CellKey]] = {pack.area: set() for pack in packs}
    for one in sums:
        own = _own_key(one.place)
        parts = {area: keys[area].get(_row_of(one.place)) for area in one.parts}
        known = {area: key for area, key in parts.items() if key is not None}
        # A category that nobody of a country fell in has no row there: it adds nothing.
        shown[own] = _shown(one)
        relations.append(
            Relation(own, tuple(known.values()), f"sum over {len(one.parts)} countries")
        )
        for area, key in known.items():
            tied[area].add(key)
    ties = [
        Tie(of_country(pack.released, pack.area).edition, REGION, frozenset(tied[pack.area]))
        for pack in packs
    ]
    threshold = max(pack.threshold for pack in packs)
    region = Released(REGION, shown, tuple(relations), threshold=threshold)
    return region, ties


def _keys_of_rows(pack: SealedPack) -> dict[str, CellKey]:
    """The cell that stands as the value of each row, under its country's name."""
    own = of_country(pack.released, pack.area)
    return {
        row: key
        for key, places in own.places.items()
        for row, column in places
        if column == "value"
    }


def _row_of(place: Place) -> str:
    code, unit, period, dimension, category = place
    by = {dimension: category} if dimension else {}
    told = {"indicator_id": code, "unit_of_count": unit, "statistic": "count", "period": period}
    return row_id(told | by)


def _own_key(place: Place) -> CellKey:
    code, unit, period, dimension, category = place
    by = ((dimension, category),) if dimension else ()
    return f"{REGION} {code} {unit}", period, by


def _shown(one: Sum) -> Printed:
    if one.cell.hidden_range is not None:
        low, high = one.cell.hidden_range
        return int(low), int(high)
    return int(float(one.cell.value or 0))
