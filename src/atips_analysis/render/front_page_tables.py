"""The protected table once more, a file a priority area, with the columns that it needs."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators import DIMENSIONS


@dataclass(frozen=True)
class Download:
    """A table that a reader can take: its path below the folder, its title, its rows."""

    name: str
    title: str
    rows: int


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
        made.append(Download(name, title, len(own)))
    return made


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    used = [
        column
        for column in rows[0]
        if column not in DIMENSIONS or any(row[column] != "Total" for row in rows)
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, used, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
