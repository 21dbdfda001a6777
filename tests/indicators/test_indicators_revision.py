"""What explains a revised value: the rows that the indicator counts, then and now."""

from __future__ import annotations

import pytest

from atips_analysis.indicators import measures
from atips_analysis.ledger.revision import _with_rows, differences, rows_between


def session(number: int, **what: object) -> dict:
    return {
        "session_id": f"S{number}", "month": "2024-03", "audience": "POLICE", "topic": "HT101",
        "facilitator": "HTI", "participants": 20, "women": 8, "men": 12,
    } | what  # fmt: skip


@pytest.fixture
def banks(invented):
    before = invented.bank(trainings=invented.frame("trainings", *map(session, range(9))))
    now = [session(0, participants=30, men=22), *map(session, range(2, 9)), session(9)]
    return before, invented.bank(trainings=invented.frame("trainings", *now))


def test_rows_are_added_withdrawn_or_changed_by_their_key(banks):
    (measure,) = measures("PREV-02")
    assert rows_between(measure, "2024", *banks) == (1, 1, 1)


def test_sessions_behind_attendances_are_told_like_the_sessions_themselves(invented, banks):
    tables = [invented.table(one, "2024") for one in banks]
    found = _with_rows(differences(*tables), *tables, *banks)
    rows = found[found["sex"].eq("Total") & found["audience"].eq("Total")]
    line = rows[rows["indicator_id"] == "PREV-02"].iloc[0]
    assert (line["frozen"], line["today"]) == (180, 190)
    told = [line[name] for name in ("rows_added", "rows_withdrawn", "rows_changed")]
    assert told == ["1", "1", "1"]


def test_a_score_that_moves_is_a_return_that_changed(invented):
    import pandas as pd

    from atips_analysis.indicators.rows import Rows

    def bank(score: float) -> Rows:
        scores = pd.DataFrame(
            [("DHS", 2024, "victims", "validity", score), ("IMM", 2024, "victims", "validity", 99.0)],
            columns=["submitted_by", "submitted_for", "stream", "dimension", "score"],
        )  # fmt: skip
        empty = invented.bank()
        return Rows(empty.frames, empty.years, True, "e", lambda: scores)

    (measure,) = measures("PART-08")
    assert rows_between(measure, "2024", bank(90.0), bank(95.0)) == (0, 0, 1)
