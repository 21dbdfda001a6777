"""The tidy table of indicators, protected as one system and attacked before it may leave.

Every count of persons in it is a cell; a share, a ratio or a rate is the cells that it is made
of. Cells that a reader knows to be the same are one unknown, totals are the sums of their parts,
pooled years of their years, and a denominator of its numerator and the rest that nobody prints.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, cast

import pandas as pd

from atips_analysis.codebook import dimensions, load_codebook
from atips_analysis.databank.disclosure_key import key_name, key_of
from atips_analysis.disclosure.agencies import (
    agency_account,
    views_of,
    withstood,
    withstood_agencies,
)
from atips_analysis.disclosure.attack import AttackReport, Release
from atips_analysis.disclosure.cells import (
    CellKey,
    Relation,
    cell_key,
    complement_relation,
    describe,
    period_relations,
    table_name,
    table_relations,
)
from atips_analysis.disclosure.kept import as_printed, rows_hanging_together, tables_kept
from atips_analysis.disclosure.knowledge import Known, PublicFigure, Rule
from atips_analysis.disclosure.national_totals import national_totals
from atips_analysis.disclosure.releases import (
    Released,
    opened_by_figures_alone,
    ties_by_counts,
)
from atips_analysis.disclosure.solved_once import solving_once
from atips_analysis.disclosure.suppression import Aim, Protection
from atips_analysis.disclosure.system import Earlier, System
from atips_analysis.disclosure.telling_tables import telling_tables
from atips_analysis.errors import FindingsError
from atips_analysis.indicators import Measure, measures, parse_period
from atips_analysis.indicators.broken_down import BEHIND
from atips_analysis.indicators.compute import TELLING_NOTES
from atips_analysis.indicators.place import RANGE, cell_of, is_total
from atips_analysis.indicators.populations import citizenship_group
from atips_analysis.project import Project
from atips_analysis.published import load_public_figures

MENDING_ROUNDS = 8
NOT_PRINTED = (
    "; or let its figures be kept as they were printed: put the table of the release before "
    "(indicators.csv of its pack) into data/ledger as YEAR-version-N.csv, and build again"
)
BLANKED = ["value", "numerator", "denominator", "ci_low", "ci_high"]


@dataclass
class Cells:
    """The cells behind a tidy table, and what a reader knows of them.

    `counts` by key; `unpublished` keys are printed nowhere; `rows` gives for each row of the
    table, by its id, the keys that its numbers are made of; `withheld` rows are not published. Cells are
    `none_by_months` when anybody knows that they are 0: all were followed long enough.
    """

    counts: dict[CellKey, int] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    unpublished: set[CellKey] = field(default_factory=set)
    rows: dict[str, tuple[CellKey, ...]] = field(default_factory=dict)
    withheld: set[str] = field(default_factory=set)
    same: dict[CellKey, CellKey] = field(default_factory=dict)
    none_by_months: set[CellKey] = field(default_factory=set)

    def key_of(self, key: CellKey) -> CellKey:
        """The key under which a cell stands: cells known to be the same share one."""
        for _ in range(10):
            if self.same.get(key, key) == key:
                break
            key = self.same[key]
        return key

    def national_totals(self) -> frozenset[Hashable]:
        """The national totals of a year, under the keys that they share with other cells."""
        totals = cast("frozenset[CellKey]", national_totals([*self.counts, *self.same]))
        return frozenset(self.key_of(key) for key in totals)


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
        if isinstance(figure.value, int) and _agrees(figure, raw.counts)
    }
    crossings = dict(left_out or {})
    withheld = withheld_rows(table, Rule(threshold)).union(*crossings.values())
    cells = cells_of(table, withheld, known)
    edition = str(table["vintage"].iloc[0]) if len(table) else ""
    past = dict(earlier_counts or {})
    agreeing = [figure for figure in figures if _agrees(figure, cells.counts)]
    public = Known(counts=known, figures=tuple(agreeing))
    system = _system(cells, earlier, past, public, Rule(threshold), edition)
    secret = key_of(project, databank, simulated=bool(table["source"].eq("simulated").any()))
    aim = Aim(key=secret)
    told_before = {key for one in earlier for _, key in opened_by_figures_alone([one], past)}
    agencies = own_by_agency(cells, table, own)
    asked = withstood(agencies, withstood_agencies(project))
    system = replace(system, known=replace(system.known, agencies=asked))
    protection, found = _mended(system, aim, told_before, cells)
    if not found.report.solvable:
        raise FindingsError(_what_opens(found.report, found.opened, ()))
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
        raise FindingsError(_what_opens(found.report, found.opened, told) + lacking)
    account = _public_account(public, threshold)
    return ProtectedTable(
        public,
        account | {"crossings_left_out": sorted(crossings), "key": key_name(secret)},
        _confidential_account(protection, figures, cells, found.given_away)
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
            headlines=_headline_totals(cells),
            ties=ties_by_counts([*earlier, here], truth),
        ),
        before,
        rule,
        edition,
    )


def _mended(
    system: System, aim: Aim, told: Collection[Hashable], cells: Cells
) -> tuple[Protection, Attacked]:
    """The cheapest pattern beside earlier releases, with more hidden while they open a cell."""
    more: frozenset[CellKey] = frozenset()
    for _ in range(MENDING_ROUNDS):
        protection = _pattern(system, aim, more)
        found = _attacked(system, protection, told)
        if not found.report.solvable or found.opened.empty:
            break
        more |= _shown_beside(found.opened["key"], cells, system.known, protection)
    return protection, found


def own_by_agency(
    cells: Cells, table: pd.DataFrame, own: pd.DataFrame | None
) -> dict[str, dict[CellKey, int]]:
    """For each agency how many of each cell are known to it; `own` as `own_numbers` gives it."""
    found: dict[str, dict[CellKey, int]] = {}
    declared = {m.place: m for m in measures()}
    if own is None:
        return found
    here = own.index.get_level_values(0).isin(table.index)
    for (row_id, role), known in own[here].iterrows():
        row = table.loc[row_id]
        place = (row["indicator_id"], row["unit_of_count"], row["statistic"])
        key = cells.key_of(_Row(declared[place], str(row["period"]), cell_of(row)).key(role))
        for agency, count in known.items():
            if count and cells.counts.get(key, -1) >= count:
                found.setdefault(str(agency), {})[key] = int(count)
    return found


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


def _attacked(system: System, protection: Protection, told: Collection[Hashable]) -> Attacked:
    """The pattern of hidden cells, attacked with every earlier release.

    `told` cells are given away by what others print; those that public figures open alone are
    found here.
    """
    release = system.release(protection)
    bounded = frozenset(f.key for f in system.known.figures if isinstance(f.value, tuple))
    system = replace(system, known=replace(system.known, exempt=bounded))
    alone = replace(system, earlier=()).opened_by_figures_alone(release)
    given_away = frozenset(cast("Collection[CellKey]", told)) | {
        cast(CellKey, key) for _, key in alone
    }
    report = system.attack(release, inside=False, explained=1)
    nothing_told = report.opened["key"].isin(given_away) | report.opened["truth"].eq(0)
    return Attacked(release, report, report.opened[~nothing_told], given_away)


def withheld_rows(table: pd.DataFrame, rule: Rule) -> frozenset[str]:
    """Rows (ids) of breakdowns and shares of too few persons: they are not published.

    A breakdown is published where its total, as it is printed, is a group large enough: `rule.group`
    persons or more (of pooled years what their printed totals make at the least). Its zeros would
    say of everyone in a smaller group what they all have in common (group attribute disclosure;
    Hundepool and others 2012, Statistical Disclosure Control, section 5.2). Shares stand from the
    threshold on. That a table is not there tells nothing that its total does not tell.
    """
    size = table["value"].where(table["statistic"] == "count", table["denominator"])
    size = size.where(table["statistic"] != "rate", table["numerator"])
    broken_down = ~is_total(table)
    group = ["indicator_id", "unit_of_count", "statistic", "period"]
    whole = table.assign(size=size)[~broken_down].set_index(group)["size"]
    own = pd.MultiIndex.from_frame(table[group])
    total = pd.Series(whole.reindex(own).to_numpy(), index=table.index)
    distribution = broken_down & total.isna() & (table["statistic"] == "percent")
    total = pd.to_numeric(total.where(~distribution, size))
    share = table["statistic"].isin(["percent", "ratio", "median"])
    few = (broken_down | share) & total.between(1, rule.threshold - 1).fillna(False)
    of_persons = {f"{m.indicator_id} {m.unit}" for m in measures() if m.persons}
    name = table["indicator_id"] + " " + table["unit_of_count"]
    counted = broken_down & table["statistic"].eq("count") & name.isin(of_persons)
    printed = _least_printed(whole, rule)
    least = pd.Series(printed.reindex(own).to_numpy(), index=table.index)
    few |= counted & pd.to_numeric(least).between(1, rule.group - 1).fillna(False)
    return frozenset(table.index[few.astype(bool)])


def _least_printed(whole: pd.Series, rule: Rule) -> pd.Series:
    """For each total the least that a reader can take it for: of pooled years, from their years."""
    numbers = pd.to_numeric(whole).astype(float)
    least = numbers.where(~numbers.between(1, rule.threshold - 1), 1.0)
    found = []
    for (*line, period), own in least.items():
        years = [(*line, str(year)) for year in parse_period(str(period)).years]
        pooled = len(years) > 1 and all(year in least.index for year in years)
        found.append(sum(least[year] for year in years) if pooled else own)
    return pd.Series(found, index=whole.index, dtype=float)


def _headline_totals(cells: Cells) -> frozenset[CellKey]:
    """The totals of counts: what a reader misses most, and what is hidden last.

    The denominator of a share is not among them: it goes before the count that it is part of. The
    share of all that other windows stand beside is.
    """
    counts = [measure for measure in measures() if measure.statistic == "count"]
    plain = {f"{measure.indicator_id} {measure.unit}" for measure in counts}
    plain |= {f"{m.indicator_id} {m.unit} percent numerator" for m in measures() if m.shares_of_all}
    return frozenset(key for key in cells.counts if key[0] in plain and not key[2])


def cells_of(
    table: pd.DataFrame,
    withheld: frozenset[str] = frozenset(),
    known: Mapping[CellKey, int] | None = None,
) -> Cells:
    """The cells of every row of persons in a tidy table, and the sums between them.

    Rows that are `withheld` are cells that nobody prints, but for those already public (`known`).
    """
    cells = Cells()
    declared = {(m.indicator_id, m.unit, m.statistic): m for m in measures()}
    rows = table
    shown = rows[rows["status"].isin(["OK", "Z", "PV", "E"]) | rows["numerator"].notna()]
    links = _Links()
    for row_id, row in zip(shown.index, shown.to_dict("records"), strict=True):
        measure = declared.get((row["indicator_id"], row["unit_of_count"], row["statistic"]))
        if measure is None or not measure.persons:
            continue
        placed = _Row(measure, str(row["period"]), cell_of(row))
        _add_row(cells, links, row_id, row, placed)
    for (_, additive), keys in links.groups.items():
        keys = _not_merged(cells, keys)
        cells.relations += table_relations(keys)
        if additive:
            cells.relations += period_relations(keys, _parts_of_periods(keys))
    _not_merged(cells, links.apart)
    cells.relations += period_relations(links.cohorts, _parts_of_periods(links.cohorts))
    for part, whole in links.inside:
        if part in cells.counts and cells.counts.get(whole, -1) >= cells.counts[part]:
            _add_rest(cells, part, whole, "less " + part[0])
    _add_rests_of_rests(cells, links.inside)
    same = {
        own: other for own, other in links.aliases if cells.counts.get(other) == cells.counts[own]
    }
    merged = _merged(cells, same)
    public = known or {}
    behind = set(table.index[table["note"].eq(BEHIND)])
    for row_id in (withheld | behind) & set(merged.rows):
        printed_in = merged.rows[row_id]
        told = all(public.get(key) == merged.counts[key] for key in printed_in)
        if row_id in behind or not told:
            del merged.rows[row_id]
            merged.withheld.add(row_id)
    printed = {key for keys in merged.rows.values() for key in keys}
    merged.unpublished = set(merged.counts) - printed
    return merged


def public_table(
    table: pd.DataFrame,
    cells: Cells,
    hidden: frozenset[Hashable],
    report: AttackReport | None = None,
) -> pd.DataFrame:
    """The table with what is hidden left blank: one code, and all that goes with a value.

    Beside a hidden count stands its range (`low`, `high`), as the `report` of the attack has it: a
    reader can work it out, and need not. A range without an upper end has no `high`.
    """
    public = table.copy()
    unsaid = (public["status"] == "NAP") & (public["statistic"] != "rate")
    public.loc[unsaid & (public["denominator"] != 0).fillna(True), BLANKED] = pd.NA
    concealed = [row for row, keys in cells.rows.items() if not hidden.isdisjoint(keys)]
    public.loc[concealed, BLANKED] = pd.NA
    public.loc[concealed, ["method", "status"]] = ["", "C"]
    totals = set(public.index[is_total(public)])
    blank = sorted(cells.withheld & totals)
    public.loc[blank, BLANKED] = pd.NA
    public.loc[blank, ["method", "status"]] = ["", "C"]
    telling = public["note"].fillna("").str.startswith(TELLING_NOTES)
    public.loc[telling & public["status"].eq("C"), "note"] = ""
    if report is not None:
        _add_ranges(public, cells, concealed, report)
    behind = set(public.index[table["note"].eq(BEHIND)])
    return public.drop(index=sorted((cells.withheld | behind) - totals))


def _add_ranges(
    public: pd.DataFrame, cells: Cells, concealed: Sequence[str], report: AttackReport
) -> None:
    counted = set(public.index[public["statistic"] == "count"])
    ends = report.cells.drop_duplicates("key").set_index("key")[["low", "high"]]
    ends = ends.replace(float("inf"), float("nan"))
    known = ends.to_dict("index")
    for row in concealed:
        if row in counted and (found := known.get(cells.rows[row][0])):
            public.loc[row, list(RANGE)] = [found["low"], found["high"]]


def public_figures(project: Project) -> list[PublicFigure]:
    """The register of public figures, as cells of the tidy table."""
    units = {m.indicator_id: m.unit for m in reversed(measures()) if m.statistic == "count"}
    units |= {"PROT-02": "VICTIM"}
    found = []
    for row in load_public_figures(project).to_dict("records"):
        if str(row.get("citizenship", "Total")) != "Total":
            continue
        unit = str(row["unit_of_count"]) or units.get(row["indicator_id"], "")
        kind = str(row["measure"])
        name = f"{row['indicator_id']} {unit}"
        if kind != "value" and row["indicator_id"] not in ("PROT-02", "PREV-08"):
            continue
        categories = {name: row[name] for name in dimensions() if name in row}
        key = cell_key(name, str(row["period"]), categories)
        source = f"{row['source_id']} {row.get('vintage', '')}".strip()
        if pd.notna(row["value"]) and str(row["value"]) != "":
            found.append(PublicFigure(key, int(float(row["value"])), source))
        elif pd.notna(row["low"]) and str(row["low"]) != "":
            found.append(PublicFigure(key, (float(row["low"]), float(row["high"])), source))
    return [*found, *_margins_of_lists(project, units)]


def _margins_of_lists(project: Project, units: Mapping[str, str]) -> list[PublicFigure]:
    """Totals and one-way margins of what the Council's report lists person by person.

    Its court chapter names every person by sex, citizenship and offence, so that anybody can add
    them up: the sums are public as well.
    """
    register = load_public_figures(project)
    own = [name for name in dimensions() if name in register]
    listed = register[
        register["source_id"].isin(project.profile["sources"].values())
        & (register["measure"] == "value")
        & ((register[[*own, "citizenship"]] != "Total").sum(axis=1) > 1)
    ]
    found: list[tuple[str, str, dict[str, str], float, str]] = []
    for (indicator_id, period), rows in listed.groupby(["indicator_id", "period"]):
        name = f"{indicator_id} {rows['unit_of_count'].iloc[0] or units.get(indicator_id, '')}"
        rows = rows.assign(
            citizenship_group=citizenship_group(rows["citizenship"]), n=rows["value"].astype(float)
        )
        source = rows["source_id"].iloc[0]
        found.append((name, str(period), {}, rows["n"].sum(), source))
        for dimension in (*own, "citizenship_group"):
            if (rows[dimension] != "Total").all():
                for category, group in rows.groupby(dimension):
                    found.append(
                        (name, str(period), {dimension: category}, group["n"].sum(), source)
                    )
    return [
        PublicFigure(cell_key(name, period, categories), int(value), f"{source} (added up)")
        for name, period, categories, value, source in found
    ]


@dataclass
class _Links:
    """What ties the cells of rows together, gathered row by row.

    `groups` are the cells of one table, by its name and whether it adds up over years, `apart` those
    whose table does not add up to its total; `cohorts`
    those of shares that add up over years only; `aliases` cells that another table prints as well;
    `inside` pairs of a part and the whole that it lies within.
    """

    groups: dict[tuple[str, bool], list[CellKey]] = field(default_factory=dict)
    apart: list[CellKey] = field(default_factory=list)
    cohorts: list[CellKey] = field(default_factory=list)
    aliases: list[tuple[CellKey, CellKey]] = field(default_factory=list)
    inside: list[tuple[CellKey, CellKey]] = field(default_factory=list)


@dataclass(frozen=True)
class _Row:
    """A row of persons: its measure, its period and its place."""

    measure: Measure
    period: str
    cell: Mapping[str, str]

    @property
    def name(self) -> str:
        return f"{self.measure.indicator_id} {self.measure.unit}"

    def key(self, role: str) -> CellKey:
        """The cell of the row's value, numerator, denominator or rest."""
        title = self.name if role == "value" else f"{self.name} {self.measure.statistic} {role}"
        outside = dict(self.cell)
        if role == "denominator":
            for dimension in (self.measure.distribution, self.measure.shares_of_all):
                outside.pop(dimension or "", None)
        return cell_key(title, self.period, outside)

    def within(self) -> list[CellKey]:
        """The cells of other tables that the row's persons are among."""
        return [_elsewhere(target, self.period, self.cell) for target in self.measure.within]

    def put(
        self, role: str, count: int, cells: Cells, links: _Links, *, group: bool = True
    ) -> CellKey:
        """Enter one cell of the row, in the `group` of its table or apart."""
        key, measure = self.key(role), self.measure
        cells.counts[key] = count
        staged = f"{role} stage={self.cell.get('stage')}"
        target = measure.same_as.get(role) or measure.same_as.get(staged)
        if target:
            links.aliases.append((key, _elsewhere(target, self.period, self.cell)))
        if group:
            links.groups.setdefault((key[0], measure.additive), []).append(key)
        else:
            links.apart.append(key)
        return key


COUNTED_IN = {"count": "value", "rate": "numerator", "median": "denominator"}
"""The column that holds the number of persons of a statistic that is no share."""


def _add_row(
    cells: Cells, links: _Links, row_id: str, row: Mapping[str, Any], declared: _Row
) -> None:
    """Enter a row of the tidy table: its cells, and what ties them to others."""
    statistic = declared.measure.statistic
    if statistic not in COUNTED_IN:
        if not pd.isna(row["numerator"]):
            _add_share(cells, links, row_id, row, declared)
        return
    median = statistic == "median"
    key = declared.put("value", int(row[COUNTED_IN[statistic]]), cells, links, group=not median)
    if median and declared.cell:
        links.inside.append((key, cell_key(declared.name, declared.period, {})))
    cells.rows[row_id] = (key,)
    links.inside.extend((key, whole) for whole in declared.within())


def _add_share(
    cells: Cells, links: _Links, row_id: str, row: Mapping[str, Any], declared: _Row
) -> None:
    """Enter the part and the whole of a share, and the rest of a percentage."""
    measure, cell = declared.measure, declared.cell
    numerator, denominator = int(row["numerator"]), int(row["denominator"])
    shared = measure.shares_of_all and cell.get(measure.shares_of_all)
    adds_up = not shared and measure.distribution is None
    top = declared.put("numerator", numerator, cells, links, group=adds_up)
    bottom = declared.put("denominator", denominator, cells, links, group=adds_up)
    if shared and measure.additive:
        links.cohorts += [top, bottom]
    if numerator == 0 and shared in measure.none_by_months:
        cells.none_by_months.add(top)
    if row["status"] != "NAP" or denominator == 0:
        cells.rows[row_id] = (top, bottom)
    links.inside.extend((bottom, whole) for whole in declared.within())
    if measure.distribution:
        _add_unknown(cells, bottom, declared, links.aliases)
        return
    if measure.statistic == "percent":
        rest = declared.put("rest", denominator - numerator, cells, links, group=False)
        cells.unpublished.add(rest)
        title = f"{measure.indicator_id}, {declared.period}"
        cells.relations.append(complement_relation(top, rest, bottom, table=title))
    if shared:
        _add_shares_of_all(cells, links.inside, measure, top, bottom, cell)


def _add_shares_of_all(
    cells: Cells,
    inside: list[tuple[CellKey, CellKey]],
    measure: Measure,
    top: CellKey,
    bottom: CellKey,
    cell: Mapping[str, str],
) -> None:
    """What lies within what, and what makes up the whole, of categories that overlap."""
    dimension, (name, period, _) = measure.shares_of_all, top

    def of(category: str) -> CellKey:
        if category == "rest":
            rest = name.removesuffix("numerator") + "rest"
            return cell_key(rest, period, {**cell, dimension: "Total"})
        return cell_key(name, period, {**cell, dimension: category})

    inside.extend((top, of(whole)) for part, whole in measure.nested if cell[dimension] == part)
    if measure.shares_out and cell[dimension] == measure.shares_out[-1]:
        parts = tuple(of(part) for part in measure.shares_out)
        if all(part in cells.counts for part in parts):
            cells.relations.append(Relation(bottom, parts, f"{measure.indicator_id}, {period}"))


def _add_unknown(
    cells: Cells, bottom: CellKey, declared: _Row, aliases: list[tuple[CellKey, CellKey]]
) -> None:
    """The whole of a distribution within a group: its total less those of unknown category."""
    measure, period = declared.measure, declared.period
    within = {name: code for name, code in declared.cell.items() if name != measure.distribution}
    target = measure.same_as.get("numerator")
    if target is None:
        return
    total = _elsewhere(target, period, within)
    unknown = _elsewhere(target, period, {**within, str(measure.distribution): "UNKNOWN"})
    if total not in cells.counts:
        return
    if unknown in cells.counts:
        relation = Relation(total, (bottom, unknown), f"{measure.indicator_id}, {period}")
        if relation not in cells.relations:
            cells.relations.append(relation)
    else:
        aliases.append((bottom, total))


def _merged(cells: Cells, same: dict[CellKey, CellKey]) -> Cells:
    """One key for cells that a reader knows to be the same; relations of nothing left out."""

    cells.same = same
    key_of = cells.key_of
    counts = {key_of(key): count for key, count in cells.counts.items()}
    relations = []
    for relation in cells.relations:
        total = key_of(cast(CellKey, relation.total))
        parts = tuple(key_of(cast(CellKey, part)) for part in relation.parts)
        if parts != (total,):
            relations.append(Relation(total, parts, relation.table))
    unpublished = {key_of(key) for key in cells.unpublished}
    rows = {row: tuple(key_of(key) for key in keys) for row, keys in cells.rows.items()}
    printed = {key for keys in rows.values() for key in keys}
    relations = list(dict.fromkeys(relations))
    none = {key_of(key) for key in cells.none_by_months}
    return Cells(counts, relations, unpublished - printed, rows, same=same, none_by_months=none)


def _not_merged(cells: Cells, keys: Sequence[CellKey]) -> list[CellKey]:
    """The cells of one table without those of merged categories, which are sums of others.

    Where what a merged category holds is in no row, as in a published table, it is a category like
    any other.
    """
    there = set(keys)
    left = []
    for key in keys:
        lists = [
            [(name, code) for code in load_codebook().dimension(name).within(category)]
            for name, category in key[2]
        ]
        parts = [(key[0], key[1], pairs) for pairs in product(*lists)]
        parts = [part for part in parts if part in there and part != key]
        if parts:
            cells.relations.append(Relation(key, tuple(parts), table_name(key)))
        else:
            left.append(key)
    return left


def _add_rest(cells: Cells, part: CellKey, whole: CellKey, name: str) -> None:
    """`whole` is `part` and a rest that nobody prints."""
    other = whole[2] != part[2]  # one category lies within several others: a rest for each
    within = f" in {', '.join(category for _, category in whole[2])}" if whole[2] and other else ""
    rest = (f"{whole[0]} {name}{within}", part[1], part[2])
    cells.counts[rest] = cells.counts[whole] - cells.counts[part]
    cells.unpublished.add(rest)
    cells.relations.append(complement_relation(part, rest, whole, table=f"{part[0]}, {part[1]}"))


def _add_rests_of_rests(cells: Cells, inside: Sequence[tuple[CellKey, CellKey]]) -> None:
    """Rests by category lie within the rest of the whole, all of one breakdown together.

    Of 21 persons served, all with a day, 12 are children with a day: nobody is left to be a child
    without one, so that a hidden number of children served would be told.
    """
    groups: dict[tuple[CellKey, tuple[str, ...]], list[CellKey]] = {}
    for part, whole in inside:
        rest = (f"{whole[0]} less {part[0]}", part[1], part[2])
        above: CellKey = (rest[0], rest[1], ())
        if part[0] == whole[0] and not whole[2]:
            rest, above = part, whole
        elif part[2] != whole[2] or rest not in cells.counts:
            continue
        if rest != above and above in cells.counts:
            dimensions = tuple(name for name, _ in rest[2])
            groups.setdefault((above, dimensions), []).append(rest)
    for (above, dimensions), rests in groups.items():
        others = cells.counts[above] - sum(cells.counts[rest] for rest in rests)
        if others >= 0:
            key: CellKey = (f"{above[0]}, other {' and '.join(dimensions)}", above[1], ())
            cells.counts[key] = others
            cells.unpublished.add(key)
            cells.relations.append(Relation(above, (*rests, key), f"{above[0]}, {above[1]}"))


def _elsewhere(target: str, period: str, cell: Mapping[str, str]) -> CellKey:
    words = target.split()
    more = dict(word.split("=") for word in words if "=" in word)
    name = " ".join(word for word in words if "=" not in word)
    return cell_key(name, period, {**cell, **more})


def _parts_of_periods(keys: list[CellKey]) -> dict[str, list[str]]:
    names = sorted({period for _, period, _ in keys})
    parts = {}
    for name in names:
        period = parse_period(name)
        single = [str(year) for year in period.years]
        if period.whole_years and len(single) > 1 and set(single) <= set(names):
            parts[name] = single
    return parts


def _agrees(figure: PublicFigure, counts: Mapping[CellKey, int]) -> bool:
    if figure.key not in counts:
        return False
    count = counts[figure.key]
    if isinstance(figure.value, tuple):
        return figure.value[0] <= count <= figure.value[1]
    return figure.value == count


def _truth(edition: str, cells: Cells) -> dict[tuple[str, Hashable], int]:
    return {(edition, key): count for key, count in cells.counts.items()}


def _what_opens(report: AttackReport, opened: pd.DataFrame, told: Sequence[CellKey]) -> str:
    if not report.solvable:
        return (
            "nothing is published: the tables contradict one another, so that no cell can be shown "
            f"to be safe ({'; '.join(report.contradictions)})"
        )
    if opened.empty:
        return (
            "nothing is published: an agency that is to be withstood can work out "
            f"{describe(told[0])} of others; merge categories or leave one of the tables out"
        )
    first = next(opened.itertuples())
    cells = "1 hidden cell" if len(opened) == 1 else f"{len(opened)} hidden cells"
    by = f", opened by {first.opened_by}" if str(first.opened_by).strip() else ""
    return (
        f"nothing is published: {cells} can be worked out, the first is {describe(first.key)}{by}; "
        "merge categories or leave one of the tables out"
    )


def _with_kept(
    others: ProtectedTable, kept: pd.DataFrame, keys: frozenset[Hashable], raw: pd.DataFrame
) -> ProtectedTable:
    """A protected table with rows of earlier ones that are kept, in the order of the raw one."""
    whole = pd.concat([others.table, kept])
    order = [row for row in raw.index if row in whole.index]
    table = whole.loc[[*order, *whole.index.difference(order, sort=False)]]
    account = others.public_account | _numbers(table)
    account["kept"] = tables_kept(table, str(raw["vintage"].iloc[0]))
    return replace(others, table=table, raw=raw, public_account=account, kept=others.kept | keys)


def _public_account(public: pd.DataFrame, threshold: int) -> dict[str, Any]:
    """What may be said of the protection: nothing that tells why a cell is hidden."""
    return {
        "attack": "withstood: no hidden value can be worked out from the tables",
        "kept": [],
        "threshold": threshold,
        **_numbers(public),
    }


def _numbers(public: pd.DataFrame) -> dict[str, int]:
    return {
        "hidden": int((public["status"] == "C").sum()),
        "shown": int(public["status"].isin(["OK", "Z", "PV", "E"]).sum()),
    }


def _confidential_account(
    protection: Protection,
    figures: list[PublicFigure],
    cells: Cells,
    given_away: frozenset[CellKey],
) -> dict[str, Any]:
    status = protection.cells["status"].value_counts()
    differing = [
        f"{figure.source}: {describe(figure.key)} is printed as {figure.value}, here it differs"
        for figure in figures
        if figure.key in cells.counts and not _agrees(figure, cells.counts)
    ]
    return {
        "cells": {name: int(number) for name, number in status.items()},
        "gap": protection.gap,
        "hidden_value": protection.hidden_value,
        "optimal": protection.optimal,
        "opened_by_public_figures_alone": sorted(describe(key) for key in given_away),
        "public_figures_that_differ": differing,
    }
