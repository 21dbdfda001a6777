"""Which cells are sensitive, before anything is said about how to protect them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
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


def group_disclosure(
    counts: Mapping[Any, int], relations: Iterable[Relation], *, coalition: int = 0
) -> list[GroupDisclosure]:
    """Groups whose members all share a category, so that the table tells it of each of them.

    Parameters
    ----------
    coalition : how many members of the group may put together what they know of themselves;
        with k of them, a category that holds all but k of the group tells about the rest.

    Returns
    -------
    list of GroupDisclosure
        For each relation with several parts, the category with `total − k <= part`. Groups of
        one person are left out (they are hidden as small counts). Hiding does not help against
        zeros that are shown: merge categories before the table is protected.

    Source: Eurostat, Handbook on Statistical Disclosure Control, 2nd ed., sections 5.2 and 5.9.
    """
    found = []
    for relation in relations:
        total = counts[relation.total]
        if total < 2 or len(relation.parts) < 2:
            continue
        for part in relation.parts:
            if counts[part] and total - coalition <= counts[part] and counts[part] > coalition:
                found.append(GroupDisclosure(relation.total, part, total - counts[part]))
    return found


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
    that is left does not help: merge categories. Source: as `group_disclosure`.
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


def dominated(contributions: Sequence[float], *, n: int = 1, k: float = 85.0) -> bool:
    """The (n, k) rule for money: the n largest contributions make more than k % of the cell.

    Source: Eurostat, Handbook on Statistical Disclosure Control, 2nd ed., section 4.2.
    """
    largest = sorted(contributions, reverse=True)
    return sum(largest[:n]) > k / 100.0 * sum(largest)


def estimated_too_closely(contributions: Sequence[float], *, p: float = 10.0) -> bool:
    """The p % rule for money: the second largest can estimate the largest to within p %.

    Source: Eurostat, Handbook on Statistical Disclosure Control, 2nd ed., section 4.2.
    """
    return upper_protection(contributions, p=p) > 0


def upper_protection(contributions: Sequence[float], *, p: float = 10.0) -> float:
    """How far above its total the reader must be unable to exclude values, under the p % rule.

    p/100 of the largest contribution, less all but the two largest; 0 for a cell that is not
    sensitive. Source: as `estimated_too_closely`, table 4.3.
    """
    largest = sorted(contributions, reverse=True)
    if not largest:
        return 0.0
    remainder = sum(largest[2:])
    return max(0.0, p / 100.0 * largest[0] - remainder)


def singletons(counts: Mapping[Any, int]) -> list[Hashable]:
    """Cells with one contributor, who knows its own value (`inside`)."""
    return [key for key, count in counts.items() if count == 1]
