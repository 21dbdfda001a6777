"""A cell that an earlier release opens beside today's table: what is hidden next to mend it."""

from __future__ import annotations

import pandas as pd
import pytest

from atips_analysis.disclosure.cells import cell_key, table_relations
from atips_analysis.disclosure.indicator_cells import Cells
from atips_analysis.disclosure.indicator_table import _shown_beside, _tables_around
from atips_analysis.disclosure.knowledge import Known
from atips_analysis.disclosure.suppression import Protection

COUNTS = {"F": 3, "M": 9, "U": 8}


def key(sex: str = ""):
    return cell_key("PROT-01 VICTIM", "2024", {"sex": sex} if sex else {})


@pytest.fixture
def cells() -> Cells:
    counts = {key(sex): count for sex, count in COUNTS.items()} | {key(): 20}
    return Cells(counts, table_relations(counts))


@pytest.fixture
def protection(cells: Cells, protect_cells) -> Protection:
    return protect_cells(cells.counts, cells.relations, threshold=5)


def test_other_parts_are_hidden_before_the_total(cells, protection):
    shown = protection.cells.set_index("key")["public_status"].eq("OK")
    (part,) = [name for name in (key("M"), key("U")) if shown[name]]
    assert shown[key()] and not shown[key("F")]
    assert _shown_beside([key("F")], cells, Known(), protection) == {part}


def test_the_total_goes_when_no_part_is_left(cells):
    everything = pd.DataFrame({"key": list(cells.counts), "public_status": ["C", "C", "C", "OK"]})

    class Hidden:
        cells = everything

    assert _shown_beside([key("F")], cells, Known(), Hidden()) == {key()}


def test_a_national_total_and_what_is_public_are_never_tried(cells):
    class Shown:
        cells = pd.DataFrame({"key": [key(), key("F"), key("M"), key("U")], "public_status": "OK"})

    known = Known(totals=frozenset([key()]), counts={key("M"): 9})
    assert _shown_beside([key("F")], cells, known, Shown()) >= {key("U")}
    assert not {key(), key("M")} & _shown_beside([key("F")], cells, known, Shown())


def test_a_breakdown_that_no_pattern_closes_goes_for_all_periods_and_for_none_beside_it():
    def row(name, period, by, category):
        return {
            "row": name,
            "indicator_id": "PROT-01",
            "unit_of_count": "VICTIM",
            "period": period,
            "by_1": by,
            "category_1": category,
            "by_2": "",
        }

    table = pd.DataFrame(
        [
            row("all", "2024", "", ""),
            row("f", "2024", "sex", "F"),
            row("f before", "2023", "sex", "F"),
            row("child", "2024", "age_group", "CHILD"),
        ]
    ).set_index("row")
    told = Cells(
        {key("F"): 3, key(): 20},
        (),
        rows={"f": frozenset({key("F")}), "all": frozenset({key()})},
    )
    found = _tables_around([key("F")], table, told)
    assert found == {"PROT-01 VICTIM, by sex": frozenset({"f", "f before"})}
