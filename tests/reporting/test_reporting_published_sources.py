"""The page on published sources: its numbers come from the sources, and none is opened."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.errors import InputError
from atips_analysis.project import find_project
from atips_analysis.reporting import published_sources as published

PROJECT = find_project(Path(__file__).parent)
NOTEBOOK = PROJECT.notebooks / "research" / "published-sources.ipynb"


@pytest.fixture(scope="module")
def sources() -> published.Sources:
    return published.read_sources(PROJECT, 2012, 2024)


def test_2018_has_17_potential_11_detected_and_9_confirmed_victims(
    sources: published.Sources,
) -> None:
    assert "For 2018 the sources print 17" in published.key_findings(sources)[0]
    assert published.key_figures(sources)[1][0].split(",\N{NO-BREAK SPACE}") == ["17", "11", "9"]


def test_no_finding_speaks_of_an_increase_or_a_decrease(sources: published.Sources) -> None:
    text = " ".join(published.key_findings(sources)).lower()
    assert "no evidence of change" in text
    assert "increase" not in text
    assert "decrease" not in text


def test_potential_and_confirmed_stand_in_columns_of_their_own(sources: published.Sources) -> None:
    table = published.victims_table(sources).set_index("Year")
    assert table.loc[2020, "US reports: potential"] == "20"
    assert table.loc[2021, "US reports: potential"] == ""
    assert table.loc[2021, "US reports: confirmed"] == "3"
    assert table.loc[2019, "UNODC, file of 2025"] == "<5"


def test_both_accounts_of_the_convictions_of_2024_stand_in_the_table(
    sources: published.Sources,
) -> None:
    table = published.convictions_table(sources)
    rows = table[table["Period"] == "2024"]
    assert sorted(rows["Convicted, as printed"]) == ["0", "2"]
    assert "second hand" in set(rows["Read or second hand"])


def test_every_contradiction_stands_in_exactly_one_table(sources: published.Sources) -> None:
    tables = [published.contradictions_table(sources, group) for group in published.GROUPS]
    assert sum(map(len, tables)) == len(sources.findings)


def test_descriptions_of_single_persons_are_left_out(sources: published.Sources) -> None:
    text = published.council_table(sources).to_csv()
    assert "Guatemalan" not in text
    assert "deceased" not in text


def test_pictures_say_in_words_what_they_show(sources: published.Sources, tmp_path: Path) -> None:
    victims = published.victims_picture(sources, tmp_path)
    assert "2019: 24" in victims.alt
    assert "2019 hidden by its publisher" in victims.alt
    assert "2023: no figure" in published.inspections_picture(sources, tmp_path).alt


def test_years_in_the_wrong_order_fail_with_one_line() -> None:
    with pytest.raises(InputError, match="swap them"):
        published.read_sources(PROJECT, 2024, 2012)
    with pytest.raises(InputError, match="there are figures for 2012 to 2024"):
        published.read_sources(PROJECT, 1990, 1995)
    with pytest.raises(InputError, match="there are figures for 2012 to 2024"):
        published.read_sources(PROJECT, 1900, 2024)
    with pytest.raises(InputError, match="confidence"):
        published.read_sources(PROJECT, 2012, 2024, 95)


def test_fewer_years_still_make_a_page(tmp_path: Path) -> None:
    few = published.read_sources(PROJECT, 2021, 2022)
    assert published.key_findings(few)
    assert published.victims_picture(few, tmp_path).alt
    assert isinstance(published.rates_table(few), pd.DataFrame)


def test_the_notebook_carries_no_output_and_types_no_count_in_its_words() -> None:
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            for known in ("Garwood 1936", "16.2.2", "excludes 1", "100,000", "figures for 2024"):
                text = text.replace(known, "")
            text = re.sub(r"\b(?:2024 report|file of 20\d\d|files of 20\d\d)", "", text)
            assert not re.findall(r"(?<![\w.])\d+(?![\w-])", text), text
