"""Small charts side by side: each says what was found, and its marks are explained below."""

from __future__ import annotations

import re

import pandas as pd

from atips_analysis.pages import Cell, charts, show
from atips_analysis.pages.style import NARROW

SCREENED = [Cell(47.0), Cell(66.0), Cell(81.0), Cell(102.0)]
CONVICTED = [Cell(None, "C"), Cell(0.0, "Z"), Cell(5.0), Cell(2.0)]
TRAINED = [Cell(19.0, "PV"), Cell(33.0), Cell(45.0), Cell(59.0)]


def panels(**series: list[Cell]):
    rows = [
        (title, 2021 + at, cell) for title, cells in series.items() for at, cell in enumerate(cells)
    ]
    frame = pd.DataFrame(rows, columns=["title", "year", "cell"])
    return charts.yearly_panels(frame, title="title", year="year", cell="cell")


def test_every_year_of_every_series_is_said_after_what_was_found():
    drawn = panels(Screenings=SCREENED, Convictions=CONVICTED)
    assert drawn.alt == (
        "Screenings. 2021: 47; 2022: 66; 2023: 81; 2024: 102. "
        "Convictions. 2021: hidden for protection; 2022: 0; 2023: 5; 2024: 2."
    )


def test_marks_that_are_drawn_are_explained_and_no_others():
    note = show(panels(Convictions=CONVICTED, Training=TRAINED), "Years", "fig-x").full_note
    for words in ("c = hidden", "p = provisional"):
        assert words in note
    assert show(panels(Screenings=SCREENED), "Years", "fig-x", note="Source").full_note == "Source"


def test_a_hidden_count_is_drawn_alike_whatever_it_was():
    hidden, same = Cell(None, "C"), Cell(4.0, "C")
    assert panels(A=[hidden, *SCREENED[1:]]).svg == panels(A=[same, *SCREENED[1:]]).svg


def test_a_phone_has_a_drawing_of_its_own_that_it_shows_whole():
    series = {"Potential and confirmed victims identified: no evidence of a change": SCREENED}
    shown = show(panels(**series, B=SCREENED, C=TRAINED), "Years", "fig-x")
    assert drawn_width(shown.drawing.narrow) <= NARROW * 72 < drawn_width(shown.drawing.svg)
    on_phone, page = shown.markdown.index("(x-narrow.svg)"), shown.markdown.index("(x.svg)")
    assert on_phone < page and 'when-format="html"' in shown.markdown[:on_phone]
    bundle = shown._repr_mimebundle_()
    assert bundle["image/svg+xml;width=narrow"] == shown.drawing.narrow


def drawn_width(svg: str) -> float:
    """In points."""
    return float(re.search(r'width="([0-9.]+)pt"', svg)[1])
