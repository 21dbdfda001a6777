"""Everything that left the house before: releases, frozen baselines, and answers of the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from atips_analysis.disclosure.cells import CellKey
from atips_analysis.disclosure.indicator_table import Before
from atips_analysis.disclosure.key import key_of
from atips_analysis.ledger.frozen_baseline import FrozenBaseline, frozen_baselines
from atips_analysis.ledger.ledger_chain import Entry
from atips_analysis.ledger.ledger_files import ledger_files, read_counts, read_ledger
from atips_analysis.ledger.question import Question
from atips_analysis.ledger.record import Record, read_record
from atips_analysis.project import Project


@dataclass(frozen=True)
class House:
    """All that ever left a house, of one kind of records: simulated, or the agencies'."""

    entries: tuple[Entry, ...]
    frozen: tuple[FrozenBaseline, ...]
    record: Record
    kept: dict[tuple[str, CellKey], int]
    key: bytes

    @property
    def state(self) -> tuple[int, tuple[str, ...]]:
        """How many releases and which baselines there are: what an answer remembers of them."""
        return len(self.entries), tuple(sorted(one.path.name for one in self.frozen))

    @property
    def before(self) -> Before:
        """What a new table stands beside."""
        return self.at(self.entries, self.frozen, self.record)

    def at(
        self, entries: Iterable[Entry], frozen: Iterable[FrozenBaseline], record: Record
    ) -> Before:
        """What a table stood beside when there was no more than this.

        A baseline is frozen to be published, so it counts as a release like any other.
        """
        released = [one for entry in entries for one in entry.everything]
        released += [one.released for one in frozen]
        counts = dict(self.kept)
        for one in record.answers:
            counts |= {(one.edition, key): count for key, count in one.counts.items()}
            released.append(one.released)
        return Before(tuple(released), counts if released else {}, self.key)


def house_of(project: Project, databank: Path, *, simulated: bool) -> House:
    """What left the house, as the ledger, the baselines and the data bank's record have it.

    Parameters
    ----------
    databank : Path
        Folder of the data bank, where the record, its key and counts behind releases are kept.
    simulated : bool
        What was made of simulated records, or of the agencies'.
    """
    entries = read_ledger(ledger_files(project.ledger, simulated=simulated))
    frozen = tuple(frozen_baselines(project, simulated=simulated))
    return House(
        entries,
        frozen,
        read_record(databank),
        read_counts(databank) if entries or frozen else {},
        key_of(project, databank, simulated=simulated),
    )


@dataclass(frozen=True)
class Known:
    """What was known when a table was made, the record as it was then, the table's SHA-256.

    That is None for a table to come.
    """

    before: Before
    record: Record
    table: str | None = None


def known_to_each_build(
    house: House, question: Question, *, year: int, edition: str
) -> Iterator[Known]:
    """What was known to each build and release of a year from an edition, and then all.

    A table that left the house is made again as it was, whatever has left since: it is protected
    beside what went before it then. A new one is protected beside all.
    """
    tried: set[str] = set()
    for one in house.record.of(edition):
        if one.door != "build" or one.question != question or one.table_sha256 in tried:
            continue
        tried.add(one.table_sha256)
        there = [baseline for baseline in house.frozen if baseline.path.name in one.baselines]
        then = house.record.before(one)
        yield Known(house.at(house.entries[: one.ledger], there, then), then, one.table_sha256)
    for number, entry in enumerate(house.entries):
        table = str(entry.content["table"])
        if entry.year != year or entry.released.edition != edition or table in tried:
            continue
        tried.add(table)
        there = [b for b in house.frozen if b.path.name in entry.content.get("baselines", {})]
        yield Known(house.at(house.entries[:number], there, Record()), Record(), table)
    yield Known(house.before, house.record)
