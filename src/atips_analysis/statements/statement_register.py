"""The register of an edition's statements: a file of the build, read by every page."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from atips_analysis.errors import InputError
from atips_analysis.files import read_json
from atips_analysis.statements.statement import Statement, as_json, from_json

FILE = "statements.json"


@dataclass(frozen=True)
class Statements:
    """All that an edition says of its series.

    all : in the order of their declaration
    comparisons : how many were tested; they are one family
    confidence : that the family holds no false statement of change
    """

    all: tuple[Statement, ...]
    comparisons: int
    confidence: float

    def of(self, id: str) -> Statement:
        """The statement of a series.

        Raises InputError if nothing is declared under that name; the line says which is meant.
        """
        for one in self.all:
            if one.id == id:
                return one
        near = get_close_matches(id, [one.id for one in self.all], n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise InputError(
            f"nothing is said of {id!r}: it is not declared in data/framework/statements.csv{meant}"
        )


def write_statements(statements: Statements) -> dict[str, Any]:
    """The register as JSON."""
    return {
        "comparisons": statements.comparisons,
        "confidence": statements.confidence,
        "statements": [as_json(one) for one in statements.all],
    }


def read_statements(folder: Path) -> Statements:
    """The register of a build, from its public side.

    Raises InputError if the build has none.
    """
    file = folder / FILE
    if not file.is_file():
        raise InputError(f"the build holds no {FILE}; run atips build again")
    content = read_json(file)
    return Statements(
        tuple(from_json(one) for one in content["statements"]),
        int(content["comparisons"]),
        float(content["confidence"]),
    )
