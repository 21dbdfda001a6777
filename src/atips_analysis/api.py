"""The researcher's way in: a data bank, an indicator, a table; protected unless asked otherwise.

>>> import atips_analysis as atips
>>> bank = atips.open_databank("data/databank/example")
>>> atips.indicator("PROT-07", bank, period="2021-2023", by=["age_group"])  # doctest: +SKIP

What comes back has been protected and attacked: counts of persons from 1 to 4 are hidden, with
what would give them away. What a build of the same edition has published is answered from there;
anything else is protected around that, and around all that the data bank's record of answers holds,
whoever asked. Raw
numbers come with `confidential=True` alone, which marks the notebook: no page is made of it.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from atips_analysis.codebook import dimensions
from atips_analysis.databank import DataBank, unduplicated_victims
from atips_analysis.databank import open_databank as _open
from atips_analysis.errors import InputError
from atips_analysis.indicators import Measure, Period, compute, parse_period, wide
from atips_analysis.indicators import measures as declared_measures
from atips_analysis.indicators.citation import HASH, cite, table_hash
from atips_analysis.indicators.compute import of_nobody
from atips_analysis.indicators.declared import uncollected
from atips_analysis.indicators.denominators import mid_year_population
from atips_analysis.indicators.long_table import LONG, long_table
from atips_analysis.indicators.place import MOST, cell_of
from atips_analysis.indicators.populations import victims_once
from atips_analysis.indicators.rows import Rows, rows_of
from atips_analysis.indicators.table import read_table
from atips_analysis.ledger.answers import answer
from atips_analysis.ledger.question import MeasureName, Question
from atips_analysis.pages.stata import write_stata
from atips_analysis.project import Project, find_project, find_registers

if TYPE_CHECKING:
    from atips_analysis.pages import Table

__all__ = [
    "LONG",
    "SCHEMA",
    "ResearchBank",
    "cite",
    "dictionary",
    "indicator",
    "long_table",
    "measures",
    "open_databank",
    "public_table",
    "shares",
    "show",
    "write_stata",
]

SCHEMA = {
    "indicator_id": "code of the indicator, such as PROT-01",
    "unit_of_count": "what one is: VICTIM, CASE, SESSION, …; units are never added up",
    "statistic": "count, percent, ratio, rate (per 100,000) or median",
    "period": "2024, 2022-2024, 2024-Q3, 2024-H1 or 2024-03..2024-08",
    "(dimensions)": "a column for each name in `by`; Total where a row is not broken down by it",
    "value": "the number; missing where it is hidden or not known",
    "numerator": "of a percent, ratio or rate; missing otherwise",
    "denominator": "of a percent, ratio or rate; of a median, how many it is of",
    "ci_low": "lower end of the 95 % interval",
    "ci_high": "upper end of the 95 % interval",
    "method": "how the interval was made",
    "status": "OK, Z (a true zero), C (hidden for protection), M (missing), NC (not collected), "
    "NAP (does not apply, or too few)",
    "source": "register, or simulated",
    "vintage": "the edition of the data bank",
    "note": "why there is no number",
}
"""Columns of the frames that `indicator` gives, and what they hold."""

NUMBERS = ("value", "numerator", "denominator", "ci_low", "ci_high")

ALONE = frozenset({"district", "citizenship_group"})
"""Never together in a table of persons."""


@dataclass(frozen=True)
class ResearchBank(DataBank):
    """An edition of the data bank for research: rows only with `confidential=True`.

    `bank.services(year=2024, confidential=True)` reads a stream; without the last word it is
    refused. `bank.victims` gives a row a victim. Ask `indicator` for numbers that may be shown.
    """

    def frame(self, stream: str, *, confidential: bool = False) -> pd.DataFrame:
        """The accepted rows of a stream."""
        _allow(confidential, f"rows of {stream}")
        return _plain(self).frame(stream)

    def read(
        self,
        stream: str,
        *,
        year: int | Iterable[int] | None = None,
        confidential: bool = False,
        **values: Any,
    ) -> pd.DataFrame:
        """The accepted rows of a stream for a year or years and for values of its columns."""
        _allow(confidential, f"rows of {stream}")
        return _plain(self).read(stream, year=year, **values)

    def kept(self, table: str, *, confidential: bool = False) -> pd.DataFrame:
        """What an edition keeps besides accepted rows: quarantine, duplicates, findings, changes."""
        _allow(confidential, f"the table {table}")
        return _plain(self).kept(table)

    def victims(
        self,
        *,
        year: int | Iterable[int] | None = None,
        as_submitted: bool = False,
        confidential: bool = False,
        **values: Any,
    ) -> pd.DataFrame:
        """A row a victim and year, as the indicators count them: PROT-01 is how many there are.

        Parameters
        ----------
        year : int or several, optional
            Years of identification; by default all.
        as_submitted : bool
            The rows as agencies sent them instead: a victim whom two agencies reported, or of two
            forms of exploitation, stands in several.
        confidential : bool
            Has to be said: rows are refused without it.
        **values
            Columns, and the value or values that they must have.

        Notes
        -----
        Of somebody who did not consent to statistics, every characteristic is unknown; ages and
        forms are those of shared tables (CHILD or ADULT; SEX, LAB, MIXED, OTHER).
        """
        if as_submitted:
            return self.read("victims", year=year, confidential=confidential, **values)
        _allow(confidential, "rows of victims")
        wanted = self.years if year is None else (year,) if isinstance(year, int) else tuple(year)
        rows = rows_of(_plain(self))
        each = [victims_once(rows, parse_period(one)) for one in sorted(set(wanted))]
        found = pd.concat(each, ignore_index=True) if each else rows.frame("victims").head(0)
        for name, value in values.items():
            if name not in found:
                raise InputError(
                    f"a victim has no column {name!r}; there are {', '.join(found.columns)}"
                )
            several = not isinstance(value, str) and isinstance(value, Iterable)
            found = found[found[name].isin(list(value) if several else [value])]
        return found.drop(columns=["forms", "rank", "first"], errors="ignore").reset_index(
            drop=True
        )

    def unduplicated_victims(
        self, year: int | None = None, *, confidential: bool = False
    ) -> pd.DataFrame:
        """A row a victim over all years, with the agencies and codes that were linked."""
        _allow(confidential, "rows of victims")
        return unduplicated_victims(_plain(self), year)

    @property
    def years(self) -> tuple[int, ...]:
        """The years that current files report on, in order."""
        return _plain(self).years

    def __repr__(self) -> str:
        kind = "SIMULATED records" if self.simulated else "agencies' records"
        return f"<data bank, edition {self.edition}, {kind}, {self.years[0]} to {self.years[-1]}>"


def open_databank(path: Path | str, edition: str = "latest") -> ResearchBank:
    """Open an edition of a data bank.

    Parameters
    ----------
    path : path
        The folder of the data bank, such as ``data/databank/example``; looked for in the working
        folder, then in the project.
    edition : str
        Its name, its first letters, or ``latest``.

    Raises
    ------
    InputError
        If there is no such edition; the line lists those there are.
    """
    here = Path(path)
    if not here.exists() and not here.is_absolute():
        here = find_project().root / here
    bank = ResearchBank(_open(here, edition).about)
    if bank.simulated:
        _mark("simulated")
    return bank


def indicator(  # noqa: PLR0913  (what can be asked of one, by keyword)
    indicator_id: str,
    bank: DataBank,
    period: str | int,
    by: Sequence[str] | Sequence[Sequence[str]] = (),
    *,
    unit: str | None = None,
    statistic: str | None = None,
    confidential: bool = False,
    project: Project | None = None,
) -> pd.DataFrame:
    """An indicator for a period, broken down as asked: protected unless `confidential`.

    Parameters
    ----------
    indicator_id : str
        Its code; `measures()` lists them.
    bank : DataBank
        From `open_databank`.
    period : str or int
        A year (2024), years pooled (``2022-2024``), a half-year, a quarter, or months.
    by : sequence of str, or of sequences
        Dimensions of one table, ``["sex"]`` or ``["sex", "age_group"]``; or several tables that
        are to be shown together, ``[["sex"], ["form"]]``. Asked for in one call they are
        protected as one, in two calls the second is protected around the first.
    unit, statistic : str, optional
        Of an indicator with several measures, the one wanted.
    confidential : bool
        Raw numbers. They may not leave the house, and the notebook is marked.

    Returns
    -------
    DataFrame
        One row a value; columns `SCHEMA`. The total is always among the rows.
        ``frame.attrs`` says edition, simulated, confidential, the table's sha256 (for `cite`), and
        published: whether every row is one of a table that a build has published. Where it is not,
        the notebook is a draft: `atips run` makes a page of it, a build does not.

    Raises
    ------
    InputError
        If indicator, period or dimension is not known; if a table of persons has more than two
        dimensions, is of two dimensions over a single year, or crosses district and citizenship.
    FindingsError
        If no protected table withstands the attack.
    """
    house = project or find_project()
    code = indicator_id.strip().upper()
    own = _measures_of(code, unit, statistic)
    when, tables = parse_period(period), _tables(by)
    rows = rows_of(_plain(bank))
    _refuse(code, own, when, tables, rows)
    single = tuple((name,) for table in tables if len(table) > 1 for name in table)
    asked = _asked((*tables, *single), own, rows, when)
    beyond = False
    if confidential:
        _mark("confidential")
        found = _raw(rows, house, code, when, asked)
    else:
        places = {
            (when.name, name, tuple(sorted(table))) for name in asked for table in asked[name]
        }
        places |= {(when.name, name, ()) for name in (*asked, (code, "", ""))}
        given = answer(Question(frozenset(places)), _plain(bank), rows, house, "notebook")
        found, beyond = given.table, not given.published
        _say(given.coarser)
    if beyond:
        _mark("beyond_what_is_published")
        _warn()
    if bank.simulated:
        _mark("simulated")
    about = {"confidential": confidential, "published": not (beyond or confidential)}
    frame = _chosen(found, code, own, when, tables)
    frame.attrs = {"edition": bank.edition, "simulated": bank.simulated, **about}
    frame.attrs[HASH] = table_hash(frame)
    return frame


def shares(frame: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Counts of one breakdown as shares of their total, with intervals; from what is shown alone.

    Parameters
    ----------
    frame : DataFrame
        Of `indicator`: counts by one dimension, with their total.
    confidence : float
        Of the intervals, between 0 and 1.

    Returns
    -------
    DataFrame
        The same rows without the total, as percentages: value, numerator, denominator, ci_low,
        ci_high, method. A hidden count has no share, nor has any under a hidden total; it keeps its
        status.

    Raises
    ------
    InputError
        If the frame is not of counts by one dimension.

    Notes
    -----
    Exact intervals (Clopper and Pearson 1934) under a total of 30, Wilson's (1927) from 30.
    """
    by = [name for name in frame.columns if name in dimensions()]
    groups = ["unit_of_count", "period"]
    if len(by) != 1 or set(frame["statistic"]) - {"count", ""}:
        raise InputError(
            "shares are of counts by one dimension; ask for them with by=[…] of one name, and "
            'statistic="count"'
        )
    whole = frame[frame[by[0]] == "Total"].set_index(groups)
    parts = frame[frame[by[0]] != "Total"].reset_index(drop=True)
    rows = []
    for row in parts.to_dict("records"):
        total = whole.loc[(row["unit_of_count"], row["period"])]
        rows.append(row | _share(row, total, confidence))
    found = pd.DataFrame(rows, columns=frame.columns).astype(frame.dtypes.to_dict())
    found.attrs = dict(frame.attrs)
    return found


def _share(row: Mapping[str, Any], total: pd.Series, confidence: float) -> dict[str, Any]:
    from atips_analysis.statistics import clopper_pearson_interval, wilson_interval

    blank = {"statistic": "percent", "method": "", **dict.fromkeys(NUMBERS, pd.NA)}
    exact = {"OK", "Z"}
    if row["status"] not in exact or total["status"] != "OK":
        hidden = row["status"] if row["status"] not in exact else total["status"]
        return blank | {"status": "NAP" if hidden == "Z" else hidden}
    count, n = int(row["value"]), int(total["value"])
    interval = clopper_pearson_interval if n < 30 else wilson_interval
    low, high = interval(count, n, confidence)
    name = "Clopper-Pearson" if n < 30 else "Wilson"
    return {
        "statistic": "percent",
        "value": 100 * count / n,
        "numerator": count,
        "denominator": n,
        "ci_low": 100 * low,
        "ci_high": 100 * high,
        "method": f"{name}, {100 * confidence:g} %",
    }


def measures(indicator_id: str | None = None) -> pd.DataFrame:
    """What can be asked for: a row a measure.

    Returns
    -------
    DataFrame
        indicator_id, name, unit_of_count, statistic, by (what the plan publishes for every period),
        by_pooled (for pooled years alone), pooled_over_years, persons (whether small counts are
        hidden), about.
    """
    from atips_analysis.framework import load_indicators

    names = {one.id: one.name_en for one in load_indicators(find_registers())}
    wanted = None if indicator_id is None else indicator_id.strip().upper()
    rows = [
        {
            "indicator_id": one.indicator_id,
            "name": names.get(one.indicator_id, ""),
            "unit_of_count": one.unit,
            "statistic": one.statistic,
            "by": _tables_in_words([table.by for table in one.planned if not table.pooled]),
            "by_pooled": _tables_in_words([table.by for table in one.planned if table.pooled]),
            "pooled_over_years": one.additive,
            "persons": one.persons,
            "about": (one.population.__doc__ or "").strip().split("\n")[0],
        }
        for one in declared_measures(wanted)
    ]
    return pd.DataFrame(rows)


def _tables_in_words(tables: Sequence[tuple[str, ...]]) -> str:
    return ", ".join(" x ".join(table) for table in tables)


def dictionary(lang: str = "en") -> pd.DataFrame:
    """The data dictionary: a row a column of a stream, in a language that has a catalogue."""
    from atips_analysis.codebook import load_codebook
    from atips_analysis.codebook.dictionary import dictionary as of_codebook

    return of_codebook(load_codebook(), lang)


def public_table(folder: Path | str = "reports") -> pd.DataFrame:
    """The protected table of a build, as published: no data bank is needed.

    `folder` is a folder of reports, or the one in which they all lie (the newest is taken).
    """
    from atips_analysis.pages.last_build import public_side

    found = public_side(Path(folder), find_registers())
    table = wide(read_table(found / "indicators.csv"))
    table.attrs[HASH] = hashlib.sha256((found / "indicators.csv").read_bytes()).hexdigest()
    if (table["source"] == "simulated").any():
        _mark("simulated")
    return table


def show(frame: pd.DataFrame, caption: str) -> Table:
    """Any frame as a page shows it, with its n; end the cell with it.

    Of `indicator` and `public_table`: labels for codes, marks for what is hidden, and of how many
    each number is. Any other frame as it stands, with its number of rows below.
    """
    from atips_analysis.pages import show as as_table
    from atips_analysis.pages.answer_tables import is_indicator_table, shown_table

    ours = is_indicator_table(frame)
    editions = [str(one) for one in frame["vintage"].unique()] if "vintage" in frame else []
    edition = frame.attrs.get("edition") or ", ".join(editions)
    simulated = frame.attrs.get("simulated") or "simulated" in set(frame.get("source", ()))
    notes = [f"Data bank, edition {edition}{' (simulated records)' if simulated else ''}"]
    notes = notes if edition else ["SIMULATED records"] if simulated else []
    notes += [] if ours else [f"n = {len(frame)} {'row' if len(frame) == 1 else 'rows'}"]
    words = "".join(letter if letter.isalnum() else "-" for letter in caption.lower())
    table = shown_table(frame) if ours else frame
    return as_table(table, caption, f"tbl-{words.strip('-')[:40]}", note=". ".join(notes))  # type: ignore[return-value]


def _plain(bank: DataBank) -> DataBank:
    return DataBank(bank.about)


def _allow(confidential: bool, what: str) -> None:
    if confidential is not True:
        raise InputError(
            f"{what} are confidential; ask atips.indicator(…) for numbers that may be shown, or "
            "write confidential=True, which keeps the notebook in the house"
        )
    _mark("confidential")


def _mark(name: str) -> None:
    """Show the mark in a notebook; the airlock reads it. Outside a notebook there is nothing."""
    if _in_notebook():
        from IPython.display import Markdown, display

        display(Markdown(f"---\n{name}: true\n---"))


def _warn() -> None:
    """Say below an answer that stands in no published table what a page of it is."""
    _show(
        '::: {.callout-warning title="Working page"}\n'
        "Some numbers here stand in no published table. They are protected beside all that was "
        "given before, and stand in the data bank's record: this page is for the house, and no build "
        "takes it in.\n:::"
    )


def _say(lines: Sequence[str]) -> None:
    """Say what is given coarser than it was asked for."""
    if lines:
        _show("\n\n".join(lines))


def _show(text: str) -> None:
    if _in_notebook():
        from IPython.display import display

        from atips_analysis.pages import paragraph

        display(paragraph(text))


def _in_notebook() -> bool:
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return get_ipython() is not None


def _measures_of(code: str, unit: str | None, statistic: str | None) -> tuple[Measure, ...]:
    every = declared_measures(code)
    if not every:
        known = ", ".join(dict.fromkeys(one.indicator_id for one in declared_measures()))
        raise InputError(f"no data feed an indicator {code!r}; there are {known}")
    own = tuple(
        one for one in every if unit in (None, one.unit) and statistic in (None, one.statistic)
    )
    if not own:
        known = ", ".join(f"{one.unit} {one.statistic}" for one in every)
        raise InputError(f"{code} has no such measure; it has {known}")
    return own


def _tables(by: Sequence[str] | Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """The tables that `by` names, dimensions in the order of the tidy table."""
    if isinstance(by, str):
        return ((by,),)
    if not by:
        return ()
    one_table = all(isinstance(one, str) for one in by)
    several: list[Any] = [list(by)] if one_table else list(by)
    return tuple(
        tuple(sorted({one} if isinstance(one, str) else set(one), key=_place)) for one in several
    )


def _place(dimension: str) -> int:
    order = dimensions()
    return order.index(dimension) if dimension in order else len(order)


def _refuse(
    code: str, own: Sequence[Measure], when: Period, tables: Sequence[tuple[str, ...]], rows: Rows
) -> None:
    """Stop at a table that may not be made."""
    for table in tables:
        for name in table:
            if name not in dimensions() or not any(_has(one, name, rows, when) for one in own):
                known = [one for one in dimensions() if any(_has(m, one, rows, when) for m in own)]
                raise InputError(
                    f"{code} cannot be broken down by {name!r}; it can by "
                    f"{', '.join(known) or 'nothing'}"
                )
        if len(table) > MOST:
            raise InputError(f"a table by {', '.join(table)} has too many dimensions; give two")
        if not any(one.persons for one in own):
            continue
        if len(table) == 2 and (not when.whole_years or len(when.years) < 2):
            raise InputError(
                "two dimensions of persons are shown over pooled years only; give a period such "
                "as 2022-2024"
            )
        if set(table) >= ALONE:
            raise InputError("district and citizenship are never crossed; leave one of them out")


def _has(measure: Measure, name: str, rows: Rows, when: Period) -> bool:
    return name in measure.population(rows, when).columns


def _asked(
    tables: Sequence[tuple[str, ...]], own: Sequence[Measure], rows: Rows, when: Period
) -> dict[MeasureName, list[tuple[str, ...]]]:
    """The tables for each measure that has their dimensions."""
    return {
        (one.indicator_id, one.unit, one.statistic): [
            table for table in tables if all(_has(one, name, rows, when) for name in table)
        ]
        for one in own
    }


def _raw(
    rows: Rows,
    project: Project,
    code: str,
    when: Period,
    asked: Mapping[MeasureName, Sequence[tuple[str, ...]]],
) -> pd.DataFrame:
    table = compute(
        rows,
        [when],
        [code],
        population=mid_year_population(project),
        vintage=rows.edition,
        also_by=asked,
    )
    return of_nobody(table, uncollected(project))


def _chosen(
    found: pd.DataFrame,
    code: str,
    own: Sequence[Measure],
    when: Period,
    tables: Sequence[tuple[str, ...]],
) -> pd.DataFrame:
    """The rows and columns asked for."""
    wanted = {(one.unit, one.statistic) for one in own}
    pair = pd.Series(
        list(zip(found["unit_of_count"], found["statistic"], strict=True)), index=found.index
    )
    rows = found[
        (found["indicator_id"] == code) & (found["period"] == when.name) & pair.isin(wanted)
    ]
    asked = [frozenset(table) for table in tables]
    asked += [frozenset({name}) for table in tables if len(table) > 1 for name in table]
    by_row = [frozenset(cell_of(row)) for row in rows.to_dict("records")]
    keep = [not names or names in asked for names in by_row]
    names = list(dict.fromkeys(name for table in tables for name in table))
    columns = [
        name for column in SCHEMA for name in (names if column == "(dimensions)" else [column])
    ]
    return wide(rows[keep])[columns]
