"""What became of what is owed, month by month: received, nil, late, partial, missing, withdrawn.

A return covers the months that it says it is for; one that says nothing covers the months before
the day it was sent or, where that is not recorded either, its year, unless the agency falls silent
for the year's last quarter or longer: a silence that nothing explains is not taken for zeros.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

import pandas as pd

from atips_analysis.codebook import Codebook
from atips_analysis.quality.judgement import ACCEPTED
from atips_analysis.quality.returns_owed import Owed, months_between, owed_up_to

State = Literal["received", "nil", "late", "partial", "missing", "withdrawn"]
STATES: tuple[State, ...] = get_args(State)
THERE = ("received", "nil", "late")
"""States in which a month counts as returned."""
COLUMNS = ["agency", "stream", "month", "state", "due", "sent"]
SILENCE = 3  # months at a year's end without a row of any stream, of a return that covers the year
MOST_SILENT = 12 - SILENCE

Unit = tuple[str, int, str]
"""An agency's return of a stream for a year."""


@dataclass(frozen=True)
class Arrived:
    """What arrived of a stream: months that its rows cover, that a nil return covers, half months."""

    rows: frozenset[str] = frozenset()
    nil: frozenset[str] = frozenset()
    half: frozenset[str] = frozenset()

    def state(self, month: str) -> State | None:
        if month in self.half:
            return "partial"
        return "received" if month in self.rows else "nil" if month in self.nil else None


def returns_by_month(
    owed: Iterable[Owed],
    intake: Any,
    verdicts: Mapping[str, pd.DataFrame],
    codebook: Codebook,
    withdrawn: Collection[Unit] = (),
) -> pd.DataFrame:
    """A row for each month of a stream that is owed, up to the year after the last return's.

    Parameters
    ----------
    owed : iterable of Owed
        The register.
    intake : Intake
        Its `files` and `sheets`.
    verdicts : mapping of stream to DataFrame
        Every row that was read, cleaned, with its verdict.
    withdrawn : collection of (agency, year, stream)
        Returns that an earlier edition had and that are not there any more.

    Returns
    -------
    DataFrame
        agency, stream, month (yyyy-mm), state, due, sent (yyyy-mm-dd; blank where no cover of the
        agency's returns for the year says it).
    """
    files = intake.files
    last_year = int(files["submitted_for"].max()) if len(files) else 0
    arrived = _arrived(intake, verdicts, codebook)
    sent = first_sent(files)
    rows = []
    for one in owed_up_to(owed, last_year + 1):
        unit = (one.agency, one.year, one.stream)
        day = sent.get(unit[:2])
        for month in one.months:
            state = arrived.get(unit, Arrived()).state(month)
            if state == "received" and day is not None and day > one.due:
                state = "late"
            if state is None:
                state = "withdrawn" if unit in withdrawn else "missing"
            told = day.isoformat() if day else ""
            rows.append((one.agency, one.stream, month, state, one.due.isoformat(), told))
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


def units_of(intake: Any) -> set[Unit]:
    """The returns that are there: agency, year and stream with rows or a nil return."""
    return {(agency, year, stream) for agency, year, stream, *_ in _sheets(intake)}


def first_sent(files: pd.DataFrame) -> dict[tuple[str, int], date]:
    """The day of each agency's first return for a year, by the covers of `Intake.files`.

    A correction does not make a return late, so the earliest of all its files counts.
    """
    days: dict[tuple[str, int], date] = {}
    for file in files.to_dict("records"):
        if file.get("sent"):
            of, day = (file["submitted_by"], int(file["submitted_for"])), file["sent"]
            days[of] = min(days.get(of, date.max), date.fromisoformat(day))
    return days


def due_days(returns: pd.DataFrame) -> dict[tuple[str, int], date]:
    """The day by which the last stream of an agency's year is due, by agency and year."""
    year = returns["month"].str[:4].astype("int64")
    days = returns.groupby([returns["agency"], year])["due"].max()
    return {(str(agency), int(of)): date.fromisoformat(day) for (agency, of), day in days.items()}


def sent_days(returns: pd.DataFrame) -> dict[tuple[str, int], date]:
    """The day on which an agency's first return for a year was sent, where a cover says it."""
    known = returns[returns["sent"].fillna("") != ""]
    return {
        (str(row["agency"]), int(row["month"][:4])): date.fromisoformat(row["sent"])
        for row in known.to_dict("records")
    }


def share_returned(returns: pd.DataFrame) -> pd.Series:
    """By agency, year and stream the share of the months owed that are there."""
    year = returns["month"].str[:4].astype("int64").rename("year")
    there = returns["state"].isin(THERE)
    return there.groupby([returns["agency"], year, returns["stream"]]).mean()


def of_years(returns: pd.DataFrame, year: int | None = None) -> pd.DataFrame:
    """Of one year, or of all up to the last of which anything came."""
    of = returns["month"].str[:4]
    if year is not None:
        return returns[of == str(year)]
    came = of[returns["state"] != "missing"]
    return returns[of <= came.max()] if len(came) else returns


def by_agency(returns: pd.DataFrame) -> pd.DataFrame:
    """One state for an agency and month, over all streams that it owes: agency, month, state.

    Where some streams are there and others are not, the month is partial.
    """

    def together(states: pd.Series) -> State:
        found = set(states)
        if len(found) == 1:
            return found.pop()  # type: ignore[no-any-return]
        if found <= set(THERE):
            return "late" if "late" in found else "received"
        return "partial" if found & {*THERE, "partial"} else "missing"

    if returns.empty:
        return pd.DataFrame(columns=["agency", "month", "state"], dtype="str")
    return returns.groupby(["agency", "month"])["state"].agg(together).reset_index()


def _sheets(intake: Any) -> list[tuple[str, int, str, str, bool, str, str, str]]:
    """Sheets of current files that hold rows or a nil return.

    agency, year, stream, file, nil, first and last month that the file is for, day it was sent.
    """
    files = intake.files[intake.files["state"] == "current"]
    about = {row["file"]: row for row in files.to_dict("records")}
    found = []
    for row in intake.sheets.to_dict("records"):
        file = about.get(row["file"])
        if file is not None and (
            row["rows_read"] or row["nil_return"] or row.get("forgotten_rows")
        ):
            said = [str(file.get(name) or "") for name in ("first", "last", "sent")]
            of = (str(file["submitted_by"]), int(file["submitted_for"]), str(row["stream"]))
            found.append((*of, str(row["file"]), not row["rows_read"], *said))
    return found  # type: ignore[return-value]


def _arrived(
    intake: Any, verdicts: Mapping[str, pd.DataFrame], codebook: Codebook
) -> dict[Unit, Arrived]:
    named = _months_named(verdicts, codebook)
    last_of: dict[tuple[str, int], str] = {}
    for (agency, year, _), months in named.items():
        last_of[agency, year] = max(last_of.get((agency, year), ""), *months)
    usable = _usable(verdicts)
    found: dict[Unit, Arrived] = {}
    for agency, year, stream, _, nil, first, last, sent in _sheets(intake):
        unit = (agency, year, stream)
        silent = "" if nil else last_of.get((agency, year), "")
        covered = _covered(year, (first, last), sent, silent)
        before = found.get(unit, Arrived())
        half = set()
        if not nil and unit not in usable:
            half = set(covered)  # rows came, and every one of them waits or was set aside
        elif not first and sent[:4] == str(year) and sent[:7] in named.get(unit, ()):
            half = {sent[:7]}  # the month was not over when the return was sent
        found[unit] = Arrived(
            before.rows | (frozenset() if nil else covered),
            before.nil | (covered if nil else frozenset()),
            before.half | half,
        )
    return found


def _covered(year: int, said: tuple[str, str], sent: str, last_named: str) -> frozenset[str]:
    first, last = said
    if not first:
        first, last = f"{year}-01", f"{year}-12"
        if sent[:4] == str(year):
            last = f"{year}-{int(sent[5:7]) - 1:02d}"
        elif last_named and int(last_named[5:]) <= MOST_SILENT:
            last = last_named
    return frozenset(months_between(first, last))


def _months_named(verdicts: Mapping[str, pd.DataFrame], codebook: Codebook) -> dict[Unit, set[str]]:
    """The months of the return's own year that rows name, by agency, year and stream."""
    found: dict[Unit, set[str]] = {}
    for stream, rows in verdicts.items():
        names = [c.name for c in codebook.stream(stream).columns if c.type == "month"]
        for name in [name for name in names if name in rows]:
            months = rows[name].astype("str")
            own = months.str.fullmatch(r"\d{4}-\d{2}").fillna(False) & (
                months.str[:4] == rows["submitted_for"].astype("str")
            )
            who = zip(
                rows["submitted_by"][own], rows["submitted_for"][own], months[own], strict=True
            )
            for agency, year, month in who:
                found.setdefault((str(agency), int(year), stream), set()).add(str(month))
    return found


def _usable(verdicts: Mapping[str, pd.DataFrame]) -> set[Unit]:
    """Returns of which at least one row was accepted."""
    found: set[Unit] = set()
    for stream, rows in verdicts.items():
        kept = rows[rows["verdict"] == ACCEPTED] if "verdict" in rows else rows.iloc[:0]
        pairs = kept[["submitted_by", "submitted_for"]].drop_duplicates()
        found |= {(str(who), int(year), stream) for who, year in pairs.itertuples(index=False)}
    return found
