"""Where the totals of an edition come from: published, made to meet, invented, or counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from atips_analysis.codebook import dimensions
from atips_analysis.pages.edition import Edition
from atips_analysis.pages.numbers import Cell, format_number
from atips_analysis.pages.text import join_words, lower
from atips_analysis.published.origins import Kind, Origin
from atips_analysis.words import N_, translator

LABELS = {
    Kind.PUBLISHED: N_("published"),
    Kind.MET: N_("made to meet published figures"),
    Kind.INVENTED: N_("invented"),
    Kind.COUNTED: N_("counted from records"),
}
NOT_A_NUMBER = ("NC", "NAP", "M", "NF")
"""Statuses of totals that are not there, and so come from nowhere."""


def origin_of(
    edition: Edition, indicator_id: str, period: str | int, unit: str, **categories: str
) -> Origin:
    """Where one number comes from; of simulated records, invented unless the register says other.

    Parameters
    ----------
    indicator_id, period, unit, **categories
        The number's place, as `Edition.cell` takes it.
    """
    if not edition.simulated:
        return Origin(Kind.COUNTED)
    place = (indicator_id, unit, str(period), frozenset(categories.items()))
    return edition.origins.get(place, Origin(Kind.INVENTED))


def origin_said(
    edition: Edition, indicator_id: str, period: str | int, unit: str, **categories: str
) -> str:
    """Where one number comes from, in a word; blank where records are real."""
    if not edition.simulated:
        return ""
    kind = origin_of(edition, indicator_id, period, unit, **categories).kind
    return translator(edition.lang)(LABELS[kind])


def origin_of_totals(edition: Edition) -> pd.DataFrame:
    """Every yearly total of the edition with where it comes from; hidden ones among them.

    Returns
    -------
    DataFrame
        indicator_id, unit_of_count, year, cell, kind (of `Kind`), origin (its words), source_id
        and figures (of published ones and those made to meet them; blank otherwise).
    """
    table = edition.table
    totals = table[
        (table[list(dimensions())] == "Total").all(axis=1)
        & (table["statistic"] == "count")
        & table["period"].isin([str(year) for year in edition.known_years])
        & ~table["status"].isin(NOT_A_NUMBER)
    ]
    frame = totals[["indicator_id", "unit_of_count"]].astype(str).reset_index(drop=True)
    frame["year"] = [int(period) for period in totals["period"]]
    frame["cell"] = [Cell.of(row) for row in totals.to_dict("records")]
    found = [
        origin_of(edition, code, year, unit)
        for code, unit, year in zip(
            frame["indicator_id"], frame["unit_of_count"], frame["year"], strict=True
        )
    ]
    _ = translator(edition.lang)
    return frame.assign(
        kind=[one.kind for one in found],
        origin=[_(LABELS[one.kind]) for one in found],
        source_id=[one.source_id for one in found],
        figures=[", ".join(one.figures) for one in found],
    )


def totals_said(edition: Edition) -> str:
    """How many totals of a simulated edition are published, made to meet and invented.

    A sentence or two in the edition's language, for the box that says that records are simulated;
    blank where they are not.
    """
    if not edition.simulated:
        return ""
    _ = translator(edition.lang)
    totals = origin_of_totals(edition)
    if totals.empty:  # of a part of a year
        return _("Every number of these periods is invented: nobody published any of them.")
    many = {kind: format_number(int((totals["kind"] == kind).sum()), edition.lang) for kind in Kind}
    invented = totals.groupby("year")["kind"].apply(lambda kinds: (kinds == Kind.INVENTED).all())
    years = [str(year) for year, all_of_it in invented.items() if all_of_it]
    counts = {
        "totals": format_number(len(totals), edition.lang),
        "published": many[Kind.PUBLISHED],
        "met": many[Kind.MET],
        "invented": many[Kind.INVENTED],
    }
    if not years:
        return _(
            "Of the {totals} yearly totals of the edition, {published} are figures that others "
            "published for the same year, {met} were made to meet published figures, and "
            "{invented} are invented. Every breakdown is invented as well, unless its published "
            "source stands beside it.",
            **counts,
        )
    return _(
        "Of the {totals} yearly totals of the edition, {published} are figures that others "
        "published for the same year, {met} were made to meet published figures, and {invented} "
        "are invented, all those of {years} among them. Every breakdown is invented as well, "
        "unless its published source stands beside it.",
        years=join_words(years, edition.lang),
        **counts,
    )


def published_said(
    edition: Edition,
    counts: Iterable[tuple[str, str, str, Mapping[str, str]]],
    years: Sequence[int],
) -> str:
    """Which of a table's or chart's totals are published, and which were made to meet such.

    Of a year without a number nothing is said. Blank where records are real.

    Parameters
    ----------
    counts : iterable
        What is counted in words, with its indicator, unit and categories.
    years : sequence of int
        Those shown.
    """
    if not edition.simulated:
        return ""
    _ = translator(edition.lang)
    found: dict[Kind, list[str]] = {Kind.PUBLISHED: [], Kind.MET: []}
    for words, code, unit, of in counts:
        for kind, rows in found.items():
            own = [
                str(year)
                for year in years
                if edition.cell(code, year, unit, "count", **of).status not in NOT_A_NUMBER
                and origin_of(edition, code, year, unit, **of).kind == kind
            ]
            rows += [f"{lower(words)} ({join_words(own, edition.lang)})"] if own else []
    published, met = ("; ".join(rows) for rows in found.values())
    said = [
        _("Published: {rows}.", rows=published) if published else "",
        _("Made to meet published figures: {rows}.", rows=met) if met else "",
        _("All other totals are invented.") if published or met else _("All totals are invented."),
    ]
    return " ".join(filter(None, said))


def origin_note(
    edition: Edition, indicator_id: str, unit: str, years: Sequence[int], by: str | None = None
) -> str:
    """What the note of a table or figure says of where its numbers come from.

    The totals of the years by what they are, and of a breakdown whether its parts are published;
    blank where records are real.
    """
    if not edition.simulated:
        return ""
    _ = translator(edition.lang)
    kinds = {year: origin_of(edition, indicator_id, year, unit).kind for year in years}
    said = [
        _("{origin}: {years}", origin=_(LABELS[kind]), years=join_words(own, edition.lang))
        for kind in Kind
        if (own := [str(year) for year in years if kinds[year] == kind])
    ]
    note = _("Totals, {said}", said="; ".join(said))
    if by is None:
        return note
    rows = [row for year in years for row in _places(edition, indicator_id, year, unit, by)]
    parts = {origin_of(edition, indicator_id, year, unit, **{by: code}).kind for year, code in rows}
    if parts == {Kind.INVENTED}:
        return note + ". " + _("All parts are invented")
    if Kind.INVENTED in parts:
        return note + ". " + _("Some of the parts are invented")
    return note


def _places(
    edition: Edition, indicator_id: str, year: int, unit: str, by: str
) -> list[tuple[int, str]]:
    """Year and category of each part of a breakdown, but for true zeros."""
    rows = edition.rows(indicator_id, year, unit, "count", **{by: "*"})
    return [(year, str(code)) for code in rows.loc[rows["status"] != "Z", by]]
