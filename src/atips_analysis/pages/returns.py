"""Returns that have not come, in words and as a picture: whose, of which months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from textwrap import fill
from typing import TYPE_CHECKING, Any

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.incomplete import Gap, Incomplete
from atips_analysis.pages.drawing import Drawing, drawing, house_style, in_two_widths
from atips_analysis.pages.numbers import format_number
from atips_analysis.pages.style import INK, NAVY, ORANGE, PALE, RULE, SOFT, WIDTH
from atips_analysis.pages.text import join_words as joined
from atips_analysis.quality.returns_received import THERE
from atips_analysis.words import N_, locale_of, translator

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOOKS = {
    "received": (N_("received"), NAVY, ""),
    "nil": (N_("nothing to report"), PALE, "0"),
    "late": (N_("received late"), NAVY, "L"),
    "partial": (N_("in part, or waiting for an answer"), "#f3c9a8", "½"),
    "missing": (N_("missing"), "white", "×"),
    "withdrawn": (N_("taken back"), "white", "–"),
}
"""A state in words, its colour, and the mark by which it is read without the colour."""


def incomplete_in_words(lack: Incomplete, lang: str = "en") -> str:
    """ "7 of 12 months; the police have not sent July to December 2024", in a language."""
    _ = translator(lang)
    months = _("{complete} of {months} months", complete=lack.complete, months=lack.of)
    return "; ".join([months, *(not_sent(gap, lang) for gap in lack.gaps)])


def not_sent(gap: Gap, lang: str = "en") -> str:
    """Who has not sent which months."""
    _ = translator(lang)
    agency = load_codebook().codelist("source_agency").label(gap.agency, lang)
    return _("{agency} has not sent {months}", agency=agency, months=months_in_words(gap, lang))


def missing_in_words(gaps: Iterable[Mapping[str, str]], lang: str = "en") -> str:
    """Every gap of a build in one sentence; blank where nothing is missing."""
    return "; ".join(not_sent(Gap(gap["agency"], gap["first"], gap["last"]), lang) for gap in gaps)


def returns_in_words(quality: Mapping[str, Any], year: int, lang: str = "en") -> str:
    """How many of a year's monthly returns came, and how many late where any bears its day.

    Parameters
    ----------
    quality : mapping
        A build's `quality.json`: `returns` by month, `scores` by dimension. A timeliness that is
        nowhere collected says that no return bears the day on which it was sent.
    year : int
        Of the months owed.
    lang : str
        Of the sentence; it is blank where nothing is owed.
    """
    _ = translator(lang)
    states = [one["state"] for one in quality["returns"] if one["month"].startswith(str(year))]
    if not states:
        return ""
    came = sum(state in THERE for state in states)
    many = {
        "owed": format_number(len(states), lang),
        "year": year,
        "came": format_number(came, lang),
    }
    words = (
        _("All {owed} monthly returns owed for {year} came", **many)
        if came == len(states)
        else _("Of {owed} monthly returns owed for {year}, {came} came", **many)
    )
    dated = any(
        one["dimension"] == "timeliness" and one["status"] != "NC"
        for one in quality.get("scores", ())
    )
    if not dated:
        return _("{returns}; whether they came late is not recorded.", returns=words)
    late = states.count("late")
    return _(
        "{returns}, {late} of them late.",
        returns=words,
        late=format_number(late, lang) if late else _.pgettext("of them", "none"),
    )


def beyond_in_words(beyond: Iterable[Mapping[str, Any]]) -> list[str]:
    """Returns that came and are not in the register, a line an agency: sheets and years."""
    codebook = load_codebook()
    agencies = codebook.codelist("source_agency")
    return [
        f"{agencies.label(one['agency'])}: "
        f"{joined([codebook.stream(name).label_en.lower() for name in one['streams']])} "
        f"({joined([*map(str, one['years'])])})"
        for one in beyond
    ]


def state_in_words(state: str, lang: str = "en") -> str:
    """What became of a month's return: "received late"; "recibidos con retraso"."""
    return translator(lang)(LOOKS[state][0])


def returned_months(states: pd.DataFrame, years: Iterable[int], lang: str = "en") -> Drawing:
    """A tile a month and agency, in its state: what is missing stands out at a glance.

    Parameters
    ----------
    states : DataFrame
        agency, month (yyyy-mm) and state, as `quality.returns_received.by_agency` gives them.
    years : iterable of int
        Years side by side; on a phone one below the other.
    lang : str
        Language of names and states.
    """
    from matplotlib import pyplot

    own = states.assign(year=states["month"].str[:4].astype(int))
    own = own[own["year"].isin(list(years))]
    listed = sorted(set(own["year"]))
    called = load_codebook().codelist("source_agency")
    _ = translator(lang)
    said = _("Months by agency: {counted}.", counted=_counted(own, lang))

    def draw(width: float) -> Drawing:
        blocks = _blocks(own, listed, width == WIDTH)
        deep = 1 + max((row for _, row in blocks.values()), default=0)
        with house_style():
            figure, axes = pyplot.subplots(figsize=(width, 1.0 + 0.3 * deep))
            for row in own.itertuples():
                left, top = blocks[row.year, row.agency]
                _draw_month(axes, left + int(row.month[5:]) - 1, top, row.state)
            for year in listed:
                left, top = min(place for (of, _), place in blocks.items() if of == year)
                axes.text(left, top - 0.25, str(year), color=SOFT, va="bottom", size=9.5)
            axes.set_xlim(-0.3, 12 + max((left for left, _ in blocks.values()), default=0))
            axes.set_ylim(deep, -1)
            axes.set_xticks([])
            rows = {row: agency for (_, agency), (_, row) in blocks.items()}
            # Without what stands in brackets: on a phone the months have to be in sight.
            short = {one: called.label(one, lang).partition(" (")[0] for one in rows.values()}
            labels = [fill(short[one], 26) for one in rows.values()]
            axes.set_yticks([row + 0.4 for row in rows], labels)
            axes.tick_params(length=0)
            axes.tick_params(axis="y", labelsize=9)
            axes.spines[:].set_visible(False)
            axes.grid(False)
            found = [state for state in LOOKS if state in set(own["state"])]
            _name_states(axes, found, lang, 2 if width == WIDTH else 1)
        return drawing(figure, said)

    return in_two_widths(draw)


def _blocks(
    own: pd.DataFrame, years: list[int], beside: bool
) -> dict[tuple[int, str], tuple[float, int]]:
    """The column and row where each year of an agency begins: years beside, or below, each other."""
    agencies = sorted(set(own["agency"]))
    if beside:
        return {
            (year, agency): (12.8 * at, row)
            for at, year in enumerate(years)
            for row, agency in enumerate(agencies)
        }
    found: dict[tuple[int, str], tuple[float, int]] = {}
    for year in years:
        first = 2 + max((row for _, row in found.values()), default=-2)  # a row for the year
        of_year = sorted(set(own.loc[own["year"] == year, "agency"]))
        found |= {(year, agency): (0.0, first + row) for row, agency in enumerate(of_year)}
    return found


def _draw_month(axes: Axes, left: float, top: int, state: str) -> None:
    from matplotlib.patches import Rectangle

    _words, colour, mark = LOOKS[state]
    edge = _edge(state)
    axes.add_patch(Rectangle((left, top), 0.88, 0.8, facecolor=colour, edgecolor=edge or "white"))
    ink = "white" if colour == NAVY else edge or INK
    axes.text(left + 0.44, top + 0.42, mark, ha="center", va="center", color=ink, size=9)


def _name_states(axes: Axes, states: list[str], lang: str, columns: int) -> None:
    """What the colours and marks mean, below the tiles."""
    from matplotlib.patches import Rectangle

    handles = [
        Rectangle((0, 0), 1, 1, facecolor=LOOKS[state][1], edgecolor=_edge(state) or RULE)
        for state in states
    ]
    names = [f"{state_in_words(state, lang)} {LOOKS[state][2]}".strip() for state in states]
    where: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (0, 0)}
    axes.legend(handles, names, ncols=columns, frameon=False, fontsize=9, columnspacing=1, **where)


def _edge(state: str) -> str:
    """The colour around a month of which something is not there."""
    return ORANGE if state in ("missing", "withdrawn", "partial") else ""


def _counted(states: pd.DataFrame, lang: str) -> str:
    """How many months of each agency are in which state."""
    lines = []
    for agency, rows in states.groupby("agency"):
        numbers = rows["state"].value_counts()
        parts = [
            f"{numbers[state]} {state_in_words(state, lang)}" for state in LOOKS if state in numbers
        ]
        lines.append(f"{agency} {', '.join(parts)}")
    return "; ".join(lines)


def months_in_words(gap: Gap, lang: str = "en") -> str:
    """A run of months: July to December 2024; November 2023 to February 2024."""
    _ = translator(lang)
    first, last = month_in_words(gap.first, lang), month_in_words(gap.last, lang)
    if gap.first == gap.last:
        return first
    if gap.first[:4] == gap.last[:4]:
        first = month_in_words(gap.first, lang, year=False)
    return _("{first} to {last}", first=first, last=last)


def month_in_words(month: str, lang: str = "en", *, year: bool = True) -> str:
    """A month (yyyy-mm) in words: July 2024; julio de 2024."""
    from babel.dates import format_date, format_skeleton

    day, locale = dt.date(int(month[:4]), int(month[5:]), 1), locale_of(lang)
    # the skeleton of a month alone is shortened in some places ("Sept")
    return (
        str(format_skeleton("yMMMM", day, locale=locale))
        if year
        else format_date(day, "LLLL", locale)
    )
