"""The table of revisions: what the last release printed and an edition prints otherwise."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from atips_analysis.indicators.compute import KEPT
from atips_analysis.indicators.place import narrow
from atips_analysis.pages import (
    Cell,
    charts,
    coarser_since,
    large_figure,
    open_edition,
    release_before,
    revised_since,
    show,
)
from atips_analysis.pages import revised as module
from atips_analysis.pages.numbers import NO_BREAK, format_cell, legend_of
from atips_analysis.pages.passages import fill


@pytest.fixture
def edition(public, tmp_path):
    return open_edition(public(tmp_path, {("PROS-01", "CASE"): (10, 12, 14, 36, 18)}))


def a_release(edition, printed, table="another"):
    places = {("K", str(at)): ((row, "value"),) for at, row in enumerate(printed)}
    shown = dict(zip(places, printed.values(), strict=True))
    return SimpleNamespace(
        content={"table": table},
        version=1,
        year=2024,
        released=SimpleNamespace(places=places, shown=shown),
    )


def total(edition, code="PROS-01", period="2024"):
    rows = narrow(edition.table)
    own = (rows["indicator_id"] == code) & (rows["period"] == period) & rows["by_1"].eq("")
    row = rows[own & rows["statistic"].eq("count") & rows["value"].notna()].iloc[0]
    return str(row.name), int(row["value"])


def test_a_total_that_was_printed_otherwise_is_listed_with_both_numbers(edition):
    row, value = total(edition)
    table = revised_since(edition, a_release(edition, {row: value + 3}))
    assert list(table.columns) == [
        "Indicator",
        "Unit of count",
        "Period",
        "Printed then",
        "Printed now",
    ]
    assert len(table) == 1 and table.at[0, "Period"] == "2024"
    assert (table.at[0, "Printed then"].value, table.at[0, "Printed now"].value) == (
        value + 3,
        value,
    )


def test_what_stands_and_what_was_rounded_is_not_listed(edition):
    row, value = total(edition)
    assert revised_since(edition, a_release(edition, {row: value})).empty
    assert revised_since(edition, a_release(edition, {row: (value, value + 4)})).empty


def test_a_number_that_was_hidden_is_told_as_hidden(edition):
    row, value = total(edition)
    table = revised_since(edition, a_release(edition, {row: None}))
    assert (table.at[0, "Printed then"].value, table.at[0, "Printed then"].status) == (None, "C")
    assert table.at[0, "Printed now"].value == value


def change(edition, row, **values):
    """Change the row of an id in the edition's table."""
    at = edition.table.index[narrow(edition.table).index == row]
    edition.table.loc[at, list(values)] = list(values.values())


def test_of_figures_that_the_last_release_kept_those_before_it_are_told(edition, monkeypatch):
    row, value = total(edition)
    first, last = a_release(edition, {row: value + 3}), a_release(edition, {})
    monkeypatch.setattr(module, "read_ledger", lambda files: [first, last])
    table = revised_since(edition, last)
    assert table.at[0, "Printed then"].value == value + 3 and len(table) == 1
    assert revised_since(edition, a_release(edition, {row: value})).empty


def coarser_than(edition, *printed):
    """What was done since a release that printed some cells: their key, row and number."""
    release = a_release(edition, {})
    for key, row, value in printed:
        release.released.places[key] = ((row, "value"),)
        release.released.shown[key] = value
    return coarser_since(edition, release)


def test_a_breakdown_that_is_gone_and_a_number_that_is_hidden_now_are_said_in_plain_words(edition):
    gone = ("PROT-01 VICTIM", "2024", (("sex", "F"),))
    row, value = total(edition)
    kept = ("PROS-01 CASE", "2024", ())
    change(edition, row, status="C")
    table = coarser_than(edition, (gone, "no-such-row", 9), (kept, row, value))
    assert list(table["What was done"]) == [
        "Numbers given as ranges: 1",
        "The breakdown, or a category of it, is left out",
    ]
    assert table.at[1, "Broken down by"] == "Sex"


def test_nothing_is_said_of_what_was_hidden_before_or_stands(edition):
    row, value = total(edition)
    hidden = ("PROT-01 VICTIM", "2024", (("sex", "F"),))
    stands = ("PROS-01 CASE", "2024", ())
    also = ("PROS-01 CASE", "2024", (("district", "BZ"),))
    printed = (stands, row, value), (also, row, value)
    assert coarser_than(edition, (hidden, "no-such-row", None), *printed).empty


def test_an_edition_is_held_against_the_release_before_its_own(edition, monkeypatch):
    import hashlib

    own = hashlib.sha256((edition.folder / "indicators.csv").read_bytes()).hexdigest()
    first, itself, later = (a_release(edition, {}, table) for table in ("first", own, "later"))
    monkeypatch.setattr(module, "read_ledger", lambda files: (first, itself, later))
    assert release_before(edition) is first
    monkeypatch.setattr(module, "read_ledger", lambda files: (itself,))
    assert release_before(edition) is None
    monkeypatch.setattr(module, "read_ledger", lambda files: ())
    assert release_before(edition) is None


def test_figures_that_are_kept_are_said_and_bear_a_mark(edition):
    row, value = total(edition)
    assert coarser_since(edition, a_release(edition, {})).empty
    change(edition, row, vintage="an earlier edition", note=KEPT)
    (line,) = coarser_since(edition, a_release(edition, {})).to_numpy().tolist()
    assert line[0].startswith("PROS-01 ") and line[2].startswith("Figures of 2024 kept as printed ")
    cell = edition.cell("PROS-01", 2024, "CASE", "count")
    assert cell.kept and format_cell(cell) == f"{value}{NO_BREAK}k"
    assert legend_of([cell]) == (
        "k = kept as printed earlier: revised figures follow in the next edition that can print them"
    )
    hidden = cell._replace(value=None, status="C", low=1.0, high=7.0)
    assert format_cell(hidden) == f"1\N{EN DASH}7{NO_BREAK}k"
    assert legend_of([hidden]).count(";") == 1


def test_a_sentence_with_a_kept_number_says_that_it_is_kept(edition):
    row, value = total(edition)
    change(edition, row, note=KEPT)
    of = {"unit": "CASE", "statistic": "count"}
    said = edition.counted("PROS-01", 2024, "case", "cases", **of)
    assert said == f"{value}{NO_BREAK}cases (as printed earlier)"
    assert edition.number("PROS-01", 2024, **of) == f"{value} (as printed earlier)"
    text = '`{python} said("PROS-01")`, `{python} value("PROS-01")`'
    words = fill(text, edition, edition.project, 2024, "a.md").text
    assert words == f"{said}, {value} (as printed earlier)"
    assert large_figure(edition.cell("PROS-01", 2024, "CASE", "count"), "cases") == (
        str(value),
        "cases (as printed earlier)",
    )


def test_a_sentence_with_a_range_that_is_kept_says_so_too(edition):
    row, _ = total(edition)
    change(edition, row, note=KEPT, value=None, status="C", low=1, high=7)
    of = {"unit": "CASE", "statistic": "count"}
    assert edition.number("PROS-01", 2024, **of) == "1 to 7 (as printed earlier)"
    said = edition.counted("PROS-01", 2024, "case", "cases", **of)
    assert said == f"1 to 7{NO_BREAK}cases (as printed earlier)"


def test_a_category_with_nobody_in_a_kept_table_is_kept_with_it(edition):
    row, _ = total(edition)
    change(edition, row, value=0, status="Z", note=KEPT)
    cell = edition.cell("PROS-01", 2024, "CASE", "count", carried_over="YES")
    assert (cell.value, cell.kept) == (0, True)
    assert edition.summed("PROS-01", [2023, 2024], "CASE").kept


@pytest.mark.parametrize("chart", ["bars", "tiles", "interval_panels", "yearly_panels"])
def test_every_chart_marks_a_kept_number_and_explains_the_mark_below(chart):
    import pandas as pd

    cells = [Cell(7.0), Cell(None, "C", 1.0, 7.0), Cell(12.0, kept=True)]
    frame = pd.DataFrame({"label": list("abc"), "cell": cells, "place": [(0, 0), (1, 0), (2, 0)]})
    numbers = dict.fromkeys(["ci_low", "ci_high"], float("nan"))
    years = frame.assign(
        period=["2022", "2023", "2024"], value=[7, None, 12], status=["OK", "C", "OK"], **numbers
    )
    drawn = {
        "bars": lambda: charts.bars(frame, label="label", cell="cell", unit="victims"),
        "tiles": lambda: charts.tiles(
            frame, label="label", place="place", cells=["cell"], unit="victims"
        ),
        "interval_panels": lambda: charts.interval_panels({"Victims": years}),
        "yearly_panels": lambda: charts.yearly_panels(
            years.assign(title="Victims"), title="title", year="period", cell="cell"
        ),
    }[chart]()
    assert "12 (as printed earlier)" in drawn.alt
    note = show(drawn, "Victims", "fig-x", data=frame[["label", "cell"]])
    assert "k = kept as printed earlier" in note.full_note
    assert note.markdown.count("k = kept as printed earlier") == 1
