"""Dimensions: what a value may be broken down by, in the order of their columns in a table.

`dimensions.csv` says of each what it is called in every language, which code lists its categories
are taken from (none where `categories.csv` names them all; of several the first goes first), and which categories are always shown:
nobody in them is a true zero, and that is information. `categories.csv` adds categories to a code
list, or calls them otherwise. Whoever adds a dimension adds its row there, and nothing else.

What tables merge under one label (`data/framework/merged_categories.csv`) are categories like any
other, and are known by the codes that they hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.words import by_language, in_language
from atips_analysis.words.catalogues import SOURCE

FILE = "codebook/dimensions.csv"
CATEGORIES = "codebook/categories.csv"
MERGED = "data/framework/merged_categories.csv"
MERGED_COLUMNS = ("dimension", "code", "codes", "label_en")


@dataclass(frozen=True)
class Dimension:
    """A dimension with the labels of its categories.

    `codelists` names its code lists, if it has any; `always_shown` are the categories that
    are shown even when nobody is in them; `order` gives its categories as a page lists them, `own` those that `categories.csv` names;
    `codes` all that a row may carry; `merged` those that stand for several of these;
    `categories` holds the labels of all of them, a language each.
    """

    name: str
    codelists: tuple[str, ...]
    always_shown: tuple[str, ...]
    order: tuple[str, ...]
    codes: tuple[str, ...]
    own: tuple[str, ...]
    labels: Mapping[str, str] = field(hash=False)
    categories: Mapping[str, Mapping[str, str]] = field(hash=False)
    merged: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def within(self, category: str) -> tuple[str, ...]:
        """The codes that a category stands for: itself, where it is no merged one."""
        return self.merged.get(category, (category,))

    def holding(self, code: str, categories: Iterable[str]) -> str:
        """The merged one of some categories that holds a code; nothing where there is none."""
        return next((one for one in categories if code in self.merged.get(one, ())), "")

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
    order, every = _order(own, listed), tuple(own["code"])
    codes = every if (own["order"] != "").any() else order
    return Dimension(name, lists, always, order, codes, every, labels, known)


def with_merged(
    found: Mapping[str, Dimension], table: pd.DataFrame, own_country: str
) -> dict[str, Dimension]:
    """The same dimensions with the categories that tables merge.

    Parameters
    ----------
    table : DataFrame
        `merged_categories.csv`, every value as text: dimension, code, the codes that it stands for
        (with semicolons between; ``{country}`` is the country's own), a label a language.

    Raises
    ------
    InputError
        If a row names what is no dimension or no code, merges fewer than two, takes the name of
        another category, or lacks a label.
    """
    merged = dict(found)
    for at, row in enumerate(table.to_dict("records"), start=2):
        name, code = str(row["dimension"]), str(row["code"])
        if name not in merged:
            known = ", ".join(merged)
            raise InputError(f"{name!r} is no dimension; write one of {known}", file=MERGED, row=at)
        dimension = merged[name]
        codes = _listed(str(row["codes"]).replace("{country}", own_country))
        wrong = _wrong_merger(dimension, code, codes)
        if wrong:
            raise InputError(wrong, file=MERGED, row=at)
        labels = _labels(row, f"merged category {code} of {name}", MERGED, at)
        merged[name] = replace(
            dimension,
            order=(*dimension.order, code),
            categories={**dimension.categories, code: labels},
            merged={**dimension.merged, code: codes},
        )
    return merged


def _wrong_merger(dimension: Dimension, code: str, codes: Sequence[str]) -> str:
    """What is wrong of a merged category; nothing where it is right."""
    unknown = [one for one in codes if one not in dimension.codes]
    if unknown:
        known = ", ".join(dimension.codes)
        return f"{unknown[0]!r} is no category of {dimension.name}; write one of {known}"
    if len(set(codes)) < 2:
        return f"{code} merges fewer than two categories; name two, or delete the row"
    if not code or code in dimension.categories:
        return f"{code!r} is blank or a category of {dimension.name} already; give another code"
    return ""


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
