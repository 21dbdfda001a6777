"""Narrative passages: numbers come from the table, and a typed one is found."""

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
from atips_analysis.pages.passages import check_passages, fill, passage
from atips_analysis.pages.tidy import Tidy
from atips_analysis.project import Project, find_project
from atips_analysis.words.said import in_language, line_of
from atips_analysis.words.typed_numbers import typed_numbers

HERE = find_project(Path(__file__).parent)


def row(indicator, unit, value, period="2024", statistic="count", status="OK", **categories):
    return {
        **dict.fromkeys(wide_columns(), ""),
        **dict.fromkeys(dimensions(), "Total"),
        "indicator_id": indicator,
        "unit_of_count": unit,
        "statistic": statistic,
        "period": period,
        "value": value,
        "status": status,
        **categories,
    }


@pytest.fixture(scope="module")
def tidy():
    rows = [
        row("PROS-01", "CASE", 18),
        row("PROS-01", "CASE", 13, period="2023"),
        row("PREV-02", "PARTICIPANT", 1669),
        row("PREV-02", "PARTICIPANT", 500, audience="POLICE"),
        row("PREV-02", "PARTICIPANT", 1169, audience="TEACHERS"),
        row("PROT-09", "VICTIM", pd.NA, status="C"),
        row("PREV-08", "INSPECTION", 834),
        row("PREV-08", "INSPECTION", 14.988, statistic="percent"),
        row("PROT-06", "SERVICE", 42),
        row("PROT-06", "VICTIM", 16),
    ]
    about = {"simulated": False, "edition": "0" * 12, "baseline": "2021-2023", "year": 2024}
    return Tidy(pd.DataFrame(rows), load_indicators(HERE), about)


def filled(text, tidy):
    return fill(text, tidy, HERE, 2024, "data/narrative/2024/x.md")


@pytest.mark.parametrize(
    ("expression", "becomes"),
    [
        ('value("PROS-01")', "18"),
        ('value("PROS-01", period=2023)', "13"),
        ('value("PREV-02")', "1,669"),
        ('value("PREV-02", audience="POLICE")', "500"),
        ('value("PREV-02", audience="RANGERS")', "0"),
        ('value("PREV-08", statistic="percent")', "15.0"),
        ('value("PROT-06", unit="VICTIM")', "16"),
        ('published("NGO-03")', "143"),
        ("year", "2024"),
        ("baseline", "2021–2023"),
        ('"143"', "143"),
    ],
)
def test_an_expression_becomes_its_number(expression, becomes, tidy):
    assert filled(f"So `{{python}} {expression}`.", tidy).text == f"So {becomes}."


def test_what_is_typed_on_purpose_is_words_and_no_markup(tidy):
    typed = r'`{python} "[x](y) <b> \x7b\x7b< include z >\x7d\x7d\n---\nBZ$"`'
    assert filled(typed, tidy).text == r"\[x\](y) \<b\> {{\< include z \>}} \-\-\- BZ\$"


@pytest.mark.parametrize("unseen", ["\x1b[31m", "\0", "\u202e", "\u2028", "\u200b"], ids=ascii)
def test_a_character_that_nobody_sees_is_refused_with_its_row(unseen, tidy):
    with pytest.raises(InputError, match=r"x\.md, row 2: holds '\\.*nobody sees"):
        filled(f"So it is.\nThe court{unseen} says.", tidy)


@pytest.mark.parametrize("deep", ["(" * 3000 + "year" + ")" * 3000, "-" * 50_000 + "year"])
def test_an_expression_that_is_nested_without_end_is_refused(deep, tidy):
    with pytest.raises(InputError, match="is not understood"):
        filled(f"`{{python}} {deep}`", tidy)


def test_said_gives_the_number_with_what_it_counts(tidy):
    assert filled('`{python} said("PROS-01")`', tidy).text == "18\N{NO-BREAK SPACE}cases"


def test_the_placeholders_of_earlier_versions_are_refused_with_what_to_write(tidy):
    with pytest.raises(InputError, match=r"row 2: \{\{PROS-01\}\} is the form of earlier"):
        filled("So\n{{PROS-01}}.", tidy)


def test_a_hidden_number_stays_hidden_in_words(tidy):
    assert (
        "hidden for protection" in filled('`{python} value("PROT-09")` returned home.', tidy).text
    )


@pytest.mark.parametrize(
    ("expression", "hint"),
    [
        ('value("PROS-99")', "is not an indicator"),
        ('value("PREV-02", audience="POLCE")', "POLICE is meant"),
        ('value("PROS-01", audience="POLICE")', "not broken down by audience"),
        ('value("PREV-02", crowd="POLICE")', "not understood"),
        ('value("PROS-01", period=1999)', "no such value"),
        ('published("NGO-99")', "not a published figure"),
        ("value()", "takes one name"),
        ("open('x')", "is no call of passages"),
        ("value(year)", "takes one name"),
        ("2 + 2", "not understood"),
        ("__import__('os').getcwd()", "not understood"),
        ("year of", "not understood"),
    ],
)
def test_a_wrong_expression_is_refused_with_its_line_and_what_is_meant(expression, hint, tidy):
    with pytest.raises(InputError, match=hint) as error:
        filled(f"First line.\n\nThen `{{python}} {expression}`.", tidy)
    assert "data/narrative/2024/x.md" in str(error.value) and "3" in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "18 cases",
        "about 1,669 people",
        "3.5 per cent",
        "two victims",
        "one survivor",
        "twenty young women",
        "over 40 persons",
        "$50,000",
        "2050 persons",
        "1 of 7",
    ],
)
def test_a_typed_number_stops_the_build_with_file_and_line(text, tidy):
    with pytest.raises(InputError) as refused:
        filled(f"In the year\nthere were {text}.", tidy)
    said = str(refused.value)
    assert said.startswith("data/narrative/2024/x.md, row 2:") and "\n" not in said
    assert "is typed" in said and "value(" in said


@pytest.mark.parametrize(
    ("text", "spanish"),
    [
        ("There were\n18 cases.", "fila 2: la cifra “18” está escrita a mano; escriba"),
        ("18 cases and\ntwo victims.", "(y también “two victims” en la fila 2)"),
        ("# A heading", "un pasaje no abre capítulo"),
        ('`{python} value("PROS-1")`', "PROS-1 no es un indicador; ¿quiso decir PROS-"),
        ('`{python} value("PREV-02", audience="POLIC")`', "audience no tiene la categoría POLIC;"),
        ("`{python} 1 + 1`", "`{python} 1 + 1`: no se entiende; escriba uno de estos: value(…)"),
        ("{{ cases }}", "es la forma de versiones anteriores"),
    ],
)
def test_what_is_wrong_in_a_passage_is_said_in_spanish_too(text, spanish, tidy):
    with pytest.raises(InputError) as wrong:
        filled(text, tidy)
    assert spanish in in_language(line_of(wrong.value), "es")
    assert spanish not in str(wrong.value)


def test_all_typed_numbers_of_a_passage_are_named_in_one_line(tidy):
    with pytest.raises(InputError, match=r"“18” is typed .*“two victims” in row 3"):
        filled("There were\n18 cases and\ntwo victims.", tidy)


@pytest.mark.parametrize(
    "text",
    [
        "the Strategy 2024–2028, launched in June 2024, and 2025.",
        "In 2024 children were taught",
        "on 12 June 2024, June 12, 2024, September 2–6 and 25 to 27 June",
        "the 7th meeting",
        "call 911 or 922, DHS Direct 227 2057, +501 227-2057, 0-800-PROTECT, 24/7",
        "Human Trafficking 101",
        "Chapter 108:01 of the Laws, Act No. 3 of 2013, Section 12(3), Articles 5 and 6",
        "Target 16.2.2 and Goal 8.7",
        "children, who are under 18",
        "COVID-19, Channel 5",
        "1. first point",
        '`{python} value("PROS-01")` cases',
        '`{python} "40"` as the law has it',
        "one of the first countries",
    ],
)
def test_years_days_laws_telephones_and_names_may_be_typed(text, tidy):
    assert filled(text, tidy).text


def test_a_build_is_refused_before_it_does_any_work(tmp_path):
    folder = tmp_path / "data" / "narrative" / "2024"
    folder.mkdir(parents=True)
    (folder / "labour.md").write_text("Inspections: 834.")
    with pytest.raises(InputError, match=r"labour.md, row 1: the number “834” is typed"):
        check_passages(Project(tmp_path), 2024)
    check_passages(Project(tmp_path), 2023)


def test_a_passage_in_another_encoding_is_refused_in_words(tmp_path):
    folder = tmp_path / "data" / "narrative" / "2024"
    folder.mkdir(parents=True)
    (folder / "foreword.md").write_bytes("The Council’s work".encode("cp1252"))
    with pytest.raises(InputError, match=r"foreword.md: is not saved as UTF-8"):
        check_passages(Project(tmp_path), 2024)


def test_a_passage_opens_no_chapter(tidy):
    with pytest.raises(InputError, match="##"):
        filled("# My chapter\n\ntext", tidy)


def test_a_missing_or_blank_passage_is_empty(tidy, tmp_path):
    folder = tmp_path / "data" / "narrative" / "2024"
    folder.mkdir(parents=True)
    (folder / "blank.md").write_text(" \n")
    assert not passage(tidy, Project(tmp_path), 2024, "absent")
    assert not passage(tidy, Project(tmp_path), 2024, "blank")


def test_passages_of_a_real_year_are_not_read_for_simulated_records(tidy, tmp_path):
    for name, words in (("2024", "The real year."), ("example", "An example.")):
        folder = tmp_path / "data" / "narrative" / name
        folder.mkdir(parents=True)
        (folder / "foreword.md").write_text(words)
    simulated = replace(tidy, about={**tidy.about, "simulated": True})
    assert passage(tidy, Project(tmp_path), 2024, "foreword").text == "The real year."
    assert passage(simulated, Project(tmp_path), 2024, "foreword").text == "An example."


def restating(root, words):
    """A project whose foreword of 2024 restates a published text."""
    for folder in ("data/framework", "data/published"):
        shutil.copytree(HERE.root / folder, root / folder)
    folder = root / "data" / "narrative" / "2024"
    folder.mkdir(parents=True)
    (folder / "foreword.md").write_text(words)
    (folder / "restated.csv").write_text(
        "passage,source_id,chapter\nforeword,ATIPS-2024,Foreword\n"
    )
    return Project(root)


def test_a_passage_that_restates_a_published_text_is_read_for_simulated_records(tidy, tmp_path):
    house = restating(tmp_path, 'The summit had `{python} published("NGO-05")` guests.')
    simulated = replace(tidy, about={**tidy.about, "simulated": True})
    assert passage(simulated, house, 2024, "foreword").text == "The summit had 14 guests."
    check_passages(house, 2024)


@pytest.mark.parametrize("call", ['value("PROS-01")', 'said("PROS-01")'])
def test_no_number_of_our_tables_stands_in_what_a_published_text_says(tidy, tmp_path, call):
    house = restating(tmp_path, f"Words.\n\nPolice had `{{python}} {call}` cases.")
    told = r"foreword.md, row 3: .* is of our tables, and this passage restates a published text"
    with pytest.raises(InputError, match=told):
        check_passages(house, 2024)
    simulated = replace(tidy, about={**tidy.about, "simulated": True})
    with pytest.raises(InputError, match=told):
        passage(simulated, house, 2024, "foreword")


def test_every_passage_that_is_said_to_restate_a_text_is_there_and_its_source_is_registered():
    from atips_analysis.framework import load_sources
    from atips_analysis.pages.restated import load_restated

    folder = HERE.root / "data" / "narrative"
    sources = set(load_sources(HERE)["source_id"])
    for register in folder.glob("*/restated.csv"):
        for name, restated in load_restated(HERE, register.parent.name).items():
            assert (register.parent / f"{name}.md").is_file(), name
            assert restated.source_id in sources, name


@pytest.mark.parametrize(
    "file", sorted((HERE.root / "data" / "narrative").glob("*/*.md")), ids=lambda file: file.stem
)
def test_no_passage_that_is_kept_here_has_a_typed_number(file):
    assert typed_numbers(file.read_text(encoding="utf-8")) == []


def test_a_year_that_ends_a_heading_counts_nothing_of_the_paragraph_below() -> None:
    assert typed_numbers("## Beside the report for 2024\n\nReports are many.") == []
    assert typed_numbers("There were 2024\nreports.") != []


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ('`{python} valeu("PROS-01")`', r"valeu\(…\) is no call of passages"),
        ('`{python} value("PROS-99")`', "PROS-99 is not an indicator"),
        ('`{python} value("PREV-02", audience="POLCE")`', "POLICE is meant"),
        ('`{python} published("NGO-99")`', "not a published figure"),
        ('`{python}value("PROS-01")`', "does not end as one"),
        ('`{Python} value("PROS-01")`', "does not end as one"),
        ('`{python} value("PROS-01")', "does not end as one"),
    ],
)
def test_a_misspelt_call_is_found_before_a_build_does_anything(tmp_path, expression, told):
    for folder in ("data/framework", "data/published"):
        shutil.copytree(HERE.root / folder, tmp_path / folder)
    passages = tmp_path / "data" / "narrative" / "2024"
    passages.mkdir(parents=True)
    (passages / "introduction.md").write_text(f"Words.\n\nThere were {expression} of them.")
    with pytest.raises(InputError, match=told) as refused:
        check_passages(Project(tmp_path), 2024)
    assert str(refused.value).startswith("data/narrative/2024/introduction.md, row 3:")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (lambda tidy: tidy.number("PREV-02", 2024, audience="POLCE"), "POLICE is meant"),
        (lambda tidy: tidy.cell("PREV-02", 2024, crowd="POLICE"), "crowd is no dimension"),
        (lambda tidy: tidy.rows("PROS-99", 2024), "PROS-99 is not an indicator"),
        (lambda tidy: tidy.indicator("PROS-99"), "PROS-99 is not an indicator"),
    ],
)
def test_a_misspelt_name_never_reads_as_a_true_zero_or_as_hidden(tidy, asked, told):
    with pytest.raises(InputError, match=told):
        asked(tidy)
