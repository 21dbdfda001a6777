"""What comes next in the officer's year, in three lines: forms and returns, questions, reports.

Told from the calendar, the register of returns, the edition and the reports: no clock is read. Whether a day has
passed is known only where the officer says which day it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from atips_analysis.databank import DataBank
from atips_analysis.databank.since import some_of
from atips_analysis.files import read_json
from atips_analysis.framework.release_calendar import YearOfCalendar, load_calendar
from atips_analysis.project import Project
from atips_analysis.quality.returns_received import THERE
from atips_analysis.words import Translator, translator
from atips_analysis.words.catalogues import SOURCE
from atips_analysis.words.said import in_language

QUESTION = "question"
"""The rule of findings that wait for an answer."""


def what_next(
    project: Project, bank: DataBank, on: date | None = None, lang: str = SOURCE
) -> list[str]:
    """Three lines: what to send and what is due, what waits for an answer, where the reports stand.

    Parameters
    ----------
    project : Project
        Its release calendar and its reports are looked at.
    bank : DataBank
        The edition; its returns by month (`returns_by_month`) and its findings.
    on : date, optional
        The day that counts as today: what was due before it is overdue.
    lang : str
        Language of the lines.
    """
    _ = translator(lang)
    returns, calendar = bank.kept("returns"), load_calendar(project)
    year = year_in_hand(returns)
    own, after = calendar.get(year), calendar.get(year + 1)
    due = [*_due(returns, year, on, _), *_forms(returns, year, after, _)]
    return [
        _("returns: {what}", what="; ".join(due)),
        _("questions: {what}", what=_questions(bank, own, _)),
        _("reports: {what}", what=_reports(project, bank, year, own, _)),
    ]


def year_in_hand(returns: pd.DataFrame) -> int:
    """The last year of which anything is there, or else the first that is owed."""
    there = returns[returns["state"].isin([*THERE, "partial"])]
    months = there["month"] if len(there) else returns["month"].head(1)
    return int(max(months, default="0")[:4])


def _by(one: YearOfCalendar | None, step: str, _: Translator) -> str:
    """The day of a step as the calendar has it; nothing where nobody has set it."""
    day = one.days[step] if one else None
    return _(" by {day}", day=day) if day else ""


def _due(returns: pd.DataFrame, year: int, on: date | None, _: Translator) -> Iterator[str]:
    """What of the years up to the one in hand is not there, by the day on which it is due."""
    lacking = returns[~returns["state"].isin(THERE)]
    lacking = lacking[lacking["month"].str[:4].astype(int) <= year]
    if lacking.empty:
        yield _("all that is owed up to {year} is there", year=year)
    for day, rows in lacking.groupby("due"):
        agencies = in_language(some_of(sorted(set(rows["agency"]))), _.lang)
        if on is not None and date.fromisoformat(str(day)) < on:
            yield _("overdue since {day}: {agencies}", day=day, agencies=agencies)
        else:
            yield _("due {day}: {agencies}", day=day, agencies=agencies)


def _forms(
    returns: pd.DataFrame, year: int, after: YearOfCalendar | None, _: Translator
) -> Iterator[str]:
    """The forms of the year after, as long as nothing of it has come."""
    owed = returns[returns["month"].str[:4] == str(year + 1)]
    if len(owed) and not owed["state"].isin([*THERE, "partial"]).any():
        agencies, by, day = owed["agency"].nunique(), _by(after, "forms", _), owed["due"].min()
        yield _.ngettext(
            "forms for {year} to send to 1 agency{by} (atips template), first due {day}",
            "forms for {year} to send to {agencies} agencies{by} (atips template), first due {day}",
            agencies,
            year=year + 1,
            agencies=agencies,
            by=by,
            day=day,
        )


def _questions(bank: DataBank, own: YearOfCalendar | None, _: Translator) -> str:
    findings = bank.kept("findings")
    waiting = findings[findings["rule"] == QUESTION].drop_duplicates(["file", "sheet", "row"])
    if waiting.empty:
        return _("none is open")
    rows, by = len(waiting), _by(own, "questions", _)
    files = in_language(some_of(sorted(set(waiting["file"]))), _.lang)
    return _.ngettext(
        "1 row waits for an answer{by}, in {files} (atips check says which)",
        "{rows} rows wait for an answer{by}, in {files} (atips check says which)",
        rows,
        rows=rows,
        by=by,
        files=files,
    )


def _reports(
    project: Project, bank: DataBank, year: int, own: YearOfCalendar | None, _: Translator
) -> str:
    name = f"{year}-simulated" if bank.simulated else str(year)
    manifest = project.reports / name / "manifest.json"
    if not manifest.is_file():
        build = _by(own, "build", _)
        return _("{year} is to be built{by} (atips build --year {year})", year=year, by=build)
    made = read_json(manifest)
    if made["edition"] != bank.edition:
        before = made["edition"]
        return _("{year} was made from edition {before}: build it again", year=year, before=before)
    if made["state"] != "draft":
        return _("{year} is released, and nothing has come in since", year=year)
    if own is None or own.days["release"] is None:
        return _(
            "{year} is a draft: to be read, checked, approved and released; no day of release is "
            "set in data/council/calendar.csv",
            year=year,
        )
    return _(
        "{year} is a draft: to be read, checked{checked}, approved{approved} and released{released}",
        year=year,
        checked=_by(own, "check", _),
        approved=_by(own, "approval", _),
        released=_by(own, "release", _),
    )
