"""Numbers as each language writes them: thousands, decimals, minus sign, dates, cell statuses."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from atips_analysis.indicators.compute import is_kept
from atips_analysis.words import N_, decimal_text, locale_of, translator

MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"

MARKS = {
    "C": "c",
    "P": "c",
    "S": "c",
    "HP": "h",
    "NF": ":",
    "M": "nr",
    "NC": "nc",
    "NAP": "\N{EN DASH}",
}
"""What stands in a cell without a value; to a reader all cells that are hidden here look the same.

HP and NF are no statuses of ours: a count that its own publisher hides, and a figure that nobody
printed (`published_cell`).
"""

SUFFIXES = {"E": "e", "PV": "p"}

LEGEND = {
    "C": N_("1–4 and the like = hidden for protection: the number is one of these"),
    "c": N_("c = hidden for protection; no range can be told, as of a share of hidden counts"),
    "h": N_("h = hidden by its publisher"),
    ":": N_(": = no figure"),
    "nr": N_("nr = not received: no agency has sent it"),
    "nc": N_("nc = not collected"),
    "\N{EN DASH}": N_("– = does not apply, or too few to show"),
    "e": N_("e = estimated"),
    "p": N_("p = provisional"),
    "k": N_(
        "k = kept as printed earlier: revised figures follow in the next edition that can print them"
    ),
}

HIDDEN_LABEL = N_("hidden for protection")
OTHER_LABEL = {
    "HP": N_("hidden by its publisher"),
    "NF": N_("no figure"),
    "M": N_("not received"),
    "NC": N_("not collected"),
    "NAP": N_("does not apply"),
}


class Cell(NamedTuple):
    """A value with its status (a code of `cell_status`), for tables.

    A hidden count stands with the range that a reader can work out, where it has both ends. One that
    is `kept` stands as an earlier release printed it.
    """

    value: float | int | str | None
    status: str = "OK"
    low: float | None = None
    high: float | None = None
    kept: bool = False

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> Cell:
        """The cell of a row of the protected table."""
        told = {name: row.get(name) for name in ("value", "low", "high")}
        value, low, high = (None if isinstance(n, str) and not n else n for n in told.values())
        both = not is_missing(low) and not is_missing(high)
        low, high = (float(low), float(high)) if both else (None, None)  # type: ignore[arg-type]
        known = None if is_missing(value) else float(value)  # type: ignore[arg-type]
        return cls(known, str(row["status"]), low, high, is_kept(row.get("note")))

    @property
    def hidden_range(self) -> tuple[float, float] | None:
        """Both ends of what is known of a hidden count."""
        if self.status != "C" or self.low is None or self.high is None:
            return None
        return self.low, self.high

    @property
    def ends(self) -> tuple[float, float]:
        """The smallest and the largest count that this can be, as far as a reader knows."""
        if self.value is not None and self.status != "R":
            return float(self.value), float(self.value)
        return self.hidden_range or (0.0, math.inf)

    @property
    def comparable(self) -> bool:
        """Whether it may be held against another: known, and of all its months."""
        return self.value is not None and self.status != "PV"


def left_of(whole: Cell, printed: Iterable[Cell]) -> Cell:
    """A part that is not printed: hidden, and no more than the printed parts leave of the whole."""
    left = whole.ends[1] - sum(part.ends[0] for part in printed)
    return Cell(None, "C", 0.0, max(left, 0.0)) if math.isfinite(left) else Cell(None, "C")


def published_cell(value: float | str | None, status: str) -> Cell:
    """A figure of others: what its publisher hides is not said to be hidden by us.

    Parameters
    ----------
    value, status
        As `published.external` gives them.
    """
    theirs = {"C": "HP", "M": "NF"}
    return Cell(None, theirs[status]) if status in theirs else Cell(value, status)


def format_number(value: object, lang: str = "en", decimals: int | None = None) -> str:
    """A number as the language writes it: 1,669; −0.5; blank when missing.

    Parameters
    ----------
    value : number or missing
    lang : str
        A language that has a catalogue.
    decimals : int, optional
        Fixed decimals; without it whole numbers have none and others at most two.
    """
    if is_missing(value):
        return ""
    number = float(value)  # type: ignore[arg-type]
    if math.isinf(number):
        return ("" if number > 0 else MINUS) + "\N{INFINITY}"
    if decimals is None:
        pattern = "#,##0.##"
    else:
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = decimal_text(number, lang, pattern)
    zero = not any(digit in "123456789" for digit in text)
    return text.lstrip("-") if zero else text.replace("-", MINUS)


def format_percent(share: object, lang: str = "en", decimals: int = 1) -> str:
    """A percentage already on the scale of 100, with its sign after a no-break space."""
    text = format_number(share, lang, decimals)
    return f"{text}{NO_BREAK}%" if text else ""


def format_interval(low: object, high: object, lang: str = "en", decimals: int | None = 1) -> str:
    """An interval as "2.8 to 14.4", or "2.8 or more" without an upper end; blank without a limit."""
    if is_missing(low) or is_missing(high):
        return ""
    _ = translator(lang)
    if math.isinf(float(high)):  # type: ignore[arg-type]
        return _("{low} or more", low=format_number(low, lang, decimals))
    return _(
        "{low} to {high}",
        low=format_number(low, lang, decimals),
        high=format_number(high, lang, decimals),
    )


def format_cell(cell: object, lang: str = "en", decimals: int | None = None) -> str:
    """A table cell: a number, a text, a date, or the mark of why there is none."""
    if isinstance(cell, Cell):
        if cell.kept:
            return f"{format_cell(cell._replace(kept=False), lang, decimals)}{NO_BREAK}k"
        if ends := cell.hidden_range:
            return "\N{EN DASH}".join(format_number(end, lang) for end in ends)
        if cell.status in MARKS:
            return MARKS[cell.status]
        text = format_cell(cell.value, lang, decimals)
        suffix = SUFFIXES.get(cell.status, "")
        return f"{text}{NO_BREAK}{suffix}" if suffix else text
    if is_missing(cell):
        return ""
    if isinstance(cell, bool):
        _ = translator(lang)
        return _.pgettext("answer", "yes") if cell else _.pgettext("answer", "no")
    if isinstance(cell, (dt.date, dt.datetime)):
        return format_date(cell, lang)
    if isinstance(cell, str):
        return cell
    return format_number(cell, lang, decimals)


def status_label(status: str, lang: str = "en") -> str:
    """Why a number is not there, in words."""
    return translator(lang)(OTHER_LABEL.get(status, HIDDEN_LABEL))


def instead_of_number(cell: Cell, lang: str = "en") -> str:
    """What stands where a number is not there: its range, or else why, in words."""
    return format_cell(cell, lang) if cell.hidden_range else status_label(cell.status, lang)


def number_in_words(cell: Cell, lang: str = "en") -> str:
    """A number for a sentence: 1,669; of a kept one, that it is: 1,669 (as printed earlier)."""
    return kept_in_words(format_number(cell.value, lang), cell, lang)


def kept_in_words(words: str, cell: Cell, lang: str = "en") -> str:
    """Words of a cell for a sentence, in which no mark can stand: that it is kept, where it is."""
    _ = translator(lang)
    return _("{words} (as printed earlier)", words=words) if cell.kept else words


def cell_in_words(cell: Cell, lang: str = "en") -> str:
    """A number in an alternative text, or why there is none."""
    nothing = cell.value is None or cell.status in MARKS
    return instead_of_number(cell, lang) if nothing else number_in_words(cell, lang)


def hiding_said(threshold: int, lang: str = "en") -> str:
    """Which counts are hidden, and which are shown all the same: the rule with its exceptions.

    Parameters
    ----------
    threshold : int
        The smallest count of persons that is shown, but for zero.
    """
    _ = translator(lang)
    return _(
        "Counts of persons from {small} are hidden, and with them what would give them away: in "
        "place of a hidden count stands the range in which it lies (or c); a true zero is shown, "
        "and so is a figure that was public already.",
        small=format_interval(1, threshold - 1, lang, decimals=0),
    )


def legend_of(cells: Iterable[object], lang: str = "en") -> str:
    """What the marks among these cells mean, in one line; blank when there is none."""
    marks = set()
    for cell in cells:
        if isinstance(cell, Cell):
            mark = "C" if cell.hidden_range else MARKS.get(cell.status)
            mark = mark or SUFFIXES.get(cell.status)
            marks |= {mark or "", "k" if cell.kept else ""}
    _ = translator(lang)
    return "; ".join(_(text) for mark, text in LEGEND.items() if mark in marks)


def format_date(date: dt.date, lang: str = "en") -> str:
    """A date in words: 3 June 2024; 3 de junio de 2024."""
    from babel.dates import format_date as in_words

    return in_words(date, format="long", locale=locale_of(lang))


def is_missing(value: object) -> bool:
    """Whether there is no value: None, NaN, NA or NaT."""
    return value is None or (not isinstance(value, (str, tuple, list)) and bool(pd.isna(value)))
