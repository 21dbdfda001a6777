"""What those identified, and the cases opened, came to within the same time for everybody."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from atips_analysis.indicators.case_cohorts import MONTHS_WITHIN
from atips_analysis.indicators.follow_up import SERVED_WITHIN
from atips_analysis.pages.edition import Edition
from atips_analysis.pages.numbers import Cell, format_interval, format_number
from atips_analysis.words import N_, translator

SERVED = N_("Served within {days} days")


class _Window(NamedTuple):
    """Where a share within a time stands, and those who were not followed so long yet."""

    indicator_id: str
    unit: str
    place: dict[str, str]
    open: dict[str, str]
    days: int = 0


def _windows(unit: str) -> list[_Window]:
    if unit == "VICTIM":
        longest = max(SERVED_WITHIN)
        left = {"follow_up": f"NOT_FOLLOWED_{longest}"}
        return [
            _Window(
                "PROT-05",
                unit,
                {} if days == longest else {"follow_up": f"DAYS_{days}"},
                left,
                days,
            )
            for days in SERVED_WITHIN
        ]
    return [
        _Window(
            "PROS-08", unit, {"stage": f"{stage}_{months}"}, {"stage": f"NOT_FOLLOWED_{months}"}
        )
        for stage in ("CHARGED", "DISPOSED")
        for months in MONTHS_WITHIN
    ]


def outcomes_within(edition: Edition, period: str | int, unit: str) -> pd.DataFrame:
    """Shares that came to an outcome within fixed times, as a table of a page.

    Parameters
    ----------
    edition : Edition
    period : str or int
        In which they were identified or opened, such as ``2021-2023``.
    unit : str
        "VICTIM": victims served within 30 and 90 days. "CASE": cases charged and decided within 12
        and 24 months.

    Returns
    -------
    DataFrame
        A row an outcome: its name, the number, the least and the most that the share of all can
        come to (one and the same where everybody was followed so long), its interval (only there),
        and the share still open that could not be followed so long yet. Heads are in the language
        of the page.
    """
    return pd.DataFrame([_row(edition, period, one) for one in _windows(unit)], dtype=object)


def _row(edition: Edition, period: str | int, window: _Window) -> dict[str, Any]:
    _ = translator(edition.lang)
    of = window.indicator_id, period, window.unit, "percent"
    rows = edition.rows(*of, **window.place)
    least, left = edition.cell(*of, **window.place), edition.cell(*of, **window.open)
    name = (
        _(SERVED, days=window.days)
        if window.days
        else edition.label("stage", window.place["stage"])
    )
    known = rows[rows["value"].notna()].to_dict("records")
    number = float(known[0]["numerator"]) if known else None
    low, high = (known[0]["ci_low"], known[0]["ci_high"]) if known else (None, None)
    # Where there is an interval, everybody was followed so long: the least is the most.
    most = least if pd.notna(low) else _at_most(least, left)
    return {
        _("Outcome"): name,
        _("Number"): least._replace(value=number),
        _("At least, % of all"): _share(least, edition.lang),
        _("At most, % of all"): _share(most, edition.lang),
        _("95 % interval, %"): format_interval(low, high, edition.lang),
        _("Not followed so long yet, %"): _share(left, edition.lang),
    }


def _share(cell: Cell, lang: str) -> Cell:
    """A percentage with one decimal, whatever its last digit is."""
    return cell if cell.value is None else cell._replace(value=format_number(cell.value, lang, 1))


def _at_most(least: Cell, left: Cell) -> Cell:
    """The share were all of those to come to it who are open and were not followed so long."""
    if least.value is None or left.value is None:
        return (least if least.value is None else left)._replace(value=None)
    return least._replace(value=min(100.0, float(least.value) + float(left.value)))
