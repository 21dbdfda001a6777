"""The page for developers states what the tests state, and nothing that no test holds up."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from atips_analysis.errors import InputError
from atips_analysis.framework.specification import load_statements
from atips_analysis.project import Project, find_project
from atips_analysis.words.terminology import forbidden_in

PROJECT = find_project(Path(__file__).parent)
CELLS = json.loads((PROJECT.notebooks / "specification.ipynb").read_text(encoding="utf-8"))["cells"]
CHAPTERS = re.findall(r"\{#sec-(\w+)\}", "".join("".join(cell["source"]) for cell in CELLS))
STATEMENTS = load_statements(PROJECT, CHAPTERS)
"""All of the register: a chapter that the annex lacks would have been refused."""


@pytest.fixture
def copy(tmp_path: Path) -> Project:
    """A project that has the register and the tests that it names."""
    shutil.copytree(PROJECT.framework, tmp_path / "data" / "framework")
    for file in {test.partition("::")[0] for test in STATEMENTS["test"]}:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT.root / file, tmp_path / file)
    return Project(tmp_path)


def first_row(project: Project, old: str, new: str) -> None:
    """Change something in the first row of the register."""
    file = project.framework / "specification.csv"
    head, first, rest = file.read_text(encoding="utf-8").split("\n", 2)
    assert old in first
    file.write_text("\n".join([head, first.replace(old, new), rest]), encoding="utf-8")


def test_every_statement_of_the_register_has_its_test_and_its_example():
    assert STATEMENTS["example"].str.contains("assert|raises").all()


def test_every_chapter_of_the_annex_has_statements_of_its_own_room():
    assert set(STATEMENTS["chapter"]) == set(CHAPTERS)
    assert (STATEMENTS["test"].str.split("/").str[1] == STATEMENTS["chapter"]).all()


@pytest.mark.parametrize("lang", ["en", "es"])
def test_statements_end_in_a_full_stop_and_say_no_forbidden_word(lang):
    for words in load_statements(PROJECT, CHAPTERS, lang)["statement"]:
        assert words.endswith(".") and not list(forbidden_in(words, lang))


def test_in_another_language_the_statement_is_said_and_the_code_stays():
    spanish = load_statements(PROJECT, CHAPTERS, "es")
    assert (spanish["example"] == STATEMENTS["example"]).all()
    assert (spanish["statement"] != STATEMENTS["statement"]).all()


def test_no_example_holds_a_case_number_or_a_folder_of_a_machine():
    from atips_analysis.render.reports_gate import forbidden

    for example in STATEMENTS["example"]:
        assert not [what for what, p in forbidden().items() if p.search(example.encode())]


def test_a_statement_whose_test_is_gone_is_refused_with_its_row(copy):
    first_row(copy, "::test_", "::test_no_longer_")
    with pytest.raises(InputError, match=r"specification\.csv, row 2: .* is no test"):
        load_statements(copy, CHAPTERS)


def test_a_statement_of_a_chapter_that_the_annex_lacks_is_refused_with_its_row(copy):
    first_row(copy, "cleaning,", "sweeping,")
    with pytest.raises(InputError, match=r"specification\.csv, row 2: .* or sweeping no chapter"):
        load_statements(copy, CHAPTERS)


def test_a_blank_statement_is_refused_with_its_row_whichever_language_is_asked_for(copy):
    first_row(copy, STATEMENTS["statement"][0], "")
    with pytest.raises(InputError, match=r"specification\.csv, row 2: a statement is blank"):
        load_statements(copy, CHAPTERS, "es")


def test_a_language_without_a_column_is_named(copy):
    with pytest.raises(InputError, match=r"specification\.csv: statement .* language xx"):
        load_statements(copy, CHAPTERS, "xx")
