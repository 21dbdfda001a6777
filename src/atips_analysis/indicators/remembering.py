"""Populations that several indicators share, made once for a table and not once a measure.

What is remembered lives in the bank that one call of `compute` looks at and ends with it:
functions stay pure, and a bank that is not wrapped remembers nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import pandas as pd

from atips_analysis.indicators.measure import Bank

Asked = ParamSpec("Asked")
Made = TypeVar("Made", pd.DataFrame, pd.Series, str)


@dataclass(frozen=True)
class Remembering:
    """A bank, and what functions marked `once_a_bank` have made from it."""

    bank: Bank
    made: dict[Any, Any] = field(default_factory=dict)

    def frame(self, stream: str) -> pd.DataFrame:
        return self.bank.frame(stream)

    def returned(self, stream: str) -> frozenset[int]:
        return self.bank.returned(stream)

    @property
    def simulated(self) -> bool:
        return self.bank.simulated

    @property
    def scores(self) -> Callable[[], pd.DataFrame]:
        return self.bank.scores

    @property
    def returns(self) -> pd.DataFrame:
        return self.bank.returns


def once_a_bank(
    function: Callable[Concatenate[Bank, Asked], Made],
) -> Callable[Concatenate[Bank, Asked], Made]:
    """Let a `Remembering` bank keep what the decorated function gives, by its other arguments.

    Each caller gets a copy (shared until written to), so that none can change another's rows.
    """

    @wraps(function)
    def remembered(bank: Bank, *what: Asked.args, **named: Asked.kwargs) -> Made:
        if not isinstance(bank, Remembering):
            return function(bank, *what, **named)
        key = (function, what, tuple(sorted(named.items())))
        if key not in bank.made:
            bank.made[key] = function(bank, *what, **named)
        made = bank.made[key]
        return made if isinstance(made, str) else made.copy(deep=False)

    return cast("Callable[Concatenate[Bank, Asked], Made]", remembered)
