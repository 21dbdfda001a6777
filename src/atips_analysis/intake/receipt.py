"""The reading receipt of a file: what its sheets and columns were taken for, and what was not read.

It is told before the numbers count, on the terminal, as JSON and in the feedback workbook, and it is
short when all is well. It says nothing that stands in a cell, but figures summed by month.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from atips_analysis.codebook import Codebook
from atips_analysis.intake import receipt_words as say
from atips_analysis.words.said import Said, in_language, joined

MOST_ROWS = 6
VERDICTS = ("accepted", "quarantined", "duplicate")


@dataclass(frozen=True)
class SheetReceipt:
    """What was read of one sheet.

    `columns`: header and the column it was taken for; `unused`: headers that were not;
    `missing`: required columns that no header names; `left_out`: rows that are none, by kind;
    `period`: first and last month; `sums`: figures by month, where the table has a month and a
    count: month, rows, and the sum of the first count.
    """

    sheet: str
    stream: str
    rows: dict[str, int]
    columns: list[tuple[str, str, str]]
    unused: list[str]
    missing: list[str]
    left_out: dict[str, int]
    nil: bool
    period: tuple[str, str] | None
    sums: list[tuple[str, int, int]]
    counted: str


@dataclass(frozen=True)
class Receipt:
    """What was read of one file."""

    file: str
    agency: str
    year: int
    version: int
    state: str
    replaces: list[str]
    replaced_by: str
    read_as: str
    sheets: list[SheetReceipt]
    questions: list[dict[str, Any]]
    answered: list[dict[str, Any]]
    notes: list[str]
    said: Mapping[str, Said] = field(default_factory=dict)

    def as_json(self, codebook: Codebook) -> dict[str, Any]:
        """The receipt for programs."""
        return {
            "read_as": self.read_as,
            "version": self.version,
            "state": self.state,
            "replaces": self.replaces,
            "replaced_by": self.replaced_by,
            "sheets": [
                {
                    "sheet": sheet.sheet,
                    "stream": sheet.stream,
                    "rows": sheet.rows,
                    "columns": [
                        {"header": header, "column": column, "how": how}
                        for header, column, how in sheet.columns
                    ],
                    "columns_not_used": sheet.unused,
                    "columns_missing": sheet.missing,
                    "rows_left_out": sheet.left_out,
                    "nil_return": sheet.nil,
                    "period": list(sheet.period) if sheet.period else None,
                    "sums_by_month": [
                        {"month": month, "rows": rows, sheet.counted or "count": total}
                        for month, rows, total in sheet.sums
                    ],
                }
                for sheet in self.sheets
            ],
            "questions": self.questions,
            "answered": self.answered,
            "notes": self.notes,
        }

    def lines(self, codebook: Codebook, lang: str = "en") -> list[str]:
        """The receipt in short lines for a person."""
        return [str(in_language(line, lang)) for line in _lines(self, codebook, lang)]


def receipt_of(intake: Any, verdicts: Any, file: str, codebook: Codebook) -> Receipt:
    """The receipt of one file of an intake; `verdicts` are the judged rows by stream."""
    about = intake.files[intake.files["file"] == file].to_dict("records")[0]
    replaced = intake.files[intake.files["replaced_by"] == file]["file"]
    questions = intake.questions[intake.questions["file"] == file]
    listed = questions.drop(columns="file").to_dict("records")
    return Receipt(
        file,
        str(about["submitted_by"]),
        int(about["submitted_for"]),
        int(about["version"]),
        str(about["state"]),
        sorted(replaced),
        str(about["replaced_by"] or "") if about["replaced_by"] == about["replaced_by"] else "",
        intake.read_as.get(file, ""),
        [
            _sheet(intake, verdicts, file, row, codebook)
            for row in intake.sheets[intake.sheets["file"] == file].to_dict("records")
        ],
        [row for row in listed if not row["answer"]],
        [row for row in listed if row["answer"]],
        _notes(intake.notes[intake.notes["file"] == file], getattr(intake, "said", {})),
        getattr(intake, "said", {}),
    )


def _sheet(
    intake: Any, verdicts: Any, file: str, about: dict[Any, Any], codebook: Codebook
) -> SheetReceipt:
    sheet, stream = str(about["sheet"]), str(about["stream"])
    headers = intake.headers
    own = headers[(headers["file"] == file) & (headers["sheet"] == sheet)]
    used = own[own["how"] != "ignored"]
    judged = verdicts[stream]
    rows = judged[(judged["file"] == file) & (judged["sheet"] == sheet)]
    counts = rows["verdict"].value_counts() if "verdict" in rows else pd.Series(dtype="int64")
    known = set(used["column"])
    missing = [
        column.label_en
        for column in codebook.stream(stream).columns
        if column.required and column.name not in known
    ]
    sums, counted = _sums(rows, codebook, stream)
    months = [month for month, _, _ in sums]
    return SheetReceipt(
        sheet,
        stream,
        {"read": len(rows), **{verdict: int(counts.get(verdict, 0)) for verdict in VERDICTS}},
        list(used[["header", "column", "how"]].itertuples(index=False, name=None)),
        list(own.loc[own["how"] == "ignored", "header"]),
        missing if len(own) else [],
        {
            kind: int(about[f"{kind}_rows"])
            for kind in ("title", "blank", "totals")
            if about[f"{kind}_rows"]
        },
        bool(about["nil_return"]),
        (min(months), max(months)) if months else None,
        sums,
        counted,
    )


def _sums(
    rows: pd.DataFrame, codebook: Codebook, stream: str
) -> tuple[list[tuple[str, int, int]], str]:
    """Accepted rows by month: how many, and the sum of the first column of counts."""
    columns = codebook.stream(stream).columns
    month = next((c.name for c in columns if c.type == "month" and c.required), "")
    count = next((c.name for c in columns if c.type == "count" and c.required), "")
    if not month or rows.empty:
        return [], count
    accepted = rows[rows["verdict"] == "accepted"]
    accepted = accepted[accepted[month].notna()]
    numbers = pd.to_numeric(accepted[count], errors="coerce") if count else None
    found = []
    for name, places in accepted.groupby(month).groups.items():
        total = int(numbers.loc[places].sum()) if numbers is not None else len(places)
        found.append((str(name), len(places), total))
    return found, count


def _notes(notes: pd.DataFrame, said: Mapping[str, Said]) -> list[str]:
    """What intake remarked, each text once, with the rows where it stands."""
    found: dict[tuple[str, str], list[int]] = {}
    for note in notes.to_dict("records"):
        own = said.get(str(note["note"]), str(note["note"]))
        text = joined(": ", [note["column"], own]) if note["column"] else own
        rows = found.setdefault((str(note["sheet"] or ""), text), [])
        if pd.notna(note["row"]):
            rows.append(int(note["row"]))
    lines = []
    for (sheet, text), rows in found.items():
        where: list[str] = [sheet] if sheet else []
        if rows:
            listed: str = ", ".join(map(str, rows[:MOST_ROWS]))
            if len(rows) > MOST_ROWS:
                listed = say.RECEIPT_MORE.format(rows=listed, number=len(rows) - MOST_ROWS)
            number = say.RECEIPT_ROWS if len(rows) > 1 else say.RECEIPT_ROW
            where.append(number.format(rows=listed))
        lines.append(joined(": ", [joined(", ", where), text]) if where else text)
    return lines


def _lines(receipt: Receipt, codebook: Codebook, lang: str) -> Any:
    head = [say.RECEIPT_FOR.format(agency=receipt.agency, year=receipt.year)]
    if receipt.version > 1:
        head.append(say.RECEIPT_VERSION.format(version=receipt.version))
    if receipt.read_as:
        head.append(say.RECEIPT_READ_AS.format(read_as=receipt.read_as))
    yield joined("; ", head)
    for other in receipt.replaces:
        yield say.RECEIPT_REPLACES.format(file=other)
    if receipt.replaced_by:
        yield say.RECEIPT_REPLACED.format(file=receipt.replaced_by)
    for sheet in receipt.sheets:
        yield from _sheet_lines(sheet, codebook, lang)
    for question in receipt.questions:
        where = f"{question['sheet']}: " if question["sheet"] else ""
        asked = str(question["question"])
        rows = int(question["rows"])
        yield say.RECEIPT_QUESTION.format(
            id=question["id"],
            where=where,
            question=receipt.said.get(asked, asked),
            waiting=say.RECEIPT_WAITING[rows != 1].format(**({"rows": rows} if rows != 1 else {})),
        )
    for question in receipt.answered:
        yield say.RECEIPT_ANSWERED.format(
            id=question["id"], about=question["about"], answer=question["answer"]
        )
    for note in receipt.notes:
        yield say.RECEIPT_NOTE.format(note=note)


def _sheet_lines(sheet: SheetReceipt, codebook: Codebook, lang: str) -> Any:
    stream = codebook.stream(sheet.stream)
    taken = say.RECEIPT_SHEET.format(sheet=sheet.sheet, stream=stream.label(lang), **sheet.rows)
    period = (
        say.RECEIPT_PERIOD.format(first=sheet.period[0], last=sheet.period[1])
        if sheet.period
        else ""
    )
    yield joined("", [taken, period])
    if sheet.nil:
        yield say.RECEIPT_NIL
    other = [
        say.RECEIPT_COLUMN.format(header=_one_line(header), column=stream.column(name).label(lang))
        for header, name, how in sheet.columns
        if how not in ("exact", "label")
    ]
    if other:
        yield say.RECEIPT_TAKEN.format(columns="; ".join(other))
    if sheet.unused:
        yield say.RECEIPT_UNUSED.format(columns=", ".join(map(_one_line, sheet.unused)))
    if sheet.missing:
        labels = {column.label_en: column.label(lang) for column in stream.columns}
        yield say.RECEIPT_MISSING.format(columns=", ".join(map(labels.__getitem__, sheet.missing)))
    if sheet.left_out:
        kinds = [say.LEFT_OUT_KINDS[kind].format(number=n) for kind, n in sheet.left_out.items()]
        yield say.RECEIPT_LEFT_OUT.format(kinds=joined(", ", kinds))


def _one_line(header: str) -> str:
    return " / ".join(header.split("\n"))
