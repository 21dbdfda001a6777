"""The pages that a build makes: the register `notebooks/pages.csv`, a row a publication."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from atips_analysis.build.asked_for import Build
from atips_analysis.errors import InputError
from atips_analysis.framework.register_files import read_framework_table
from atips_analysis.project import Project
from atips_analysis.words.catalogues import SOURCE

NAME = r"[a-z0-9-]+(/[a-z0-9-]+)?"
MAY_BE = (
    ("notebook", NAME, "the file's name below notebooks/, without .ipynb"),
    ("name", NAME, "small letters, digits and hyphens, and at most one folder"),
    ("title", r".+", "what the page is called"),
    ("formats", r"html( pdf)?", "html, or html pdf"),
    ("layout", r"report|brief", "report or brief"),
    ("from_records", r"yes|no", "yes or no"),
)
"""Column, what its cells may be, and that in words."""


@dataclass(frozen=True)
class Page:
    """A publication of the build: a row of `notebooks/pages.csv`.

    `name` is the file name below `reports/YEAR/`, without its ending; `from_records` says
    whether its numbers come from the data bank (and bear the mark of simulated records with it).
    """

    notebook: str
    name: str
    title: str
    formats: tuple[str, ...]
    layout: Literal["report", "brief"]
    from_records: bool
    lang: str
    about: str

    @property
    def files(self) -> tuple[str, ...]:
        """The files of the page, below `reports/YEAR/`."""
        return tuple(f"{self.name}.{kind}" for kind in self.formats)


def load_pages(project: Project) -> tuple[Page, ...]:
    """The pages that a build makes, in the order in which the front page lists them.

    Raises InputError if the register cannot be read, or naming the row of one that names a notebook
    that is not there, a language that it does not speak, or what no page can be.
    """
    register = project.notebooks / "pages.csv"
    columns = tuple(one.name for one in fields(Page))
    table = read_framework_table(register, columns=columns, key=("name",))
    rows = table[list(columns)].to_dict("records")
    for number, row in enumerate(rows, start=2):
        if wrong := _wrong_with(row, project.notebooks / f"{row['notebook']}.ipynb"):
            raise InputError(wrong, file="notebooks/pages.csv", row=number)
    return tuple(
        Page(
            notebook=row["notebook"],
            name=row["name"],
            title=row["title"],
            formats=tuple(row["formats"].split()),
            layout="brief" if row["layout"] == "brief" else "report",
            from_records=row["from_records"] == "yes",
            lang=row["lang"],
            about=row["about"],
        )
        for row in rows
    )


def _wrong_with(row: Mapping[str, str], notebook: Path) -> str:
    from atips_analysis.notebooks import declared_parameters

    for column, right, written in MAY_BE:
        if not re.fullmatch(right, row[column]):
            return f"{column} {row[column]!r} cannot be; write {written}"
    if not notebook.is_file():
        return f"notebook {row['notebook']!r} is not there; correct the row or take it out"
    if row["lang"] != SOURCE and "lang" not in {one.name for one in declared_parameters(notebook)}:
        return (
            f"notebook {row['notebook']!r} has no parameter lang, and speaks {SOURCE} alone; write "
            f"{SOURCE}"
        )
    return ""


def listed_pages(pages: Iterable[Page]) -> list[list[str]]:
    """What the front pages say of each page, as `write_front_pages` takes it."""
    return [[page.name, page.title, page.about, page.lang, page.notebook] for page in pages]


def executed(build: Build, page: Page) -> Path:
    """Where the executed notebook of a page lies, with its figures beside it."""
    return build.work / "executed" / page.name / f"{Path(page.name).name}.ipynb"
