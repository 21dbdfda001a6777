"""The methods annex states what the tests state, and nothing that no test holds up."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from atips_analysis.errors import InputError
from atips_analysis.project import Project, find_project
from atips_analysis.reporting.methods_annex import CHAPTERS, load_statements
from atips_analysis.words.terminology import forbidden_in

PROJECT = find_project(Path(__file__).parent)
STATEMENTS = load_statements(PROJECT)


def test_every_statement_of_the_register_has_its_test_and_its_example():
    assert all(
        "assert" in statement.example or "raises" in statement.example for statement in STATEMENTS
    )


def test_every_chapter_of_the_annex_has_statements_of_its_own_room():
    assert {statement.chapter for statement in STATEMENTS} == set(CHAPTERS)
    assert all(
        statement.test.startswith(f"tests/{s.chapter}/") for s in STATEMENTS for statement in [s]
    )


def test_statements_end_in_a_full_stop_and_say_no_forbidden_word():
    for statement in STATEMENTS:
        assert set(statement.said) >= {"en", "es"}
        for lang, words in statement.said.items():
            assert words.endswith(".") and not list(forbidden_in(words, lang))


def test_no_example_holds_a_case_number_or_a_folder_of_a_machine():
    from atips_analysis.publishing.gate import FORBIDDEN

    for statement in STATEMENTS:
        assert not [what for what, p in FORBIDDEN.items() if p.search(statement.example.encode())]


def test_a_statement_whose_test_is_gone_is_refused_with_its_row(tmp_path):
    shutil.copytree(PROJECT.framework, tmp_path / "data" / "framework")
    (tmp_path / "tests").mkdir()
    with pytest.raises(InputError, match=r"specification\.csv, row 2: .* is no test"):
        load_statements(Project(tmp_path))


def test_a_project_without_tests_of_its_own_shows_those_that_came_with_the_package(tmp_path):
    shutil.copytree(PROJECT.framework, tmp_path / "data" / "framework")
    assert load_statements(Project(tmp_path)) == STATEMENTS
