"""The bulletin: two pages on a part of a year."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.build.bulletins import checked_period
from atips_analysis.errors import InputError
from atips_analysis.indicators import DIMENSIONS, TIDY_COLUMNS, parse_period
from atips_analysis.indicators.table import write_table
from atips_analysis.project import find_project
from atips_analysis.reporting import bulletin, page

PROJECT = find_project(Path(__file__).parent)
CHAPTERS = ("front_matter", "key_figures", "counts", "audiences", "change", "notes")
WITHHELD = "PROS-02"


@pytest.fixture
def issue(tmp_path, monkeypatch):
    """A bulletin of 2024-Q3 with long names, all audiences and all comparisons."""
    rows = []
    for name, factor in (("2023-Q3", 1), ("2024-Q3", 2)):
        for line in bulletin.LINES:
            if line.indicator_id == WITHHELD:
                continue
            starred = [d for d, category in line.categories.items() if category == "*"]
            codes = ["POLICE", "TEACHERS", "DEFENCE", "LIQUOR", "MEDICAL", "NGO_IO", "RANGERS"]
            for place, code in enumerate(codes if starred == ["audience"] else ["CONFIRMED"]):
                categories = {d: code if d in starred else c for d, c in line.categories.items()}
                rows.append(
                    dict.fromkeys(DIMENSIONS, "Total")
                    | {
                        "indicator_id": line.indicator_id,
                        "unit_of_count": line.unit,
                        "statistic": "count",
                        "period": name,
                        "period_start": parse_period(name).start_date,
                        "period_end": parse_period(name).end_date,
                        "value": 1000 * factor + place,
                        "status": "OK",
                        "source": "register",
                        "vintage": "0123456789ab",
                    }
                    | categories
                )
    table = pd.DataFrame(rows, columns=list(TIDY_COLUMNS)).drop_duplicates(
        ["indicator_id", "unit_of_count", "period", *DIMENSIONS]
    )
    numbers = ["value", "numerator", "denominator", "ci_low", "ci_high"]
    table[numbers] = table[numbers].astype("Float64")
    table[["method", "note"]] = table[["method", "note"]].fillna("")
    write_table(table, tmp_path / "indicators.csv")
    about = {"edition": "0123456789ab", "simulated": True, "year": 2024, "version": "0"}
    (tmp_path / "build.json").write_text(json.dumps(about), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return bulletin.open_bulletin(tmp_path, PROJECT.root, "2024-Q3")


@pytest.fixture
def said(issue, monkeypatch):
    parts: list[str] = []
    monkeypatch.setattr(page, "_show", parts.append)
    for chapter in CHAPTERS:
        if chapter == "change":
            parts.append("# Compared with a year before {#sec-change .unnumbered}")
        getattr(bulletin, chapter)(issue)
    return parts


def test_the_longest_bulletin_is_exactly_two_pages(said, tmp_path):
    nbformat = pytest.importorskip("nbformat")
    pypdf = pytest.importorskip("pypdf")
    from atips_analysis.render import Report, publication_from, render

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(p) for p in said[1:]])
    nbformat.write(notebook, tmp_path / "bulletin.ipynb")
    publication = publication_from(
        PROJECT.profile,
        lang="en",
        simulated=True,
        layout="brief",
        title="Trafficking in persons bulletin",
        period="July to September 2024",
        made_from=(("Edition of the data bank", "0123456789ab"), ("Version", "atips-analysis 0")),
    )
    report = Report("bulletin-2024-Q3", tmp_path / "bulletin.ipynb", publication)
    made = render(report, tmp_path / "out", renderer="embedded", formats=("pdf",))
    assert len(pypdf.PdfReader(made[0]).pages) == 2


def test_a_measure_that_is_withheld_for_the_year_is_marked_as_hidden(issue):
    assert bulletin.CONTACT.indicator_id == WITHHELD
    assert issue.cell(bulletin.CONTACT, issue.period).status == "C"


def hide(issue, **of):
    """The issue with the values of some measures hidden, or rounded."""
    table = issue.tidy.table.copy()
    for code, status in of.items():
        rows = table["indicator_id"] == code.replace("_", "-")
        table.loc[rows, "status"] = status
        if status == "C":
            table.loc[rows, "value"] = pd.NA
    return replace(issue, tidy=replace(issue.tidy, table=table))


def test_counts_hidden_in_both_periods_are_named_below_the_table(issue, monkeypatch):
    parts: list[str] = []
    monkeypatch.setattr(page, "_show", parts.append)
    hidden = hide(issue, PROT_06="C")
    bulletin.key_figures(hidden)
    bulletin.counts(hidden)
    figures, table, below = parts
    assert "**c**" not in figures and "services given" not in figures
    assert "Services given" not in table and "Labour inspections" in table
    assert below.startswith("Hidden in both periods for protection: ")
    assert "services given" in below and "persons in formal contact" in below


def test_only_comparisons_that_were_made_are_counted(issue, monkeypatch):
    parts: list[str] = []
    monkeypatch.setattr(page, "_show", parts.append)
    bulletin.change(hide(issue, PROT_01="C", PREV_07="R"))
    text = " ".join(parts)
    assert "makes 1 comparison" in text
    assert (
        "hidden, rounded or of fewer months: victims, potential and confirmed and migrants screened"
        in text
    )


def test_change_is_said_in_the_house_words(said):
    assert any("an increase" in part for part in said)


@pytest.mark.parametrize(
    ("period", "before", "words"),
    [
        ("2024-Q3", "2023-Q3", "July to September 2024"),
        ("2024-H1", "2023-H1", "January to June 2024"),
        ("2023-11..2024-02", "2022-11..2023-02", "November 2023 to February 2024"),
        ("2024-05..2024-05", "2023-05..2023-05", "May 2024"),
    ],
)
def test_a_bulletin_is_compared_with_the_same_months_a_year_before(period, before, words):
    asked = parse_period(period)
    assert bulletin.earlier_period(asked).name == before
    assert bulletin.period_words(asked) == words


def test_months_that_are_a_quarter_are_that_quarter():
    assert checked_period("2024-07..2024-09").name == "2024-Q3"
    assert checked_period("2024-01..2024-06").name == "2024-H1"


@pytest.mark.parametrize("period", ["2024", "2021-2023", "2022-01..2023-06", "2024-Q5", "soon"])
def test_what_is_no_part_of_a_year_is_refused_in_one_line(period):
    with pytest.raises(InputError) as refused:
        checked_period(period)
    assert "\n" not in str(refused.value)


def test_file_names_have_no_dots_but_that_of_their_ending():
    assert bulletin.file_name(parse_period("2024-03..2024-08")) == "bulletin-2024-03-to-2024-08"


def test_months_across_a_new_year_are_no_sum_of_the_two_years():
    from atips_analysis.disclosure.indicator_table import _parts_of_periods

    names = ("2022", "2023", "2022-2023", "2022-11..2023-02")
    parts = _parts_of_periods([("PREV-02 PARTICIPANT", name, ()) for name in names])
    assert parts == {"2022-2023": ["2022", "2023"]}
