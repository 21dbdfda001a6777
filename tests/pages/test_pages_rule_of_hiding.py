"""Which counts are hidden is said in one place, with its exceptions, and in every language."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.framework import load_indicators
from atips_analysis.pages import Cell, front_matter, hiding_said, published_cell
from atips_analysis.pages.inline_value import said
from atips_analysis.pages.numbers import legend_of
from atips_analysis.pages.tables import table_markdown
from atips_analysis.pages.tidy import Tidy
from atips_analysis.project import find_project

PROJECT = find_project(Path(__file__).parent)
NOTEBOOKS = sorted(PROJECT.notebooks.rglob("*.ipynb"))
TYPED = re.compile(
    r"counts? of (?:persons|cases|people)? ?(?:from )?(?:`\{python\}[^`]*`|\d)[^.]{0,40}"
    r"(?:are|is) (?:hidden|not published)",
    re.IGNORECASE,
)


def words_of(notebook: Path) -> str:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells)


def test_the_rule_names_its_exceptions_in_every_language():
    assert hiding_said(5) == (
        "Counts of persons from 1 to 4 are hidden, and with them what would give them away: in "
        "place of a hidden count stands the range in which it lies (or c); a true zero is shown, "
        "and so is a figure that was public already."
    )
    assert "de 1 a 4" in hiding_said(5, "es") and "ya eran públicas" in hiding_said(5, "es")
    assert "1 to 9" in hiding_said(10)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_page_says_the_rule_in_its_own_words(notebook):
    assert not TYPED.search(words_of(notebook))


def test_the_rule_in_other_words_would_be_found():
    assert TYPED.search("Counts of persons from `{python} small` are hidden, with the rest.")
    assert TYPED.search("counts of persons from 1 to 4 are not published")


def test_what_others_hide_has_a_mark_and_a_legend_of_its_own():
    others = published_cell(None, "C")
    assert legend_of([others]) == "h = hidden by its publisher"
    both = legend_of([others, Cell(None, "C")])
    assert both.startswith("c = hidden for protection;") and both.endswith(
        "h = hidden by its publisher"
    )
    assert published_cell(7.0, "OK") == Cell(7.0, "OK")


def test_the_source_line_is_in_the_language_of_the_page():
    about = {"edition": "0123456789ab", "simulated": True}
    spanish = Tidy(pd.DataFrame(), load_indicators(PROJECT), about, "es").source_line
    assert spanish == "Fuente: banco de datos, edición 0123456789ab (registros simulados)"


def test_a_space_that_may_not_break_stays_one_in_a_table():
    frame = pd.DataFrame({"por cada 100\u00a0000": [1.2]})
    markdown = table_markdown(frame, "tasas por cada 100\u00a0000", "tbl-x", lang="es")
    assert markdown.count("100\u00a0000") == 2


def test_an_address_in_a_sentence_is_words_and_nothing_is_fetched():
    assert said("https://example.org")._repr_markdown_() == "https://example.org"


def test_what_a_page_says_of_itself_is_front_matter():
    assert front_matter(period="2021–2023 y 2024").markdown == (
        '---\nperiod: "2021–2023 y 2024"\n---'
    )
