"""The tidy table of indicators, protected as one system and attacked before it may leave.

Every count of persons in it is a cell; a share, a ratio or a rate is the cells that it is made
of. Cells that a reader knows to be the same are one unknown, totals are the sums of their parts,
pooled years of their years, and a denominator of its numerator and the rest that nobody prints.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import pandas as pd

from atips_analysis.databank.disclosure_key import key_name, key_of
from atips_analysis.disclosure.agencies import (
    agency_account,
    views_of,
    withstood,
    withstood_agencies,
)
from atips_analysis.disclosure.attack import AttackReport, Release
from atips_analysis.disclosure.cells import CellKey
from atips_analysis.disclosure.indicator_account import (
    confidential_account,
    numbers,
    public_account,
    what_opens,
)
from atips_analysis.disclosure.indicator_cells import Cells, own_by_agency
from atips_analysis.disclosure.indicator_figures import agrees, public_figures
from atips_analysis.disclosure.indicator_rows import public_table, withheld_rows
from atips_analysis.disclosure.indicator_sums import cells_of, headline_totals
from atips_analysis.disclosure.kept import as_printed, rows_hanging_together, tables_kept
from atips_analysis.disclosure.knowledge import Known, PublicFigure, Rule
from atips_analysis.disclosure.national_totals import national_totals
from atips_analysis.disclosure.releases import Released, opened_by_figures_alone, ties_by_counts
from atips_analysis.disclosure.solved_once import solving_once
from atips_analysis.disclosure.suppression import Aim, Protection
from atips_analysis.disclosure.system import Earlier, System
from atips_analysis.disclosure.telling_tables import telling_tables
from atips_analysis.errors import FindingsError
from atips_analysis.project import Project

MENDING_ROUNDS = 8

Told = Callable[[frozenset[CellKey]], frozenset[CellKey]]
"""Which of some cells what others print gave away earlier."""

NOT_PRINTED = (
    "; or let its figures be kept as they were printed: put the table of the release before "
    "(indicators.csv of its pack) into data/ledger as YEAR-version-N.csv, and build again"
)


@dataclass(frozen=True)
class ProtectedTable:
    """What may leave (`table`, `public_account`) and what stays (`confidential_account`).

    `raw` is the table that it was made from, `figures` what others published. Of the cells `kept`
    the table prints what was printed earlier, and nothing of this edition may be told. It stands
    beside `earlier` releases, with the counts behind them.
    """

    table: pd.DataFrame
    public_account: dict[str, Any]
    confidential_account: dict[str, Any]
    release: Release
    report: AttackReport
    raw: pd.DataFrame = field(default_factory=pd.DataFrame)
    figures: tuple[PublicFigure, ...] = ()
    kept: frozenset[Hashable] = frozenset()
    earlier: tuple[Released, ...] = ()
    earlier_counts: Mapping[tuple[str, CellKey], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Attacked:
    """What is released, and what the attack found of it.

    `opened` cells are those that a release opens; those that public figures tell without any
    table of ours are `given_away`. True zeros are no secret.
    """

    release: Release
    report: AttackReport
    opened: pd.DataFrame
    given_away: frozenset[CellKey]


@solving_once()
def protect_table(  # noqa: PLR0913  (what else is known, each by name)
    table: pd.DataFrame,
    project: Project,
    *,
    earlier: Sequence[Released] = (),
    earlier_counts: Mapping[tuple[str, CellKey], int] | None = None,
    printed: Sequence[pd.DataFrame] = (),
    left_out: Mapping[str, frozenset[str]] | None = None,
    databank: Path | None = None,
    own: pd.DataFrame | None = None,
) -> ProtectedTable:
    """Protect a raw tidy table and attack the result.

    What no pattern closes beside earlier releases is kept as it was printed last (`kept`). Tables
    that tell of everyone in a group, or that no pattern closes by themselves, are left out for all
    periods. Then all else is protected anew.

    Parameters
    ----------
    table : DataFrame
        As `indicators.compute` gives it.
    project : Project
        For the threshold (profile) and the register of public figures.
    earlier : sequence of Released
        Releases that went before, from the ledger.
    earlier_counts : mapping, optional
        Their true counts by (edition, key), where they are kept. Without them what went before
        is attacked all the same, but a pattern that it opens cannot be mended.
    printed : sequence of DataFrame
        The tables of what went before, as they were printed.
    left_out : mapping, optional
        Crossings that are not published, by name: the ids of their rows.
    databank : Path, optional
        The data bank whose key is used; by default the project's.
    own : DataFrame, optional
        What each agency knows of each number, as `indicators.own_numbers` gives it: each attacks as
        well. The profile says whether they are withstood, or what they open is only counted.

    Raises
    ------
    FindingsError
        If a hidden cell can be opened all the same; the line names cells and tables.
    """
    threshold = int(project.profile["disclosure"]["threshold"])
    raw = cells_of(table)
    published = [
        *public_figures(project),
        *(PublicFigure(key, 0, "last month received") for key in sorted(raw.none_by_months)),
    ]
    figures = [replace(figure, key=raw.key_of(figure.key)) for figure in published]
    known = {
        figure.key: figure.value
        for figure in figures
        if isinstance(figure.value, int) and agrees(figure, raw.counts)
    }
    crossings = dict(left_out or {})
    withheld = withheld_rows(table, Rule(threshold)).union(*crossings.values())
    cells = cells_of(table, withheld, known)
    edition = str(table["vintage"].iloc[0]) if len(table) else ""
    past = dict(earlier_counts or {})
    agreeing = [figure for figure in figures if agrees(figure, cells.counts)]
    public = Known(counts=known, figures=tuple(agreeing))
    system = _system(cells, earlier, past, public, Rule(threshold), edition)
    secret = key_of(project, databank, simulated=bool(table["source"].eq("simulated").any()))
    aim = Aim(key=secret)
    told_before = partial(_told_before, earlier, past)
    agencies = own_by_agency(cells, table, own)
    asked = withstood(agencies, withstood_agencies(project))
    system = replace(system, known=replace(system.known, agencies=asked))
    protection, found = _mended(system, aim, told_before, cells)
    if not found.report.solvable:
        raise FindingsError(what_opens(found.report, found.opened, ()))
    public = public_table(table, cells, protection.hidden, found.report)
    views = views_of(system, agencies, found.release)
    told = [key for one in views if one.agency in system.known.agencies for key in one.opened]
    opened = [*found.opened["key"]]
    again = partial(
        protect_table,
        project=project,
        earlier=earlier,
        earlier_counts=earlier_counts,
        printed=printed,
        databank=databank,
        own=own,
    )
    # What is open without any earlier release is left out, as it would be from a first one.
    alone = opened
    if opened and earlier:
        alone = [*_mended(replace(system, earlier=()), aim, told_before, cells)[1].opened["key"]]
    telling = {} if opened else telling_tables(public)
    if alone or told:
        telling = _tables_around([*alone, *told], table, cells)
    if telling.keys() - crossings:
        return again(table, left_out=crossings | telling)
    sums = [*raw.relations, *(one for before in earlier for one in before.relations)]
    for key in (*opened, *told):
        together, keys = rows_hanging_together([key], table, raw.rows, sums)
        kept = as_printed(table.loc[table.index.isin(together)], printed)
        if len(kept):
            others = again(table[~table.index.isin(together)], left_out=crossings)
            return _with_kept(others, kept, keys, table)
    if opened or told:
        telling = _tables_around(opened, table, cells) if opened else {}
        if telling.keys() - crossings:
            return again(table, left_out=crossings | telling)
        lacking = "" if printed or not earlier else NOT_PRINTED
        raise FindingsError(what_opens(found.report, found.opened, told) + lacking)
    account = public_account(public, threshold)
    return ProtectedTable(
        public,
        account | {"crossings_left_out": sorted(crossings), "key": key_name(secret)},
        confidential_account(protection, figures, cells, found.given_away)
        | {"agencies": agency_account(views)},
        found.release,
        found.report,
        table,
        tuple(published),
        earlier=tuple(earlier),
        earlier_counts=past,
    )


def _system(
    cells: Cells,
    earlier: Sequence[Released],
    past: Mapping[tuple[str, CellKey], int],
    public: Known,
    rule: Rule,
    edition: str,
) -> System:
    """The table's cells, what is known of them besides `public`, and what was released earlier."""
    before = [
        Earlier(one.release, {key: n for (of, key), n in past.items() if of == one.edition})
        for one in earlier
    ]
    here = Released(edition, {}, (), frozenset(cells.counts))
    truth: dict[Any, int] = {**past, **_truth(edition, cells)}
    return System(
        cells.counts,
        cells.relations,
        replace(
            public,
            unpublished=frozenset(cells.unpublished),
            totals=cells.national_totals()
            | national_totals(k for one in earlier for k in one.shown),
            headlines=headline_totals(cells),
            ties=ties_by_counts([*earlier, here], truth),
        ),
        before,
        rule,
        edition,
    )


def _mended(system: System, aim: Aim, told: Told, cells: Cells) -> tuple[Protection, Attacked]:
    """The cheapest pattern beside earlier releases, with more hidden while they open a cell."""
    more: frozenset[CellKey] = frozenset()
    for _ in range(MENDING_ROUNDS):
        protection = _pattern(system, aim, more)
        found = _attacked(system, protection, told)
        if not found.report.solvable or found.opened.empty:
            break
        more |= _shown_beside(found.opened["key"], cells, system.known, protection)
    return protection, found


def _pattern(system: System, aim: Aim, more: frozenset[CellKey] = frozenset()) -> Protection:
    """The cheapest safe pattern, beside earlier releases where the system has any.

    `more` cells are hidden whatever their size: what an earlier release told of moved rows
    (numbers, or rounded ones) would else open a cell beside them.
    """
    hidden = {key: system.cells[key] + 1 for key in more if system.cells.get(key)}
    return replace(system, known=replace(system.known, sensitive=hidden)).protect(aim)


def _shown_beside(
    opened: Iterable[CellKey], cells: Cells, known: Known, protection: Protection
) -> frozenset[CellKey]:
    """What is shown in the sums of opened cells: other parts first, and their total if none is.

    National totals and what is public already are never hidden.
    """
    never = known.totals | known.counts.keys()
    status = dict(zip(protection.cells["key"], protection.cells["public_status"], strict=True))
    found: set[CellKey] = set()
    for key in opened:
        sums = [one for one in cells.relations if key in (one.total, *one.parts)]
        parts = {part for one in sums for part in one.parts if key in one.parts}
        totals = {one.total for one in sums}
        for keys in (parts, totals):
            shown = {cast(CellKey, name) for name in keys if status.get(name) == "OK"}
            shown -= cast("frozenset[CellKey]", never)
            shown = {name for name in shown if cells.counts.get(name)}
            if shown:
                found |= shown
                break
    return frozenset(found)


def _tables_around(
    opened: Iterable[CellKey], table: pd.DataFrame, cells: Cells
) -> dict[str, frozenset[str]]:
    """The breakdowns that hold opened cells, or else stand in a sum with them: all rows, by name."""
    name = ["indicator_id", "unit_of_count", "by_1", "by_2"]
    broken_down = table[table["by_1"].ne("")]

    def holding(keys: set[CellKey]) -> set[tuple[str, ...]]:
        own = {row for row, of in cells.rows.items() if not keys.isdisjoint(of)}
        held = broken_down.loc[broken_down.index.isin(own), name]
        return set(held.itertuples(index=False, name=None))

    around = set(opened)
    sums = [{one.total, *one.parts} for one in cells.relations]
    beside = {key for one in sums if not around.isdisjoint(one) for key in one}
    found = holding(around) or holding(cast("set[CellKey]", beside))
    return {
        f"{indicator} {unit}, by {' x '.join(filter(None, by))}": frozenset(rows.index)
        for (indicator, unit, *by), rows in broken_down.groupby(name, sort=True)
        if (indicator, unit, *by) in found
    }


def _told_before(
    earlier: Sequence[Released],
    past: Mapping[tuple[str, CellKey], int],
    opened: frozenset[CellKey],
) -> frozenset[CellKey]:
    """Of opened cells those that what others print gave away where they stood earlier already."""
    own = [one for one in earlier if not opened.isdisjoint(one.keys)]
    given = {key for one in own for _, key in opened_by_figures_alone([one], past, opened)}
    return opened & cast("set[CellKey]", given)


def _attacked(system: System, protection: Protection, told: Told) -> Attacked:
    """The pattern of hidden cells, attacked with every earlier release.

    What others print gives away cells here, which are found, and gave away those that were `told`
    before, which is asked of opened ones alone.
    """
    release = system.release(protection)
    bounded = frozenset(f.key for f in system.known.figures if isinstance(f.value, tuple))
    system = replace(system, known=replace(system.known, exempt=bounded))
    alone = replace(system, earlier=()).opened_by_figures_alone(release)
    given_away = frozenset(cast(CellKey, key) for _, key in alone)
    report = system.attack(release, inside=False, explained=1)
    opened = report.opened[~report.opened["truth"].eq(0)]
    if left := frozenset(opened["key"]) - given_away:
        given_away |= told(left)
    return Attacked(release, report, opened[~opened["key"].isin(given_away)], given_away)


def _truth(edition: str, cells: Cells) -> dict[tuple[str, Hashable], int]:
    return {(edition, key): count for key, count in cells.counts.items()}


def _with_kept(
    others: ProtectedTable, kept: pd.DataFrame, keys: frozenset[Hashable], raw: pd.DataFrame
) -> ProtectedTable:
    """A protected table with rows of earlier ones that are kept, in the order of the raw one."""
    whole = pd.concat([others.table, kept])
    order = [row for row in raw.index if row in whole.index]
    table = whole.loc[[*order, *whole.index.difference(order, sort=False)]]
    account = others.public_account | numbers(table)
    account["kept"] = tables_kept(table, str(raw["vintage"].iloc[0]))
    return replace(others, table=table, raw=raw, public_account=account, kept=others.kept | keys)
