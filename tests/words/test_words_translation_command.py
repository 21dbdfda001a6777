"""`atips translation`: how many drafts there are, and who has read them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from atips_analysis.cli import run
from atips_analysis.project import find_project
from atips_analysis.render.drafts import unreviewed
from atips_analysis.words import catalogues, upkeep

PROJECT = find_project()


@pytest.fixture
def house(tmp_path, monkeypatch) -> Path:
    """A project with a built page and a catalogue of its own, in which all is a draft."""
    locale = tmp_path / "locale"
    shutil.copytree(catalogues.LOCALE, locale)
    monkeypatch.setattr(catalogues, "LOCALE", locale)
    monkeypatch.setattr(upkeep, "LOCALE", locale)
    file = locale / "es" / "LC_MESSAGES" / "atips.po"
    catalogue = catalogues.read_catalogue(file)
    for message in catalogue:
        if message.id and message.string:
            message.flags.add("fuzzy")
    upkeep._write(file, catalogue)
    shutil.copytree(PROJECT.council, tmp_path / "data" / "council")
    built = tmp_path / "data" / "work" / "2024-x" / "executed" / "methods-es" / "methods-es.ipynb"
    built.parent.mkdir(parents=True)
    said = {"drafts": [["", "Methods annex"]]}
    built.write_text(json.dumps({"cells": [], "metadata": said}), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return built


def test_the_command_counts_messages_and_drafts(house, capsys):
    assert run(["translation"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("es: ") and "drafts that nobody has read" in told


def test_a_page_is_no_draft_when_what_it_says_was_read_and_the_others_stay(house, capsys):
    before = upkeep.state_of("es").drafts
    assert unreviewed(house, "es")
    page = ["--lang", "es", "--page", "methods-es"]
    assert run(["translation", *page, "--reviewed-by", "Press officer"]) == 0
    assert "read by Press officer" in capsys.readouterr().out
    assert not unreviewed(house, "es")
    after = set(upkeep.state_of("es").drafts)
    assert ("", "Methods annex") not in after
    assert ("", "Yes") in after and len(after) < len(before)


def test_all_drafts_of_a_language_can_be_read_at_once(house):
    assert run(["translation", "--lang", "es", "--reviewed-by", "Press officer"]) == 0
    assert upkeep.state_of("es").drafts == ()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["--reviewed-by", "Press officer"], "say which language was read: --lang es"),
        (["--lang", "es", "--page", "methods-es"], "--page goes with --reviewed-by"),
        (["--lang", "es", "--page", "none", "--reviewed-by", "A"], "no build has a page none"),
        (["--lang", "fr"], "language 'fr' has no catalogue"),
        (["--lang", "es", "--reviewed-by", " "], "--reviewed-by is blank"),
        (["--lang", "es", "--reviewed-by", "-1"], "--reviewed-by '-1' is no role"),
        (["--lang", "es", "--reviewed-by", "--page"], "--reviewed-by '--page' is no role"),
        (["--lang", "es", "--reviewed-by", "2024"], "is no role"),
        (["--lang", "es", "--reviewed-by", "=1+1"], "is no role"),
        (["--lang", "es", "--reviewed-by", "…"], "is no role"),
        (["--lang", "es", "--reviewed-by", "A" * 1000], "is no role"),
        (["--lang", "es", "--reviewed-by", "A\x1b[31m"], "is no role"),
        (["--lang", "es", "--reviewed-by", "A\u202eB"], "is no role"),
        (["--lang", "es", "--reviewed-by", "A <b>"], "holds '<', which is no word"),
        (["--lang", "es", "--reviewed-by", "[A](x)"], "is no role"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(house, capsys, asked, told):
    assert run(["translation", *asked]) == 2
    error = capsys.readouterr().err
    assert told in error and error.count("\n") == 1
