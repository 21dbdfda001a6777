from __future__ import annotations

import json
from pathlib import Path

import pytest

from atips_analysis.errors import InputError
from atips_analysis.notebooks.parameter_cell import (
    checked_values,
    declared_parameters,
    parse_assignments,
)

CELL = """from pathlib import Path
from typing import Literal

year: int = 2024  # reporting year
rate: float = 100_000.0  # persons that a rate refers to
lang: Literal["en", "es"] = "en"  # language
open_cases: bool = False  # whether open cases count
districts: list[str] = []  # codes; none means all
databank: Path = Path("data/databank")  # folder of the data bank
edition: str | None = None  # edition; none means the latest
"""


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    return write(tmp_path / "analysis.ipynb", CELL)


def write(path: Path, source: str) -> Path:
    cell = {
        "cell_type": "code",
        "metadata": {"tags": ["parameters"]},
        "source": source.splitlines(keepends=True),
        "outputs": [],
        "execution_count": None,
    }
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}))
    return path


def test_a_notebook_declares_its_parameters_with_type_default_and_meaning(notebook: Path) -> None:
    first, *others = declared_parameters(notebook)
    assert (first.name, first.annotation, first.default, first.meaning) == (
        "year",
        "int",
        2024,
        "reporting year",
    )
    assert [other.name for other in others][-1] == "edition"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("year", "2023", 2023),
        ("rate", "1000", 1000.0),
        ("lang", "es", "es"),
        ("open_cases", "yes", True),
        ("open_cases", "false", False),
        ("districts", "BZ, CY", ["BZ", "CY"]),
        ("databank", "elsewhere/bank", Path("elsewhere/bank")),
        ("edition", "none", None),
        ("edition", "0f3a", "0f3a"),
    ],
)
def test_text_from_the_command_line_becomes_the_declared_type(
    notebook: Path, name: str, text: str, value: object
) -> None:
    assert checked_values(notebook, {name: text}) == {name: value}


@pytest.mark.parametrize(
    ("name", "value"),
    [("year", "last"), ("year", 2024.5), ("year", True), ("lang", "fr"), ("open_cases", "maybe")],
)
def test_a_value_of_the_wrong_type_fails_and_names_the_parameter(
    notebook: Path, name: str, value: object
) -> None:
    with pytest.raises(InputError, match=f"'{name}' has to be"):
        checked_values(notebook, {name: value})


def test_an_unknown_parameter_fails_and_names_those_that_are_known(notebook: Path) -> None:
    with pytest.raises(InputError, match=r"'jear' is not known.*year, rate, lang") as failure:
        checked_values(notebook, {"jear": 2024})
    assert "\n" not in str(failure.value)


@pytest.mark.parametrize(
    "source",
    [
        "year = 2024  # reporting year",
        "year: int = 2024",
        "year: Decimal = 2024  # reporting year",
        "year: int = 'soon'  # reporting year",
        "year: int = date.today().year  # reporting year",
    ],
)
def test_a_parameters_cell_without_type_meaning_or_fitting_default_is_refused(
    tmp_path: Path, source: str
) -> None:
    with pytest.raises(InputError, match="cell 1"):
        declared_parameters(write(tmp_path / "careless.ipynb", source))


def test_an_assignment_without_equals_sign_is_refused_with_an_example() -> None:
    with pytest.raises(InputError, match="-p year=2024"):
        parse_assignments(["year"])
    assert parse_assignments(["a=b=c"]) == {"a": "b=c"}
