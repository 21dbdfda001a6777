"""Dimensions: what a value may be broken down by, in the order of their columns in a table.

`dimensions.csv` says of each what it is called in every language, which code lists its categories
are taken from (none where `categories.csv` names them all; of several the first goes first), and which categories are always shown:
nobody in them is a true zero, and that is information. `categories.csv` adds categories to a code
list, or calls them otherwise. Whoever adds a dimension adds its row there, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.words import by_language, in_language
from atips_analysis.words.catalogues import SOURCE

FILE = "codebook/dimensions.csv"
CATEGORIES = "codebook/categories.csv"


@dataclass(frozen=True)
class Dimension:
    """A dimension with the labels of its categories.

    `codelists` names its code lists, if it has any; `always_shown` are the categories that
    are shown even when nobody is in them; `order` gives its categories as a page lists them, `own` those that `categories.csv` names;
    `categories` holds the labels of all of them, a language each.
    """

    name: str
    codelists: tuple[str, ...]
    always_shown: tuple[str, ...]
    order: tuple[str, ...]
    own: tuple[str, ...]
    labels: Mapping[str, str] = field(hash=False)
    categories: Mapping[str, Mapping[str, str]] = field(hash=False)

    def label(self, lang: str = SOURCE) -> str:
        """What the dimension is called."""
        return str(in_language(self.labels, lang, f"label of dimension {self.name}", FILE))

    def category(self, code: str, lang: str = SOURCE) -> str:
        """What one of its categories is called; a code that it lacks is returned as it is."""
        if code not in self.categories:
            return code
        what = f"label of category {code} of dimension {self.name}"
        return str(in_language(self.categories[code], lang, what, CATEGORIES))


def dimensions_of(
    table: pd.DataFrame, codelists: Mapping[str, pd.DataFrame], categories: pd.DataFrame
) -> dict[str, Dimension]:
    """The dimensions of `dimensions.csv` by name, in its order.

    Parameters
    ----------
    table, categories : DataFrame
        `dimensions.csv` and `categories.csv`, every value as text.
    codelists : mapping
        Tables of the code lists that there are, by name.

    Raises
    ------
    InputError
        If a row repeats a dimension, lacks a label, or names a code list or a category that is
        not there; and if a category belongs to no dimension.
    """
    found: dict[str, Dimension] = {}
    for at, row in enumerate(table.to_dict("records"), start=2):
        found[row["dimension"]] = _dimension(row, at, found, codelists, categories)
    for at, row in enumerate(categories.to_dict("records"), start=2):
        if row["dimension"] not in found:
            raise InputError(
                f"{row['dimension']} is no dimension; add its row to {FILE}",
                file=CATEGORIES,
                row=at,
            )
        _labels(row, f"category {row['code']} of {row['dimension']}", CATEGORIES, at)
    return found


def _dimension(
    row: Mapping[str, Any],
    at: int,
    before: Mapping[str, Dimension],
    codelists: Mapping[str, pd.DataFrame],
    categories: pd.DataFrame,
) -> Dimension:
    name, lists = str(row["dimension"]), _listed(row["codelists"])
    if not name.isidentifier() or name in before:
        what = "stands twice; keep one row" if name in before else "is no name; write letters and _"
        raise InputError(f"dimension {name!r} {what}", file=FILE, row=at)
    labels = _labels(row, f"dimension {name}", FILE, at)
    for codelist in lists:
        if codelist not in codelists:
            raise InputError(
                f"dimension {name} names the code list {codelist!r}, which is not there; add "
                f"codebook/codelists/{codelist}.csv, or leave codelists blank and name its "
                f"categories in {CATEGORIES}",
                file=FILE,
                row=at,
            )
    own = categories[categories["dimension"] == name]
    listed = [codelists[codelist] for codelist in lists]
    known = {
        str(one["code"]): by_language(one, "label")
        for codes in (*reversed(listed), own)
        for one in codes.to_dict("records")
    }
    always = _listed(row["always_shown"])
    lacking = [code for code in always if code not in known]
    if lacking or not known:
        raise InputError(
            f"dimension {name} has no category {lacking[0]}; name it in {CATEGORIES}"
            if lacking
            else f"dimension {name} has no category; name its code list, or its categories in {CATEGORIES}",
            file=FILE,
            row=at,
        )
    return Dimension(name, lists, always, _order(own, listed), tuple(own["code"]), labels, known)


def _order(own: pd.DataFrame, listed: Sequence[pd.DataFrame]) -> tuple[str, ...]:
    """Categories as `categories.csv` numbers them; else as the code list has them, then our own."""
    numbered = own[own["order"] != ""].sort_values("order", key=lambda order: order.astype(int))
    if len(numbered):
        return tuple(numbered["code"])
    codes = [
        code
        for table in listed
        for code in (table[table["selectable"] == "yes"] if "selectable" in table else table)[
            "code"
        ]
    ]
    return tuple(dict.fromkeys([*codes, *own["code"]]))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _labels(row: Mapping[str, Any], what: str, file: str, at: int) -> dict[str, str]:
    """Labels by language: a blank one is an error, for a page would print the code."""
    labels = by_language(row, "label")
    for lang, label in labels.items():
        if not str(label).strip():
            raise InputError(f"{what} has no label_{lang}; fill it in", file=file, row=at)
    return labels
