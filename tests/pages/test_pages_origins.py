"""Published, made to meet, invented, counted: where a number comes from is data, and is checked."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import dimensions
from atips_analysis.errors import InputError
from atips_analysis.framework import load_indicators
from atips_analysis.indicators.place import wide_columns
from atips_analysis.pages import (
    origin_note,
    origin_of,
    origin_of_totals,
    published_said,
    simulated_box,
    totals_said,
    year_in_figures,
)
from atips_analysis.pages.edition import Edition
from atips_analysis.project import Project, find_project
from atips_analysis.published.origins import FILE, Kind, load_origins

HERE = find_project(Path(__file__).parent)


def row(indicator, unit, value, period="2024", status="OK", **categories):
    return {
        **dict.fromkeys(wide_columns(), ""),
        **dict.fromkeys(dimensions(), "Total"),
        "indicator_id": indicator,
        "unit_of_count": unit,
        "statistic": "count",
        "period": period,
        "value": value,
        "status": status,
        **categories,
    }


@pytest.fixture(scope="module")
def edition():
    rows = [
        row("PROS-01", "CASE", 18),
        row("PROS-01", "CASE", 19, period="2023"),
        row("PROT-01", "VICTIM", 18),
        row("PREV-02", "PARTICIPANT", 620),
        row("PREV-02", "PARTICIPANT", 500, audience="POLICE"),
        row("PREV-02", "PARTICIPANT", 120, audience="LIQUOR"),
        row("PREV-07", "SCREENING", 102),
        row("PREV-07", "SCREENING", 63, sex="F"),
        row("PROS-04", "CONVICTION_P", pd.NA, period="2023", status="C"),
        row("PART-09", "", pd.NA, status="NC"),
    ]
    about = {"simulated": True, "edition": "0" * 12, "baseline": "2021-2023", "year": 2024}
    table = pd.DataFrame(rows)
    return Edition(table, load_indicators(HERE), about, "en", HERE, Path(), 2024, "2021-2023")


def test_a_total_that_nobody_listed_is_invented_and_never_published(edition):
    assert origin_of(edition, "PROT-01", 2024, "VICTIM").kind is Kind.INVENTED
    assert origin_of(edition, "PROS-01", 2023, "CASE").kind is Kind.INVENTED
    assert origin_of(edition, "PROS-01", "2021-2024", "CASE").kind is Kind.INVENTED
    assert origin_of(edition, "PREV-07", 2024, "SCREENING", sex="F").kind is Kind.INVENTED


def test_a_published_figure_comes_with_its_source_and_a_sum_of_them_is_made_to_meet(edition):
    printed = origin_of(edition, "PROS-01", 2024, "CASE")
    assert printed.kind is Kind.PUBLISHED
    assert (printed.source_id, printed.figures) == ("ATIPS-2024", ("PRS-01",))
    assert origin_of(edition, "PREV-02", 2024, "PARTICIPANT").kind is Kind.MET
    police = origin_of(edition, "PREV-02", 2024, "PARTICIPANT", audience="POLICE")
    assert police.kind is Kind.PUBLISHED


def test_numbers_of_agencies_records_are_counted_whatever_was_published(edition):
    real = replace(edition, about={**edition.about, "simulated": False})
    assert set(origin_of_totals(real)["kind"]) == {Kind.COUNTED}
    assert totals_said(real) == simulated_box(real) == ""
    assert origin_note(real, "PROS-01", "CASE", [2023, 2024]) == ""


def test_every_yearly_total_has_one_origin_and_what_is_not_collected_has_none(edition):
    totals = origin_of_totals(edition)
    assert list(totals["indicator_id"]) == [
        "PROS-01",
        "PROS-01",
        "PROT-01",
        "PREV-02",
        "PREV-07",
        "PROS-04",
    ]
    assert list(totals["origin"]) == [
        "published", "invented", "invented", "made to meet published figures", "made to meet published figures", "invented",
    ]  # fmt: skip


def test_the_sentence_on_totals_counts_the_table_and_names_the_years_that_are_all_invented(edition):
    said = totals_said(edition)
    assert "Of the 6 yearly totals" in said and "1 are figures that others published" in said
    assert "2 were made to meet" in said and "3 are invented, all those of 2023" in said
    assert said in simulated_box(edition)


def test_a_key_figure_that_is_not_there_has_no_origin(edition):
    cases, inspections = year_in_figures(edition, 2024, ["PROS-01", "PREV-08"])
    assert cases[1].endswith("*published*")
    assert "*" not in inspections[1]  # no row of it


def test_of_a_part_of_a_year_nothing_is_called_published(edition):
    quarter = replace(edition, table=pd.DataFrame([row("PROS-01", "CASE", 5, period="2024-Q3")]))
    assert totals_said(quarter).startswith("Every number of these periods is invented")


def test_the_sentence_on_totals_is_said_in_each_language(edition):
    spanish = replace(edition, lang="es")
    assert "todos los de 2023" in totals_said(spanish)
    assert "Registros simulados" in simulated_box(spanish) and "Belice" in simulated_box(spanish)


def test_a_note_tells_the_totals_year_by_year_and_whether_the_parts_are_published(edition):
    cases = origin_note(edition, "PROS-01", "CASE", [2023, 2024])
    assert cases == "Totals, published: 2024; invented: 2023"
    assert origin_note(edition, "PREV-07", "SCREENING", [2024], "sex").endswith(
        "All parts are invented"
    )
    assert "parts" not in origin_note(edition, "PREV-02", "PARTICIPANT", [2024], "audience")


def test_a_table_of_several_series_tells_published_from_made_to_meet_and_from_invented(edition):
    series = [
        ("Cases", "PROS-01", "CASE", {}),
        ("Attendances", "PREV-02", "PARTICIPANT", {}),
        ("Victims", "PROT-01", "VICTIM", {}),
    ]
    assert published_said(edition, series, [2023, 2024]) == (
        "Published: cases (2024). Made to meet published figures: attendances (2024). All other "
        "totals are invented."
    )
    assert published_said(edition, series[2:], [2023, 2024]) == "All totals are invented."
    spanish = published_said(replace(edition, lang="es"), series, [2024])
    assert spanish.startswith("Publicado:") and "Todos los demás totales" in spanish


def test_what_no_agency_has_sent_is_not_called_published(edition):
    sent = edition.table[edition.table["indicator_id"] != "PROS-01"]
    unsent = pd.DataFrame([row("PROS-01", "CASE", pd.NA, status="M")])
    one = replace(edition, table=pd.concat([sent, unsent]))
    cases = [("Cases", "PROS-01", "CASE", {}), ("Attendances", "PREV-02", "PARTICIPANT", {})]
    assert "cases" not in published_said(one, cases, [2024])


def test_of_agencies_records_a_table_says_nothing_of_origins(edition):
    real = replace(edition, about={**edition.about, "simulated": False})
    assert published_said(real, [("Cases", "PROS-01", "CASE", {})], [2024]) == ""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("PROS-99,CASE,2024,,published,ATIPS-2024,PRS-01", "indicator_id 'PROS-99' is not known"),
        ("PROS-01,CAES,2024,,published,ATIPS-2024,PRS-01", "unit_of_count 'CAES' is not known"),
        ("PROS-01,CASE,2024,,invented,ATIPS-2024,PRS-01", "origin 'invented' is not known"),
        ("PROS-01,CASE,2024,,published,,PRS-01", "without its source"),
        ("PROS-01,CASE,2024,,published,ATIPS-2024,", "without its source"),
        ("PROS-01,CASE,2024,crowd=CY,published,ATIPS-2024,PRS-01", "no such dimension"),
        ("PROS-01,CASE,2024,district=XX,published,ATIPS-2024,PRS-01", "no such category"),
    ],
)
def test_a_wrong_row_of_the_register_is_one_line_with_its_place(tmp_path, line, told):
    for folder in ("data/framework", "data/council"):
        shutil.copytree(HERE.root / folder, tmp_path / folder)
    (tmp_path / FILE).parent.mkdir(parents=True)
    heads = (HERE.root / FILE).read_text(encoding="utf-8").splitlines()
    head = next(text for text in heads if text.startswith("indicator_id"))
    (tmp_path / FILE).write_text(f"{head}\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=told) as refused:
        load_origins(Project(tmp_path))
    assert str(refused.value).startswith(f"{FILE}, row 2:") and "\n" not in str(refused.value)


def test_a_project_that_simulates_nothing_has_no_register(tmp_path):
    assert load_origins(Project(tmp_path)) == {}
