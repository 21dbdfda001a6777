"""The public page on data quality: protected counts of rows, and scores. No row is shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.last_build import public_side
from atips_analysis.project import find_project
from atips_analysis.reporting import page
from atips_analysis.reporting.numbers import Cell
from atips_analysis.reporting.text import counted, join_words
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
    "warning": "The row is used, and the agency is asked",
    "info": "For information",
}
RULES = {
    "CSEC": "a form of exploitation that does not fit the victim's age",
    "age": "an age, an age group or a service that contradict one another",
    "agencies agree": "the same victim described differently by two agencies",
    "agency": "a row about another agency than the one that sends it",
    "arrest": "a person charged, for whom no return holds the charge",
    "carried over": "“carried over” at odds with the month in which the case was opened",
    "child means": "means of trafficking that do not fit the victim's age",
    "contradiction": "two rows with one key and different values",
    "conviction": "a conviction without its month or sentence, or with one that cannot be right",
    "counts": "a charge without counts",
    "date order": "dates that run backwards",
    "duplicate": "a row that was sent twice",
    "earlier years": "a person who is known from an earlier year",
    "foreign key": "a case, person or victim that is in no other sheet",
    "form details": "details that a form of exploitation needs and lacks, or does not take",
    "format": "a value of the wrong kind",
    "held": "an event that was not held, with participants or a quorum",
    "leaf": "a form of exploitation that is not in the list, or is a group of forms",
    "parts and whole": "parts that do not add up to their whole",
    "person": "a stage without the person whom it concerns, or without that person's sex",
    "plausible month": "a month before the first or after the last that can be",
    "police and prosecutors": "a case before the courts without a charge in the prosecutors' return",
    "primary": "a victim without exactly one main form of exploitation",
    "pseudonym": "a pseudonym that is not one",
    "reference year": "a month outside the year that the return is for",
    "referral": "a referral from an agency to itself",
    "required": "a cell that is needed and left empty",
    "return year": "a row of another year than the return",
    "stage order": "stages of a case in an order that cannot be right",
    "status": "a victim's status at odds with screening or services",
    "text": "a column or a text that the form does not take",
    "unique": "a key that stands twice",
    "value set": "a value that is not in the list",
}
"""What each rule finds, in words for readers who do not know the data model."""


@dataclass(frozen=True)
class QualityPage:
    """What the page needs: the protected counts and scores."""

    tidy: Tidy
    content: dict[str, Any]


def open_page(inputs: Path, project: Path) -> QualityPage:
    """The quality page of a build's public side: the one named, or the last."""
    house = find_project(Path(project))
    public = public_side(inputs, house)
    tidy = open_tidy(public, house)
    return QualityPage(tidy, json.loads((public / "quality.json").read_text(encoding="utf-8")))


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
    kept = [name for name in DIMENSIONS if _is_collected(table, name)]
    page.say_list(*[f"**{name.capitalize()}**: {MEANING[name]}." for name in kept])
    lines: list[list[object]] = []
    too_few: dict[str, list[str]] = {}
    for (agency, stream), own in table.groupby(["submitted_by", "stream"], sort=True):
        by = own.set_index("dimension")
        cells = [
            Cell(by.loc[name, "score"], str(by.loc[name, "status"])) if name in by.index else None
            for name in kept
        ]
        label = codebook.codelist("source_agency").label(str(agency))
        words = codebook.stream(str(stream)).label_en
        if all(cell is None or cell.value is None or cell.value != cell.value for cell in cells):
            too_few.setdefault(label, []).append(words.lower())
        else:
            lines.append([label, words, *cells])
    heads = ["Agency", "Stream", *[name.capitalize() for name in kept]]
    page.show_table(
        pd.DataFrame(lines, columns=heads),
        "Scores from 0 to 100 by agency and stream, mean over years",
        "tbl-scores",
        decimals=0,
        note=quality.tidy.source_line,
    )
    if too_few:
        said = [f"{agency} ({join_words(streams)})" for agency, streams in too_few.items()]
        page.say(
            "A score of few rows about persons is hidden, because it could be worked back to a "
            f"count. No score can be shown for: {'; '.join(said)}."
        )


def findings(quality: QualityPage) -> None:
    """What was found and how often, by what follows from it."""
    rows = quality.content["findings"]
    page.say(
        "Each rule that a row did not meet is a finding. An agency receives all of its findings, "
        "with row, reason and remedy, in a workbook of its own. Here stand the rules alone, and how "
        "often each was broken where that can be said: small numbers of rows are hidden."
    )
    for severity, what in SEVERITY.items():
        own = [row for row in rows if row["severity"] == severity]
        if own:
            page.say(f"**{what}.**")
            page.say_list(*[_found(row) for row in sorted(own, key=_most_first)])


def _found(row: dict[str, Any]) -> str:
    words = RULES.get(row["rule"], row["rule"])
    number = _cell(row["rows"]).value
    times = "" if number is None else f" ({counted(number, 'time', 'times')})"
    return f"{words[:1].upper()}{words[1:]}{times}"


def _most_first(row: dict[str, Any]) -> tuple[int, str]:
    number = _cell(row["rows"]).value
    return -int(number or 0), str(row["rule"])


def _is_collected(table: pd.DataFrame, dimension: str) -> bool:
    own = table[table["dimension"] == dimension]
    return bool((own["status"] != "NC").any())


def _cell(value: Any) -> Cell:
    missing = value is None or value != value
    return Cell(None, "C") if missing else Cell(int(value), "Z" if value == 0 else "OK")
