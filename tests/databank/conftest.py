"""Submissions as intake and quality hand them over, made by hand: no file is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import load_codebook
from atips_analysis.databank import DataBank, open_databank, write_edition
from atips_analysis.databank.edition import CHANGE, FINDING, HEADER

VICTIM = {
    "victim_id": "a1a1a1a1a1a1a1a1",
    "case_id": "BZ-CASE-2024-0001",
    "identified_year": "2024",
    "sex": "F",
    "age_years_ident": "16",
    "age_group": "CHILD",
    "citizenship": "GTM",
    "status": "CONFIRMED",
    "status_date": "2024-03",
    "decision_by": "DHS",
    "form": "FORCED_LABOUR",
    "primary_form": "yes",
    "country_of_exploitation": "BLZ",
    "consent_statistics": "yes",
}


@dataclass
class HandMade:
    """Stands for intake's and quality's results."""

    files: pd.DataFrame
    sheets: pd.DataFrame
    headers: pd.DataFrame
    verdicts: dict[str, pd.DataFrame]
    findings: pd.DataFrame


def received(rows: list[dict[str, object]], stream: str = "victims") -> HandMade:
    """Rows of one stream; `agency`, `year`, `source` and `verdict` are told apart from values."""
    lines = []
    for number, row in enumerate(rows, start=2):
        values = dict(row)
        agency, year = values.pop("agency", "DHS"), values.pop("year", 2024)
        place = {
            "file": f"{agency}_{year}.xlsx",
            "sheet": "Victims",
            "row": number,
            "submitted_by": agency,
            "submitted_for": year,
            "source": values.pop("source", "register"),
            "verdict": values.pop("verdict", "accepted"),
        }
        lines.append(values | place)
    names = [column.name for column in load_codebook().streams[stream].columns]
    place = [
        "file",
        "sheet",
        "row",
        "submitted_by",
        "submitted_for",
        "source",
        "verdict",
    ]
    frame = pd.DataFrame(lines).reindex(columns=[*names, *place])
    frame[names] = frame[names].astype("str")
    who = frame.groupby("file").first()
    files = pd.DataFrame(
        {
            "file": who.index,
            "sha256": [f"{number:064x}" for number in range(len(who))],
            "submitted_by": who["submitted_by"].to_numpy(),
            "submitted_for": who["submitted_for"].to_numpy(),
            "state": "current",
            "replaced_by": pd.NA,
            "simulated": frame["source"].eq("simulated").groupby(frame["file"]).any().to_numpy(),
        }
    )
    sheets = pd.DataFrame(
        {
            "file": who.index,
            "sheet": "Victims",
            "stream": stream,
            "rows_read": frame.groupby("file").size().to_numpy(),
            "blank_rows": 1,
            "title_rows": 2,
            "totals_rows": 0,
            "nil_return": False,
        }
    )
    nothing = pd.DataFrame(columns=HEADER)
    return HandMade(files, sheets, nothing, {stream: frame}, pd.DataFrame(columns=FINDING))


@pytest.fixture
def victim() -> dict[str, object]:
    return dict(VICTIM)


@pytest.fixture
def receive() -> Callable[..., HandMade]:
    return received


@pytest.fixture
def store(tmp_path: Path) -> Callable[..., DataBank]:
    """Write rows as an edition and open it."""

    def stored(rows: list[dict[str, object]], stream: str = "victims") -> DataBank:
        hand_made = received(rows, stream)
        unchanged = pd.DataFrame(columns=CHANGE)
        rows_of_all = {"rows": str(hand_made.verdicts[stream].to_dict("records"))}
        edition = write_edition(tmp_path, hand_made, unchanged, hand_made, rows_of_all)
        return open_databank(tmp_path, edition.name)

    return stored
