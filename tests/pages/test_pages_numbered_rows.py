"""Rows without a number are one line, by reason, and never a table of marks."""

from __future__ import annotations

import pandas as pd

from atips_analysis.pages import Cell, numbered_rows

HIDDEN, ABSENT, NOBODY = Cell(None, "C"), Cell(None, "NF"), Cell(None, "NC")
UNSENT = Cell(None, "M")
ZERO = Cell(0.0, "Z")


def table(**rows: list[Cell]) -> pd.DataFrame:
    lines = [[name.replace("_", " "), *cells] for name, cells in rows.items()]
    return pd.DataFrame(lines, columns=["what", "2023", "2024"])


def test_rows_with_a_number_stay_and_the_others_are_named_by_reason():
    rows, line = numbered_rows(
        table(
            Arrests=[Cell(7.0), HIDDEN],
            Fines=[HIDDEN, HIDDEN],
            Budget=[NOBODY, NOBODY],
            Calls=[ABSENT, ABSENT],
            Visits=[UNSENT, UNSENT],
            Officials=[ZERO, ZERO],
        )
    )
    assert list(rows["what"]) == ["Arrests"]
    assert line == (
        "Hidden for protection in every period: fines. "
        "None in any period: officials. Not collected: budget. "
        "Not received from any agency: visits. No figure for any period: calls."
    )


def test_a_row_that_is_hidden_in_one_year_and_zero_in_another_is_shown():
    rows, line = numbered_rows(table(Convictions=[ZERO, HIDDEN]))
    assert len(rows) == 1 and line == ""


def test_a_range_is_as_good_as_a_number_where_no_exact_count_is_asked_for():
    ranged = table(Women=[Cell(None, "C", 25, 43), HIDDEN], Men=[HIDDEN, HIDDEN])
    rows, line = numbered_rows(ranged)
    assert list(rows["what"]) == ["Women"]
    assert line == "Hidden for protection in every period: men."


def test_where_exact_counts_are_asked_for_a_row_without_one_is_named():
    counts = table(Shelter=[HIDDEN, Cell(9.0)], Food=[ZERO, HIDDEN])
    rows, line = numbered_rows(counts, exact=True)
    assert list(rows["what"]) == ["Shelter"] and line == "Hidden: food."
    assert len(numbered_rows(counts)[0]) == 2


def test_a_year_without_an_exact_count_is_named_and_no_column_of_marks():
    ranged = Cell(None, "C", 0, 7)
    rows, line = numbered_rows(
        table(Contact=[Cell(17.0), ranged], Trial=[Cell(8.0), ranged]), exact=True
    )
    assert list(rows.columns) == ["what", "2023"] and len(rows) == 2
    assert line == "Left out, as every count is hidden: 2024."


def test_the_line_is_said_in_the_language_of_the_page():
    assert numbered_rows(table(Fondos=[NOBODY, NOBODY]), "es")[1] == "No se recopila: fondos."
