"""Statements of an edition, side by side in a table."""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf

import pandas as pd

from atips_analysis.pages.edition import Edition
from atips_analysis.pages.numbers import Cell, format_interval, format_number
from atips_analysis.statements import Statement
from atips_analysis.words import N_, translator
from atips_analysis.words.translator import in_language

INTERVALS = N_("Lines are 95 % intervals; those of persons know that they come by case")
"""What the note of a figure with intervals of the register says."""


def statements_table(
    edition: Edition, compared: str = "baseline", ids: Sequence[str] | None = None
) -> pd.DataFrame:
    """What the edition says of its series, a row each, to be shown.

    Parameters
    ----------
    edition : Edition
    compared : str
        "baseline": the year beside the baseline's years; "trend": the factor from year to year.
    ids : sequence of str, optional
        Only these, in this order.

    Returns
    -------
    DataFrame
        What is counted; a column a year (of trends: the years, as text); the ratio, its interval
        and what can be said, marked as the edition's words.
    """
    _ = translator(edition.lang)
    chosen = [edition.statement(id) for id in ids] if ids else edition.statements.all
    rows = [
        {_("What is counted"): in_language(one.subject, edition.lang, f"subject of {one.id}")}
        | _counts(edition, one, _("Years"))
        | {
            _("Ratio"): _ratio(one, edition.lang),
            _("95 % interval"): format_interval(one.ratio_low, one.ratio_high, edition.lang, 2),
            _("What can be said"): edition.said(one.id, "in_short"),
        }
        for one in chosen
        if one.compared == compared
    ]
    # as objects: texts of pandas would forget whose words they are
    return pd.DataFrame(rows, dtype=object)


def _counts(edition: Edition, one: Statement, years: str) -> dict[str, object]:
    if one.compared == "baseline":
        counted = zip(one.years, one.counts, one.statuses, strict=True)
        return {
            str(year): edition.cell(one.indicator_id, year, one.unit, "count")
            if count is None  # provisional: compared with nothing; hidden: its range is shown
            else Cell(count, status, kept=year in one.kept)
            for year, count, status in counted
        }
    return {years: one.before.replace("-", "\N{EN DASH}")}


def _ratio(one: Statement, lang: str) -> str:
    """Blank where nothing is known, and where nothing was counted before: no number says that."""
    if one.ratio is None or isinf(one.ratio):
        return ""
    return format_number(one.ratio, lang, 2)
