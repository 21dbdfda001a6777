"""What every statistic takes and gives: scalars or arrays in, the same shape out.

Three rules hold in the whole room:

* missing in, missing out: `None`, `NaN` and `pd.NA` give `NaN`, never a zero;
* nothing observed (no exposure, no persons) gives `NaN`: there is no rate of nothing;
* what cannot be (a negative count, more cases than persons) is an `ImpossibleInput`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from atips_analysis.errors import InputError

Numbers = Any
"""A number, a sequence, a NumPy array or a pandas Series of numbers; missing values allowed."""


class ImpossibleInput(InputError, ValueError):
    """Numbers that no count, exposure or confidence can have."""


class Interval(NamedTuple):
    """A confidence interval, both ends included; scalars or arrays of one shape."""

    low: Any
    high: Any


def tail_probability(confidence: float) -> float:
    """The probability left in each tail of a central interval of this confidence."""
    try:
        level = float(confidence)
    except (TypeError, ValueError):
        level = float("nan")
    if not 0.0 < level < 1.0:
        raise ImpossibleInput(
            f"confidence must lie between 0 and 1, not {confidence}; for 95 % give 0.95"
        )
    return (1.0 - level) / 2.0


def as_numbers(values: Numbers, name: str) -> np.ndarray:
    """Values as an array of floats, missing ones as NaN."""
    if isinstance(values, pd.Series | pd.Index | pd.api.extensions.ExtensionArray):
        values = values.to_numpy(dtype=object)
    raw = np.asarray(values)
    if raw.dtype.kind in "iufb":
        return raw.astype(float)
    raw = np.asarray(values, dtype=object)
    flat = [_as_float(value, name) for value in raw.ravel()]
    return np.array(flat, dtype=float).reshape(raw.shape)


def counts_of(values: Numbers, name: str = "count") -> np.ndarray:
    """Counts as floats: whole, finite, zero or more; missing ones as NaN."""
    counts = as_numbers(values, name)
    _refuse(counts < 0, counts, f"{name} must not be negative")
    _refuse(np.isinf(counts), counts, f"{name} must be finite")
    _refuse(~np.isnan(counts) & (counts != np.floor(counts)), counts, f"{name} must be whole")
    return counts


def exposures_of(values: Numbers, name: str = "exposure") -> np.ndarray:
    """Exposures (time, population) as floats: finite, zero or more; missing ones as NaN."""
    exposures = as_numbers(values, name)
    _refuse(exposures < 0, exposures, f"{name} must not be negative")
    _refuse(np.isinf(exposures), exposures, f"{name} must be finite")
    return exposures


def broadcast(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """The arrays in one common shape."""
    try:
        return tuple(np.broadcast_arrays(*arrays))
    except ValueError:
        shapes = " and ".join(str(array.shape) for array in arrays)
        raise ImpossibleInput(f"counts of shapes {shapes} do not go together") from None


def shaped_like(*inputs: Numbers) -> Callable[[np.ndarray], Any]:
    """How to hand an array back: a float for scalars, a Series for Series, else an array."""
    series = [value for value in inputs if isinstance(value, pd.Series)]
    if series:
        index = series[0].index
        if any(not other.index.equals(index) for other in series[1:]):
            raise ImpossibleInput("the series do not share one index; align them first")
        return lambda array: pd.Series(np.asarray(array, dtype=float), index=index)
    return lambda array: float(array) if np.ndim(array) == 0 else np.asarray(array, dtype=float)


def refuse_cases_without_exposure(count: np.ndarray, exposure: np.ndarray) -> None:
    """Events cannot have happened where nothing was exposed."""
    _refuse((exposure == 0) & (count > 0), count, "a count above 0 needs an exposure above 0, got")


def refuse_more_than_observed(count: np.ndarray, n: np.ndarray) -> None:
    """A part cannot be larger than its whole."""
    _refuse(count > n, count, "count must not exceed n; count")


def _as_float(value: object, name: str) -> float:
    if value is None or value is pd.NA or value is pd.NaT:
        return float("nan")
    if isinstance(value, str | bytes):
        raise ImpossibleInput(f"{name} must be a number, not the text {value!r}")
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise ImpossibleInput(f"{name} must be a number, not {value!r}") from None


def _refuse(where: np.ndarray, values: np.ndarray, what: str) -> None:
    if np.any(where):
        first = np.asarray(values)[np.asarray(where)].flat[0]
        raise ImpossibleInput(f"{what} ({first:g})")
