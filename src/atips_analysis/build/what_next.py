"""What comes next in the officer's year, in three lines: forms and returns, questions, reports.

Told from the register of returns, the edition and the reports: no clock is read. Whether a day has
passed is known only where the officer says which day it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pandas as pd

from atips_analysis.databank import DataBank
from atips_analysis.databank.since import some_of
from atips_analysis.project import Project
from atips_analysis.quality.returns_received import THERE

QUESTION = "question"
"""The rule of findings that wait for an answer."""


def what_next(project: Project, bank: DataBank, on: date | None = None) -> list[str]:
    """Three lines: what to send and what is due, what waits for an answer, where the reports stand.

    Parameters
    ----------
    project : Project
        Its reports are looked at.
    bank : DataBank
        The edition; its returns by month (`returns_by_month`) and its findings.
    on : date, optional
        The day that counts as today: what was due before it is overdue.
    """
    returns = bank.kept("returns")
    year = year_in_hand(returns)
    return [
        f"returns: {'; '.join([*_due(returns, year, on), *_forms(returns, year)])}",
        f"questions: {_questions(bank)}",
        f"reports: {_reports(project, bank, year)}",
    ]


def year_in_hand(returns: pd.DataFrame) -> int:
    """The last year of which anything is there, or else the first that is owed."""
    there = returns[returns["state"].isin([*THERE, "partial"])]
    months = there["month"] if len(there) else returns["month"].head(1)
    return int(max(months, default="0")[:4])


def _due(returns: pd.DataFrame, year: int, on: date | None) -> Iterator[str]:
    """What of the years up to the one in hand is not there, by the day on which it is due."""
    lacking = returns[~returns["state"].isin(THERE)]
    lacking = lacking[lacking["month"].str[:4].astype(int) <= year]
    if lacking.empty:
        yield f"all that is owed up to {year} is there"
    for day, rows in lacking.groupby("due"):
        late = on is not None and date.fromisoformat(str(day)) < on
        yield f"{'overdue since' if late else 'due'} {day}: {some_of(sorted(set(rows['agency'])))}"


def _forms(returns: pd.DataFrame, year: int) -> Iterator[str]:
    """The forms of the year after, as long as nothing of it has come."""
    after = returns[returns["month"].str[:4] == str(year + 1)]
    if len(after) and not after["state"].isin([*THERE, "partial"]).any():
        agencies = after["agency"].nunique()
        yield (
            f"forms for {year + 1} to send to {agencies} agencies (atips template), "
            f"first due {after['due'].min()}"
        )


def _questions(bank: DataBank) -> str:
    findings = bank.kept("findings")
    waiting = findings[findings["rule"] == QUESTION].drop_duplicates(["file", "sheet", "row"])
    if waiting.empty:
        return "none is open"
    files = sorted(set(waiting["file"]))
    rows = "1 row waits" if len(waiting) == 1 else f"{len(waiting)} rows wait"
    return f"{rows} for an answer, in {some_of(files)} (atips check says which)"


def _reports(project: Project, bank: DataBank, year: int) -> str:
    name = f"{year}-simulated" if bank.simulated else str(year)
    manifest = project.reports / name / "manifest.json"
    if not manifest.is_file():
        return f"{year} is to be built (atips build --year {year})"
    made = json.loads(manifest.read_text(encoding="utf-8"))
    if made["edition"] != bank.edition:
        return f"{year} was made from edition {made['edition']}: build it again"
    if made["state"] != "draft":
        return f"{year} is released, and nothing has come in since"
    day = project.profile["publication"].get("released")
    return f"{year} is a draft: to be read, checked, approved and released" + (
        f" by {day}" if day else "; no day of release is set in data/council/profile.toml"
    )
