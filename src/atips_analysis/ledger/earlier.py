"""Everything that was released before: the ledger's releases and the frozen baselines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from atips_analysis.disclosure.cells import CellKey
from atips_analysis.disclosure.releases import Released
from atips_analysis.ledger.frozen_baseline import FrozenBaseline, frozen_baselines
from atips_analysis.ledger.ledger_chain import Entry
from atips_analysis.ledger.ledger_files import ledger_files, read_counts, read_ledger
from atips_analysis.project import Project


@dataclass(frozen=True)
class Known:
    """What a reader had when a table was made.

    `counts` are the true counts behind `releases`, by (edition, key), where they are kept;
    `table` is the SHA-256 of the table that was released beside them, None for one to come.
    """

    releases: tuple[Released, ...]
    counts: Mapping[tuple[str, CellKey], int]
    table: str | None = None


def earlier_releases(
    project: Project, databank: Path, *, simulated: bool
) -> tuple[list[Released], dict[tuple[str, CellKey], int]]:
    """Releases of one kind of records, and the true counts behind those that are kept.

    A baseline is frozen to be published, so it counts as a release like any other.

    Parameters
    ----------
    project : Project
    databank : Path
        Folder of the data bank, where counts behind releases are kept.
    simulated : bool
        Releases of simulated records, or of the agencies'.
    """
    entries = read_ledger(ledger_files(project.ledger, simulated=simulated))
    released = _together(entries, frozen_baselines(project, simulated=simulated))
    return list(released), read_counts(databank) if released else {}


def known_to_each_release(
    project: Project, databank: Path, *, simulated: bool, year: int, edition: str
) -> Iterator[Known]:
    """What was known to each release of a year that was made from an edition, and then all.

    A table that was released is made again as it was, whatever has been released since: it is
    protected beside what went before it then. What has no release yet is protected beside all.
    """
    entries = read_ledger(ledger_files(project.ledger, simulated=simulated))
    frozen = frozen_baselines(project, simulated=simulated)
    counts = read_counts(databank) if entries or frozen else {}
    tried: set[str] = set()
    for number, entry in enumerate(entries):
        table = str(entry.content["table"])
        if entry.year != year or entry.released.edition != edition or table in tried:
            continue
        tried.add(table)
        there = [one for one in frozen if one.path.name in entry.content.get("baselines", {})]
        yield Known(_together(entries[:number], there), counts, table)
    yield Known(_together(entries, frozen), counts)


def _together(entries: Iterable[Entry], frozen: Iterable[FrozenBaseline]) -> tuple[Released, ...]:
    released = [one for entry in entries for one in entry.everything]
    return (*released, *(one.released for one in frozen))
