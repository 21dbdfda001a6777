"""How indicators stand in the protected table: their values by year, their state, why one has none.

An indicator has a line for each statistic, and where a total over all categories means nothing,
one for each category.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from atips_analysis.codebook import dimensions
from atips_analysis.indicators.compute import NOT_FINAL, NOT_POOLED, NOTHING
from atips_analysis.indicators.measure import measures
from atips_analysis.indicators.place import TOTAL
from atips_analysis.pages.edition import Edition
from atips_analysis.pages.numbers import NO_BREAK, Cell, format_cell
from atips_analysis.pages.text import lower
from atips_analysis.words import N_, Translator, translator

STATES = {
    "OK": N_("shown"),
    "Z": N_("shown"),
    "E": N_("estimated"),
    "PV": N_("provisional"),
    "C": N_("hidden"),
    "NC": N_("not collected"),
    "M": N_("not received"),
}
"""What a status says of a value, in a word."""

KINDS = {
    ("PREV-08", "INSPECTION", "percent"): "share on child labour",
    ("PREV-09", "REPORT", "percent"): "share that became a case",
    ("PROT-06", "VICTIM", "count"): "victims supported with services",
    ("PROT-06", "SERVICE", "ratio"): "services per victim",
    ("PROS-10", "CONVICTION_P", "percent"): "of persons convicted, sentenced to custody",
    ("PROS-10", "CONVICTION_P", "median"): "length of the custodial sentence",
}
"""What a line of an indicator of several kinds counts, where its unit alone would not say it."""

IN_BRACKETS = {
    "percent": " (%)",
    "ratio": " (ratio)",
    "median": " (median, {unit})",
    "mean": " (mean, {unit})",
}
"""What a line is in, of all but counts and rates: a rate's name says per how many."""
PLACES = {"count": None, "": None, "rate": 2, "ratio": 2}
"""Decimals that a statistic is printed with on every page (of whole numbers none); of others 1."""
ALONE = " alone"
BEHIND_A_NUMBER = {"percent": " %", "rate": " per 100,000", "median": " {unit}", "mean": " {unit}"}


def indicator_lines(
    edition: Edition, years: Sequence[int] | None = None, pooled: str = ""
) -> pd.DataFrame:
    """Every indicator of the framework, a row a line, with its values as tables show them.

    Parameters
    ----------
    edition : Edition
    years : sequence of int, optional
        Single years, a column each; those of the baseline.
    pooled : str
        The years together, such as ``2021-2023``; those of the baseline.

    Returns
    -------
    DataFrame
        indicator, area, line (its label), unit, statistic, measured_in (the unit of a median or mean), whole (no category of a breakdown); a column
        a year and `pooled`, holding `Cell`s; ci_low and ci_high of the years together; state (of
        the years together, in words, and of which alone it is where others have nothing); baseline (the `Cell` that the line is summed up by: of the
        years together or, where they do not add up, of the last year) and period, which it is of.
    """
    years = edition.baseline_years if years is None else years
    pooled = pooled or edition.baseline
    rows = [
        row
        for indicator in edition.indicators
        for row in _rows_of(edition, indicator.id, list(years), pooled)
    ]
    return pd.DataFrame(rows).astype({"ci_low": "Float64", "ci_high": "Float64"})


def indicator_states(lines: pd.DataFrame) -> pd.Series:
    """How each indicator stands: "printed", "held back", "not received" or "not collected".

    Printed where any line has a number for a year or the years together; not collected where
    nobody records it, and not received where no agency has sent it for any of the years; held back
    where every number is hidden or rests on too few.

    Parameters
    ----------
    lines : DataFrame
        As `indicator_lines` gives them.
    """

    def state(own: pd.DataFrame) -> str:
        cells = [cell for cell in own.to_numpy().ravel() if isinstance(cell, Cell)]
        if any(cell.value is not None for cell in cells):
            return "printed"
        statuses = {cell.status for cell in cells}
        if statuses <= {"NC"}:
            return "not collected"
        return "not received" if statuses <= {"NC", "M", "NAP"} and "M" in statuses else "held back"

    return lines.groupby("indicator", sort=False)[list(lines.columns)].apply(state)


UNITS = {"days": N_("days"), "months": N_("months"), "points of 100": N_("points of 100")}
"""What medians and means are measured in."""
HELD_BACK = (N_("not pooled"), N_("no median yet"), N_("nothing counted"), N_("not computed"))


def baselines_in_words(lines: pd.DataFrame, lang: str = "en") -> pd.Series:
    """The baseline of each indicator in few words: its value and period, or why there is none.

    Of several lines the first that is no category counts; an indicator of categories alone has
    its baseline "by category".
    """

    _ = translator(lang)

    def words(own: pd.DataFrame) -> str:
        whole = own[own["whole"]]
        if whole.empty:
            return _("by category")
        line = whole.iloc[0]
        cell, statistic = line["baseline"], line["statistic"]
        if cell.value is None and not cell.hidden_range:
            return _why(str(STATES.get(cell.status, line["state"])), _)
        value = format_cell(cell, lang, decimals=PLACES.get(statistic, 1))
        number, blank, mark = value.partition(NO_BREAK)  # a mark such as p stands behind the unit
        unit = BEHIND_A_NUMBER.get(statistic, "")
        if statistic in ("median", "mean"):
            measured_in = UNITS[line["measured_in"]]
            unit = unit.format(unit=_(measured_in))
        elif statistic == "rate":
            per = _("per 100,000")
            unit = f" {per}"
        period = line["period"].replace("-", "–")
        if period.endswith(ALONE):
            period = _("{years} alone", years=period.removesuffix(ALONE))
        return f"{number}{unit}{blank}{mark} ({period})"

    return lines.groupby("indicator", sort=False)[list(lines.columns)].apply(words)


def _why(state: str, _: Translator) -> str:
    """Why there is no value, in the reader's language."""
    few = re.fullmatch(r"fewer than (\d+)", state)
    return _("too few (under {least})", least=few[1]) if few else _(state)


def why_missing(notes: Iterable[object]) -> str:
    """Why there is no value, from the notes of its rows in the protected table."""
    said = " ".join(str(note) for note in notes)
    too_few = re.search(r"fewer than \d+", said)
    if NOT_POOLED in said:
        return "not pooled"
    if too_few:
        return too_few[0]
    if "fewer than half" in said:
        return "no median yet"
    return "nothing counted" if NOTHING in said else "not computed"


def _rows_of(
    edition: Edition, code: str, years: list[int], pooled: str
) -> Iterator[dict[str, Any]]:
    own = edition.table[edition.table["indicator_id"] == code]
    kinds = list(own[["unit_of_count", "statistic"]].drop_duplicates().itertuples(index=False))
    head = f"{code} {edition.indicator(code).name_en}"
    for unit, statistic in kinds:
        of_unit = edition.unit_label(code, unit).lower() if len(kinds) > 1 else ""
        kind = KINDS.get((code, unit, statistic), of_unit)
        mine = own[(own["unit_of_count"] == unit) & (own["statistic"] == statistic)]
        measured_in = _measured_in(code, unit, statistic)
        for category in _categories(edition, mine):
            what = lower(edition.label(*next(iter(category.items())))) if category else kind
            between = "" if not what else " " if head == code else ": "
            yield {
                "indicator": code,
                "area": edition.indicator(code).priority_area,
                "line": f"{head}{between}{what}"
                + IN_BRACKETS.get(statistic, "").format(unit=measured_in),
                "unit": unit,
                "statistic": statistic,
                "measured_in": measured_in,
                "whole": not category,
            } | _values(edition, (code, unit, statistic), category, years, pooled)
            head = code


def _measured_in(code: str, unit: str, statistic: str) -> str:
    """The unit of a median or mean."""
    own = (one for one in measures(code) if (one.unit, one.statistic) == (unit, statistic))
    return next((one.measured_in for one in own), "")


def _categories(edition: Edition, own: pd.DataFrame) -> list[dict[str, str]]:
    """The lines of one statistic: its total or, where a total means nothing, its categories."""
    if (own[list(dimensions())] == TOTAL).all(axis=1).any():
        return [{}]
    return [
        {dimension: code}
        for dimension in dimensions()
        for code in edition.in_order(dimension, sorted(set(own[dimension]) - {TOTAL}))
    ]


def _values(
    edition: Edition,
    of: tuple[str, str, str],
    category: dict[str, str],
    years: list[int],
    pooled: str,
) -> dict[str, Any]:
    code, unit, statistic = of
    cells = {str(year): edition.cell(code, year, unit, statistic, **category) for year in years}
    rows = edition.rows(code, pooled, unit, statistic, **category)
    together, state = Cell(None, "NAP"), "not pooled"
    if len(rows):
        together = edition.cell(code, pooled, unit, statistic, **category)
        state = STATES.get(together.status) or why_missing(rows["note"])
        if together.value is not None and str(rows["note"].iloc[0]).startswith(NOT_FINAL):
            state = f"{state}, not final"
    last, resting = str(years[-1]), pooled
    notes = rows["note"].iloc[:1].astype(str) if together.value is not None else []
    for found in filter(None, (re.search(r"of ([\d, ]+) alone", note) for note in notes)):
        resting = f"{found[1]}{ALONE}"
        state = f"{state}, {resting}"
    alone = together.value is None and together.status in ("NAP", "NF", "M")
    return {
        **cells,
        pooled: together,
        "ci_low": rows["ci_low"].iloc[0] if len(rows) else pd.NA,
        "ci_high": rows["ci_high"].iloc[0] if len(rows) else pd.NA,
        "state": state,
        "baseline": cells[last] if alone else together,
        "period": last if alone else resting,
    }
