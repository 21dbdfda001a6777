"""What the last release printed and this edition prints otherwise: the table of revisions."""

from __future__ import annotations

import hashlib
from itertools import takewhile
from typing import Any

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.place import NAME, is_total, narrow
from atips_analysis.ledger.ledger_chain import Entry
from atips_analysis.ledger.ledger_files import ledger_files, read_ledger
from atips_analysis.pages.edition import Edition
from atips_analysis.pages.numbers import Cell
from atips_analysis.words import translator


def release_before(edition: Edition) -> Entry | None:
    """The last release before the tables of an edition were released themselves, if they were."""
    files = ledger_files(edition.project.ledger, simulated=edition.simulated)
    table = edition.folder / "indicators.csv"
    own = hashlib.sha256(table.read_bytes()).hexdigest()
    before = list(takewhile(lambda one: one.content["table"] != own, read_ledger(files)))
    return before[-1] if before else None


def revised_since(edition: Edition, release: Entry) -> pd.DataFrame:
    """Totals that a release printed and the edition prints otherwise, none where all stand.

    Columns, named in the page's language: indicator, what it counts, period, printed then, printed
    now. Rounded numbers are left out, as they may differ by their rounding alone.
    """
    _ = translator(edition.lang)
    heads = [_("Indicator"), _("Unit of count"), _("Period"), _("Printed then"), _("Printed now")]
    then = _printed(release)
    table = narrow(edition.table)
    totals = table[is_total(table) & table.index.isin(then)]
    rows = [_row(edition, then[str(at)], row) for at, row in totals.iterrows()]
    differing = [row for row in rows if row is not None]
    return pd.DataFrame(sorted(differing, key=lambda row: row[:3]), columns=heads)


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
