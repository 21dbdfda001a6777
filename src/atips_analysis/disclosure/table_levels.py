"""Margins and levels among the categories of a dimension, by their words and by their counts.

A category is a margin when its word says so (Total, All, Todos, …), or when its count is the sum
of all others wherever they stand. Labels stand on two levels when the lower begins with the upper
(`North: Bay`), says that it lies in it (`18-29` and `18+`), is indented under it, or follows it
and adds up to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from atips_analysis.disclosure.attack import Shown
from atips_analysis.disclosure.cells import MARGIN
from atips_analysis.disclosure.table_nesting import trees_by_meaning
from atips_analysis.disclosure.table_sums import trees_by_prefix
from atips_analysis.disclosure.table_words import MARGIN_WORDS, is_margin_word, plain

Tree = dict[str, tuple[str, ...]]
Counts = dict[tuple[str, ...], dict[str, Shown]]
"""For each place that the other dimensions name, what is printed of each category."""


def levels_of(
    frame: pd.DataFrame, by: Sequence[str], shown: Sequence[Shown]
) -> tuple[dict[str, list[str]], dict[str, tuple[str, ...]], dict[str, Tree]]:
    """Categories with margins named alike, the words that margins had, and trees of categories."""
    categories: dict[str, list[str]] = {}
    margins: dict[str, tuple[str, ...]] = {}
    trees: dict[str, Tree] = {}
    for name in by:
        counts = _counts(frame, name, by, shown)
        words = _margin_words(frame[name], counts) or _margin_by_counts(counts)
        margins[name] = tuple(word or "nothing" for word in words)
        labels, tree = _two_levels(frame[name], words, counts)
        categories[name] = labels
        if tree:
            trees[name] = tree
    return categories, margins, trees


def _counts(frame: pd.DataFrame, name: str, by: Sequence[str], shown: Sequence[Shown]) -> Counts:
    others = [other for other in by if other != name]
    found: Counts = {}
    for row, count in enumerate(shown):
        place = tuple(frame[other].iloc[row].strip() for other in others)
        found.setdefault(place, {})[frame[name].iloc[row].strip()] = count
    return found


def _margin_words(column: pd.Series, counts: Counts) -> tuple[str, ...]:
    """The words for all that a column uses; "Total North" is none where a plain Total stands.

    "Total 2021" and "Total 2022" both are, where each is the only one in its place.
    """
    found = tuple(dict.fromkeys(text.strip() for text in column if is_margin_word(text)))
    plainly = tuple(
        word for word in found if plain(word).strip(" .:*()[]") in MARGIN_WORDS or not word
    )
    if plainly:
        return plainly
    alone = all(sum(word in own for word in found) <= 1 for own in counts.values())
    return found if alone else ()


def _margin_by_counts(counts: Counts) -> tuple[str, ...]:
    """A category that is the sum of two or more others wherever all of them are printed."""
    labels = list(dict.fromkeys(label for own in counts.values() for label in own))
    for label in reversed(labels):
        proofs = [_is_sum_of_others(label, own) for own in counts.values() if label in own]
        if any(proofs) and all(proof is not False for proof in proofs):
            return (label,)
    return ()


def _is_sum_of_others(label: str, own: Mapping[str, Shown]) -> bool | None:
    """Whether a count is the sum of the others; None where that cannot be seen."""
    total = own[label]
    others = [count for other, count in own.items() if other != label]
    known = [count for count in others if isinstance(count, int)]
    if not isinstance(total, int):
        return None
    if len(known) < len(others):
        return None if sum(known) <= total else False
    if sum(known) != total:
        return False
    return True if len(others) >= 2 and total > 0 else None


def _two_levels(column: pd.Series, words: Sequence[str], counts: Counts) -> tuple[list[str], Tree]:
    """Categories, margins named alike, and which is the sum of which."""
    labels = [MARGIN if text.strip() in words else text.strip() for text in column]
    inner = [label for label in labels if label != MARGIN]
    tree = trees_by_prefix(inner) | trees_by_meaning(inner)
    if not tree and (above := _above_by_indent(column, labels)):
        parents: dict[str, set[str]] = {}
        for label, parent in zip(labels, above, strict=True):
            if parent:
                parents.setdefault(label, set()).add(parent)
        labels = [
            f"{parent}: {label}" if parent and len(parents[label]) > 1 else label
            for label, parent in zip(labels, above, strict=True)
        ]
        found: dict[str, dict[str, None]] = {}
        for label, parent in zip(labels, above, strict=True):
            if parent:
                found.setdefault(parent, {})[label] = None
        tree = {parent: tuple(kids) for parent, kids in found.items()}
    if not tree and words:
        tree = _tree_by_counts(list(dict.fromkeys(inner)), words[0], counts)
    return labels, tree


def _above_by_indent(column: pd.Series, labels: Sequence[str]) -> list[str]:
    """The category that each is indented under, or nothing; empty when none is."""
    depth = [len(text) - len(text.lstrip(" \t\u00a0")) for text in column]
    if len({d for d, label in zip(depth, labels, strict=True) if label != MARGIN}) < 2:
        return []
    above, last = [], ""
    for deep, label in zip(depth, labels, strict=True):
        if deep == min(depth) or label == MARGIN:
            last = label if label != MARGIN else ""
            above.append("")
        else:
            above.append(last)
    return above if any(above) else []


def _tree_by_counts(labels: list[str], margin: str, counts: Counts) -> Tree:
    """Runs of categories that add up to the one before them, where the margin needs it so."""
    whole = [own for own in counts.values() if _complete(own, [*labels, margin])]
    if not whole or all(_sum(own, labels) == own[margin] for own in whole):
        return {}
    tree: Tree = {}
    top, place = [], 0
    while place < len(labels):
        parent, kids = labels[place], _run_below(labels, place, whole)
        top.append(parent)
        if kids:
            tree[parent] = tuple(kids)
        place += 1 + len(kids)
    fits = all(_sum(own, top) == own[margin] for own in whole)
    return tree if fits else {}


def _run_below(
    labels: Sequence[str], place: int, whole: Sequence[Mapping[str, Shown]]
) -> list[str]:
    for end in range(place + 3, len(labels) + 1):
        run = list(labels[place + 1 : end])
        if all(_sum(own, run) == own[labels[place]] for own in whole):
            positive = any(_sum(own, run) for own in whole)
            return run if positive else []
    return []


def _complete(own: Mapping[str, Shown], labels: Sequence[str]) -> bool:
    return all(isinstance(own.get(label), int) for label in labels)


def _sum(own: Mapping[str, Shown], labels: Sequence[str]) -> int:
    return sum(int(count) for label in labels if isinstance(count := own[label], int))
