"""The pages that a build makes: the register `notebooks/pages.csv`, a row a publication."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from atips_analysis.build.asked_for import Build
from atips_analysis.errors import InputError
from atips_analysis.project import Project
from atips_analysis.words.catalogues import SOURCE


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

    Raises InputError if a row names a notebook that is not there, or a language that it does not
    speak.
    """
    register = project.notebooks / "pages.csv"
    try:
        with register.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except UnicodeDecodeError:
        raise InputError(
            "is no text in UTF-8; save it as CSV UTF-8", file="notebooks/pages.csv"
        ) from None
    for number, row in enumerate(rows, start=2):
        wrong = _wrong_with(project.notebooks / f"{row['notebook']}.ipynb", row["lang"])
        if wrong:
            raise InputError(
                f"notebook {row['notebook']!r} {wrong}", file="notebooks/pages.csv", row=number
            )
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


def _wrong_with(notebook: Path, lang: str) -> str:
    from atips_analysis.notebooks import declared_parameters

    if not notebook.is_file():
        return "is not there; correct the row or take it out"
    if lang != SOURCE and "lang" not in {one.name for one in declared_parameters(notebook)}:
        return f"has no parameter lang, and speaks {SOURCE} alone; write {SOURCE}"
    return ""


def listed_pages(pages: Iterable[Page]) -> list[list[str]]:
    """What the front pages say of each page, as `write_front_pages` takes it."""
    return [[page.name, page.title, page.about, page.lang, page.notebook] for page in pages]


def executed(build: Build, page: Page) -> Path:
    """Where the executed notebook of a page lies, with its figures beside it."""
    return build.work / "executed" / page.name / f"{Path(page.name).name}.ipynb"
