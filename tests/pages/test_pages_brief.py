"""The minister's brief: two pages that say what happened, what is known and not, where to report."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from atips_analysis.framework import load_indicators
from atips_analysis.notebooks import run_notebook
from atips_analysis.notebooks.words_check import check_words
from atips_analysis.pages import returns_in_words
from atips_analysis.project import find_project
from atips_analysis.render import Report, publication_from, render
from atips_analysis.render.markdown import flatten, read_cells
from atips_analysis.statements import read_statements
from atips_analysis.statements.agreement import check_agreement
from atips_analysis.words.terminology import forbidden_in

PROJECT = find_project(Path(__file__).parent)
NOTEBOOK = PROJECT.notebooks / "brief.ipynb"
IDENTIFIER = re.compile(r"\{#([a-z]+-[a-z-]+)")
COUNTS = {
    ("PROS-01", "CASE"): (11, 13, 19, "NAP", 18),
    ("PROT-01", "VICTIM"): (11, 16, 17, 44, 18),
    ("PROT-06", "VICTIM"): (8, 13, 14, 35, 16),
    ("PROT-06", "SERVICE"): (19, 33, 36, 88, 42),
    ("PROT-08", "VICTIM"): (5, 5, 6, 15, 10),
    ("PROT-09", "VICTIM"): (0, 0, 0, 0, 0),
    ("PROS-02", "SUSPECT"): (9, 7, 9, 25, 7),
    ("PROS-03", "SUSPECT"): ("C", 0, 8, "NAP", 8),
    ("PROS-04", "CONVICTION_P"): ("C", 0, "C", "C", "C"),
    ("PROS-06", "SUSPECT"): (0, 0, 6, "NAP", 10),
    ("PREV-01", "SESSION"): (19, 33, 45, 97, 59),
    ("PREV-02", "PARTICIPANT"): (583, 878, 1192, 2653, 1669),
    ("PREV-07", "SCREENING"): (47, 66, 81, 194, 102),
    ("PREV-08", "INSPECTION"): (584, 831, 802, 2217, 834),
    ("PREV-09", "REPORT"): (67, 65, 63, 195, 57),
    ("PART-02", "ORGANIZATION"): (5, 5, 5, "NAP", 1),
    ("PART-06", "ACTION"): (0, 0, 5, 5, 11),
}


@pytest.fixture(scope="module")
def made(public, tmp_path_factory):
    inputs = public(tmp_path_factory.mktemp("public"), COUNTS)

    @cache
    def make(lang: str) -> Path:
        given = {"inputs": inputs, "project": PROJECT.root, "lang": lang}
        return run_notebook(NOTEBOOK, inputs / lang / "brief.ipynb", given)

    return make


@pytest.fixture(scope="module")
def said(made):
    return cache(lambda lang: flatten(made(lang)).text)


def test_no_number_is_typed():
    check_words(read_cells(NOTEBOOK), NOTEBOOK.name)


def test_it_opens_with_what_happened_and_a_hidden_number_is_said_to_be_hidden(said):
    lead = said("en").partition("::: {.lead}")[2].partition(":::")[0]
    assert "identified 18\u00a0victims, potential and confirmed" in lead
    assert "convicted a hidden number of persons of trafficking" in lead
    assert "these numbers cannot say" in lead


def test_one_is_said_in_the_singular_none_as_none(said):
    text = said("en")
    assert "1\u00a0partner organisation with" in text
    assert "Repatriated: no\u00a0victims" in text
    assert "10\u00a0victims found a place" in text


def test_what_is_known_and_what_is_not_stand_together(said):
    part = said("en").partition("{#sec-known")[2].partition("{#sec-ask")[0]
    assert part.count("**Known: ") == 1 and part.count("**Not known: ") >= 3
    assert "11 came; whether they came late is not recorded." in part
    changed = re.search(
        r"whether anything changed\.\*\* Of (\w+) series .*: (\d); .*: (\d)\)", part
    )
    assert changed.groups() == ("four", "3", "1")


@pytest.mark.parametrize(
    ("timeliness", "words"),
    [
        ("NC", "2 came; whether they came late is not recorded."),
        ("C", "2 came, 1 of them late."),
        ("OK", "2 came, 1 of them late."),
    ],
)
def test_no_return_is_called_punctual_where_none_bears_its_day(timeliness, words):
    months = {"2024-01": "nil", "2024-02": "late", "2024-03": "missing", "2023-01": "late"}
    quality = {
        "returns": [{"month": month, "state": state} for month, state in months.items()],
        "scores": [{"dimension": "timeliness", "status": timeliness}],
    }
    assert returns_in_words(quality, 2024).endswith(words)
    assert returns_in_words(quality, 2025) == ""


def test_a_key_figure_says_whose_it_is_and_so_does_the_chart(said):
    tiles = said("en").partition("{.key-figures}")[2].partition(":::")[0]
    assert "investigated – *published*" in tiles
    assert "convicted of trafficking – *made to meet published figures*" in tiles
    assert re.search(r"Published: .*labour inspections \(2021, 2022 and 2024\)", said("en"))


def test_what_the_council_could_ask_for_is_what_nobody_records(said):
    table = said("en").partition("{#sec-ask")[2]
    of = {one.id: one.name_en for one in load_indicators(PROJECT)}
    assert of["PREV-04"] in table and "Ministry of Education" in table
    assert of["PROT-01"] not in table
    assert re.search(r"Further indicators without data: \d+", table)


def test_it_says_nothing_of_a_series_that_the_edition_does_not_say(said, made):
    statements = read_statements(made("en").parents[1])
    check_agreement({lang: (said(lang), lang) for lang in ("en", "es")}, statements)


def test_a_chart_is_titled_with_what_was_found(said, made):
    statements = read_statements(made("en").parents[1])
    for lang in ("en", "es"):
        alt = re.search(r'fig-alt="([^"]*)"', said(lang))[1]
        for id in ("PROT-01", "PREV-09", "PREV-07"):
            assert statements.of(id).said[lang]["as_title"] in alt
    assert statements.of("PREV-07").said["en"]["as_title"] == (
        "Screenings of migrants: 102 in 2024, 47 in 2021"
    )


def test_the_spanish_brief_is_the_same_page_and_says_no_word_to_avoid(said):
    assert IDENTIFIER.findall(said("en")) == IDENTIFIER.findall(said("es"))
    assert not list(forbidden_in(said("es"), "es"))
    assert "identificaron a 18\u00a0víctimas" in said("es")


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_brief_is_exactly_two_pages_and_says_where_to_report(made, tmp_path, lang):
    pypdf = pytest.importorskip("pypdf")
    publication = publication_from(
        PROJECT.profile,
        lang=lang,
        simulated=True,
        layout="brief",
        period="January to December 2024",
        made_from=(("Edition of the data bank", "0" * 12), ("Version", "atips-analysis 0")),
    )
    report = Report(f"brief-{lang}", made(lang), publication)
    (file,) = render(report, tmp_path, renderer="embedded", formats=("pdf",))
    pages = pypdf.PdfReader(file).pages
    assert len(pages) == 2
    first = " ".join(pages[0].extract_text().split())
    assert "911" in first and "0-800-PROTECT" in first and "922" in first
