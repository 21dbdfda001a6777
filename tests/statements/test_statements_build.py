"""The steps of a build that decide what is said, and that see that pages agree."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.build.actions import check_pages_agree, decide_statements
from atips_analysis.build.asked_for import Build
from atips_analysis.build.plan import plan_reports
from atips_analysis.errors import FindingsError
from atips_analysis.indicators.place import identity, wide_columns
from atips_analysis.project import find_project
from atips_analysis.statements.agreement import marked

HERE = find_project(Path(__file__).parent)


@pytest.fixture
def public(tmp_path):
    """A public side with screenings alone, and what is said of them."""
    rows = [
        {
            **dict.fromkeys(wide_columns(), ""),
            **dict.fromkeys(identity(), "Total"),
            **dict.fromkeys(("numerator", "denominator", "ci_low", "ci_high"), pd.NA),
            "indicator_id": "PREV-07",
            "unit_of_count": "SCREENING",
            "statistic": "count",
            "period": str(year),
            "value": value,
            "status": "OK",
        }
        for year, value in zip(range(2021, 2025), (47, 66, 81, 102), strict=True)
    ]
    table, about = tmp_path / "indicators.csv", tmp_path / "build.json"
    pd.DataFrame(rows, columns=list(wide_columns())).to_csv(table, index=False)
    factors = {"events by case": None, "events by victim": None}
    about.write_text(json.dumps({"year": 2024, "baseline": "2021-2023", "design_factors": factors}))
    decide_statements([table, about], [tmp_path / "statements.json"], root=str(HERE.root))
    return tmp_path


def page(folder: Path, name: str, text: str) -> Path:
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {"cell_type": "raw", "id": "a", "metadata": {}, "source": "---\ntitle: A\n---"},
            {"cell_type": "markdown", "id": "b", "metadata": {}, "source": text},
        ],
    }
    file = folder / f"{name}.ipynb"
    file.write_text(json.dumps(notebook), encoding="utf-8")
    return file


def agree(public: Path, **texts: str) -> dict[str, int]:
    pages = [page(public, name, text) for name, text in texts.items()]
    done = public / "pages-agree.json"
    check_pages_agree(
        [public / "statements.json", *pages],
        [done],
        langs=["en"] * len(pages),
        names=list(texts),
    )
    return json.loads(done.read_text(encoding="utf-8"))


def test_pages_that_take_their_words_from_the_edition_pass(public):
    said = json.loads((public / "statements.json").read_text(encoding="utf-8"))["statements"]
    words = next(one["said"]["en"]["in_full"] for one in said if one["id"] == "PREV-07")
    assert "102 in 2024; before, 47 (2021), 66 (2022), 81 (2023)" in words
    assert agree(public, report=marked(words, "PREV-07"), other="Nothing.") == {
        "report": 1,
        "other": 0,
    }


def test_a_page_with_a_word_of_its_own_stops_the_build_before_anything_is_published(public):
    with pytest.raises(FindingsError, match="baseline says of PREV-07"):
        agree(public, baseline=marked("an upward trend", "PREV-07"))
    with pytest.raises(FindingsError, match="trends speaks of a change in its own words"):
        agree(public, trends="Of screenings of migrants there is an upward trend.")
    assert not (public / "pages-agree.json").exists()


def test_every_page_of_numbers_reads_the_statements_and_nothing_is_published_before_they_agree():
    build = Build(HERE, 2024, "2021-2023", HERE.example, HERE.reports, "embedded")
    steps = {step.name: step for step in plan_reports(build, simulated=True)}
    (statements,) = steps["decide what is said"].writes
    (agreed,) = steps["see that pages agree"].writes
    runs = [step for name, step in steps.items() if name.startswith("run ")]
    of_numbers = [step for step in runs if build.public / "indicators.csv" in step.reads]
    assert len(of_numbers) > 10 and all(statements in step.reads for step in of_numbers)
    assert {step.writes[0] for step in runs} <= set(steps["see that pages agree"].reads)
    assert {statements, agreed} <= set(steps["publish"].reads)
