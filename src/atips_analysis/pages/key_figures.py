"""The figures that open a year: the same on the annual report and on the front page."""

from __future__ import annotations

from atips_analysis.pages.edition import Edition
from atips_analysis.pages.numbers import Cell, format_cell
from atips_analysis.pages.origins import LABELS, origin_of
from atips_analysis.words import translator

KEY_FIGURES = (
    ("PROS-01", "CASE", "suspected cases investigated"),
    ("PROT-01", "VICTIM", "potential and confirmed victims identified"),
    ("PROT-06", "VICTIM", "victims supported with services"),
    ("PROS-02", "SUSPECT", "persons arrested or otherwise in formal contact"),
    ("PROS-04", "CONVICTION_P", "persons convicted of trafficking"),
    ("PROT-11", "CHILD", "migrant children sheltered (not victims)"),
    ("PREV-02", "PARTICIPANT", "attendances at training"),
    ("PREV-07", "SCREENING", "screenings of migrants"),
    ("PREV-08", "INSPECTION", "labour inspections"),
)
"""Indicator, unit of count and words."""


def key_figure(cell: Cell) -> str:
    """A key figure: its number, or a word for why there is none."""
    if cell.value is None:
        return {"C": "hidden", "NC": "not collected"}.get(cell.status, "not known")
    return format_cell(cell)


def year_in_figures(edition: Edition, year: int) -> list[tuple[str, str]]:
    """The key figures of a year with what they count; of simulated records, whose each is."""
    _ = translator(edition.lang)
    shown = []
    for code, unit, words in KEY_FIGURES:
        kind = origin_of(edition, code, year, unit).kind
        whose = f" – *{_(LABELS[kind])}*" if edition.simulated else ""
        shown.append((key_figure(edition.cell(code, year, unit, "count")), words + whose))
    return shown
