"""Which cells are sensitive, before anything is said about how to protect them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from atips_analysis.disclosure.cells import Relation
from atips_analysis.disclosure.knowledge import THRESHOLD


def small_count(count: int, *, threshold: int = THRESHOLD) -> bool:
    """Whether a count of persons is too small to publish: 1 to `threshold` − 1.

    Zero is shown. The default is the rule of UNODC's public file on trafficking (2025), so that
    national tables and UNODC's never contradict one another.
    """
    return 1 <= count < threshold


@dataclass(frozen=True)
class GroupDisclosure:
    """All persons of `group`, or all but `others`, are in `category`."""

    group: Any
    category: Any
    others: int

    @property
    def told(self) -> str:
        """The category in words, without what names the group: `citizenship Own`."""
        more = [pair for pair in self.category[2] if pair not in self.group[2]]
        return " and ".join(f"{dimension} {category}" for dimension, category in more)


NOT_KNOWN = frozenset(
    {"u", "unk", "unknown", "not known", "not recorded", "not stated", "missing", "desconocido",
     "desconocida", "no registrado", "no registrada", "sin dato", "sin datos", "no consta", "n/a"}
)  # fmt: skip
"""Categories that tell nothing of a person: a group of which nothing is known is no finding."""


def groups_told(
    counts: Mapping[Any, int], relations: Iterable[Relation], size: int
) -> list[GroupDisclosure]:
    """Groups of fewer than `size` persons of whom the zeros beside tell that all share a category.

    A group of one is told of as well, and so is all that a one-way table counts. Hiding the cell
    that is left does not help: merge categories. Source: Eurostat,
    Handbook on Statistical Disclosure Control, 2nd ed., sections 5.2 and 5.9.
    """
    found: dict[tuple[Hashable, Hashable], GroupDisclosure] = {}
    for relation in relations:
        if len(relation.parts) < 2 or not 1 <= counts[relation.total] < size:
            continue
        left = [part for part in relation.parts if counts[part]]
        if len(left) == 1 and _says_something(relation.total, left[0]):
            found[relation.total, left[0]] = GroupDisclosure(relation.total, left[0], 0)
    return list(found.values())


def _says_something(group: Any, part: Any) -> bool:
    told = [pair for pair in part[2] if pair not in group[2]]
    return not any(str(category).strip().casefold() in NOT_KNOWN for _, category in told)
