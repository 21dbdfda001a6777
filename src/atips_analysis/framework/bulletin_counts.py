"""What a bulletin counts: `data/framework/bulletin.csv`, the same for every part of a year.

All of it is protected together for all quarters and half-years, whichever is asked for: a count
that one bulletin printed alone could be taken from a year's.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.framework.register import load_indicators
from atips_analysis.framework.register_files import read_framework_table
from atips_analysis.project import Project
from atips_analysis.words.said import Message

FILE = "data/framework/bulletin.csv"
ANY = "*"
COLUMNS = tuple(
    """counted indicator_id unit_of_count dimension category key_figure headline""".split()
)


@dataclass(frozen=True)
class BulletinCount:
    """A count of a bulletin, or with the category ``*`` a breakdown of one.

    `key_figure` is its place among the numbers that open a bulletin (0: none of them), `headline`
    its words there; a breakdown is in no table and has no words.
    """

    counted: str
    indicator_id: str
    unit: str
    categories: dict[str, str]
    key_figure: int
    headline: str

    @property
    def is_breakdown(self) -> bool:
        return ANY in self.categories.values()


def load_bulletin_counts(project: Project) -> tuple[BulletinCount, ...]:
    """The counts of a bulletin, in order.

    Raises InputError if a row names no indicator, has no words, or half of a category.
    """
    table = read_framework_table(
        project.framework / "bulletin.csv",
        columns=list(COLUMNS),
        key=["indicator_id", "unit_of_count", "dimension", "category"],
    )
    known = {indicator.id for indicator in load_indicators(project)}
    return tuple(_count(row, at, known) for at, (_, row) in enumerate(table.iterrows(), start=2))


def _count(row: pd.Series, at: int, known: set[str]) -> BulletinCount:
    def wrong(what: str) -> InputError:
        return InputError(what, file=FILE, row=at)

    if row["indicator_id"] not in known:
        raise wrong(
            Message("{code} is not an indicator of the framework").format(code=row["indicator_id"])
        )
    if bool(row["dimension"]) != bool(row["category"]):
        raise wrong(
            Message("a dimension and its category go together; fill in both or neither").format()
        )
    if not row["counted"] and row["category"] != ANY:
        raise wrong(
            Message("a count without words; say in the column counted what it counts").format()
        )
    place = row["key_figure"]
    if place and not (place.isascii() and place.isdigit() and row["headline"]):
        raise wrong(Message("a key figure has a whole number, its place, and a headline").format())
    return BulletinCount(
        row["counted"],
        row["indicator_id"],
        row["unit_of_count"],
        {row["dimension"]: row["category"]} if row["dimension"] else {},
        int(place or 0),
        row["headline"],
    )
