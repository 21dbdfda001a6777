"""Every statistic is registered: what it assumes, where it comes from, who uses it, its test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import atips_analysis
from atips_analysis import statistics
from atips_analysis.statistics import multiple_systems
from atips_analysis.statistics.methods import load_methods

ROOT = Path(__file__).parents[2]
PACKAGE = Path(atips_analysis.__file__).parent
METHODS = load_methods()
NAME_AND_YEAR = re.compile(r"(?P<name>[A-Z][\w'’-]+)(?: and [A-Z][\w-]+)?,? \((?P<year>\d{4})\)")


def function_of(method):
    return getattr(statistics, method.function, None) or getattr(multiple_systems, method.function)


@pytest.fixture(scope="module")
def elsewhere() -> str:
    """All code outside the room: what pages, commands and other rooms call."""
    code = [
        file.read_text(encoding="utf-8")
        for file in PACKAGE.rglob("*.py")
        if "statistics" not in file.relative_to(PACKAGE).parts
    ]
    notebooks = [file.read_text(encoding="utf-8") for file in ROOT.glob("notebooks/**/*.ipynb")]
    within = (PACKAGE / "statistics").glob("*.py")
    engine = [file.read_text("utf-8") for file in within if file.name in ENGINE]
    return "\n".join([*code, *notebooks, *engine])


ENGINE = {
    "comparisons.py",
    "power.py",
    "bounded_tables.py",
    "clustered_tables.py",
    "durations.py",
}
"""Modules of the room that pages reach others through."""


def test_whatever_the_room_offers_is_registered_once():
    offered = {
        name for name, one in vars(statistics).items() if name[0].islower() and callable(one)
    }
    registered = [method.function for method in METHODS]
    assert len(registered) == len(set(registered))
    assert offered <= set(registered)
    assert all(callable(function_of(method)) for method in METHODS)


def test_docstrings_name_the_source_that_the_register_names():
    for method in METHODS:
        said = " ".join((function_of(method).__doc__ or "").split())
        for found in NAME_AND_YEAR.finditer(method.source["en"]):
            assert found["name"] in said and found["year"] in said, method.function


def test_methods_for_researchers_stand_on_no_page_and_the_others_do(elsewhere):
    for method in METHODS:
        called = re.search(rf"\b{method.function}\b", elsewhere) is not None
        assert called is (method.used == "pages"), method.function
    assert {method.used for method in METHODS} == {"pages", "researchers"}


def test_each_method_has_a_reference_test_that_is_there():
    for method in METHODS:
        file, _, name = method.test.partition("::")
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), method.function


def test_each_method_is_told_in_every_language():
    for method in METHODS:
        assert method.name.keys() == method.assumes.keys() == method.source.keys() >= {"en", "es"}
        assert all([*method.name.values(), *method.assumes.values(), *method.source.values()])


def test_the_spanish_register_joins_authors_and_names_sections_in_spanish():
    english = re.compile(r"\w and \w+ \(|\bsections?\b|^by |^the ")
    assert [one.function for one in METHODS if english.search(one.source["en"])]
    assert not [one.function for one in METHODS if english.search(one.source["es"])]
