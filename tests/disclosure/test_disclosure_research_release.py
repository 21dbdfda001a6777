"""The aggregates of research as a release: what the ledger says of hidden counts."""

from __future__ import annotations

import pytest

from atips_analysis.disclosure import research_tables_released as room
from atips_analysis.disclosure.cells import cell_key
from atips_analysis.disclosure.indicator_cells import Cells


class Bank:
    edition = "a"


def public(**means):
    rows = [
        {"years": "2024", "code": code, "by": "Total", "category": "Total"}
        | {"value": value, "status": "C" if value is None else "OK"}
        for code, value in means.items()
    ]
    overlap = {"lists": 1, "publishable": False, "reasons": ["one list"]}
    return {"years": "2024", "attrition": [], "durations": [], "means": rows, "overlap": overlap}


@pytest.fixture
def released(monkeypatch):
    def make(table, **counts):
        monkeypatch.setattr(room, "rows_of", lambda bank: None)
        monkeypatch.setattr(room, "_attrition", lambda *_: {})
        monkeypatch.setattr(
            room,
            "_means",
            lambda system, *_: {
                ("means", code): system.put("victims by means", "2024", count, means=code)
                for code, count in counts.items()
            },
        )
        found, truth = room.released_research(table, Bank(), Cells())
        return {dict(key[2])["means"]: value for key, value in found.shown.items()}, found, truth

    return make


def test_a_hidden_count_is_at_least_one_and_stands_where_its_row_does(released):
    shown, found, truth = released(public(DEBT=9, HOURS=None), DEBT=9, HOURS=2)
    hours = cell_key("victims by means", "2024", {"means": "HOURS"})
    assert shown == {"DEBT": 9, "HOURS": None}
    row = room.research_rows(public(DEBT=9, HOURS=None))[1]
    assert found.places[hours] == ((room.research_row_id(row), "value"),) and truth[hours] == 2


def test_the_ledger_does_not_tell_which_hidden_count_is_a_zero(released):
    shown, found, _ = released(public(DEBT=9, HOURS=None, OTHER=None), DEBT=9, HOURS=2, OTHER=0)
    assert shown == {"DEBT": 9}
    assert len(found.unpublished) == 2


def test_rows_of_research_make_one_table():
    rows = room.research_rows(public(DEBT=9, HOURS=None))
    assert [row["topic"] for row in rows] == ["means", "means", "overlap"]
    assert {tuple(row) for row in rows} == {room.COLUMNS}
    assert [row["status"] for row in rows] == ["OK", "C", "NAP"]
