"""The register of methods: each statistic's name, what it assumes, its source and its test.

`methods.csv` beside this module is where they are said; the methods note and the page for developers show it, and a test
keeps it so: whatever this room offers stands there, docstrings name the same source, methods
"for researchers" stand on no page, and each reference test is there.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from importlib.resources import files


@dataclass(frozen=True)
class Method:
    """A registered method.

    function : its name in this room
    name, assumes : what it is and what must hold for it, by language
    source : author, year and place of the method, by language; titles stay as they were printed
    used : "pages", where reports use it; "researchers", where only who asks for it does
    test : the reference test, as pytest names it
    """

    function: str
    used: str
    test: str
    source: dict[str, str] = field(hash=False)
    name: dict[str, str] = field(hash=False)
    assumes: dict[str, str] = field(hash=False)


def load_methods() -> tuple[Method, ...]:
    """All registered methods, in the order in which pages show them."""
    text = (files("atips_analysis.statistics") / "methods.csv").read_text(encoding="utf-8")
    return tuple(
        Method(
            row["function"],
            row["used"],
            row["test"],
            _by_language(row, "source"),
            _by_language(row, "name"),
            _by_language(row, "assumes"),
        )
        for row in csv.DictReader(text.splitlines())
    )


def _by_language(row: dict[str, str], name: str) -> dict[str, str]:
    start = f"{name}_"
    return {key.removeprefix(start): text for key, text in row.items() if key.startswith(start)}
