"""Scores and the gate: what is told of the data as a whole."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from atips_analysis.codebook import load_codebook
from atips_analysis.quality.edition_gate import empty_sheets, quality_gate
from atips_analysis.quality.judgement import Judgement
from atips_analysis.quality.scores import (
    protected_summary,
    quality_scores,
    timeliness,
)
from atips_analysis.statistics import rate_ratio

CODEBOOK = load_codebook()


def judgement(verdicts, stream="trainings", findings=()):
    """A judgement of rows that are all filled in, with these verdicts."""
    columns = [column.name for column in CODEBOOK.streams[stream].columns]
    rows = pd.DataFrame("1", index=range(len(verdicts)), columns=columns)
    rows = rows.assign(file="a.xlsx", sheet="s", row=range(2, len(rows) + 2))
    rows = rows.assign(submitted_by="NCFC", submitted_for=2024, verdict=list(verdicts))
    names = ["stream", "file", "sheet", "row", "column", "rule", "severity"]
    found = pd.DataFrame([(stream, "a.xlsx", "s", *item) for item in findings], columns=names)
    return Judgement({stream: rows}, found)


def score(judged, dimension):
    table = quality_scores(judged, CODEBOOK).set_index("dimension")
    return table.loc[dimension, "score"]


def test_rows_that_are_all_right_score_a_hundred():
    judged = judgement(["accepted"] * 4)
    assert [
        score(judged, d) for d in ("completeness", "validity", "consistency", "uniqueness")
    ] == [100.0] * 4


def test_each_dimension_falls_by_what_it_counts():
    found = [
        (2, "month", "format", "critical"),
        (3, "participants", "parts and whole", "critical"),
    ]
    judged = judgement(["quarantined", "quarantined", "accepted", "duplicate"], findings=found)
    width = len(CODEBOOK.streams["trainings"].columns)
    assert score(judged, "validity") == pytest.approx(100 * (3 * width - 1) / (3 * width), abs=0.05)
    assert score(judged, "consistency") == pytest.approx(66.7)
    assert score(judged, "uniqueness") == 75.0


def test_timeliness_is_not_collected_when_nobody_says_when_a_return_came():
    table = quality_scores(judgement(["accepted"]), CODEBOOK).set_index("dimension")
    assert table.loc["timeliness", "status"] == "NC"
    assert pd.isna(table.loc["timeliness", "score"])


def test_a_return_loses_a_point_for_each_day_after_it_was_due():
    due = date(2025, 1, 31)
    assert timeliness(date(2025, 1, 31), due) == 100
    assert timeliness(date(2025, 2, 1), due) == 99
    assert timeliness(date(2026, 1, 31), due) == 0


def test_scores_of_few_records_about_persons_are_hidden_and_no_score_shows_its_parts():
    scores, counts = protected_summary(judgement(["accepted"] * 3, "victims"), CODEBOOK)
    assert not {"met", "of"} & set(scores.columns)
    assert set(scores.loc[scores["dimension"] == "validity", "status"]) == {"C"}
    assert scores.loc[scores["dimension"] == "validity", "score"].isna().all()
    assert counts["about_persons"].all()


def test_a_public_share_of_persons_rows_leaves_open_whether_five_or_none_are_wrong():
    def shown(wrong, rows):
        verdicts = ["duplicate"] * wrong + ["accepted"] * (rows - wrong)
        scores, _ = protected_summary(judgement(verdicts, "victims"), CODEBOOK)
        return scores.set_index("dimension").loc["uniqueness", "score"]

    assert shown(0, 100) == shown(4, 100) == shown(5, 100) == 100
    assert pd.isna(shown(1, 99))


def test_the_gate_stops_what_is_more_than_a_fifth_in_quarantine():
    fifth = judgement(["quarantined"] + ["accepted"] * 4)
    more = judgement(["quarantined"] * 2 + ["accepted"] * 7)
    assert quality_gate(fifth, {"quarantined_share": 0.2}) == []
    assert len(quality_gate(more, {"quarantined_share": 0.2})) == 1
    assert quality_gate(more, {"quarantined_share": 0.5}) == []


def sheets(*rows):
    names = ["file", "sheet", "stream", "rows_read", "nil_return"]
    return pd.DataFrame(rows, columns=names)


def test_an_empty_sheet_is_a_failure_unless_the_cover_says_nil():
    listed = sheets(
        ("a.xlsx", "s", "trainings", 1, False),
        ("a.xlsx", "Awareness", "awareness", 0, False),
        ("a.xlsx", "Totals", "counts", 0, True),
    )
    failures = quality_gate(judgement(["accepted"]), {}, listed)
    assert len(failures) == 1
    assert "Awareness" in failures[0]


def test_an_empty_sheet_of_a_stream_that_the_agency_does_not_send_is_no_failure():
    files = pd.DataFrame({"file": ["a.xlsx"], "submitted_by": ["NCFC"], "state": ["current"]})
    listed = sheets(("a.xlsx", "Totals", "counts", 0, False))
    assert len(empty_sheets(listed)) == 1
    assert empty_sheets(listed, files).empty


def test_the_gate_stops_when_rows_that_were_read_were_not_judged():
    listed = sheets(("a.xlsx", "s", "trainings", 2, False))
    assert quality_gate(judgement(["accepted"]), {}, listed) == [
        "trainings: 2 rows were read and 1 were judged"
    ]


def test_the_exact_test_of_a_count_against_earlier_years_is_the_binomial_one():
    # 0 after 10 in one year: twice 0.5 ** 10
    assert rate_ratio(0, 10, 1, 1).p_value == pytest.approx(2 * 0.5**10)
    assert rate_ratio(5, 5, 1, 1).p_value == 1.0
    assert rate_ratio(0, 0, 1, 3).p_value == 1.0
