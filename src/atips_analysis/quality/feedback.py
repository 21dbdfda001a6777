"""The feedback workbook: what an agency corrects and sends back. Confidential."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from atips_analysis.codebook import Stream, load_codebook
from atips_analysis.errors import InputError
from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.agency.workbook_writer import (
    COVER,
    LISTS,
    YES_NO,
    About,
    AgencyWorkbook,
    Field,
    choices,
    height,
    new_workbook,
)
from atips_analysis.intake.answering import QUESTION_HEADINGS
from atips_analysis.intake.receipt import receipt_of
from atips_analysis.quality.findings import said_in
from atips_analysis.quality.judgement import Judgement
from atips_analysis.words.catalogues import SOURCE
from atips_analysis.words.documents import words_of
from atips_analysis.words.said import in_language

WORDS = Path(__file__).with_name("feedback_words.toml")
MOST_COMMENTS = 2_000
OWN_COLUMNS = 2  # verdict and what to do, before the columns of the form
WIDEST = 40  # of a column, in characters
PARAGRAPH, REMARK, REASON = 125, 55, 56  # widths of what is told, in characters
LONGEST_LIST = 255  # characters that Excel takes as the choices of one cell
RANK = {"critical": 0, "warning": 1, "info": 2}


def write_feedback(
    path: Path, intake: Any, judgement: Judgement, lang: str = "en", file: str | None = None
) -> Path:
    """Write the feedback on one submitted file; the same call writes the same bytes.

    How the file was read, a guide in plain words, the list of what to correct, the cover, and each sheet that was
    submitted with its rows as they were sent: offending cells are coloured and carry a comment.
    The intake reads the corrected workbook again; it ignores what feedback has added.

    Parameters
    ----------
    path : Path
        The .xlsx file; replaced when it is there.
    intake : Intake
        What was read (frames, files, sheets).
    judgement : Judgement
        What became of it.
    lang : str
        Language of words, headers and sheet names.
    file : str, optional
        The submitted file to report on; needed when the intake holds several.

    Raises
    ------
    InputError
        If `file` is not in the intake, or is left out although there are several.
    MachineError
        If the workbook cannot be written.
    """
    about = _one_file(intake, file)
    title = words_of(WORDS, lang).title.format(file=about["file"])
    with new_workbook(path, {"title": title}) as book:
        _Feedback(book, about, intake, judgement, lang).write(title)
    return path


def findings_of(judgement: Judgement, file: str) -> pd.DataFrame:
    """The findings about rows of `file`, the most important first on each row.

    A cell that must be corrected is not also listed to be checked.
    """
    found = judgement.findings
    own = found[(found["file"] == file) & found["row"].notna()].copy()
    own["rank"] = own["severity"].map(RANK)
    cell = ["stream", "sheet", "row", "column"]
    worst = own.groupby(cell, dropna=False)["rank"].transform("min")
    own = own[own["rank"] == worst].drop_duplicates([*cell, "reason"])
    return own.sort_values(["stream", "sheet", "row", "rank", "column"], kind="stable").drop(
        columns="rank"
    )


def _covers(about: dict[str, Any]) -> str:
    """The last month that the file said it covers, where that is not the whole year."""
    last = _blank(about.get("last"))
    return "" if last.endswith("-12") else last


def _next_version(about: dict[str, Any]) -> int:
    """The version of a corrected return: one more than what was sent, which is a first one untold."""
    version = _blank(about.get("version"))
    return int(version) + 1 if version.isdigit() else 2


def _one_file(intake: Any, file: str | None) -> dict[str, Any]:
    files = intake.files
    if file is not None:
        files = files[files["file"] == file]
    if len(files) != 1:
        known = ", ".join(intake.files["file"])
        raise InputError(f"feedback is written for one file; name one of {known}", file=file)
    about: dict[str, Any] = files.to_dict("records")[0]
    return about


class _Feedback(AgencyWorkbook):
    """One workbook while it is being written."""

    def __init__(
        self, book: Workbook, about: dict[str, Any], intake: Any, judgement: Judgement, lang: str
    ) -> None:
        codebook = load_codebook()
        self.simulated = bool(about.get("simulated", False))
        mark = words_of(WORDS, SOURCE).simulated if self.simulated else ""
        agency, year = str(about["submitted_by"]), int(about["submitted_for"])
        super().__init__(book, About(agency, year, lang, mark), codebook)
        self.sent, self.file, self.lang = about, str(about["file"]), lang
        self.told = words_of(WORDS, lang)
        self.judgement = judgement
        self.receipt = receipt_of(intake, judgement.verdicts, self.file, codebook)
        self.waits = _waits(intake.waiting, self.file)
        sheets = intake.sheets
        self.sheets = sheets[
            (sheets["file"] == self.file) & sheets["stream"].isin(codebook.streams)
        ]
        self.streams = [
            s for s in codebook.streams.values() if s.name in set(self.sheets["stream"])
        ]
        self.rows = {stream.name: self._rows(stream, intake) for stream in self.streams}
        self.findings = findings_of(judgement, self.file)
        self.places = {name: _places(rows) for name, rows in self.rows.items()}
        self.listed = self._by_importance()

    def _rows(self, stream: Stream, intake: Any) -> pd.DataFrame:
        """The rows as submitted, each with its verdict."""
        sent = intake.frames[stream.name]
        sent = sent[sent["file"] == self.file].reset_index(drop=True)
        judged = self.judgement.verdicts[stream.name]
        judged = judged[judged["file"] == self.file].reset_index(drop=True)
        return sent.assign(verdict=judged["verdict"])

    def write(self, title: str) -> None:
        receipt = self.sheet(self._say(say.RECEIPT_TITLE))
        guide = self.sheet(self.told.guide)
        listed = self.sheet(self.told.to_correct)
        cover = self.sheet(COVER)
        for stream in self.streams:
            self._write_stream(self.sheet(stream.label(self.lang)), stream)
        self.lists(self.sheet(LISTS), self.streams, {})
        self._write_list(listed)
        self._write_cover(cover)
        self._write_guide(guide, title)
        self._write_receipt(receipt)
        receipt.activate()

    # the receipt

    def _write_receipt(self, sheet: Worksheet) -> None:
        """What the file was taken for, the questions that it leaves open, the sums by month."""
        row = self._open(sheet, f"{self._say(say.RECEIPT_TITLE)}: {self.file}")
        for line in self.receipt.lines(self.codebook, self.lang):
            row = self._paragraph(sheet, row, line)
        row = self._write_questions(sheet, row + 1)
        summed = [item for item in self.receipt.sheets if item.sums]
        if summed:
            sheet.write_string(row + 1, 0, self._say(say.RECEIPT_SUMS), self.looks["section"])
            row += 2
            for column, heading in enumerate(say.RECEIPT_HEADINGS):
                sheet.write_string(row, column, self._say(heading), self.looks["required"])
            row += 1
        for item in summed:
            for month, rows, total in item.sums:
                sheet.write_string(row, 0, item.sheet or item.stream, self.looks["cell"])
                sheet.write_string(row, 1, month, self.looks["cell"])
                sheet.write_number(row, 2, rows, self.looks["count"])
                sheet.write_number(row, 3, total, self.looks["count"])
                row += 1
        self.page(sheet, self._say(say.RECEIPT_TITLE))

    def _say(self, text: str) -> str:
        """What intake says, in the language of the workbook."""
        return str(in_language(text, self.lang, self.receipt.said))

    def _write_questions(self, sheet: Worksheet, row: int) -> int:
        """The open questions, an answer to be chosen for each; `atips answer` takes them back in."""
        asked = [item for item in self.receipt.questions if item["choices"]]
        if not asked:
            return row
        sheet.set_column(6, 7, None, None, {"hidden": True})
        for column, heading in enumerate(QUESTION_HEADINGS):
            sheet.write_string(row, column, self._say(heading), self.looks["required"])
        for item in asked:
            row += 1
            choices = str(item["choices"]).split("\n")
            values = [item["id"], "", self.receipt.agency, item["stream"], item["kind"]]
            values += [self._say(item["question"]), item["about"], item["choices"]]
            for column, value in enumerate(values):
                self.text(sheet, row, column, str(value), "field" if column == 1 else "cell")
            if len(",".join(choices)) < LONGEST_LIST and not any("," in text for text in choices):
                sheet.data_validation(row, 1, row, 1, {"validate": "list", "source": choices})
            sheet.set_row(row, height(str(item["question"]), REASON))
        return row + 2

    # the guide

    def _write_guide(self, sheet: Worksheet, title: str) -> None:
        words = self.told
        row = self._open(sheet, title)
        for sentence in self._summary():
            row = self._paragraph(sheet, row, sentence, "label")
        row = self._write_account(sheet, row + 1)
        if not self.findings.empty or self._missing():
            sheet.write_string(row + 1, 0, words.steps_title, self.looks["section"])
            row += 2
            for number, step in enumerate(words.steps, start=1):
                row = self._paragraph(sheet, row, f"{number}. {step}")
        row = self._write_notes(sheet, row + 1)
        self.page(sheet, words.guide)

    def _open(self, sheet: Worksheet, title: str) -> int:
        """What stands above everything that is told; returns the row below."""
        sheet.set_column("A:A", 30)
        sheet.set_column("B:E", 13)
        sheet.set_column("F:F", 60)
        sheet.hide_gridlines(2)
        row = 0
        if self.simulated:
            sheet.write_string(row, 0, self.told.simulated, self.looks["mark"])
            row += 1
        sheet.write_string(row, 0, title, self.looks["title"])
        return self._paragraph(sheet, row + 1, self.told.confidential)

    def _paragraph(self, sheet: Worksheet, row: int, text: str, look: str = "prose") -> int:
        sheet.merge_range(row, 0, row, 5, "", self.looks[look])
        sheet.write_string(row, 0, text, self.looks[look])
        sheet.set_row(row, height(text, PARAGRAPH))
        return row + 1

    def _summary(self) -> Iterator[str]:
        verdicts = pd.concat([rows["verdict"] for rows in self.rows.values()] or [pd.Series()])
        counts = verdicts.value_counts()
        read, accepted = len(verdicts), int(counts.get("accepted", 0))
        quarantined = int(counts.get("quarantined", 0))
        warned = self.findings[self.findings["severity"] == "warning"]
        if quarantined:
            yield self.told.some.format(accepted=accepted, read=read, quarantined=quarantined)
        places = set(zip(warned["stream"], warned["sheet"].fillna(""), warned["row"], strict=True))
        to_check = sum(
            verdict == "accepted" and (name, sheet, row) in places
            for name, rows in self.rows.items()
            for sheet, row, verdict in zip(
                rows["sheet"].fillna(""), rows["row"], rows["verdict"], strict=True
            )
        )
        if to_check:
            yield self.told.checked.format(warnings=to_check)
        if not quarantined and not to_check and not self._missing():
            yield self.told.nothing

    def _missing(self) -> set[str]:
        """Streams without a row and without a nil return."""
        empty = self.sheets.groupby("stream").agg(
            rows=("rows_read", "sum"), nil=("nil_return", "any")
        )
        return set(empty.index[(empty["rows"] == 0) & ~empty["nil"].astype(bool)])

    def _write_account(self, sheet: Worksheet, row: int) -> int:
        words = self.told
        sheet.write_string(row, 0, words.arrived, self.looks["section"])
        for column, heading in enumerate(words.account):
            sheet.write_string(row + 1, column, heading, self.looks["required"])
        row += 2
        missing = self._missing()
        for stream in self.streams:
            rows = self.rows[stream.name]
            counts = rows["verdict"].value_counts()
            numbers = [len(rows)] + [
                int(counts.get(verdict, 0)) for verdict in ("accepted", "quarantined", "duplicate")
            ]
            remark = words.missing if stream.name in missing else "" if len(rows) else words.nil
            sheet.write_string(row, 0, stream.label(self.lang), self.looks["cell"])
            for column, number in enumerate(numbers, start=1):
                sheet.write_number(row, column, number, self.looks["count"])
            sheet.write_string(row, 5, remark, self.looks["cell"])
            if remark:
                sheet.set_row(row, height(remark, REMARK))
            row += 1
        return row

    def _write_notes(self, sheet: Worksheet, row: int) -> int:
        found = self.judgement.findings
        agency, year = self.about.agency, self.about.year
        same = (found["submitted_by"] == agency) & (
            found["submitted_for"].astype("str") == str(year)
        )
        notes = found[same & found["row"].isna()]
        if notes.empty:
            return row
        sheet.write_string(row, 0, self.told.notes, self.looks["section"])
        row += 1
        for note in notes.to_dict("records"):
            row = self._paragraph(sheet, row, f"{self._reason(note)} {self._remedy(note)}")
        return row

    # the list

    def _write_list(self, sheet: Worksheet) -> None:
        words = self.told
        for at_column, (heading, width) in enumerate(
            zip(words.list_headings, (6, 18, 22, 10, 9, 24, 22, 60, 60, 24), strict=True)
        ):
            sheet.set_column(at_column, at_column, width)
            sheet.write_string(0, at_column, heading, self.looks["required"])
        sheet.freeze_panes(1, 0)
        row = 0
        for row, finding in enumerate(self.listed, start=1):
            stream, at = self.codebook.streams[finding["stream"]], finding["at"]
            label = stream.label(self.lang)
            column = stream.column(finding["column"])
            place = xl_rowcol_to_cell(at, self._position(stream, column.name))
            sent = _blank(self.rows[stream.name][column.name].iloc[at - 1])
            reason, remedy = self._reason(finding), self._remedy(finding)
            colour = self.looks[finding["severity"]]
            sheet.write_number(row, 0, row, self.looks["count"])
            sheet.write_string(row, 1, words.severity[finding["severity"]], colour)
            sheet.write_string(row, 2, label, self.looks["cell"])
            sheet.write_number(row, 3, int(finding["row"]), self.looks["count"])
            sheet.write_url(row, 4, f"internal:'{label}'!{place}", self.looks["link"], place)
            sheet.write_string(row, 5, column.label(self.lang), self.looks["cell"])
            sheet.write_string(row, 6, sent or words.blank, self.looks["cell"])
            sheet.write_string(row, 7, reason, self.looks["cell"])
            sheet.write_string(row, 8, remedy, self.looks["cell"])
            sheet.write_string(row, 9, self.file, self.looks["cell"])
            sheet.set_row(row, height(max(reason, remedy, key=len), REASON))
        if row:
            sheet.autofilter(0, 0, row, len(words.list_headings) - 1)
        self.page(sheet, words.to_correct)
        sheet.repeat_rows(0)

    def _by_importance(self) -> list[dict[str, Any]]:
        """What must be corrected first, then what should be checked; copies last.

        `at` is the row of the finding on its sheet here, counted from the header.
        """
        order = self.findings.assign(rank=self.findings["severity"].map(RANK))
        found = _records(order.sort_values("rank", kind="stable"))
        for finding in found:
            place = (_blank(finding["sheet"]), finding["row"])
            finding["at"] = self.places[finding["stream"]][place]
        return found

    # cover and streams

    def _write_cover(self, sheet: Worksheet) -> None:
        words = self.words
        top = [(self.about.mark, "mark")] if self.simulated else []
        fields = [
            Field(
                words.contact_role, words.contact_role_help, _blank(self.sent.get("contact_role"))
            ),
            Field(words.version, words.version_help, _next_version(self.sent)),
            Field(words.replaces, words.replaces_help, self.file),
            Field(words.sent, words.sent_help),
            Field(words.covers, words.covers_help, _covers(self.sent)),
        ]
        nil = self.sheets.groupby("stream")["nil_return"].any()
        ticks = {
            stream.name: words.yes_no[0] if nil[stream.name] else "" for stream in self.streams
        }
        self.cover(sheet, [*top, (words.title, "title")], fields, ticks)
        self.page(sheet, COVER)

    def _write_stream(self, sheet: Worksheet, stream: Stream) -> None:
        rows, words = self.rows[stream.name], self.told
        sheet.write_string(0, 0, words.verdict_heading, self.looks["required"])
        sheet.write_string(0, 1, words.remedy_heading, self.looks["required"])
        sheet.set_column("A:A", 13)
        sheet.set_column("B:B", 22)
        for column in stream.columns:
            at = self._position(stream, column.name)
            label = column.label(self.lang)
            longest = rows[column.name].str.len().max() if rows[column.name].notna().any() else 0
            width = max(12, min(26, len(label) + 2), min(WIDEST, int(longest) + 2))
            sheet.set_column(at, at, width)
            self.heading(sheet, at, column)
        sheet.set_row(0, 45)
        sheet.freeze_panes(1, OWN_COLUMNS)
        by_row: dict[int, list[dict[str, Any]]] = {}
        for number, finding in enumerate(self.listed, start=1):
            if finding["stream"] == stream.name:
                by_row.setdefault(finding["at"], []).append({**finding, "number": number})
        comments = 0
        for at, sent in enumerate(_records(rows), start=1):
            comments = self._write_row(sheet, stream, at, sent, by_row.get(at, []), comments)
        if len(rows):
            self._offer_choices(sheet, stream, len(rows))
            sheet.autofilter(0, 0, len(rows), OWN_COLUMNS + len(stream.columns) - 1)
        self.page(sheet, stream.label(self.lang), columns=len(stream.columns))
        sheet.repeat_rows(0)
        sheet.repeat_columns(0, OWN_COLUMNS)

    def _offer_choices(self, sheet: Worksheet, stream: Stream, rows: int) -> None:
        """Drop-downs that offer and do not refuse: what was sent may be written as a code."""
        for column in stream.columns:
            name = YES_NO if column.type == "bool" else column.codelist
            if name:
                at = self._position(stream, column.name)
                sheet.data_validation(1, at, rows, at, choices(name, refuses=False))

    def _write_row(
        self,
        sheet: Worksheet,
        stream: Stream,
        at: int,
        sent: dict[str, Any],
        found: list[dict[str, Any]],
        comments: int,
    ) -> int:
        verdict = sent["verdict"]
        worst = {"quarantined": "critical", "duplicate": "duplicate"}.get(verdict)
        if worst is None and any(finding["severity"] == "warning" for finding in found):
            worst = "warning"
        sheet.write_string(at, 0, self.told.verdicts[verdict], self.looks[worst or "value"])
        if found:
            # few words: the intake refuses columns of free text; the remedies stand in the list
            numbers = ",".join(str(finding["number"]) for finding in found)
            where = f"internal:'{self.told.to_correct}'!A{found[0]['number'] + 1}"
            told = self.told.see.format(numbers=numbers)
            waits = self.waits.get((stream.name, _blank(sent["sheet"]), int(sent["row"])))
            if waits:
                # Read again when the workbook comes back: the row waits until it is emptied.
                told = f"{self._say(say.WAITS.format(names=', '.join(waits)))} · {told}"
            sheet.write_url(at, 1, where, self.looks["link"], told)
        else:
            self.text(sheet, at, 1, "", "value")
        columns: dict[str, list[dict[str, Any]]] = {}
        for finding in found:
            columns.setdefault(finding["column"], []).append(finding)
        plain = "duplicate" if verdict == "duplicate" else "value"
        for column in stream.columns:
            place = self._position(stream, column.name)
            own = columns.get(column.name, [])
            serious = min(own, key=lambda f: RANK[f["severity"]], default=None)
            marked = serious is not None and serious["severity"] != "info"
            cell = serious["severity"] if serious and marked else plain
            self.text(sheet, at, place, _blank(sent[column.name]), cell)
            if own and comments < MOST_COMMENTS:
                comments += 1
                note = "\n".join(f"{self._reason(f)}\n{self._remedy(f)}" for f in own)
                if comments == MOST_COMMENTS:
                    note += f"\n{self.told.more_notes}"
                size = {"x_scale": 2.2, "y_scale": max(1.0, len(note) / 160)}
                sheet.write_comment(at, place, note, {"author": "atips check", **size})
        return comments

    def _position(self, stream: Stream, column: str) -> int:
        return OWN_COLUMNS + [item.name for item in stream.columns].index(column)

    def _reason(self, finding: dict[str, Any]) -> str:
        return str(finding[said_in("reason", self.lang)])

    def _remedy(self, finding: dict[str, Any]) -> str:
        return str(finding[said_in("remedy", self.lang)])


def _waits(waiting: pd.DataFrame, file: str) -> dict[tuple[str, str, int], list[str]]:
    """The questions that each row of `file` waits for, by stream, sheet and row."""
    found: dict[tuple[str, str, int], list[str]] = {}
    for row in waiting[waiting["file"] == file].to_dict("records"):
        names = found.setdefault((row["stream"], _blank(row["sheet"]), int(row["row"])), [])
        if row["id"] not in names:
            names.append(row["id"])
    return found


def _places(rows: pd.DataFrame) -> dict[tuple[str, Any], int]:
    """The row here (1 is the first below the header) of each sheet and row that was sent."""
    sheets = rows["sheet"].fillna("")
    return {place: at for at, place in enumerate(zip(sheets, rows["row"], strict=True), start=1)}


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _blank(value: Any) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)
