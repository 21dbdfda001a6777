"""Tables of parts of years, protected beside the yearly tables that are already published.

Quarters add up to their year. A number of one quarter may therefore open a yearly number that is
hidden, and the years' tables stay as they were published. So all of them are one system:

- every period is the sum of its *segments*, the pieces between the first and last months of all
  periods; a segment that is no period of its own is a cell that nobody prints;
- what the published tables show is known to the reader, and what they hide stays hidden: of the
  periods' own numbers as few as possible are hidden so that neither can be worked out;
- the result is attacked together with the yearly tables, as a reader would. Zeros are shown, so
  there are years in which no pattern helps (a year of 5 in two quarters): then the measure is
  printed for no part of that year.

All quarters and halves of a year are always protected together, whichever of them is printed:
each gets the same pattern every time, and bulletins can be laid side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from atips_analysis.disclosure.attack import AttackReport
from atips_analysis.disclosure.cells import CellKey, Relation, describe
from atips_analysis.disclosure.indicator_table import (
    Cells,
    cells_of,
    public_figures,
    public_table,
    withheld_rows,
)
from atips_analysis.disclosure.knowledge import Known, PublicFigure, Rule
from atips_analysis.disclosure.known_counts import hidden_between
from atips_analysis.disclosure.releases import Released
from atips_analysis.disclosure.rounded_tables import interval_of
from atips_analysis.disclosure.suppression import Protection
from atips_analysis.disclosure.system import System
from atips_analysis.errors import FindingsError, InputError
from atips_analysis.indicators import Period, parse_period
from atips_analysis.project import Project


@dataclass(frozen=True)
class PartYears:
    """Rows of the parts, ready to be published, and how many of the counts behind are hidden."""

    table: pd.DataFrame
    cells: int
    hidden: int


@dataclass
class _Known:
    """What published tables tell: keys that they show, that they hide, and that they round."""

    shown: set[CellKey] = field(default_factory=set)
    hidden: set[CellKey] = field(default_factory=set)
    unsaid: set[CellKey] = field(default_factory=set)
    rounded: dict[CellKey, tuple[int, int]] = field(default_factory=dict)

    def narrow(self, key: CellKey, low: int, high: int) -> None:
        """A rounded number may stand for counts from `low` to `high`."""
        least, most = self.rounded.get(key, (low, high))
        self.rounded[key] = (max(least, low), min(most, high))


def protect_parts(
    years: pd.DataFrame,
    parts: pd.DataFrame,
    published: Sequence[pd.DataFrame],
    project: Project,
    earlier: Sequence[Released] = (),
) -> PartYears:
    """Protect rows of parts of years beside what is published already.

    Parameters
    ----------
    years : DataFrame
        The raw tidy table of the years that the parts lie in, whole.
    parts : DataFrame
        Raw rows of the parts to publish, and of their segments (`segments_of`): rows of a segment
        that is no part are cells that nobody prints. Segments are known by the name of a range.
    published : sequence of DataFrame
        Protected tables that stay as they are: of these years, and of other parts.
    project : Project
        For the threshold and the register of public figures.
    earlier : sequence of Released
        The ledger's releases: what they print and has not changed since, a reader knows.

    Raises
    ------
    InputError
        If a published table was not made from these raw ones.
    FindingsError
        If a hidden cell can be worked out all the same.
    """
    table = pd.concat([years, parts], verify_integrity=True)
    check_same_source(table, published)
    own = table.index.isin(parts.index)
    withheld: set[tuple[str, str]] = set()
    while True:
        opened, found = _protected_once(table, own, published, project, earlier)
        more = {(_measure_of(key), key[1][:4]) for key in opened} - withheld
        if not opened:
            return found
        if not more:
            raise FindingsError(
                "the bulletin is not published: a hidden number can be worked out "
                f"({describe(min(opened))}); choose another period"
            )
        withheld |= more
        measure = table["indicator_id"] + " " + table["unit_of_count"]
        lines = pd.Series(zip(measure, table["period"].str[:4], strict=True), index=table.index)
        table.loc[own & lines.isin(withheld), "note"] = SEGMENT


def _protected_once(
    table: pd.DataFrame,
    own: np.ndarray,
    published: Sequence[pd.DataFrame],
    project: Project,
    earlier: Sequence[Released],
) -> tuple[list[CellKey], PartYears]:
    """What is opened all the same (zeros are shown, and years stay), and the protected rows."""
    threshold = int(project.profile["disclosure"]["threshold"])
    figures = public_figures(project)
    raw = cells_of(table)
    public = {
        figure.key: int(figure.value)
        for figure in figures
        if isinstance(figure.value, int) and _agrees(figure, raw)
    }
    cells = cells_of(table, withheld_rows(table, Rule(threshold)), public)
    known = _known(table, cells, published)
    known.shown |= {
        key
        for before in earlier
        for key, count in before.shown.items()
        if count is not None and cells.counts.get(key) == count
    }
    for before in earlier:
        for key, count in before.shown.items():
            if isinstance(count, tuple) and count[0] <= cells.counts.get(key, -1) <= count[1]:
                known.narrow(key, *count)
    known.rounded = {key: ends for key, ends in known.rounded.items() if key not in known.shown}
    cells = with_sums_of_periods(table, cells)
    blank = (known.hidden | known.rounded.keys()) - known.shown
    hidden = {key for key in blank if cells.counts[key] > 0}
    zeros = {key for key in known.rounded if cells.counts[key] == 0}
    unprinted = _unprinted(table, cells) | zeros | (known.unsaid - known.shown - hidden)
    cells.unpublished |= unprinted
    agreeing = [figure for figure in figures if _agrees(figure, cells)]
    system = System(
        cells.counts,
        cells.relations,
        Known(
            counts=public | {key: cells.counts[key] for key in known.shown},
            figures=tuple(agreeing),
            unpublished=frozenset(cells.unpublished),
            totals=cells.national_totals(),
            sensitive={key: cells.counts[key] + 1 for key in hidden},
        ),
        rule=Rule(threshold),
        edition=str(table["vintage"].iloc[0]),
    )
    protection = system.protect()
    opened, report = _opened(system, protection, known.rounded)
    told = public_table(table, cells, protection, report)
    told = told[told["period"].isin(set(table.loc[own, "period"])) & (told["note"] != SEGMENT)]
    status = protection.cells[~protection.cells["key"].isin(cells.unpublished)]
    found = PartYears(told, len(status), int((status["public_status"] == "C").sum()))
    return opened, found


def _measure_of(key: CellKey) -> str:
    """Indicator and unit, from the name of a cell or of its rest."""
    return " ".join(str(key[0]).split(",")[0].split()[:2])


def segments_of(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The pieces of time between the first and last months of periods, year by year."""
    listed = list(periods)
    starts = {period.start for period in listed} | {_after(period.end) for period in listed}
    years = sorted({year for period in listed for year in period.years})
    starts |= {f"{year}-01" for year in years}
    found = []
    for year in years:
        cuts = sorted(start for start in starts if start.startswith(str(year)))
        for start, after in zip(cuts, [*cuts[1:], f"{year + 1}-01"], strict=True):
            found.append(_listed_or_made(start, _before(after), listed))
    return tuple(found)


def _listed_or_made(start: str, end: str, periods: Sequence[Period]) -> Period:
    for period in periods:
        if (period.start, period.end) == (start, end):
            return period
    return parse_period(f"{start}..{end}")


SEGMENT = "nobody prints it"
"""The note on rows that stand in sums only: of segments, and of measures that are withheld."""


def with_sums_of_periods(table: pd.DataFrame, cells: Cells) -> Cells:
    """The same with each period as the sum of its segments, and what does not fit in a rest.

    A measure whose counts add up in every cell adds up for the reader; where persons are counted
    once a year, or lack a month, a rest that nobody prints stands beside the sum.
    """
    counts, relations = dict(cells.counts), list(cells.relations)
    unpublished = set(cells.unpublished)
    names = set(table["period"])
    single = [parse_period(name) for name in sorted(names) if len(parse_period(name).years) == 1]
    several = [parse_period(name) for name in sorted(names) if ".." in str(name)]
    periods = list({p.name: p for p in [*single, *several]}.values())
    parts = [period for period in periods if not period.is_year]
    pieces = [p for p in segments_of(parts) if p.name in names]
    lines = {(key[0], key[2]) for key in counts if key[1] in {p.name for p in parts}}
    sums: dict[str, list[tuple[CellKey, tuple[CellKey, ...]]]] = {}
    for name, categories in sorted(lines):
        for period in periods:
            whole = cells.key_of((name, period.name, categories))
            inside = [p for p in pieces if period.start <= p.start and p.end <= period.end]
            keys = tuple(cells.key_of((name, p.name, categories)) for p in inside)
            if whole in counts and len(keys) > 1 and all(key in counts for key in keys):
                sums.setdefault(name, []).append((whole, keys))
    for name, found in sums.items():
        exact = all(counts[whole] == sum(counts[key] for key in keys) for whole, keys in found)
        for whole, keys in found:
            title = f"{whole[0]}, {whole[1]} and its parts"
            if exact:
                relations.append(Relation(whole, keys, title))
                continue
            rest = counts[whole] - sum(counts[key] for key in keys)
            slack = (f"{name} in no part or in two", whole[1], whole[2])
            counts[slack] = abs(rest)
            unpublished.add(slack)
            if rest >= 0:
                relations.append(Relation(whole, (*keys, slack), title))
            else:
                added = (f"{name} added up", whole[1], whole[2])
                counts[added] = sum(counts[key] for key in keys)
                unpublished.add(added)
                relations += [Relation(added, keys, title), Relation(added, (whole, slack), title)]
    return replace(
        cells, counts=counts, relations=list(dict.fromkeys(relations)), unpublished=unpublished
    )


def _known(table: pd.DataFrame, cells: Cells, published: Sequence[pd.DataFrame]) -> _Known:
    known = _Known()
    for frame in published:
        for row_id in frame.index[frame.index.isin(table.index)]:
            keys, said = cells.rows.get(row_id), frame.at[row_id, "status"]
            if keys is None:
                continue
            if said == "R":
                known.narrow(keys[0], *interval_of(int(frame.at[row_id, "value"])))
            elif said != "C":
                known.shown |= set(keys)
            elif len(keys) == 1:
                known.hidden |= set(keys)
                if between := hidden_between(frame.loc[row_id]):
                    known.narrow(keys[0], *between)
            else:
                known.unsaid |= set(keys)
    return known


def _unprinted(table: pd.DataFrame, cells: Cells) -> set[CellKey]:
    """Cells that stand in rows of segments alone."""
    segments = set(table.index[table["note"] == SEGMENT])
    printed = {key for row, keys in cells.rows.items() if row not in segments for key in keys}
    inside = {key for row, keys in cells.rows.items() if row in segments for key in keys}
    return inside - printed


def _opened(
    system: System, protection: Protection, rounded: Mapping[CellKey, tuple[int, int]]
) -> tuple[list[CellKey], AttackReport]:
    """Hidden cells that a reader can open, but for those that public figures tell alone.

    The attack's report goes with them: the ranges that it leaves are printed beside hidden counts.
    """
    release = system.release(protection)
    release = replace(release, cells={**release.cells, **rounded})
    bounded = {f.key for f in system.known.figures if isinstance(f.value, tuple)}
    known = replace(system.known, exempt=frozenset(bounded))
    system = replace(system, known=known)
    report = system.attack(release, inside=False, explained=0)
    if not report.solvable:
        raise FindingsError(
            "the bulletin is not published: its tables contradict one another, so that none can be "
            f"shown to be safe ({'; '.join(report.contradictions)})"
        )
    if report.safe:
        return [], report
    given = {key for _, key in system.opened_by_figures_alone(release)}
    return [key for key in report.opened["key"] if key not in given], report


def check_same_source(table: pd.DataFrame, published: Sequence[pd.DataFrame]) -> None:
    """Stop unless published tables print what a raw one holds.

    Raises
    ------
    InputError
        If a value differs.
    """
    for frame in published:
        own = frame[frame["period"].isin(set(table["period"])) & frame["value"].notna()]
        own = own[own["status"] != "R"]
        values = own["value"]
        there = table["value"].reindex(values.index)
        close = (there - values).abs() <= 1e-3 * values.abs().clip(lower=1)
        if not ((there == values) | close).fillna(False).all():
            raise InputError(
                "the published tables are not made from this edition of the data bank; "
                "run atips build again, then the bulletin"
            )


def _agrees(figure: PublicFigure, cells: Cells) -> bool:
    count = cells.counts.get(figure.key)
    if count is None:
        return False
    if isinstance(figure.value, tuple):
        return bool(figure.value[0] <= count <= figure.value[1])
    return bool(figure.value == count)


def _after(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02d}"


def _before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"
