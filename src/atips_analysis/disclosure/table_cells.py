"""The cells behind a tidy table of indicators, as its rows name them."""

from __future__ import annotations

from dataclasses import dataclass, field

from atips_analysis.disclosure.cells import CellKey, Relation


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
