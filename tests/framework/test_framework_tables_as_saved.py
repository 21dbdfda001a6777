"""Registers and published figures are read as Excel saves them; a wrong value is named with its row."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.build.page_register import load_pages
from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.framework import registers
from atips_analysis.framework.reference_sheet import load_reference_fields
from atips_analysis.indicators.denominators import mid_year_population
from atips_analysis.project import Project, find_project
from atips_analysis.published import mappings, sources
from atips_analysis.published.public_figures import load_public_figures
from atips_analysis.render.front_page_search import search_words

HOUSE = find_project(Path(__file__).parent)


@pytest.fixture
def house(tmp_path: Path) -> Project:
    for name in ("council", "framework", "published"):
        shutil.copytree(HOUSE.data / name, tmp_path / "data" / name)
    return Project(tmp_path)


def rows_of(file: Path) -> list[list[str]]:
    return list(csv.reader(file.open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("between", [";", "\t"])
def test_what_excel_makes_of_a_register_says_the_same(house: Project, between: str) -> None:
    people = sources.load_population(house)
    quality = registers.load_assumptions(house)
    merged = load_codebook(house).dimensions
    changed = [*house.published.glob("population_*.csv")]
    changed += [house.framework / f"{name}.csv" for name in ("assumptions", "merged_categories")]
    for file in changed:
        rows = rows_of(file)
        with file.open("w", encoding="utf-8-sig", newline="") as opened:
            csv.writer(opened, delimiter=between).writerows([*rows, [""] * len(rows[0])])
    pd.testing.assert_series_equal(sources.load_population(house), people)
    pd.testing.assert_frame_equal(registers.load_assumptions(house), quality)
    assert load_codebook(house).dimensions == merged


@pytest.mark.parametrize(
    ("pattern", "column", "read"),
    [
        ("population_*.csv", "year", sources.load_population),
        ("population_*.csv", "value", mid_year_population),
        ("unodc_glotip_*_2025-10-28.csv", "Year", sources.load_unodc),
        ("regional_benchmarks.csv", "value", sources.load_regional_rates),
        ("*_meetings.csv", "month", lambda house: sources.load_meetings(house, 2024)),
        ("../framework/public_figures.csv", "low", load_public_figures),
    ],
)
@pytest.mark.parametrize("value", ["many", "1e3", "2O21", "9" * 30])
def test_what_is_no_number_is_named_with_its_row(house, pattern, column, read, value) -> None:
    (file,) = house.published.glob(pattern)
    rows = rows_of(file)
    rows[1][rows[0].index(column)] = value
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(rows)
    with pytest.raises(InputError) as refused:
        read(house)
    assert f"{file.name}, row 2: {value!r} in {column} is no number" in str(refused.value)


@pytest.mark.parametrize(
    "cell",
    [
        "<script>alert(1)</script>",
        "a <IMG src=x onerror=y>",
        "<!-- x -->",
        "</td>",
        "vic\u200dtims",
        "vic\u00adtims",
        "18\u202e24",
        "victims\U000e0041",
        "victims\u3164",
        "a\x1b[31m",
    ],
    ids=ascii,
)
def test_what_no_reader_sees_or_a_browser_obeys_is_named_with_its_row(house, cell) -> None:
    file = house.framework / "assumptions.csv"
    rows = rows_of(file)
    rows[3][-1] = cell
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows(rows)
    with pytest.raises(
        InputError, match=r"assumptions\.csv, row 4: .* holds .*type the cell again"
    ):
        registers.load_assumptions(house)


@pytest.mark.parametrize("name", ["cells", "countries", "concepts", "parts"])
def test_what_is_mapped_twice_is_named_with_its_row(house: Project, name: str) -> None:
    load = getattr(mappings, f"load_{name}")
    file = house.published / f"{name}.map.csv"
    text = file.read_text("utf-8")
    file.write_text(text + text.splitlines()[-1] + "\n", "utf-8")
    with pytest.raises(InputError, match=rf"{name}.map.csv, row \d+: .* stands twice; keep one"):
        load(house, "council") if name == "cells" else load(house)


def test_a_country_without_published_population_has_no_rates_and_no_error(house: Project) -> None:
    (file,) = house.published.glob("population_*.csv")
    file.write_text(file.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    assert sources.load_population(house).empty and mid_year_population(house).empty


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (",lang,", ",language,", "notebooks/pages.csv: the column lang is missing"),
        ("brief-en", "../brief", "row 2: name '../brief' cannot be; write small letters"),
        ("html pdf", "pdf", "row 2: formats 'pdf' cannot be; write html, or html pdf"),
        (",yes,", ",true,", "row 2: from_records 'true' cannot be; write yes or no"),
        ("brief-es", "brief-en", "row 3: brief-en stands twice"),
    ],
)
def test_what_no_page_can_be_is_named_in_the_register_of_pages(tmp_path, before, after, said):
    shutil.copytree(HOUSE.notebooks, tmp_path / "notebooks")
    register = tmp_path / "notebooks" / "pages.csv"
    register.write_text(register.read_text("utf-8").replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(said)):
        load_pages(Project(tmp_path))


@pytest.mark.parametrize(
    ("file", "before", "after", "said"),
    [
        ("search_words.csv", "kind,", "sort,", "search_words.csv: the column kind is missing"),
        ("pirs_fields.csv", "\n1,", "\none,", "pirs_fields.csv, row 2"),
    ],
)
def test_a_table_of_pages_that_cannot_be_read_is_one_line(tmp_path, file, before, after, said):
    shutil.copytree(HOUSE.framework, tmp_path / "data/framework")
    table = tmp_path / "data/framework" / file
    table.write_text(table.read_text("utf-8").replace(before, after, 1), encoding="utf-8")
    read = search_words if file == "search_words.csv" else load_reference_fields
    with pytest.raises(InputError, match=re.escape(said)):
        read(Project(tmp_path), *(["same"] if read is search_words else []))
