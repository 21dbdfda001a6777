"""Passages with their source, photographs with their words: what people add to a report."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.errors import InputError
from atips_analysis.framework import load_indicators
from atips_analysis.indicators.place import wide_columns
from atips_analysis.pages import narrative, photographs
from atips_analysis.pages.edition import Edition
from atips_analysis.pages.narrative import check_photographs
from atips_analysis.project import Project, find_project
from atips_analysis.published.sources import load_meetings
from atips_analysis.render.pandoc import parse

HERE = find_project(Path(__file__).parent)


@pytest.fixture
def edition(tmp_path):
    """An edition of agencies' records without any number, in a project of its own."""
    for folder in ("data/framework", "data/published", "data/council"):
        shutil.copytree(HERE.root / folder, tmp_path / folder)
    (tmp_path / "data" / "narrative" / "2024" / "photographs").mkdir(parents=True)
    about = {"simulated": False, "edition": "0" * 12, "baseline": "2021-2023", "year": 2024}
    table = pd.DataFrame(columns=list(wide_columns()))
    return Edition(
        table, load_indicators(HERE), about, "en", Project(tmp_path), tmp_path, 2024, "2021-2023"
    )


def written(edition, name, text):
    file = edition.project.root / "data" / "narrative" / "2024" / name
    file.write_text(text, encoding="utf-8")


def test_a_passage_that_is_not_there_leaves_no_heading(edition):
    assert narrative(edition, "foreword", "# Foreword").markdown == ""


def test_a_passage_of_the_council_names_no_source_and_one_that_restates_a_text_does(edition):
    written(edition, "foreword.md", "Words of a minister.")
    assert (
        narrative(edition, "foreword", "# Foreword").markdown
        == "# Foreword\n\nWords of a minister."
    )
    written(edition, "restated.csv", "passage,source_id,chapter\nforeword,ATIPS-2024,Foreword\n")
    said = narrative(edition, "foreword").markdown
    title = "Anti-Trafficking in Persons Report for Belize, January-December 2024"
    assert said.endswith(f"::: {{.restated}}\nRestated from: {title}, “Foreword”.\n:::")


def test_a_source_that_nobody_registered_is_one_line(edition):
    written(edition, "foreword.md", "Words of a minister.")
    written(edition, "restated.csv", "passage,source_id,chapter\nforeword,ATIPS-1999,Foreword\n")
    with pytest.raises(InputError, match=r"2024/restated.csv: ATIPS-1999 is no source"):
        narrative(edition, "foreword")


def picture(edition, name="one.png"):
    from PIL import Image

    folder = edition.project.root / "data" / "narrative" / "2024" / "photographs"
    Image.new("RGB", (300, 200), "blue").save(folder / name)


HEADS = "file,chapter,caption,alt\n"


def test_a_photograph_stands_in_its_own_chapter_with_its_words(edition):
    picture(edition)
    written(edition, "photographs.csv", HEADS + "one.png,labour,A plantation,Rows of beans\n")
    (shown,) = photographs(edition, "labour")
    assert (shown.caption, shown.drawing.alt) == ("A plantation", "Rows of beans")
    assert 'viewBox="0 0 300 200"' in shown.drawing.svg and "data:image/jpeg" in shown.drawing.svg
    assert photographs(edition, "protection") == []


def test_whatever_a_photograph_is_called_and_said_to_be_it_is_shown_and_nothing_else(edition):
    name, words = "my photo (1)].png", "](javascript:x) *a* &#x202E; @x $y$ \\"
    picture(edition, name)
    row = ",".join(f'"{one}"' for one in (name, "labour", words, words))
    written(edition, "photographs.csv", f"{HEADS}{row}\n")
    (shown,) = photographs(edition, "labour")
    tree = parse(shown.markdown, "page")
    (figure,) = tree["blocks"]
    said = json.dumps(tree)
    assert figure["t"] == "Figure" and not {"Link", "Emph", "Cite", "Math"} & {
        *re.findall(r'"t": "(\w+)"', said)
    }
    assert "\\u202e" not in said and said.count("&#x202E;") == 3  # caption twice, and alt


def test_no_photograph_of_real_people_stands_beside_simulated_records(edition):
    picture(edition)
    written(edition, "photographs.csv", HEADS + "one.png,labour,A plantation,Rows of beans\n")
    simulated = replace(edition, about={**edition.about, "simulated": True})
    assert photographs(simulated, "labour") == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("two.png,labour,A plantation,Rows of beans", "two.png is not in the folder photographs"),
        ("words.png,labour,A plantation,Rows of beans", "words.png is no JPEG or PNG picture"),
        ("one.png,labour,A plantation,", "one.png: write caption and alt"),
        ("one.png,labour,,Rows of beans", "one.png: write caption and alt"),
        ("../one.png,labour,A plantation,Rows of beans", "is not in the folder photographs"),
        ("one.png,labor,A plantation,Rows of beans", "one.png: 'labor' is none of partnership, "),
    ],
)
def test_what_is_wrong_with_a_photograph_is_one_line_with_its_row(edition, line, told):
    picture(edition)
    written(edition, "photographs/words.png", "no picture")
    written(edition, "one.png", "beside the folder")
    written(edition, "photographs.csv", f"{HEADS}{line}\n")
    with pytest.raises(InputError, match=told):
        photographs(edition, "protection")
    with pytest.raises(InputError, match=told) as refused:  # before a build does any work
        check_photographs(edition.project, 2024)
    assert str(refused.value).startswith("data/narrative/2024/photographs.csv, row 2:")


def test_meetings_stand_in_the_order_of_the_year_and_a_year_without_any_has_none():
    meetings = load_meetings(HERE, 2024)
    months = meetings["month"].dropna().tolist()
    assert months == sorted(months) and len(meetings) > 10
    assert load_meetings(HERE, 2019).empty
