"""What changed since the reports were published last: returns, rows, figures and why, pages.

Figures are compared as both tables print them, so that nothing hidden is compared or told. Why one
moved is told by whose rows of the streams that it reads differ, never by how many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.build.asked_for import Build
from atips_analysis.build.plan import RENDER
from atips_analysis.build.steps import Outcome
from atips_analysis.codebook import load_codebook
from atips_analysis.databank import diff, open_databank
from atips_analysis.databank.difference import WHO
from atips_analysis.databank.since import ROWS, latest_manifest, since, some_of
from atips_analysis.errors import InputError
from atips_analysis.files import frame_csv, read_json, write_text
from atips_analysis.framework import load_indicators
from atips_analysis.indicators import measures, parse_period
from atips_analysis.indicators.place import NAME, PLACE, cell_of, is_total
from atips_analysis.indicators.table import read_table
from atips_analysis.ledger.revision import differences
from atips_analysis.pages.key_figures import KEY_FIGURES
from atips_analysis.pages.numbers import format_number, status_label
from atips_analysis.words.catalogues import SOURCE
from atips_analysis.words.said import Message, Said, in_language

MOVED = "what-moved.csv"
"""Every figure that moved, on the confidential side of a build."""
LINES = "what-changed.txt"
"""What the last build that changed anything said at its end."""
FIGURES = 4
"""Lines that figures take; returns take at most four, rows one and pages one."""
COLUMNS = (*NAME, *PLACE, "before", "before_status", "now", "now_status", "why")
BESIDE = Message("protected together with figures that moved").format()
ELSEWHERE = Message("the code, a register or a rule changed, and no row").format()
GONE = Message("the edition before is no longer there, so that rows cannot be compared").format()

Returned = tuple[str, str, int]
"""Whose rows differ: agency, stream, year."""


@dataclass(frozen=True)
class Published:
    """What a folder of reports held: its protected table, the edition and the code behind it."""

    table: pd.DataFrame
    edition: str


def published_before(folder: Path) -> Published | None:
    """What was published last in a folder; None before the first time, or if it cannot be read."""
    manifest = folder / "manifest.json"
    try:
        edition = read_json(manifest)["edition"]
        return Published(read_table(folder / "indicators.csv"), str(edition))
    except (OSError, ValueError, KeyError, InputError):
        return None


def what_changed(
    before: Published | None,
    build: Build,
    outcomes: Sequence[Outcome],
    bulletins: Sequence[str] = (),
    known: Sequence[str] = (),
) -> list[str]:
    """At most ten lines on what a build changed; kept for the officer beside the build.

    `known` is what `returns_and_figures` gave during the build, if it was asked. A build that made no page leaves what the one before it said.
    """
    ran = [outcome.name for outcome in outcomes if outcome.state == "ran"]
    pages = [name.removeprefix(RENDER) for name in ran if name.startswith(RENDER)]
    pages += bulletins
    if before is None or not pages:
        return []
    again = Message("pages made again: {pages}").format(pages=some_of(pages, 6))
    lines = [*(known or returns_and_figures(before, build)), again]
    lang = str(build.project.profile["languages"]["reports"][0])  # the desk's
    told = "".join(f"{in_language(line, lang)}\n" for line in lines)
    write_text(build.confidential / LINES, told)
    return lines


def returns_and_figures(before: Published, build: Build) -> list[str]:
    """What changed in returns, rows and figures: known once the table is protected."""
    now = Published(
        read_table(build.public / "indicators.csv"),
        read_json(build.public / "build.json")["edition"],
    )
    old, new = (latest_manifest(build.databank, one.edition) for one in (before, now))
    returns = since(old, new).lines if old and new else []
    sent = returned_otherwise(build.databank, old, new) if old and new else None
    found = moved(before.table, now.table, sent)
    write_text(build.confidential / MOVED, frame_csv(found))
    return [*returns, *_figures(found, build)]


def kept_as_printed(build: Build) -> str:
    """A line on the tables that stand as an earlier release printed them; empty where none do."""
    account = read_json(build.public / "protection.json")
    tables = [name.split(", ") for name in account["kept"]]
    if not tables:
        return ""
    codes = ", ".join(sorted({name.split()[0] for name, _ in tables}))
    periods = ", ".join(sorted({period for _, period in tables}))
    return (
        f"{codes} of {periods} stand as printed earlier: their correction would tell of somebody; "
        "revised figures follow in the next edition that can print them"
    )


def returned_otherwise(
    databank: Path, old: Mapping[str, Any], new: Mapping[str, Any]
) -> list[Returned]:
    """Whose rows differ between two editions, by their manifests: accepted, or set aside."""
    if old["edition"] == new["edition"]:
        return []
    difference = diff(
        open_databank(databank, old["edition"]), open_databank(databank, new["edition"])
    )
    agency, year = WHO
    units = difference[[agency, "stream", year]].drop_duplicates()
    found = {
        (str(row[agency]), str(row["stream"]), int(row[year])) for row in units.to_dict("records")
    }
    before, now = _accounts(old), _accounts(new)
    return sorted(found | {unit for unit in before | now if before.get(unit) != now.get(unit)})


def _accounts(manifest: Mapping[str, Any]) -> dict[Returned, Counter[str]]:
    """What became of the rows of each return."""
    accounts: dict[Returned, Counter[str]] = {}
    for line in manifest["account"]:
        unit = (str(line["submitted_by"]), str(line["stream"]), int(line["submitted_for"]))
        accounts.setdefault(unit, Counter()).update({name: line[name] for name in ROWS})
    return accounts


def moved(before: pd.DataFrame, now: pd.DataFrame, sent: Iterable[Returned] | None) -> pd.DataFrame:
    """The figures that two protected tables print otherwise, each with its reason: `COLUMNS`.

    `sent` is whose rows differ; None where the edition before was deleted, and nobody can tell.
    Key figures come first, then totals, the latest period first.
    """
    found = differences(before, now).rename(
        columns={
            "frozen": "before",
            "frozen_status": "before_status",
            "today": "now",
            "today_status": "now_status",
        }
    )
    streams = {(one.indicator_id, one.unit, one.statistic): one.sources for one in measures()}
    units = None if sent is None else list(sent)
    why = [
        _why(streams.get((row["indicator_id"], row["unit_of_count"], row["statistic"])), row, units)
        for row in found.to_dict("records")
    ]
    found["why"] = pd.Series(why, found.index, dtype=object)  # keeps what has other languages
    key = {(one.indicator_id, one.unit, "count"): at for at, one in enumerate(KEY_FIGURES)}
    names = found[["indicator_id", "unit_of_count", "statistic"]].itertuples(index=False, name=None)
    found["first"] = [key.get(name, len(key)) for name in names]
    found["part"] = ~is_total(found)
    found["end"] = [parse_period(str(period)).years[-1] for period in found["period"]]
    order = ["part", "first", "end", *NAME, *PLACE]
    up = [name != "end" for name in order]
    return found.sort_values(order, ascending=up, ignore_index=True)[list(COLUMNS)]


def _why(
    streams: Sequence[str] | None, row: Mapping[Any, Any], sent: Sequence[Returned] | None
) -> str:
    if sent is None:
        return GONE
    if not sent:
        return ELSEWHERE
    own = [one for one in sent if not streams or one[1] in streams]
    years = parse_period(str(row["period"])).years
    nearest = [one for one in own if one[2] in years] or own
    said = [f"{agency} {stream} {year}" for agency, stream, year in nearest]
    return some_of(said, 2) if said else BESIDE


def _figures(found: pd.DataFrame, build: Build) -> list[str]:
    """The first figures that moved, a line each, and how many more there are."""
    names = {one.id: one.name for one in load_indicators(build.project)}
    rows = found.to_dict("records")
    shown = rows if len(rows) <= FIGURES else rows[: FIGURES - 1]
    lines: list[str] = [_line(row, names.get(str(row["indicator_id"]), str)) for row in shown]
    if len(rows) > len(shown):
        file = build.project.shown(build.confidential / MOVED)
        more = len(rows) - len(shown)
        lines.append(Message("and {more} more figures: {file}").format(more=more, file=file))
    return lines


def _line(row: Mapping[Any, Any], name: Callable[[str], str]) -> Said:
    def line(lang: str) -> str:
        return _line_in(lang, row, name)

    return Said(line(SOURCE), line)


def _line_in(lang: str, row: Mapping[Any, Any], name: Callable[[str], str]) -> str:
    of = ", ".join(f"{by} {category}" for by, category in cell_of(row).items())
    unit = load_codebook().codelist("unit_of_count").label(str(row["unit_of_count"]), lang).lower()
    kind = "" if row["statistic"] == "count" else f" {row['statistic']}"
    what = f"{row['indicator_id']} {name(lang)}, {unit}{kind}, {row['period']}{', ' + of if of else ''}"
    before, now = (_printed(row, side, lang) for side in ("before", "now"))
    return f"{what}: {before} → {now} ({in_language(row['why'], lang)})"


def _printed(row: Mapping[Any, Any], side: str, lang: str) -> str:
    value = row[side]
    if pd.isna(value):
        return status_label(str(row[f"{side}_status"]), lang)
    return format_number(float(value), lang)
