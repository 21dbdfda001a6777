"""The protected table once more: a file a priority area, and all of it in its long form."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from atips_analysis.codebook import dimensions, load_codebook
from atips_analysis.files import csv_text, frame_csv, write_text
from atips_analysis.indicators.long_table import long_table
from atips_analysis.indicators.place import wide
from atips_analysis.indicators.table import read_table
from atips_analysis.pages.numbers import format_number
from atips_analysis.words import N_, Translator

ALL_LONG = N_("All indicators, the same columns for each")


@dataclass(frozen=True)
class Download:
    """A table that a reader can take: its path below the folder, its rows, its priority area."""

    name: str
    rows: int
    area: str = ""

    def title(self, _: Translator) -> str:
        if not self.area:
            return _(ALL_LONG)
        return load_codebook().codelist("priority_area").label(self.area, _.lang)


def write_area_tables(folder: Path, table: Path, *, simulated: bool) -> list[Download]:
    """Write `tables/AREA.csv` for each priority area; dimensions that it does not use are left out.

    From simulated records the file names say so, as a downloaded file leaves its folder.
    """
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    (folder / "tables").mkdir(exist_ok=True)
    made = []
    areas = load_codebook().codelist("priority_area")
    for code in areas.codes:
        own = [row for row in rows if row["indicator_id"].startswith(f"{code}-")]
        if not own:
            continue
        title = areas.label(code, "en")
        name = f"tables/{title.lower()}{'-simulated' if simulated else ''}.csv"
        _write(folder / name, own)
        made.append(Download(name, len(own), code))
    name = f"tables/all-long{'-simulated' if simulated else ''}.csv"
    long = long_table(wide(read_table(table)))
    write_text(folder / name, frame_csv(long))
    return [*made, Download(name, len(long))]


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    used = [
        column
        for column in rows[0]
        if column not in dimensions() or any(row[column] != "Total" for row in rows)
    ]
    write_text(path, csv_text([used, *([row[column] for column in used] for row in rows)]))


def download_list(
    folder: Path, _: Translator, protection: Mapping[str, object], tables: Sequence[Download]
) -> list[dict[str, str]]:
    """Every file of data beside the pages: its name, title, kind, and what it holds."""
    what_is_in_all = _(
        "One row a value; {shown} values are shown, {hidden} "
        "hidden for protection (counts of persons from 1 to {smallest}, and what would give them "
        "away), and {without} have no number: nobody collects it, it does not apply, or too few.",
        shown=format_number(protection.get("shown", 0), _.lang),
        hidden=format_number(protection.get("hidden", 0), _.lang),
        without=format_number(_without_number(protection, tables), _.lang),
        smallest=int(str(protection["threshold"])) - 1,
    )
    files = [("indicators.csv", "CSV", _("All indicators"), what_is_in_all)]
    for file in tables:
        values = _("{rows} values.", rows=format_number(file.rows, _.lang))
        files.append((file.name, "CSV", file.title(_), values))
    if (folder / "research.json").is_file():
        about = _("Protected like all others.")
        files.append(("research.json", "JSON", _("Tables of the research pages"), about))
    about = _("What was made, from which edition of the data bank, with a SHA-256 of every file.")
    files.append(("manifest.json", "JSON", _("Manifest"), about))
    return [dict(zip(("name", "kind", "title", "about"), file, strict=True)) for file in files]


def _without_number(protection: Mapping[str, object], tables: Sequence[Download]) -> int:
    rows = sum(table.rows for table in tables if not table.area)
    counted = (int(str(protection.get(name, 0))) for name in ("shown", "hidden"))
    return max(rows - sum(counted), 0)
