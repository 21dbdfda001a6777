"""The bulletin: two pages on a part of a year."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.build.bulletins import file_name
from atips_analysis.codebook import dimensions
from atips_analysis.errors import InputError
from atips_analysis.framework.bulletin_counts import load_bulletin_counts
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.parts_of_year import a_year_before, part_of_a_year
from atips_analysis.indicators.place import narrow, wide_columns
from atips_analysis.indicators.table import write_table
from atips_analysis.notebooks import run_notebook
from atips_analysis.pages.part_year import months_in_words
from atips_analysis.project import Project, find_project
from atips_analysis.render import Report, publication_from, render
from atips_analysis.render.markdown import flatten

PROJECT = find_project(Path(__file__).parent)
WITHHELD = "PROS-02"
AUDIENCES = ["POLICE", "TEACHERS", "DEFENCE", "LIQUOR", "MEDICAL", "NGO_IO", "RANGERS"]


def protected(folder: Path, **statuses: str) -> Path:
    """The public side of a bulletin of 2024-Q3 with long names and all audiences.

    `statuses` are those of some indicators, as PROT_06="C".
    """
    rows = []
    for name, factor in (("2023-Q3", 1), ("2024-Q3", 2)):
        for count in load_bulletin_counts(PROJECT):
            if count.indicator_id == WITHHELD:
                continue
            codes = AUDIENCES if count.categories.get("audience") == "*" else ["CONFIRMED"]
            for place, code in enumerate(codes):
                status = statuses.get(count.indicator_id.replace("-", "_"), "OK")
                categories = {d: code if c == "*" else c for d, c in count.categories.items()}
                rows.append(
                    dict.fromkeys(dimensions(), "Total")
                    | {
                        "indicator_id": count.indicator_id,
                        "unit_of_count": count.unit,
                        "statistic": "count",
                        "period": name,
                        "period_start": parse_period(name).start_date,
                        "period_end": parse_period(name).end_date,
                        "value": None if status in ("C", "M") else 1000 * factor + place,
                        "status": status,
                        "source": "register",
                        "vintage": "0123456789ab",
                    }
                    | categories
                )
    table = pd.DataFrame(rows, columns=list(wide_columns())).drop_duplicates(
        ["indicator_id", "unit_of_count", "period", *dimensions()]
    )
    numbers = ["value", "numerator", "denominator", "ci_low", "ci_high"]
    table[numbers] = table[numbers].astype("Float64")
    table[["method", "note"]] = table[["method", "note"]].fillna("")
    write_table(narrow(table), folder / "indicators.csv")
    about = {
        "edition": "0123456789ab",
        "simulated": True,
        "year": 2024,
        "baseline": "2023-Q3",
        "version": "0",
    }
    (folder / "build.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


def said(folder: Path, **statuses: str) -> str:
    """The Markdown of the bulletin, its notebook run."""
    made = folder / "bulletin.ipynb"
    inputs = protected(folder, **statuses)
    given = {"inputs": inputs, "project": PROJECT.root, "period": "2024-Q3"}
    run_notebook(PROJECT.notebooks / "bulletin.ipynb", made, given)
    return flatten(made).text


@pytest.fixture(scope="module")
def longest(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bulletin")
    return folder, said(folder)


def test_the_longest_bulletin_is_exactly_two_pages(longest):
    pypdf = pytest.importorskip("pypdf")
    folder, _ = longest
    publication = publication_from(
        PROJECT.profile,
        lang="en",
        simulated=True,
        layout="brief",
        made_from=(("Edition of the data bank", "0123456789ab"), ("Version", "atips-analysis 0")),
    )
    report = Report("bulletin-2024-Q3", folder / "bulletin.ipynb", publication)
    made = render(report, folder / "out", renderer="embedded", formats=("pdf",))
    assert len(pypdf.PdfReader(made[0]).pages) == 2


def test_a_measure_that_is_withheld_for_the_year_is_said_to_be_hidden(longest):
    _, text = longest
    assert "Hidden in both periods for protection: persons in formal contact" in text


def test_each_large_number_of_simulated_records_says_that_it_is_invented(longest):
    _, text = longest
    figures = text.split("::: {.key-figures}")[1].split(":::")[0].strip().splitlines()
    assert len(figures) == 6 and all(line.endswith(" – *invented*") for line in figures)


def test_a_count_is_named_so_that_its_name_stands_alone():
    names = [one.counted for one in load_bulletin_counts(PROJECT) if not one.is_breakdown]
    assert not [name for name in names if "them" in name.split()]


def test_no_change_is_tested_between_parts_of_a_year(longest):
    _, text = longest
    assert "no change is tested" in text
    assert "increase" not in text and "comparison" not in text


def test_counts_hidden_in_both_periods_are_named_below_the_table(tmp_path):
    text = said(tmp_path, PROT_06="C", PREV_08="M")
    figures, _, table = text.partition("{#tbl-counts")
    assert "services given" not in figures and "| Services given" not in text
    assert "training sessions" in figures
    hidden = table.split("Hidden in both periods for protection: ")[1].split("\n")[0]
    assert "services given" in hidden and "labour inspections" not in hidden
    assert "Not returned or not recorded in both periods: labour inspections." in table


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
    assert a_year_before(asked).name == before
    assert months_in_words(asked) == words


def test_months_that_are_a_quarter_are_that_quarter():
    assert part_of_a_year("2024-07..2024-09").name == "2024-Q3"
    assert part_of_a_year("2024-01..2024-06").name == "2024-H1"


@pytest.mark.parametrize("period", ["2024", "2021-2023", "2022-01..2023-06", "2024-Q5", "soon"])
def test_what_is_no_part_of_a_year_is_refused_in_one_line(period):
    with pytest.raises(InputError) as refused:
        part_of_a_year(period)
    assert "\n" not in str(refused.value)


def test_file_names_have_no_dots_but_that_of_their_ending():
    assert file_name(parse_period("2024-03..2024-08")) == "bulletin-2024-03-to-2024-08"


def test_months_across_a_new_year_are_no_sum_of_the_two_years():
    from atips_analysis.disclosure.indicator_sums import parts_of_periods

    names = ("2022", "2023", "2022-2023", "2022-11..2023-02")
    parts = parts_of_periods([("PREV-02 PARTICIPANT", name, ()) for name in names])
    assert parts == {"2022-2023": ["2022", "2023"]}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Cases,PROS-99,CASE,,,,", "row 2: PROS-99 is not an indicator"),
        ("Cases,PROS-01,CASE,sex,,,", "row 2: a dimension and its category"),
        (",PROS-01,CASE,,,,", "row 2: a count without words"),
        ("Cases,PROS-01,CASE,,,first,cases", "row 2: a key figure has a whole number"),
    ],
)
def test_a_wrong_row_of_the_bulletin_s_counts_is_said_with_its_row(tmp_path, row, says):
    framework = tmp_path / "data" / "framework"
    framework.mkdir(parents=True)
    for file in PROJECT.framework.glob("*.csv"):
        (framework / file.name).write_bytes(file.read_bytes())
    head = (PROJECT.framework / "bulletin.csv").read_text(encoding="utf-8").splitlines()[0]
    (framework / "bulletin.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match=says):
        load_bulletin_counts(Project(tmp_path))
