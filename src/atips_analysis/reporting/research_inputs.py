"""What every research notebook opens with: its parameters checked, the public side of a build read.

Research reads what is protected and nothing behind it, so that its pages may be published.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atips_analysis.errors import InputError
from atips_analysis.framework import load_indicators
from atips_analysis.indicators.table import read_table
from atips_analysis.last_build import public_side
from atips_analysis.project import Project, find_project
from atips_analysis.reporting import page
from atips_analysis.reporting.tidy import Tidy

INPUTS = "protected side of a build, such as a folder of reports; by default the last one"
PROJECT = "folder of the project"


@dataclass(frozen=True)
class Study:
    """A question with its data: the protected table, the house, and the values asked for."""

    tidy: Tidy
    project: Project
    folder: Path
    values: Mapping[str, Any]
    meanings: Mapping[str, str]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def years(self) -> list[int]:
        """The single years from `first_year` to `last_year`."""
        return list(range(self["first_year"], self["last_year"] + 1))

    @property
    def extra(self) -> dict[str, Any]:
        """Protected aggregates that are no indicators; empty where the build has none."""
        file = self.folder / "research.json"
        return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def open_study(
    inputs: Path, project: Path, meanings: Mapping[str, str], values: Mapping[str, Any]
) -> Study:
    """Read the public side of a build, and mark the page where its records are simulated.

    Parameters
    ----------
    inputs : Path
        A folder with `indicators.csv`, one in which such folders lie, or the pointer to the last
        build; see `public_side`.
    meanings, values : mapping
        The notebook's own parameters by name.

    Raises
    ------
    InputError
        If there is no build.
    """
    house = find_project(Path(project))
    folder = public_side(inputs, house)
    study = Study(open_public(folder, house), house, folder, dict(values), dict(meanings))
    if study.tidy.simulated:
        page.say("---\nsimulated: true\n---")
    return study


def open_public(folder: Path, project: Project) -> Tidy:
    """The protected table of a folder of reports, or of the public side that a build works with."""
    about = next(
        (folder / name for name in ("build.json", "manifest.json") if (folder / name).is_file()),
        None,
    )
    if about is None:
        raise InputError("no build here; run atips build first", file=folder.name)
    return Tidy(
        read_table(folder / "indicators.csv"),
        load_indicators(project),
        json.loads(about.read_text(encoding="utf-8")),
    )


def check_years(study: Study, *, least: int = 1, most: int | None = None) -> None:
    """Stop unless `first_year` to `last_year` are years of the table, `least` or all that it has.

    Raises
    ------
    InputError
        Naming the parameter and the years there are.
    """
    first, last = study["first_year"], study["last_year"]
    known = sorted(
        int(period) for period in set(study.tidy.table["period"]) if str(period).isdigit()
    )
    for name in ("first_year", "last_year"):
        if study[name] not in known:
            raise InputError(
                f"parameter {name!r} is {study[name]}; the table has the years "
                f"{known[0]} to {known[-1]}"
            )
    if first > last:
        raise InputError(f"first_year {first} is after last_year {last}; swap them")
    if last - first + 1 < min(least, len(known)):
        raise InputError(
            f"first_year {first} to last_year {last} are too few years; give {least} or more"
        )


def check_between(name: str, value: float, low: float, high: float, usual: object) -> None:
    """Stop unless a number lies between two others, both included."""
    if not low <= value <= high:
        raise InputError(
            f"parameter {name!r} is {value:g}; give one from {low:g} to {high:g} ({usual} is usual)"
        )


def check_one_of(name: str, value: object, known: list[str]) -> None:
    """Stop unless a value is one of those there are."""
    if value not in known:
        raise InputError(f"parameter {name!r} is {value!r}; there are {', '.join(known) or 'none'}")


def say_where_from(study: Study) -> None:
    """The box that every page carries: what its numbers are, and whose they are not."""
    if study.tidy.simulated:
        page.say_warning(
            "Simulated records",
            "The rows behind the register's numbers on this page were invented so that the method "
            f"can be tried and taught. Nothing about {study.project.profile['country']['name_en']} "
            "can be learnt from them. Figures that others published are real; they are named as "
            "such, each with its source.",
        )
    page.say(
        "Numbers of the register are read from the protected table of "
        f"edition {study.tidy.about['edition']}: counts of persons from 1 to 4 are hidden, with "
        "what would give them away (c); a table of which most would be hidden is rounded instead "
        "(\N{ALMOST EQUAL TO}). What is hidden stays hidden here: no such number on this page is "
        "worked out from others."
    )


def show_parameters(study: Study) -> None:
    """The table of every parameter: what it is called, its value here, what it means."""
    everything = {
        **{name: (value, study.meanings[name]) for name, value in study.values.items()},
        "inputs": (Path("the build named above"), INPUTS),
        "project": (Path("this project"), PROJECT),
    }
    page.show_table(
        page.parameters_table(everything),
        "Every parameter of this page",
        "tbl-parameters",
        widths=[22, 24, 54],
        align="lll",
        note="Give others with atips run NAME -p PARAMETER=VALUE",
    )
