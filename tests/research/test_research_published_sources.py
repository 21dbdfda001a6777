"""The page on published sources: its numbers come from the sources, and none is opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from atips_analysis.errors import InputError
from atips_analysis.notebooks import run_notebook
from atips_analysis.project import find_project
from atips_analysis.published.external import external_series
from atips_analysis.render.markdown import flatten

HERE = find_project(Path(__file__).parent)
NOTEBOOK = HERE.notebooks / "research" / "published-sources.ipynb"


@pytest.fixture(scope="module")
def executed(kernels: bool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("published") / "published-sources.ipynb"
    return run_notebook(NOTEBOOK, out, {"project": HERE.root})


@pytest.fixture(scope="module")
def text(executed: Path) -> str:
    return flatten(executed).text


def rows(text: str, id: str) -> list[list[str]]:
    """The cells of a table of the page, a list a row."""
    above = text[: text.index(f"{{#{id}}}")].rsplit("\n\n", 2)[-2]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in above.splitlines()]


def test_the_page_is_made_from_published_figures_and_bears_no_mark_of_simulated_ones(
    executed: Path, text: str
) -> None:
    about = flatten(executed).front_matter
    assert "simulated" not in about
    assert "nothing is simulated" in text and "invented" not in text
    series = external_series(HERE)
    first, last = series["period_start"].min()[:4], series["vintage"].max()[:4]
    assert about["period"] == f"Published figures for {first} to {int(last) - 1}"


def test_2018_has_17_potential_11_detected_and_9_confirmed_victims(text: str) -> None:
    printed = "17 (US reports: potential), 11 (UNODC: detected) and 8 + 1 (US reports: confirmed)"
    assert f"For 2018 the sources print {printed}" in text
    assert "- **17,\N{NO-BREAK SPACE}11,\N{NO-BREAK SPACE}9** victims in 2018" in text


def test_potential_and_confirmed_stand_in_columns_of_their_own(text: str) -> None:
    table = rows(text, "tbl-victims")
    of_year = {row[0]: dict(zip(table[0], row, strict=True)) for row in table[2:]}
    assert of_year["2020"]["US reports: potential"] == "20"
    assert of_year["2021"]["US reports: potential"] == ""
    assert of_year["2021"]["US reports: confirmed"] == "3"
    assert of_year["2014"]["US reports: status not stated"] == "7; 10"


def test_what_unodc_hides_stays_hidden_in_tables_figures_and_words(text: str) -> None:
    of_year = {row[0]: row[-1] for row in rows(text, "tbl-victims")[2:]}
    assert (of_year["2019"], of_year["2020"]) == (r"\<5", r"\<5")
    hidden = [row for row in rows(text, "tbl-rates") if row[0].startswith("UNODC") and "h" in row]
    assert [(row[1], row[2], row[4]) for row in hidden] == [
        ("2019", "h", "h"),
        ("2020", "h", "h"),
    ]
    assert "h = hidden by its publisher" in text and "c = hidden" not in text
    assert "2019 hidden by its publisher, 2020 hidden by its publisher" in text


def test_both_accounts_of_the_convictions_of_2024_are_shown_and_none_is_chosen(text: str) -> None:
    of_2024 = [row[1:] for row in rows(text, "tbl-convictions") if row[0] == "2024"]
    assert of_2024 == [
        ["Council (ATIPS-2024)", "2 in a list", "read"],
        ["US reports (GREATERBELIZE-2025)", "0", "second hand"],
    ]
    assert "this page cannot say which holds" in text


def test_every_contradiction_stands_in_exactly_one_table(text: str) -> None:
    ids = ("tbl-between", "tbl-unodc", "tbl-us", "tbl-council-findings")
    listed = sum(len(rows(text, id)) - 2 for id in ids)
    assert f"- **{listed}** contradictions, breaks and gaps" in text
    assert sum(int(row[1]) for row in rows(text, "tbl-checks")[2:]) == listed


def test_descriptions_of_single_persons_are_left_out(text: str) -> None:
    assert "Guatemalan" not in text and "deceased" not in text
    assert "Nine figures that describe one or a few persons are public, and are left out" in text


def test_no_finding_speaks_of_an_increase_or_a_decrease(text: str) -> None:
    found = text[: text.index("# The question")].lower()
    assert "what changed" in found  # what is said of change is said once, on that page
    assert not {"increase", "decrease"} & set(found.replace(":", " ").split())


def test_every_short_name_of_a_source_is_explained(text: str) -> None:
    named = {row[0] for row in rows(text, "tbl-names")[2:]}
    assert set(external_series(HERE)["source_id"]) | {"ATIPS-ABOUT", "WB-POP"} <= named


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"first_year": 2024, "last_year": 2012}, "swap them"),
        ({"first_year": 1990}, "'first_year' is 1990; the table has the years 2012 to 2024"),
        ({"first_year": 2023, "last_year": 2023}, "too few years"),
    ],
)
def test_a_parameter_out_of_range_is_one_line(
    kernels: bool, tmp_path: Path, given: dict[str, object], told: str
) -> None:
    with pytest.raises(InputError) as failure:
        run_notebook(NOTEBOOK, tmp_path / "out.ipynb", {"project": HERE.root} | given)
    assert told in str(failure.value) and "\n" not in str(failure.value)


@pytest.mark.parametrize("first_year", [2012, 2021, 2023])
def test_fewer_years_make_a_page_that_says_only_what_they_show(
    kernels: bool, tmp_path: Path, first_year: int
) -> None:
    given = {"project": HERE.root, "first_year": first_year, "last_year": first_year + 1}
    text = flatten(run_notebook(NOTEBOOK, tmp_path / "few.ipynb", given)).text
    assert "change what they count" not in text, "the break lies outside these years"
    assert "show no trend" not in text, "two years are no series"
    years = [row[0] for row in rows(text, "tbl-victims")[2:]]
    assert years == [str(first_year), str(first_year + 1)]
    assert ("{#fig-rates" in text) is (first_year != 2023)


def test_the_notebook_carries_no_output() -> None:
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
