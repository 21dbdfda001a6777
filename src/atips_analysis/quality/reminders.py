"""Letters of reminder: what an agency still owes, as a Word file in its language."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.codebook import Codebook
from atips_analysis.errors import MachineError
from atips_analysis.files import temporary_for
from atips_analysis.locks import temporary_folder
from atips_analysis.project import pandoc_program
from atips_analysis.quality.returns_owed import runs_of_months
from atips_analysis.quality.returns_received import THERE
from atips_analysis.words import locale_of, translator
from atips_analysis.words.catalogues import SOURCE

MADE_ON = (2024, 1, 1, 0, 0, 0)  # a fixed date: the same call writes the same bytes


@dataclass(frozen=True, order=True)
class Asked:
    """What is asked of an agency: a stream, first and last month (yyyy-mm), by when, and its state."""

    agency: str
    stream: str
    first: str
    last: str
    due: date
    state: str


def to_ask(returns: pd.DataFrame, on: date | None = None) -> tuple[Asked, ...]:
    """What is owed and not there, in runs of months; with `on`, what was due by that day."""
    lacking = returns[~returns["state"].isin(THERE)]
    found = []
    by = ["agency", "stream", "due", "state"]
    for (agency, stream, due, state), rows in lacking.groupby(by, sort=True):
        day = date.fromisoformat(str(due))
        if on is None or day <= on:
            found += [
                Asked(str(agency), str(stream), first, last, day, str(state))
                for first, last in runs_of_months(rows["month"])
            ]
    return tuple(sorted(found))


def language_of(agency: str, codebook: Codebook, default: str) -> str:
    """The language in which an agency is written to: the column `lang` of the agencies, if any."""
    table = codebook.codelist("source_agency").table
    if "lang" not in table:
        return default
    own = table.loc[table["code"] == agency, "lang"]
    return str(own.iloc[0]) if len(own) and own.iloc[0] else default


def letter(
    agency: str, asked: Iterable[Asked], codebook: Codebook, council: Mapping[str, Any], lang: str
) -> str:
    """The text of a reminder, in Markdown.

    `council` holds the sender's name by language (`name_en`, …) and, if any, `author_body_en`, ….
    """
    _ = translator(lang)
    sender = str(council.get(f"name_{lang}") or council.get(f"name_{SOURCE}", ""))
    body = str(council.get(f"author_body_{lang}") or council.get(f"author_body_{SOURCE}", ""))
    lines = [f"**{sender}**", f"{body}", ""]
    lines += [codebook.codelist("source_agency").label(agency, lang), ""]
    title = _("Reminder: returns that have not been received")
    lines += [f"# {title}", ""]
    heads = (_("Sheet"), _("Months"), _("Due"), _("State"))
    lines += [
        _(
            "According to the register of returns, the following has not been received, or could "
            "not be used. Please send it, or say on the cover that there was nothing to report: an "
            "empty return with that tick counts as zero, and no return counts as unknown."
        ),
        "",
        f"| {' | '.join(heads)} |",
        "|---|---|---|---|",
    ]
    states = {
        "missing": _("not received"),
        "partial": _("received in part, or waiting for an answer"),
        "withdrawn": _("taken back by the agency"),
    }
    for one in asked:
        months = one.first if one.first == one.last else f"{one.first} – {one.last}"
        sheet = codebook.stream(one.stream).label(lang)
        lines.append(f"| {sheet} | {months} | {_day(one.due, lang)} | {states[one.state]} |")
    lines += [
        "",
        _(
            "Reports made before it arrives say that figures are of fewer months and whose return "
            "is missing; such figures are not compared with those of a full year."
        ),
        "",
        _("Send it by the confidential way agreed with the Monitoring and Evaluation Committee."),
    ]
    return "\n\n".join(_paragraphs(lines)) + "\n"


def write_letter(path: Path, text: str, lang: str) -> None:
    """A Word file from a letter's text, made by Pandoc; the same text gives the same bytes.

    Raises MachineError if the file cannot be written, or Pandoc is not there.
    """
    with temporary_for(path) as beside, temporary_folder("pandoc") as nothing:
        options = ["--sandbox", f"--data-dir={nothing}", "--from=markdown", "--to=docx"]
        made = subprocess.run(
            [pandoc_program(), *options, f"-Mlang={lang}", f"--output={beside.resolve()}"],
            input=text.encode("utf-8"),
            capture_output=True,
            check=False,
        )
        if made.returncode:
            why = made.stderr.decode("utf-8", "replace").partition("HasCallStack")[0]
            raise MachineError(
                f"{path}: the letter cannot be written ({' '.join(why.split())}); make room on the "
                "disk, close it if it is open in Word, or choose another folder with --letters"
            )
        beside.write_bytes(_undated(beside.read_bytes()))


def _undated(content: bytes) -> bytes:
    """The same document without the time at which it was made."""
    import re

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2024-01-01T00:00:00Z", part)
            info = zipfile.ZipInfo(name, MADE_ON)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, part)
    return out.getvalue()


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Lines with the rows of a table kept together."""
    table: list[str] = []
    for line in lines:
        if line.startswith("|"):
            table.append(line)
            continue
        if table:
            yield "\n".join(table)
            table = []
        if line:
            yield line


def _day(day: date, lang: str) -> str:
    from babel.dates import format_date

    return format_date(day, format="long", locale=locale_of(lang))
