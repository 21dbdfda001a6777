"""Tables of counts in CSV files: what they hold, what is taken for what, and their protected form."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from atips_analysis.disclosure.attack import Shown
from atips_analysis.disclosure.cells import MARGIN, CellKey, Relation, cell_key, describe
from atips_analysis.disclosure.rounded_tables import interval_of
from atips_analysis.disclosure.table_columns import (
    Columns,
    columns_found,
    columns_given,
    is_number,
    tells_a_number,
)
from atips_analysis.disclosure.table_file import (
    check_columns,
    read_frame,
    refuse_formulas,
    refuse_identifiers,
)
from atips_analysis.disclosure.table_levels import levels_of
from atips_analysis.disclosure.table_periods import is_two_ways
from atips_analysis.disclosure.table_sums import Listed, missing_margin
from atips_analysis.disclosure.table_words import (
    BEHIND_A_NUMBER,
    HIDDEN,
    NO_FIGURE,
    STATISTIC,
    STATUS_NAME,
    STATUSES,
    UNDERSTOOD,
    mark_of,
    plain,
)
from atips_analysis.errors import InputError

STATUS = "status"
RANGE = ("low", "high")


@dataclass(frozen=True)
class CountTable:
    """A table of counts as read: text as it stood, and what each row means.

    Attributes
    ----------
    keys : None for rows without a figure (missing, not collected, not applicable).
    shown : a count, an interval for "<5" and rounded counts, or None for hidden.
    margins : for each dimension the words that were taken for its margin.
    trees : for a dimension on two levels, which category is the sum of which.
    marks : the marks that were read as hidden.
    """

    file: str
    frame: pd.DataFrame
    count: str
    columns: Columns
    keys: tuple[CellKey | None, ...]
    shown: tuple[Shown, ...]
    margins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    trees: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    marks: tuple[str, ...] = ()

    def cells(self) -> dict[CellKey, Shown]:
        """What is printed for each cell."""
        return {
            key: shown for key, shown in zip(self.keys, self.shown, strict=True) if key is not None
        }

    @property
    def listed(self) -> Listed:
        """As the sums read it."""
        return Listed(self.file, self.cells(), self.columns.by, self.trees)

    @property
    def ours(self) -> bool:
        """Whether `atips protect` wrote the table, with the counts before it."""
        return STATUS in self.frame and all(name in self.frame for name in RANGE)

    def words(self) -> list[str]:
        """What was taken for what, a line each."""
        said = [self.columns.words()]
        none = [name for name in self.columns.by if not self.margins.get(name)]
        said += [f"margin of {name}: {', '.join(w)}" for name, w in self.margins.items() if w]
        if none:
            said.append(f"no margin of {', '.join(none)}")
        for name, tree in self.trees.items():
            said += [f"{name}: {parent} is the sum of {', '.join(k)}" for parent, k in tree.items()]
        if self.marks:
            said.append("hidden: " + ", ".join(repr(mark) for mark in self.marks))
        return said


def read_counts(file: Path, count: str, by: Sequence[str]) -> CountTable:
    """A table to protect: every count a whole number from 0.

    Raises InputError if the file cannot be read or is empty, a column is not there or looks like an
    identifier, a text is a formula to a spreadsheet, a count is missing, negative or not whole, a
    cell stands twice, or some margins are there and others are not, or do not add up.
    """
    frame = _with_status(read_frame(file))
    check_columns(file, frame, [count, *by])
    if len(set(by)) < len(by) or count in by:
        raise InputError("--by names a column twice or the count column; correct it", file=file)
    refuse_formulas(file, frame)
    refuse_identifiers(file, frame, [c for c in frame.columns if c not in (count, *RANGE)])
    shown: list[Shown] = []
    for row, text in enumerate(frame[count], start=2):
        if _status(frame, row) in NO_FIGURE and text.strip() == "":
            shown.append(None)
        else:
            shown.append(_whole_number(file, row, count, text))
    table = _table(file, frame, count, columns_given(frame, count, by), shown)
    if not table.cells():
        raise InputError("has no count; give a whole number a row", file=file)
    _check_margins(table)
    return table


def read_protected(file: Path, count: str) -> CountTable:
    """A protected table, ours or others': hidden counts are blank, a mark such as `c`, or "<5".

    A status `R` makes a count the interval that a rounded number of our tables stands for. Of
    a table of several statistics the counts are read.

    Raises InputError as `read_counts`; and if no count is shown at all.
    """
    frame = _with_status(read_frame(file))
    check_columns(file, frame, [count])
    frame = _counts_only(file, frame)
    columns = columns_found(frame, count)
    if not columns.by:
        raise InputError("no column but the count; a table needs a dimension", file=file)
    refuse_identifiers(file, frame, columns.by)
    zeros = any(text.strip() == "0" for text in frame[count])
    shown = [
        _printed(file, row, count, text, _status(frame, row), zeros)
        for row, text in zip(frame.index + 2, frame[count], strict=True)
    ]
    if not any(isinstance(one, int) for one in shown):
        raise InputError(f"no count is shown in {count}; nothing could be attacked", file=file)
    marks = {
        text.strip() or "nothing"
        for text, one in zip(frame[count], shown, strict=True)
        if not isinstance(one, int)
    }
    table = _table(file, frame, count, columns, shown)
    return _with(table, marks=tuple(sorted(marks)))


def protected_frame(
    table: CountTable,
    statuses: Mapping[CellKey, str],
    ranges: Mapping[CellKey, tuple[float, float]],
    relations: Iterable[Relation],
) -> pd.DataFrame:
    """The table with `status`, `low` and `high` a row, and nothing that tells of hidden cells.

    What goes with a count is blanked where the count is hidden, and where it stands in a sum with
    a hidden one: a mean or a share of the whole and of the other parts tells of the rest.
    """
    frame = table.frame.copy()
    before = frame[STATUS].tolist() if STATUS in frame else [""] * len(frame)
    frame[STATUS] = [
        statuses[key] if key is not None else old
        for key, old in zip(table.keys, before, strict=True)
    ]
    hidden = [key in ranges for key in table.keys]
    near = {
        key
        for one in relations
        if any(cell in ranges for cell in (one.total, *one.parts))
        for key in (one.total, *one.parts)
    }
    tells = [key in near or key in ranges for key in table.keys]
    frame.loc[hidden, table.count] = ""
    for name in table.columns.beside:
        if not _same_everywhere(frame[name]):
            frame.loc[tells, name] = ""
    ends = [ranges.get(key, ("", "")) if key is not None else ("", "") for key in table.keys]
    for place, name in enumerate(RANGE):
        frame[name] = [_end(end[place]) for end in ends]
    return frame


def not_read(table: CountTable, *, read: Collection[str] = ()) -> list[str]:
    """Where a number stands beside a hidden count and is not among those that are `read`.

    One line a column: the attack knows nothing of it, so that nothing is shown to be safe.
    """
    found = []
    for name in table.columns.beside:
        if name in read or _same_everywhere(table.frame[name]):
            continue
        for row, text in enumerate(table.frame[name]):
            hidden = table.keys[row] is not None and not isinstance(table.shown[row], int)
            if hidden and tells_a_number(name, text):
                found.append(
                    f"{table.file}, row {row + 2}: {name} is {text.strip()!r} beside a hidden count "
                    "and was not attacked; blank it there, or take the column out"
                )
                break
    return found


def _same_everywhere(column: pd.Series) -> bool:
    """Whether a column says the same of every row, in words: a source, a unit."""
    return column.nunique() < 2 and not is_number(column.iloc[0])


def _end(end: float | str) -> str:
    if isinstance(end, str):
        return end
    return "" if end == float("inf") else f"{end:.0f}"


def _counts_only(file: Path, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of counts, where a column names the statistic of each row."""
    for name in frame.columns:
        if plain(name) in STATISTIC:
            frame = frame[frame[name].eq("count")].reset_index(drop=True)
    if frame.empty:
        raise InputError("no row is a count; nothing could be attacked", file=file)
    return frame


def _with_status(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with its column of statuses called so, where it is: Status, Flag, Estado."""
    if STATUS in frame:
        return frame
    for name in frame.columns:
        filled = {text.strip().upper() for text in frame[name] if text.strip()}
        if STATUS_NAME.match(plain(name)) and filled and filled <= STATUSES:
            return frame.rename(columns={name: STATUS})
    return frame


def _status(frame: pd.DataFrame, row: int) -> str:
    return str(frame[STATUS].iloc[row - 2]).strip().upper() if STATUS in frame else ""


def _whole_number(file: Path, row: int, column: str, text: str) -> int:
    bare = text.strip()
    if re.fullmatch(r"\d{1,3}([,  ]\d{3})+", bare):
        bare = re.sub(r"[,  ]", "", bare)
    if bare == "":
        raise InputError(
            f"{column} is empty; give the count (a true zero is 0), or the status M where there "
            "is no figure",
            file=file,
            row=row,
        )
    if not re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)", bare):
        raise InputError(
            f"{column} is {text.strip()!r}, not a number; give a whole number", file=file, row=row
        )
    if bare.startswith("-") and bare.strip("-0."):
        raise InputError(f"{column} is {bare}, but a count cannot be negative", file=file, row=row)
    if "." in bare and bare.split(".")[1].strip("0"):
        raise InputError(
            f"{column} is {bare}, but a count is a whole number; protect counts, and compute "
            "rates from what is left",
            file=file,
            row=row,
        )
    return abs(int(bare.split(".")[0] or "0"))


def _printed(file: Path, row: int, column: str, text: str, status: str, zeros: bool) -> Shown:
    if status in HIDDEN:
        return None
    text = BEHIND_A_NUMBER.sub("", text)
    if (mark := mark_of(text, zeros=zeros)) is not None:
        return None if (mark.low, mark.high) == (1.0, float("inf")) else (mark.low, mark.high)
    if not re.fullmatch(r"[-+]?[\d.,  ]+", text.strip()):
        raise InputError(
            f"{column} is {text.strip()!r}, neither a count nor a mark for a hidden one; "
            f"understood are {UNDERSTOOD}",
            file=file,
            row=row,
        )
    number = _whole_number(file, row, column, text)
    if status == "R":
        low, high = interval_of(number)
        return float(low), float(high)
    return number


def _table(
    file: Path, frame: pd.DataFrame, count: str, columns: Columns, shown: Sequence[Shown]
) -> CountTable:
    for row, values in enumerate(frame[list(columns.by)].itertuples(index=False), start=2):
        for name, text in zip(columns.by, values, strict=True):
            if is_two_ways(str(text)):
                raise InputError(
                    f"{name} is {text!r}, which may be a financial year or two years; write its "
                    "months (2023-04..2024-03), or both years in full (2023-2024)",
                    file=file,
                    row=row,
                )
    try:
        categories, margins, trees = levels_of(frame, columns.by, shown)
    except InputError as error:
        raise InputError(error.what, file=file) from None
    keys: list[CellKey | None] = []
    first: dict[CellKey, int] = {}
    for row, values in enumerate(zip(*(categories[d] for d in columns.by), strict=True), start=2):
        key = cell_key("", "", dict(zip(columns.by, values, strict=True)))
        if key in first:
            raise InputError(
                f"{describe(key)} stands twice (rows {first[key]} and {row}); keep one row a cell, "
                "and name every dimension of the table",
                file=file,
            )
        first[key] = row
        absent = _status(frame, row) in NO_FIGURE and frame[count].iloc[row - 2].strip() == ""
        keys.append(None if absent else key)
    return CountTable(file.name, frame, count, columns, tuple(keys), tuple(shown), margins, trees)


def _with(table: CountTable, *, marks: tuple[str, ...]) -> CountTable:
    return CountTable(
        table.file,
        table.frame,
        table.count,
        table.columns,
        table.keys,
        table.shown,
        table.margins,
        table.trees,
        marks,
    )


def _check_margins(table: CountTable) -> None:
    if missing := missing_margin(table.cells(), table.columns.by):
        dimension, key = missing
        raise InputError(
            f"the margin of {dimension} is missing for {describe(key)}, though it is there for "
            f"others; add its row with {dimension} = {MARGIN}",
            file=table.file,
        )
