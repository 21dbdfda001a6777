"""Cleaning a stream: a recipe built from the types of its columns, and what the stream adds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pandas as pd

from atips_analysis.cleaning import values
from atips_analysis.cleaning.consent import withhold
from atips_analysis.cleaning.forms import form_by_age
from atips_analysis.cleaning.months import month_number
from atips_analysis.cleaning.values import Cleansed
from atips_analysis.codebook import Codebook, Column

CHANGES = ("stream", "file", "sheet", "row", "submitted_by", "column", "old", "new", "rule")
Cleaner = Callable[[str], Cleansed | None]


@dataclass(frozen=True)
class Cleaned:
    """A stream's rows in one form, and what was done to get there.

    `frame`: the rows that came in, in their order, every value text. `changes`: one row a value
    that was changed (`CHANGES`); blank `old` or `new` for no value. Rule "no consent" has no
    `old`: what was withheld is kept nowhere.
    """

    frame: pd.DataFrame
    changes: pd.DataFrame

    def per_agency(self) -> pd.DataFrame:
        """How many values were changed: submitted_by, column, rule, changes."""
        keys = ["submitted_by", "column", "rule"]
        return self.changes.groupby(keys, as_index=False).size().rename(columns={"size": "changes"})


def clean(stream: str, frame: pd.DataFrame, codebook: Codebook) -> Cleaned:
    """The rows of `stream`, each value in the form of its column's type.

    Months become yyyy-mm, years four digits, yes and no in either language yes or no, codes the
    list's code, whole numbers digits. A value that is no accepted way to write such a value is
    left as it is (without surrounding spaces) for the quality room to judge; nothing is guessed.
    Pure, and row by row but for consent: one victim's refusal covers the agency's rows on them.

    Parameters
    ----------
    stream : str
        Name of the stream.
    frame : DataFrame
        As `read_submissions` gives it: the stream's columns as text, and where each row is from.
    codebook : Codebook
        The words.
    """
    cleaned = frame.copy()
    changes = []
    for column in codebook.stream(stream).columns:
        if column.name in cleaned:
            result = _clean_column(frame[column.name], column, codebook)
            cleaned[column.name] = result["new"].array
            changes.append(_record(stream, frame, column.name, result))
    for column_name in _monthly(stream, codebook, cleaned):
        result = _month_of_return(cleaned[column_name], cleaned["submitted_for"])
        cleaned[column_name] = result["new"].array
        changes.append(_record(stream, frame, column_name, result))
    if stream == "victims":
        result = form_by_age(cleaned)
        cleaned["form"] = result["new"].array
        changes.append(_record(stream, frame, "form", result))
        cleaned, withheld = withhold(cleaned, codebook)
        changes = [_without(change, withheld, frame) for change in changes]
        changes += [
            _record(stream, frame, name, result).assign(old=pd.NA)
            for name, result in withheld.items()
        ]
    table = pd.concat(changes, ignore_index=True) if changes else _no_changes()
    return Cleaned(cleaned, table.astype({"old": "str", "new": "str", "rule": "str"}))


def cleaner_of(column: Column, codebook: Codebook) -> Cleaner:
    """The function that puts one value of `column` into form."""
    match column.type:
        case "year":
            return values.year
        case "month":
            return values.month
        case "bool":
            return partial(values.yes_or_no, codebook=codebook)
        case "code":
            return partial(values.code, codelist=column.codelist, codebook=codebook)
        case "codes":
            return partial(values.codes, codelist=column.codelist, codebook=codebook)
        case "count":
            return values.whole_number
        case "age":
            return values.age
        case "id" if column.name == "case_id":
            return values.case_code
    return lambda text: None


def _clean_column(written: pd.Series, column: Column, codebook: Codebook) -> pd.DataFrame:
    """old, new, rule for every row: each different text is cleaned once."""
    cleaner = cleaner_of(column, codebook)
    written = written.astype("str")
    places, texts = pd.factorize(written, use_na_sentinel=True)
    pairs = [_cleansed(str(text), cleaner) for text in texts]
    new = pd.Series([value for value, _ in pairs] + [pd.NA], dtype="str")
    rule = pd.Series([rule for _, rule in pairs] + [""], dtype="str")
    return pd.DataFrame(
        {
            "old": written.array,
            "new": new.take(places).array,
            "rule": rule.take(places).array,
        }
    )


def _cleansed(text: str, cleaner: Cleaner) -> tuple[str | None, str]:
    stripped = " ".join(text.split())
    found = cleaner(stripped) if stripped else None
    if found is not None and (found.value != stripped or not values.is_placeholder(stripped)):
        return found.value, found.rule if found.value != stripped else "spaces"
    if values.is_placeholder(stripped):
        return None, "placeholder"
    return stripped, "spaces"


def _monthly(stream: str, codebook: Codebook, frame: pd.DataFrame) -> tuple[str, ...]:
    """The columns headed "month": the months of the year that the return is for."""
    names = {column.name for column in codebook.stream(stream).columns}
    return ("month",) if {"month"} <= names & set(frame) and "submitted_for" in frame else ()


def _month_of_return(months: pd.Series, submitted_for: pd.Series) -> pd.DataFrame:
    """ "March", "marzo" or 3 under "Month", in the return for 2024, is 2024-03."""
    places, texts = pd.factorize(months.astype("str"), use_na_sentinel=True)
    numbers = pd.Series([month_number(str(text)) for text in texts] + [None], dtype="Int64")
    number = numbers.take(places).reset_index(drop=True)
    years = submitted_for.reset_index(drop=True).astype("Int64").astype("str")
    named = years + "-" + number.astype("str").str.zfill(2)
    old = months.astype("str").reset_index(drop=True)
    return pd.DataFrame(
        {
            "old": old,
            "new": old.where(number.isna(), named),
            "rule": "month of the return's year",
        }
    )


def _record(stream: str, frame: pd.DataFrame, column: str, result: pd.DataFrame) -> pd.DataFrame:
    """The changes of a column: where old and new differ."""
    old, new = result["old"], result["new"]
    changed = ((old != new) & ~(old.isna() & new.isna())).to_numpy(dtype=bool)
    where = frame.loc[changed, [name for name in CHANGES if name in frame]].reset_index(drop=True)
    table = where.assign(
        stream=stream,
        column=column,
        old=old[changed].array,
        new=new[changed].array,
        rule=result["rule"][changed].array,
    )
    return table.reindex(columns=CHANGES)


def _without(
    change: pd.DataFrame, withheld: dict[str, pd.DataFrame], frame: pd.DataFrame
) -> pd.DataFrame:
    """Changes less those that would still tell what consent withheld."""
    if change.empty or change["column"].iloc[0] not in withheld:
        return change
    hidden = withheld[change["column"].iloc[0]]["withheld"].to_numpy(dtype=bool)
    place = ["file", "sheet", "row"]
    if not set(place) <= set(frame):
        return change.iloc[0:0]
    secret = pd.MultiIndex.from_frame(frame.loc[hidden, place])
    return change[~pd.MultiIndex.from_frame(change[place]).isin(secret)]


def _no_changes() -> pd.DataFrame:
    return pd.DataFrame(columns=list(CHANGES), dtype="str")
