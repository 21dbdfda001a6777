"""Seeded choices: the same seed and topic give the same choices, on every machine."""

from __future__ import annotations

import hashlib
import hmac
import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

Item = TypeVar("Item")


class Chance:
    """Choices for one topic. Topics draw from streams of their own.

    Adding a choice to one topic leaves all others as they were.
    """

    def __init__(self, seed: int, topic: str) -> None:
        self._random = random.Random(f"{seed}:{topic}")

    def happens(self, probability: float) -> bool:
        return self._random.random() < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self._random.random() * (high - low + 1))

    def one(self, items: Sequence[Item]) -> Item:
        return items[self.whole(0, len(items) - 1)]

    def weighted(self, weights: Mapping[Item, float]) -> Item:
        mark = self._random.random() * sum(weights.values())
        for item, weight in weights.items():
            mark -= weight
            if mark < 0:
                return item
        return item

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in another order (Fisher and Yates)."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.whole(0, last)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def several(self, items: Sequence[Item], number: int) -> list[Item]:
        """`number` different items, in the order in which they stand."""
        chosen = set(self.shuffled(range(len(items)))[:number])
        return [item for place, item in enumerate(items) if place in chosen]

    def parts(self, total: int, number: int) -> list[int]:
        """`total` split in `number` unlike parts of at least 1 that add up to it."""
        if number > total:
            raise ValueError(f"{total} cannot be split in {number} parts of at least 1")
        weights = [0.5 + self._random.random() for _ in range(number)]
        free = total - number
        sizes = [1 + int(free * weight / sum(weights)) for weight in weights]
        for place in range(total - sum(sizes)):
            sizes[place % number] += 1
        return sizes


def simulated_pseudonym(seed: int, name: str) -> str:
    """16 hexadecimal digits made from the seed; there is no person behind them."""
    key = f"simulated records, seed {seed}".encode()
    return hmac.new(key, name.encode(), hashlib.sha256).hexdigest()[:16]
