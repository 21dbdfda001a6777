"""The messages of the year: the report opens with all of them, and each chapter with its own."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.errors import InputError
from atips_analysis.framework import load_indicators
from atips_analysis.indicators.place import wide_columns
from atips_analysis.pages import message, messages
from atips_analysis.pages.chapter_messages import CHAPTERS
from atips_analysis.pages.edition import Edition
from atips_analysis.project import Project, find_project

HERE = find_project(Path(__file__).parent)
WRITTEN = "Before all.\n\n## Protection\n\n**Cared for.** Words\nof two lines.\n\n## The year\n\nAll told.\n"


@pytest.fixture
def write(tmp_path):
    """An edition of agencies' records whose messages are these."""
    for folder in ("data/framework", "data/published", "data/council"):
        shutil.copytree(HERE.root / folder, tmp_path / folder)
    for folder in ("2024", "example"):
        (tmp_path / "data" / "narrative" / folder).mkdir(parents=True)
    about = {"simulated": False, "edition": "0" * 12, "baseline": "2021-2023", "year": 2024}
    table = pd.DataFrame(columns=list(wide_columns()))

    def edition(text):
        for folder in ("2024", "example"):
            file = tmp_path / "data" / "narrative" / folder / "messages.md"
            file.write_text(text, encoding="utf-8")
        return Edition(
            table,
            load_indicators(HERE),
            about,
            "en",
            Project(tmp_path),
            tmp_path,
            2024,
            "2021-2023",
        )

    return edition


def test_the_report_opens_with_all_messages_and_a_chapter_with_its_own(write):
    edition = write(WRITTEN)
    assert messages(edition).markdown == (
        "Before all.\n\n- **Cared for.** Words of two lines.\n- All told."
    )
    assert message(edition, "protection").markdown == "**Cared for.** Words of two lines."


def test_a_chapter_without_a_message_and_a_project_without_any_open_with_nothing(write):
    assert message(write(WRITTEN), "labour").markdown == ""
    assert messages(write("")).markdown == message(write(""), "protection").markdown == ""


def test_a_message_from_simulated_records_says_that_it_is_an_example(write):
    edition = write(WRITTEN)
    simulated = replace(edition, about={**edition.about, "simulated": True})
    assert message(simulated, "protection").markdown.startswith("*Example:* **Cared for.**")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Words.\n\n## Protecton\n\nOne.\n", 'row 3: "Protecton" is no chapter of the report'),
        ("## Labour\n\nOne.\n\n## Labour\n\nOther.\n", '"Labour" has two messages'),
    ],
)
def test_a_message_below_no_chapter_or_a_second_one_is_one_line_with_its_row(write, text, told):
    with pytest.raises(InputError, match=re.escape(told)) as refused:
        messages(write(text))
    assert str(refused.value).startswith("data/narrative/2024/messages.md, row ")
    assert "\n" not in str(refused.value)


def test_the_example_has_a_message_for_every_chapter_and_the_report_asks_for_each():
    text = (HERE.root / "data" / "narrative" / "example" / "messages.md").read_text("utf-8")
    assert set(re.findall(r"^## (.+)$", text.lower(), re.MULTILINE)) == set(CHAPTERS)
    report = (HERE.notebooks / "annual-report.ipynb").read_text("utf-8")
    for chapter in set(CHAPTERS) - {"the year"}:
        assert f'message(edition, \\"{chapter}\\")' in report, chapter
