"""A cell that an earlier release opens beside today's table: what is hidden next to mend it."""

from __future__ import annotations

import pandas as pd
import pytest

from atips_analysis.disclosure.cells import cell_key, table_relations
from atips_analysis.disclosure.indicator_table import Cells, _shown_beside
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
    assert _shown_beside([key("F")], cells, protection) == {part}


def test_the_total_goes_when_no_part_is_left(cells):
    everything = pd.DataFrame({"key": list(cells.counts), "public_status": ["C", "C", "C", "OK"]})

    class Hidden:
        cells = everything

    assert _shown_beside([key("F")], cells, Hidden()) == {key()}
