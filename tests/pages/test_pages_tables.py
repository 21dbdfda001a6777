"""Numbers, texts, tables and figures of reports."""

from __future__ import annotations

import pandas as pd
import pytest

from atips_analysis.pages.charts import bars
from atips_analysis.pages.numbers import (
    Cell,
    format_cell,
    format_interval,
    format_number,
    format_percent,
    legend_of,
)
from atips_analysis.pages.tables import table_markdown
from atips_analysis.pages.text import counted, escape_markdown, in_words, join_words


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1669, None, "1,669"),
        (-0.5, None, "\N{MINUS SIGN}0.5"),
        (15.0, 1, "15.0"),
        (-0.04, 1, "0.0"),
        (None, None, ""),
        (float("nan"), 2, ""),
        (float("inf"), None, "\N{INFINITY}"),
    ],
)
def test_numbers_have_thousands_separators_and_a_true_minus_sign(
    value: float | None, decimals: int | None, text: str
) -> None:
    assert format_number(value, "en", decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1669, "1669"), (-12345.5, "\N{MINUS SIGN}12 345.5"), (100_000, "100 000"), (0.64, "0.64")],
)
def test_spanish_parts_thousands_with_a_space_from_five_digits_on(value: float, text: str) -> None:
    # ISO 80000-1, 7.3.1; Ortografía de la lengua española (2010), VIII 2.2.1.1.
    assert format_number(value, "es") == text.replace(" ", "\N{NO-BREAK SPACE}")


def test_a_percentage_never_parts_from_its_sign() -> None:
    assert format_percent(14.988) == "15.0\N{NO-BREAK SPACE}%"


def test_an_interval_is_written_with_to_and_with_a() -> None:
    assert format_interval(2.81, 14.42) == "2.8 to 14.4"
    assert format_interval(2.81, 14.42, "es") == "2.8 a 14.4"
    assert format_interval(None, 14.42) == ""


def test_primary_and_secondary_suppression_look_the_same_to_a_reader() -> None:
    assert {format_cell(Cell(3, status)) for status in ("P", "S", "C")} == {"c"}


def test_hidden_missing_and_not_collected_look_different_and_are_explained() -> None:
    cells = [Cell(None, code) for code in ("C", "NF", "M", "NC")] + [Cell(0, "Z")]
    assert [format_cell(cell) for cell in cells] == ["c", ":", "nr", "nc", "0"]
    assert legend_of(cells) == (
        "c = hidden for protection; no range can be told, as of a share of hidden counts; : = no figure; nr = not received: no agency has sent it; "
        "nc = not collected"
    )
    assert "no se recopila" in legend_of(cells, "es")


def test_text_from_data_cannot_become_markup() -> None:
    assert escape_markdown("a|b @x $1 ~y *z* <i> #t _u_") == (
        r"a\|b \@x \$1 \~y \*z\* \<i\> \#t \_u\_"
    )
    assert escape_markdown("two\nlines") == "two lines"
    assert escape_markdown("care & aid; &lt;b&gt; &#8238;") == r"care & aid; \&lt;b\&gt; \&\#8238;"
    assert escape_markdown("doctor --repair a-b") == r"doctor \-\-repair a-b"


def test_lists_are_joined_as_each_language_does() -> None:
    assert join_words(["a", "b", "c"]) == "a, b and c"
    assert join_words(["Belice", "Indonesia"], "es") == "Belice e Indonesia"
    assert join_words(["agua", "hielo"], "es") == "agua y hielo"
    assert join_words([]) == ""


def test_a_count_goes_with_its_unit_in_the_right_number() -> None:
    assert counted(1, "case", "cases") == "1\N{NO-BREAK SPACE}case"
    assert counted(18, "case", "cases") == "18\N{NO-BREAK SPACE}cases"
    assert in_words(3) == "three"
    assert in_words(12) == "12"


def test_a_table_has_caption_identifier_alignment_and_legend() -> None:
    frame = pd.DataFrame({"Year": [2019, 2020], "Victims": [Cell(1234), Cell(None, "C")]})
    text = table_markdown(frame, "Victims by year", "tbl-victims", note="Source: X")
    assert text.splitlines()[:4] == [
        "| Year | Victims |",
        "| --- | --: |",
        "| 2019 | 1,234 |",
        "| 2020 | c |",
    ]
    assert ": Victims by year {#tbl-victims}" in text
    assert "as of a share of hidden counts. Source: X." in text


def test_a_table_refuses_an_identifier_that_nothing_can_refer_to() -> None:
    with pytest.raises(ValueError, match="begins with tbl-"):
        table_markdown(pd.DataFrame({"a": [1]}), "A", "victims")


def test_the_same_chart_drawn_twice_is_the_same_to_the_byte() -> None:
    rows = pd.DataFrame({"of": ["A", "B", "C"], "n": [Cell(7), Cell(3, "C"), Cell(None, "NC")]})
    one = bars(rows, label="of", cell="n", unit="Cases (count)")
    two = bars(rows, label="of", cell="n", unit="Cases (count)")
    assert one.svg == two.svg
    assert one.alt == "Bars, cases (count). A: 7; B: hidden for protection; C: not collected."


def test_the_text_beside_a_figure_never_tells_a_hidden_count() -> None:
    told = []
    for hidden in (2, 4):
        rows = pd.DataFrame({"of": ["A", "B"], "n": [Cell(17), Cell(hidden, "C")]})
        told.append(bars(rows, label="of", cell="n", unit="Victims"))
    assert told[0] == told[1]
    assert told[0].alt == "Bars, victims. A: 17; B: hidden for protection."


def test_a_legend_that_opens_with_a_colon_is_no_caption():
    frame = pd.DataFrame({"Year": [2025], "Victims": [Cell(None, "NF")]})
    text = table_markdown(frame, "Victims", "tbl-victims")
    assert not any(line.startswith(": =") for line in text.splitlines())
    assert "\\: = no figure" in text
