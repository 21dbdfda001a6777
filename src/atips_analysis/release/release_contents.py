"""What a release prints, as cells and sums: the table of indicators, research, bulletins."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from atips_analysis.build.asked_for import Build
from atips_analysis.build.bulletins import bulletin_files
from atips_analysis.disclosure.cells import CellKey, describe
from atips_analysis.disclosure.releases import (
    Released,
    attack_releases,
    ties_by_counts,
    unrevised_since,
)
from atips_analysis.errors import FindingsError
from atips_analysis.files import read_json
from atips_analysis.ledger.earlier import House, Known
from atips_analysis.ledger.frozen_baseline import frozen_baselines
from atips_analysis.project import Project

if TYPE_CHECKING:
    from atips_analysis.release.pack_tables import PackTable


@dataclass(frozen=True)
class Companion:
    """What is released beside the table of indicators: its table, its cells."""

    table: PackTable
    released: Released

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.table.csv()).hexdigest()


@dataclass(frozen=True)
class Contents:
    """All that a release prints, the true counts behind it (confidential), and what travels along.

    `baselines` are the files of frozen baselines by name.
    """

    released: Released
    counts: Mapping[CellKey, int]
    companions: Mapping[str, Companion]
    baselines: Mapping[str, bytes]

    @property
    def tables(self) -> dict[str, str]:
        """SHA-256 of each table beside that of indicators, by name."""
        return {name: one.sha256 for name, one in self.companions.items()}


def contents_of(build: Build, folder: Path, *, simulated: bool) -> Contents:
    """What the reports in a folder print, after it withstood the attack.

    Raises FindingsError if a hidden number can be worked out from this release, earlier ones,
    frozen baselines and public figures together, or they contradict one another.
    """
    released, counts = _indicators(build)
    companions, more = _companions(build, folder, released.edition)
    counts |= more
    house = House.of(build.project, build.databank, simulated=simulated)
    record, drafts = house.record, house.drafts(released.edition)
    given = record.binding(released.edition) if record else []
    known = house.known(one for one in given if one not in drafts)
    beside = [one.released for one in companions.values()]
    released = _attacked(released, beside, counts, known, house.editions)
    return Contents(released, counts, companions, _baseline_files(build.project, simulated))


def _indicators(build: Build) -> tuple[Released, dict[CellKey, int]]:
    """The table as its reader sees it, and the true counts behind it."""
    from atips_analysis.disclosure.indicator_figures import public_figures
    from atips_analysis.disclosure.released_table import released_from
    from atips_analysis.indicators.table import read_table

    return released_from(
        read_table(build.public / "indicators.csv"),
        read_table(build.confidential / "indicators-raw.csv"),
        figures=public_figures(build.project),
        threshold=int(build.project.profile["disclosure"]["threshold"]),
    )


def _companions(
    build: Build, folder: Path, edition: str
) -> tuple[dict[str, Companion], dict[CellKey, int]]:
    """What is printed beside the indicators, by name: tables of research, and of bulletins."""
    from atips_analysis.databank import open_databank
    from atips_analysis.disclosure.indicator_sums import cells_of
    from atips_analysis.disclosure.part_years_released import released_bulletins
    from atips_analysis.disclosure.released_table import rows_behind
    from atips_analysis.disclosure.research_tables_released import released_research
    from atips_analysis.indicators.denominators import mid_year_population
    from atips_analysis.indicators.table import read_table
    from atips_analysis.release.pack_research import bulletin_table, research_table
    from atips_analysis.release.pack_tables import with_source

    rows = rows_behind(
        read_table(build.public / "indicators.csv"),
        read_table(build.confidential / "indicators-raw.csv"),
    )
    research = read_json(build.public / "research.json")
    bank = open_databank(build.databank, edition)
    threshold = int(build.project.profile["disclosure"]["threshold"])
    released, counts = released_research(research, bank, cells_of(rows), threshold=threshold)
    told = with_source(research_table(research), simulated=bank.simulated)
    found = {"research": Companion(told, released)}
    files = {file.stem: file for file in bulletin_files(folder) if file.suffix == ".csv"}
    bulletins, more = released_bulletins(
        {name: read_table(file) for name, file in files.items()},
        rows,
        bank,
        population=mid_year_population(build.project),
        threshold=threshold,
    )
    for name, one in bulletins.items():
        found[name] = Companion(bulletin_table(files[name]), one)
    return found, {**counts, **more}


def _baseline_files(project: Project, simulated: bool) -> dict[str, bytes]:
    """Frozen baselines of one kind of records: seals and tables by file name."""
    return {
        path.name: path.read_bytes()
        for one in frozen_baselines(project, simulated=simulated)
        for path in (one.path, one.path.with_name(str(one.seal["table"]["file"])))
    }


def _attacked(
    released: Released,
    companions: Sequence[Released],
    counts: Mapping[CellKey, int],
    known: Known,
    editions: Sequence[str],
) -> Released:
    """The release, with what is unrevised since earlier ones, after it withstood the attack.

    It is laid beside what was released in other `editions`, and all that was answered.
    """
    truth = {**known.counts, **{(released.edition, key): count for key, count in counts.items()}}
    stated = unrevised_since(editions, released, truth)
    released = replace(released, unrevised=stated)
    together = [*known.releases, released, *companions]
    report = attack_releases(together, ties=ties_by_counts(together, truth), counts=truth)
    if not report.solvable:
        raise FindingsError(
            "nothing was released: this release and earlier ones contradict one another, so that no "
            f"cell can be shown to be safe ({'; '.join(report.contradictions)})"
        )
    if not report.safe:
        first = next(report.opened.itertuples())
        by = str(first.opened_by).strip() or "what is released, before and now"
        raise FindingsError(
            f"nothing was released: {describe(first.key)} (edition {first.edition}) can be worked "
            f"out from {by}, beside {known.against([(str(first.edition), first.key)])}; build "
            "again, or leave a baseline frozen since the build out"
        )
    return released
