"""What cleaning did to a column: where, from what, to what, by which rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

CHANGES = ("stream", "file", "sheet", "row", "submitted_by", "column", "old", "new", "rule")
PLACE = ("file", "sheet", "row", "submitted_by")


@dataclass(frozen=True)
class Change:
    """Changed values of one column; `positions` counts rows from 0, the rest runs beside it."""

    column: str
    positions: np.ndarray
    old: Any
    new: Any
    rule: Any

    def applied(self, values: pd.Series) -> pd.Series:
        """The column with its new values."""
        array = values.astype("str").array.copy()
        array[self.positions] = self.new
        return pd.Series(array, index=values.index, name=values.name)

    def less(self, rows: np.ndarray) -> Change:
        """The change without the rows marked in `rows` (one truth value a row of the frame)."""
        kept = ~rows[self.positions]
        return Change(
            self.column, self.positions[kept], self.old[kept], self.new[kept], self.rule[kept]
        )

    def without_old(self) -> Change:
        return replace(self, old=pd.array([pd.NA] * len(self.positions), dtype="str"))


def change_between(old: pd.Series, new: pd.Series, rule: str) -> Change | None:
    """The change from `old` to `new`, two columns of the same rows; None when they are alike."""
    differs = ((old != new) & ~(old.isna() & new.isna())).to_numpy(dtype=bool)
    positions = np.flatnonzero(differs)
    if not len(positions):
        return None
    return Change(
        str(old.name),
        positions,
        old.iloc[positions].astype("str").array,
        new.iloc[positions].astype("str").array,
        pd.array([rule] * len(positions), dtype="str"),
    )


def change_table(stream: str, frame: pd.DataFrame, changes: list[Change]) -> pd.DataFrame:
    """All changes as rows of `CHANGES`, with the place of each row of `frame`."""
    changes = [change for change in changes if len(change.positions)]
    if not changes:
        return pd.DataFrame(columns=list(CHANGES), dtype="str")
    positions = np.concatenate([change.positions for change in changes])
    columns: dict[str, Any] = {"stream": stream}
    for name in PLACE:
        columns[name] = frame[name].array.take(positions) if name in frame else pd.NA
    lengths = [len(change.positions) for change in changes]
    columns["column"] = np.repeat([change.column for change in changes], lengths)
    for name in ("old", "new", "rule"):
        parts = [pd.Series(getattr(change, name), dtype="str") for change in changes]
        columns[name] = pd.concat(parts, ignore_index=True)
    table = pd.DataFrame(columns, columns=list(CHANGES), index=range(len(positions)))
    return table.astype({"stream": "str", "column": "str"})
