"""Passages that restate a published text: which they are, and of what (`restated.csv`)."""

from __future__ import annotations

from dataclasses import dataclass

from atips_analysis.framework.register_files import read_framework_table
from atips_analysis.project import Project

NAME = "restated.csv"
COLUMNS = ("passage", "source_id", "chapter")


@dataclass(frozen=True)
class Restated:
    """What a passage restates: a source of `data/published/sources.csv`, and the chapter in it."""

    source_id: str
    chapter: str


def load_restated(project: Project, year: int | str) -> dict[str, Restated]:
    """By passage of a year, what it restates; empty where the year restates nothing.

    Raises
    ------
    InputError
        If the table lacks a column, or names a passage twice.
    """
    path = project.root / "data" / "narrative" / str(year) / NAME
    if not path.is_file():
        return {}
    table = read_framework_table(path, columns=COLUMNS, key=COLUMNS[:1])
    return {
        row["passage"]: Restated(row["source_id"], row["chapter"])
        for row in table.to_dict("records")
    }
