"""A corpus of bad input and the right answer to each: `tests/data/bad/manifest.csv`."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from atips_analysis.cli import run

CORPUS = Path(__file__).parents[1] / "data" / "bad"
MANIFEST = "manifest.csv"
BESIDE = {MANIFEST, "names.csv"}
with (CORPUS / MANIFEST).open(encoding="utf-8", newline="") as _file:
    ANSWERS = list(csv.DictReader(_file))

pytestmark = pytest.mark.slow


def test_every_file_of_the_corpus_has_its_answer():
    assert {one["file"] for one in ANSWERS} | BESIDE == {path.name for path in CORPUS.iterdir()}


@pytest.mark.parametrize("right", ANSWERS, ids=lambda right: right["command"])
def test_bad_input_is_answered_in_one_line_that_says_what_is_wrong(
    right, tmp_path, monkeypatch, capfd
):
    shutil.copytree(CORPUS, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    assert run(right["command"].split()) == int(right["code"])
    said = capfd.readouterr()
    assert right["says"] in (said.err if right["code"] == "2" else said.out + said.err)
    assert len(said.err.splitlines()) <= 1
