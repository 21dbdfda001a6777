"""Who was on which lists: the counts of every combination, and reading them from a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations, product
from pathlib import Path

import numpy as np

from atips_analysis.errors import InputError

MOST_LISTS = 10
MOST_PERSONS = 10_000_000_000
"""More than there are in the world: a larger count is no count of persons."""

Pair = tuple[str, str]
"""Two lists whose overlap a model describes, in the order of the file's columns."""


@dataclass(frozen=True, eq=False)
class CaptureHistories:
    """How many persons were on exactly these lists and no others.

    lists : the lists' names, k of them
    patterns : array (2**k - 1, k) of 0 and 1; every combination but "on none"
    counts : array (2**k - 1,); combinations that nobody showed are 0
    """

    lists: tuple[str, ...]
    patterns: np.ndarray
    counts: np.ndarray

    @property
    def observed(self) -> int:
        """Persons on at least one list."""
        return int(self.counts.sum())

    def overlap(self, pair: Pair) -> int:
        """Persons on both lists of a pair, whatever else they are on."""
        return int(self.counts[self.on(pair[0]) & self.on(pair[1])].sum())

    def size(self, name: str) -> int:
        """Persons on this list."""
        return int(self.counts[self.on(name)].sum())

    def overlap_with_others(self, name: str) -> int:
        """Persons on this list and on any other."""
        return int(self.counts[self.on(name) & (self.patterns.sum(axis=1) > 1)].sum())

    def on(self, name: str) -> np.ndarray:
        """Which combinations have this list."""
        return np.asarray(self.patterns[:, self.lists.index(name)] == 1)

    def pairs(self) -> tuple[Pair, ...]:
        """All pairs of lists."""
        return tuple(combinations(self.lists, 2))

    def with_counts(self, counts: np.ndarray) -> CaptureHistories:
        """The same lists with other counts."""
        return replace(self, counts=np.asarray(counts, dtype=float))


def capture_histories(lists: tuple[str, ...], seen: dict[tuple[int, ...], int]) -> CaptureHistories:
    """Capture histories from counts by combination, such as `{(1, 0, 1): 12, ...}`."""
    patterns = [pattern for pattern in product((0, 1), repeat=len(lists)) if any(pattern)]
    counts = np.array([seen.get(pattern, 0) for pattern in patterns], dtype=float)
    return CaptureHistories(tuple(lists), np.array(patterns), counts)


def read_lists(path: Path | str) -> CaptureHistories:
    """Read a file of list overlaps.

    A CSV file with a column of 0 and 1 for each list, and as its last column the count of
    persons on exactly those lists. Combinations that are not in the file count as nobody.

    Raises
    ------
    InputError
        Naming file and row, when the file cannot be used.
    """
    file = Path(path)
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = [(number, row) for number, row in _rows(stream) if any(row)]
    except FileNotFoundError:
        raise InputError("no such file; check its name", file=path) from None
    except (OSError, UnicodeDecodeError, csv.Error):
        raise InputError("cannot be read as a CSV file in UTF-8", file=path) from None
    if not rows:
        raise InputError("the file is empty; give a header and a row a combination", file=path)
    lists = _header(rows[0][1], path)
    if len(rows) == 1:
        raise InputError("no rows under the header; give a row a combination", file=path)
    if rows[0][1][-1].lower() != "count" and all(row[-1] in ("0", "1") for _, row in rows[1:]):
        raise InputError(
            "there is no column of counts; add one named count as the last", file=path, row=1
        )
    seen: dict[tuple[int, ...], int] = {}
    for number, row in rows[1:]:
        pattern, count = _combination(row, lists, path, number)
        if pattern in seen:
            raise InputError(
                "this combination of lists stands twice; add the counts up into one row",
                file=path,
                row=number,
            )
        seen[pattern] = count
    return capture_histories(lists, seen)


def named_terms(text: str, lists: tuple[str, ...]) -> tuple[Pair, ...]:
    """The pairs that a text such as "A:B,C:D" names; none for "main".

    Raises
    ------
    InputError
        When the text is not of that form, or names a list that there is not.
    """
    if text.strip().lower() == "main":
        return ()
    terms = set()
    for part in text.split(","):
        names = [name.strip() for name in part.split(":")]
        unknown = [name for name in names if name and name not in lists]
        if unknown:
            raise InputError(
                f"the model names the list {unknown[0]}, which there is not; the lists are "
                f"{', '.join(lists)}"
            )
        if len(names) != 2 or "" in names or names[0] == names[1]:
            raise InputError(
                f"the model term {part.strip() or 'empty'} is not two lists; give terms such as "
                f"{lists[0]}:{lists[1]}, separated by commas, or main"
            )
        terms.add(frozenset(names))
    return tuple(pair for pair in combinations(lists, 2) if frozenset(pair) in terms)


def declared_referrals(texts: Iterable[str], lists: tuple[str, ...]) -> tuple[Pair, ...]:
    """The referrals that texts such as "A>B" name: who is on A is passed on to B.

    Raises
    ------
    InputError
        When a text is not of that form, or names a list that there is not.
    """
    found = []
    for text in texts:
        names = tuple(name.strip() for name in text.split(">"))
        unknown = [name for name in names if name and name not in lists]
        if unknown:
            raise InputError(
                f"the referral names the list {unknown[0]}, which there is not; the lists are "
                f"{', '.join(lists)}"
            )
        if len(names) != 2 or "" in names or names[0] == names[1]:
            raise InputError(
                f"the referral {text.strip() or 'empty'} is not two lists; give one such as "
                f"{lists[0]}>{lists[-1]}, and --referral again for the next"
            )
        found.append((names[0], names[1]))
    return tuple(dict.fromkeys(found))


def _rows(stream) -> list[tuple[int, list[str]]]:  # type: ignore[no-untyped-def]
    reader = csv.reader(stream)
    return [(reader.line_num, [cell.strip() for cell in row]) for row in reader]


def _header(cells: list[str], path: Path | str) -> tuple[str, ...]:
    *lists, count = cells
    if "" in cells:
        raise InputError("a column of the header has no name", file=path, row=1)
    if len(set(cells)) != len(cells):
        raise InputError("two columns of the header have one name", file=path, row=1)
    if count.lower() != "count" and "count" in [name.lower() for name in lists]:
        raise InputError("the column count must be the last one", file=path, row=1)
    if not 2 <= len(lists) <= MOST_LISTS:
        raise InputError(
            f"give between 2 and {MOST_LISTS} lists, a column each, before the column count; "
            f"there are {len(lists)} (columns are separated by commas)",
            file=path,
            row=1,
        )
    if any(set(name) & set(":,>") or name.lower() == "main" for name in lists):
        raise InputError(
            "a list must not be named main, nor have a colon, comma or > in its name; rename it",
            file=path,
            row=1,
        )
    return tuple(lists)


def _combination(
    row: list[str], lists: tuple[str, ...], path: Path | str, number: int
) -> tuple[tuple[int, ...], int]:
    if len(row) != len(lists) + 1:
        raise InputError(
            f"{len(row)} columns where the header has {len(lists) + 1}", file=path, row=number
        )
    *marks, count = row
    for name, mark in zip(lists, marks, strict=True):
        if mark not in ("0", "1"):
            raise InputError(
                f"column {name} must be 0 or 1, not {mark or 'empty'}", file=path, row=number
            )
    if not (count.isascii() and count.isdigit()):
        raise InputError(
            f"the count must be a whole number, 0 or more, not {count or 'empty'}",
            file=path,
            row=number,
        )
    # Told by its digits first: Python reads no number of thousands of them.
    digits = count.lstrip("0") or "0"
    if len(digits) > len(str(MOST_PERSONS)) or int(digits) > MOST_PERSONS:
        raise InputError(
            f"the count {digits[:20]} is more persons than the world has; check the column count",
            file=path,
            row=number,
        )
    pattern = tuple(int(mark) for mark in marks)
    if not any(pattern):
        raise InputError(
            "a row with no list: those on no list are what is estimated; take the row out",
            file=path,
            row=number,
        )
    return pattern, int(digits)
