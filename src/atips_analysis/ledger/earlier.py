"""All that left the house before: the ledger's releases, frozen baselines, and recorded answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from atips_analysis.disclosure.cells import CellKey
from atips_analysis.disclosure.releases import Released
from atips_analysis.indicators.table import parse_table
from atips_analysis.ledger.frozen_baseline import FrozenBaseline, frozen_baselines
from atips_analysis.ledger.ledger_chain import Entry
from atips_analysis.ledger.ledger_files import (
    ledger_files,
    read_counts,
    read_ledger,
    released_table,
    table_file,
)
from atips_analysis.ledger.question import Question
from atips_analysis.ledger.record import Answer, Record, names_of, read_record
from atips_analysis.project import Project


@dataclass(frozen=True)
class Known:
    """What a reader had when a table was made.

    `counts` are the true counts behind `releases`, by (edition, key), where they are kept;
    `answers` are those of the record among them, `printed` all of their tables that are kept, the
    last release's last; `table` is the SHA-256 of the table that was made beside them, None for one
    to come.
    """

    releases: tuple[Released, ...]
    counts: Mapping[tuple[str, CellKey], int]
    answers: tuple[Answer, ...] = ()
    printed: tuple[pd.DataFrame, ...] = ()
    table: str | None = None

    @property
    def record(self) -> str:
        """How the answers are named in public: by one hash; empty where there are none."""
        return names_of(self.answers)

    def against(self, keys: Iterable[tuple[str, CellKey]]) -> str:
        """The latest that told of one of some (edition, cell)s, as messages name it."""
        wanted = frozenset(keys)
        for one in reversed(self.answers):
            if any((part.edition, key) in wanted for part in one.released for key in part.shown):
                return one.words
        return "what was released and what others printed"


@dataclass(frozen=True)
class House:
    """What left the house of one kind of records, simulated or the agencies', as it is kept."""

    project: Project
    databank: Path
    entries: tuple[Entry, ...]
    frozen: tuple[FrozenBaseline, ...]
    record: Record | None

    @classmethod
    def of(cls, project: Project, databank: Path, *, simulated: bool) -> House:
        """As the ledger, the baselines and the data bank's record have it now."""
        entries = read_ledger(ledger_files(project.ledger, simulated=simulated))
        frozen = tuple(frozen_baselines(project, simulated=simulated))
        return cls(project, databank, entries, frozen, read_record(databank))

    @property
    def editions(self) -> tuple[str, ...]:
        """The editions of all that was released; a baseline is frozen to be published."""
        released = [one for entry in self.entries for one in entry.everything]
        return tuple(one.edition for one in (*released, *(one.released for one in self.frozen)))

    def known(self, answers: Iterable[Answer], before: Entry | None = None) -> Known:
        """The releases and baselines, or those there were `before` one, and some answers."""
        entries, frozen = self.entries, self.frozen
        if before is not None:
            entries = entries[: entries.index(before)]
            there = before.content.get("baselines", {})
            frozen = tuple(one for one in frozen if one.path.name in there)
        given = tuple(answers)
        released = [one for entry in entries for one in entry.everything]
        released += [one.released for one in frozen]
        counts = read_counts(self.databank) if released else {}
        for one in given:
            counts |= one.counts
        released += [part for one in given for part in one.released]
        given_tables: list[Answer | FrozenBaseline] = [*given, *frozen]
        printed = (*(one.table for one in given_tables), *self._printed(entries))
        table = None if before is None else str(before.content["table"])
        return Known(tuple(released), counts, given, printed, table)

    def _printed(self, entries: Iterable[Entry]) -> Iterator[pd.DataFrame]:
        """The tables of some releases, of the record or else as the ledger keeps them."""
        built = {one.sha256: one for one in (self.record.answers if self.record else ())}
        for entry in entries:
            if one := built.get(str(entry.content["table"])):
                yield one.table
            elif text := released_table(entry):
                yield parse_table(text, table_file(entry.file, entry.version))

    def drafts(self, edition: str, year: int | None = None) -> list[Answer]:
        """Builds (of a year) from an edition that were not released: nobody has them but the Council.

        The next one of the year takes their place, and none binds a build of another year: what
        is released first binds the others.
        """
        released = {str(entry.content["table"]) for entry in self.entries}
        own = self.record.of(edition) if self.record else []
        builds = (one for one in own if one.door == "build" and year in (None, one.year))
        return [one for one in builds if one.sha256 not in released]

    def known_to_each_build(self, question: Question, edition: str) -> Iterator[Known]:
        """What was known to each build that was asked the same of an edition; last, what is now.

        A table that was released, or is the standing draft, is made again as it was, whatever was
        answered or released since. A new one takes the place of the year's last draft.
        """
        year = max(year for period in question.periods for year in period.years)
        tried: set[str] = set()
        for entry in self.entries:
            table = str(entry.content["table"])
            if entry.year == year and entry.released.edition == edition and table not in tried:
                tried.add(table)
                then = read_record(self.databank, before=table) or Record()
                yield self.known(then.binding(edition), entry)
        drafts = self.drafts(edition)
        binding = self.record.binding(edition) if self.record else []
        for one in drafts:
            if one.question == question:
                beside = binding[: binding.index(one)]
                known = self.known(other for other in beside if other not in drafts)
                yield replace(known, table=one.sha256)
        yield self.known(one for one in binding if one not in drafts)
