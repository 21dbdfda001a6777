"""CONTRIBUTING draws the house as it is: rooms in the order that is linted, and files that are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

HERE = Path(__file__).parents[2]
GUIDE = (HERE / "CONTRIBUTING.md").read_text("utf-8")
PACKAGE = HERE / "src" / "atips_analysis"


def drawn() -> list[str]:
    """The rooms of the drawing, from the top down."""
    drawing = GUIDE.split("```")[1]
    names = (re.split(r"\s{3,}", line)[0] for line in drawing.strip().splitlines())
    return [room for line in names for room in line.split()]


def test_the_drawing_has_the_rooms_in_the_order_that_imports_are_held_to() -> None:
    linted = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = reversed(linted["contracts"][0]["layers"])
    rooms = [room.strip("()") for layer in layers for room in layer.split(" | ")]
    top = {"errors", "files", "project", "__main__"}
    assert [room for room in drawn() if room not in top] == [
        room for room in rooms if room not in top
    ]


def test_what_the_guide_names_is_there() -> None:
    named = re.findall(r"`([\w./-]+/[\w./-]*|[\w-]+\.(?:py|md|toml|csv))`", GUIDE)
    assert len(named) > 20
    made_up = re.compile(r"STREAM|LANG|NAME|FOLDER|^reports/$|^locale/")
    gone = [
        name
        for name in named
        if not made_up.search(name)
        and not any((root / name).exists() for root in (HERE, PACKAGE, HERE / "tests"))
    ]
    assert gone == []
