"""The public page on data quality: protected counts of rows, and scores. No row is shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.project import Project
from atips_analysis.reporting import page
from atips_analysis.reporting.numbers import Cell
from atips_analysis.reporting.tidy import Tidy, open_tidy

DIMENSIONS = ("completeness", "validity", "consistency", "timeliness", "uniqueness")
MEANING = {
    "completeness": "cells that are needed and filled in, of all that are needed",
    "validity": "cells filled in with a value of the right kind",
    "consistency": "rows that contradict neither themselves nor other rows, streams and agencies",
    "timeliness": "returns received by the day they were due",
    "uniqueness": "rows that stand once",
}
SEVERITY = {
    "critical": "The row is set aside until it is corrected",
    "warning": "The row is used, the agency is asked",
    "info": "For information",
}


@dataclass(frozen=True)
class QualityPage:
    """What the page needs: the protected counts and scores."""

    tidy: Tidy
    content: dict[str, Any]


def open_page(inputs: Path, project: Path) -> QualityPage:
    """The quality page of a build's public side."""
    house = Project(Path(project))
    content = json.loads((Path(inputs) / "quality.json").read_text(encoding="utf-8"))
    return QualityPage(open_tidy(Path(inputs), house), content)


def rows_by_stream(quality: QualityPage) -> None:
    """The account of rows: read = accepted + quarantined + duplicates, with small counts hidden."""
    codebook = load_codebook()
    lines = [
        [
            codebook.stream(row["stream"]).label_en,
            *[_cell(row[name]) for name in ("read", "accepted", "quarantined", "duplicates")],
        ]
        for row in quality.content["rows"]
    ]
    page.say(
        "Every row that is read becomes exactly one of three: accepted, set aside with the reason "
        "(quarantined), or recognised as a duplicate. Nothing is lost on the way: the build stops "
        "when the three do not add up to the rows read."
    )
    page.show_table(
        pd.DataFrame(
            lines, columns=["Stream", "Rows read", "Accepted", "Quarantined", "Duplicates"]
        ),
        "Account of rows by stream, all years",
        "tbl-account",
        note=quality.tidy.source_line + ". Small counts of rows about persons are hidden",
    )


def scores(quality: QualityPage) -> None:
    """Scores by agency and stream, a column a dimension."""
    codebook = load_codebook()
    table = pd.DataFrame(quality.content["scores"])
    page.say_list(*[f"**{name.capitalize()}**: {MEANING[name]}." for name in DIMENSIONS])
    page.say(
        "A score of few rows about persons is hidden, because it could be worked back to a count. "
        "Timeliness needs the date on which a return was received, which is not collected yet."
    )
    lines = []
    for (agency, stream), own in table.groupby(["submitted_by", "stream"], sort=True):
        by = own.set_index("dimension")
        cells = [
            Cell(by.loc[name, "score"], str(by.loc[name, "status"])) if name in by.index else None
            for name in DIMENSIONS
        ]
        label = codebook.codelist("source_agency").label(str(agency))
        lines.append([label, codebook.stream(str(stream)).label_en, *cells])
    heads = ["Agency", "Stream", *[name.capitalize() for name in DIMENSIONS]]
    page.show_table(
        pd.DataFrame(lines, columns=heads),
        "Scores from 0 to 100 by agency and stream, mean over years",
        "tbl-scores",
        decimals=0,
        note=quality.tidy.source_line,
    )


def findings(quality: QualityPage) -> None:
    """How often each rule was met, by severity."""
    table = pd.DataFrame(quality.content["findings"])
    lines = [
        [SEVERITY.get(row["severity"], row["severity"]), row["rule"], _cell(row["rows"])]
        for row in table.to_dict("records")
    ]
    page.show_table(
        pd.DataFrame(lines, columns=["What follows", "Rule", "Findings"]),
        "Findings by rule",
        "tbl-findings",
        note=quality.tidy.source_line,
    )


def _cell(value: Any) -> Cell:
    missing = value is None or value != value
    return Cell(None, "C") if missing else Cell(int(value), "Z" if value == 0 else "OK")
