"""A report: what is rendered, and under which particulars."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from atips_analysis.render.publication import Publication


@dataclass(frozen=True)
class Report:
    """What is rendered: the file name it gets, its executed notebook, its particulars.

    A `working` page is for the house, never part of a build: it may show numbers that are
    protected for it alone.
    """

    name: str
    notebook: Path
    publication: Publication
    working: bool = False
