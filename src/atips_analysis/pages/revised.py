"""What the last release printed and this edition prints otherwise: the table of revisions."""

from __future__ import annotations

import hashlib
from itertools import takewhile
from typing import Any

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.compute import is_kept
from atips_analysis.indicators.place import NAME, is_total, narrow
from atips_analysis.ledger.ledger_chain import Entry
from atips_analysis.ledger.ledger_files import ledger_files, read_ledger
from atips_analysis.pages.edition import Edition
from atips_analysis.pages.numbers import Cell
from atips_analysis.pages.text import sentence_case
from atips_analysis.words import translator


def release_before(edition: Edition) -> Entry | None:
    """The last release before the tables of an edition were released themselves, if they were."""
    table = edition.folder / "indicators.csv"
    own = hashlib.sha256(table.read_bytes()).hexdigest()
    before = list(takewhile(lambda one: one.content["table"] != own, _releases(edition)))
    return before[-1] if before else None


def revised_since(edition: Edition, release: Entry) -> pd.DataFrame:
    """Totals that a release printed and the edition prints otherwise, none where all stand.

    Columns, named in the page's language: indicator, what it counts, period, printed then, printed
    now. Rounded numbers are left out, as they may differ by their rounding alone.
    """
    _ = translator(edition.lang)
    heads = [_("Indicator"), _("Unit of count"), _("Period"), _("Printed then"), _("Printed now")]
    then: dict[str, int | None] = {}
    for one in [*takewhile(lambda one: one != release, _releases(edition)), release]:
        then |= _printed(one)  # a release that keeps figures enters none of them anew
    table = narrow(edition.table)
    totals = table[is_total(table) & table.index.isin(then)]
    rows = [_row(edition, then[str(at)], row) for at, row in totals.iterrows()]
    differing = [row for row in rows if row is not None]
    return pd.DataFrame(sorted(differing, key=lambda row: row[:3]), columns=heads)


def coarser_since(edition: Edition, release: Entry) -> pd.DataFrame:
    """Tables of which the edition prints no more than a release did, and what was done; none is usual.

    Columns, named in the page's language: indicator, table, what was done. After a correction a
    number beside the old one could tell of a person: then more is given as ranges, and where that
    does not do, the figures stay as they were printed.
    """
    _ = translator(edition.lang)
    heads = [_("Indicator"), _("Broken down by"), _("What was done")]
    status = narrow(edition.table)["status"].to_dict()
    ranged: dict[tuple[str, ...], int] = {}
    gone: set[tuple[str, ...]] = set()
    for key, places in release.released.places.items():
        rows = [row for row, column in places if column == "value"]
        if not rows or not isinstance(release.released.shown.get(key), int):
            continue
        table = (str(key[0]).split()[0], *(name for name, _category in key[2]))
        if any(row not in status for row in rows) and len(table) > 1:
            gone.add(table)
        elif any(status.get(row) == "C" for row in rows):
            ranged[table] = ranged.get(table, 0) + 1
    told = {table: _("Numbers given as ranges: {n}", n=n) for table, n in ranged.items()}
    told |= dict.fromkeys(gone, _("The breakdown, or a category of it, is left out"))
    by = load_codebook().dimension
    return pd.DataFrame(
        [
            [
                f"{code} {edition.indicator(code).name(edition.lang)}",
                sentence_case(", ".join(by(name).label(edition.lang) for name in names)),
                told[code, *names],
            ]
            for code, *names in sorted(told)
        ]
        + _kept(edition),
        columns=heads,
    )


def _kept(edition: Edition) -> list[list[str]]:
    """A line for each indicator of which figures are kept."""
    _ = translator(edition.lang)
    rows = edition.table[edition.table["note"].map(is_kept)]
    return [
        [
            f"{code} {edition.indicator(str(code)).name(edition.lang)}",
            "",
            _(
                "Figures of {periods} kept as printed earlier: revised figures follow in the next "
                "edition that can print them",
                periods=", ".join(
                    sorted(set(own["period"]), key=lambda period: (len(period), period))
                ),
            ),
        ]
        for code, own in rows.groupby("indicator_id")
    ]


def _releases(edition: Edition) -> tuple[Entry, ...]:
    """All releases of the edition's kind of records, oldest first."""
    files = ledger_files(edition.project.ledger, simulated=edition.simulated)
    return tuple(read_ledger(files))


def _printed(release: Entry) -> dict[str, int | None]:
    """What a release printed under each row's id: a count, or None where it was hidden."""
    found: dict[str, int | None] = {}
    for key, places in release.released.places.items():
        shown = release.released.shown.get(key)
        if isinstance(shown, tuple):
            continue
        found |= {row: shown for row, column in places if column == "value"}
    return found


def _row(edition: Edition, then: int | None, row: pd.Series) -> list[Any] | None:
    now = None if pd.isna(row["value"]) else int(row["value"])
    if row["status"] == "R" or now == then:
        return None
    code, unit, _, period = (str(row[name]) for name in NAME)
    return [
        f"{code} {edition.indicator(code).name(edition.lang)}",
        load_codebook().codelist("unit_of_count").label(unit, edition.lang),
        period.replace("-", "–"),
        Cell(then, "OK" if then is not None else "C"),
        Cell(now, str(row["status"])),
    ]
