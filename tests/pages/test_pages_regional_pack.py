"""The pack for the Regional Coalition: one notebook in two languages, from the protected table alone."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.framework import load_indicators
from atips_analysis.indicators.glotip import in_words_of
from atips_analysis.notebooks import run_notebook
from atips_analysis.project import find_project
from atips_analysis.render import Report, publication_from, render
from atips_analysis.render.markdown import flatten
from atips_analysis.statements import read_statements
from atips_analysis.statements.agreement import check_agreement
from atips_analysis.words.terminology import forbidden_in

PROJECT = find_project(Path(__file__).parent)
IDENTIFIER = re.compile(r"\{#([a-z]+-[a-z-]+)")
COUNTS = {
    ("PROS-01", "CASE"): (11, 13, 19, "NAP", 1234),
    ("PROT-01", "VICTIM"): (11, 16, 17, 44, 18),
    ("PROS-02", "SUSPECT"): ("C", "C", "C", "C", "C"),
    ("PROS-04", "CONVICTION_P"): (0, "C", 0, "C", 2),
    ("PREV-07", "SCREENING"): (47, 66, 81, 194, 102),
    ("PROT-06", "SERVICE"): (19, 33, 36, 88, 42),
    ("PROT-08", "VICTIM"): (5, 5, 6, 15, 9),
}
PARTS = {
    ("PROT-01", "VICTIM", "sex", "F"): (None, None, None, 40, 15),
    ("PROT-01", "VICTIM", "sex", "M"): (None, None, None, 5, 5),
    ("PROT-01", "VICTIM", "sex", "U"): (None, None, None, 0, 0),
    ("PROS-04", "CONVICTION_P", "sex", "F"): (None, None, None, None, 1),
    ("PROT-01", "VICTIM", "status_of_victim", "CONFIRMED"): (5, 7, 8, 20, 6),
    ("PROT-01", "VICTIM", "status_of_victim", "POTENTIAL"): (6, 9, 9, 24, 12),
}


@pytest.fixture(scope="module")
def made(public, tmp_path_factory):
    """The executed notebook in a language, run once a language."""
    inputs = public(tmp_path_factory.mktemp("public"), COUNTS, PARTS)

    @cache
    def make(lang: str) -> Path:
        given = {"inputs": inputs, "project": PROJECT.root, "lang": lang}
        notebook = PROJECT.notebooks / "regional-pack.ipynb"
        return run_notebook(notebook, inputs / lang / "pack.ipynb", given)

    return make


@pytest.fixture(scope="module")
def said(made):
    return cache(lambda lang: flatten(made(lang)).text)


def test_both_languages_have_the_same_sections_and_tables(said):
    assert IDENTIFIER.findall(said("en")) == IDENTIFIER.findall(said("es"))
    assert "tbl-victims" in IDENTIFIER.findall(said("en"))


def test_the_spanish_pack_says_no_word_to_avoid_and_keeps_no_english_word_of_unodcs(said):
    spanish = said("es")
    assert not list(forbidden_in(spanish, "es"))
    for words in ("Persons convicted", "Forced labour", "Female", "Unknown", "years or over"):
        assert words not in spanish


def test_a_word_of_unodcs_without_a_translation_stops_the_spanish_tables():
    shells = pd.DataFrame(
        {
            "Indicator": ["Persons fined"],
            "Category": ["Total"],
            "Sex": ["Total"],
            "Age": ["Total"],
            "Dimension": ["Total"],
        }
    )
    assert in_words_of(shells, "en", PROJECT) is shells
    with pytest.raises(Exception, match=r"glotip_words.csv: 'Persons fined'"):
        in_words_of(shells, "es", PROJECT)


@pytest.mark.parametrize(("lang", "number"), [("en", "1,234"), ("es", "1234")])
def test_numbers_are_written_as_the_language_does_and_a_hidden_one_is_a_mark(said, lang, number):
    text = said(lang)
    assert number in text and "1.44" in text
    assert re.search(r"\| c \| c \| c \| c \|", text)


def test_nothing_is_said_to_have_been_shared_that_was_not(said):
    assert "The tables that were shared are not public" in said("en")
    for text, words in ((said("en"), "as shared|side by side"), (said("es"), "lado a lado")):
        assert not re.search(words, text)


def test_it_says_that_it_is_a_proposal_and_that_codes_are_not_verified(said):
    english, spanish = said("en"), said("es")
    assert "It is a proposal" in english and "Conformity of the codes is not verified" in english
    assert "Es una propuesta" in spanish
    assert "La conformidad de los códigos no está verificada" in spanish


def test_the_cover_says_its_years_in_its_language(made):
    assert flatten(made("en")).front_matter["period"] == "2021–2023 and 2024"
    assert flatten(made("es")).front_matter["period"] == "2021–2023 y 2024"


def test_simulated_records_are_said_to_be_so_and_where_their_totals_come_from(said):
    for text, words in ((said("en"), "yearly totals"), (said("es"), "totales anuales")):
        box = text.partition("callout-warning")[2].partition(":::")[0]
        assert words in box and "112" not in box  # counted, not typed
    assert "made to meet what was published" not in said("en")


def test_statuses_of_victims_stand_apart(said):
    text = said("es")
    assert "| Víctimas potenciales identificadas | 6 | 9 | 9 | 12 |" in text
    assert "| Víctimas confirmadas identificadas | 5 | 7 | 8 | 6 |" in text


def test_what_nobody_records_is_one_line_and_in_no_table_of_definitions(said):
    english = said("en")
    line = next(part for part in english.splitlines() if part.startswith("Not collected: "))
    unrecorded = [one for one in load_indicators(PROJECT) if one.id in ("PART-10", "PREV-04")]
    for one in unrecorded:
        assert one.name_en[1:] in line and f"| {one.id} " not in english


def test_every_indicator_of_the_framework_is_named_in_each_language(said):
    for lang in ("en", "es"):
        text = re.sub(r"\\(.)", r"\1", said(lang))
        missing = [one.id for one in load_indicators(PROJECT) if one.name(lang)[1:] not in text]
        assert missing == []


def test_a_mark_that_a_table_does_not_use_is_not_explained_below_it(said):
    tables = re.split(r"\{#tbl-", said("en"))
    table = next(part for part in tables if part.startswith("victims"))
    below = table.partition("::: {.source}")[2].partition(":::")[0]
    assert "Source" in below and "c = hidden" not in below and "nc =" not in below


def test_the_part_of_a_hidden_whole_bears_its_mark_and_a_small_count_says_where_it_was_public(said):
    text = said("en")
    assert "| G4 Persons convicted: female | – | c | – | c | 1 |" in text
    assert re.search(r"already: persons convicted, 2024 \(Anti-Trafficking in Persons Report", text)


def test_it_says_which_totals_others_published_and_that_a_change_was_tested_elsewhere(said):
    assert re.search(
        r"Published: .*persons brought into formal contact \(2021, 2022 and 2024\).*\. Made to meet "
        r"published figures: .*screenings of migrants \(2024\)",
        said("en"),
    )
    assert "labour inspections (" not in said("en"), "a year without a number comes from nowhere"
    assert re.search(r"Published: .*services given to victims \(2024\)", said("en"))
    assert "Of these changes 1 is of a series that others published." in said("en")
    assert "How to quote" not in said("en") and "Cómo citar" not in said("es")


def test_what_is_said_of_series_is_the_editions(said, made):
    statements = read_statements(made("en").parents[1])
    check_agreement({lang: (said(lang), lang) for lang in ("en", "es")}, statements)
    assert said("en").count(".statement of=") >= 4


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_pack_is_at_most_ten_pages_in_print(made, tmp_path, lang):
    pypdf = pytest.importorskip("pypdf")
    publication = publication_from(PROJECT.profile, lang=lang, simulated=True)
    report = Report(f"regional-pack-{lang}", made(lang), publication)
    (file,) = render(report, tmp_path, renderer="embedded", formats=("pdf",))
    assert len(pypdf.PdfReader(file).pages) <= 10
