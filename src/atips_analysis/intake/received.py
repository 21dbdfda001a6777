"""One submission: its sender, its sheets, and what was set aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

import pandas as pd

from atips_analysis.cleaning.months import month_of
from atips_analysis.codebook import Codebook, fold, words
from atips_analysis.errors import InputError
from atips_analysis.intake import delimited, workbook
from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.cover import (
    Cover,
    is_cover,
    is_simulated,
    read_cover,
    title_answers,
    year_of,
)
from atips_analysis.intake.exports import without_platform
from atips_analysis.intake.grid import Grid
from atips_analysis.intake.months_covered import Months, months_said, months_to
from atips_analysis.intake.naming import (
    YEAR,
    FileName,
    agency_of,
    file_name,
    stream_of_sheet,
    years_said,
)
from atips_analysis.intake.questions import COUNT, Asked, Choice, question_name
from atips_analysis.intake.rows_of_sheet import Table, read_table
from atips_analysis.intake.said_beside import says_beside
from atips_analysis.intake.settled import Settled
from atips_analysis.intake.unnamed import stream_of_headers

ABOUT_A_HEADER = ("column", "meaning", "running total", "unit", "multiplier", "running number")
LONGEST_LINE = 10  # words of a line of a cover: longer ones explain the form
_COPY = re.compile(r"(.*\S)\s*\(\d+\)")  # as Excel names the copy of a sheet
SUFFIXES = (*workbook.SUFFIXES, *delimited.SUFFIXES)


@dataclass
class Received:
    """One file while it is read."""

    name: str
    sha256: str
    cover: Cover
    about: FileName
    agency: str = ""
    year: int = 0
    simulated: bool = False
    tables: list[tuple[str, str, Table]] = field(default_factory=list)  # sheet, stream, table
    nil: set[str] = field(default_factory=set)
    notes: list[tuple[str, int | None, str, str]] = field(default_factory=list)
    settled: Settled = field(default_factory=Settled)
    asked: list[tuple[str, str, Asked]] = field(default_factory=list)  # sheet, stream, questions
    of_the_file: Asked = field(default_factory=Asked)
    read_as: str = ""

    @property
    def months(self) -> Months | None:
        """First and last month that the return says it is for; None where it says nothing."""
        cover = self.cover
        told = months_to(cover.covers, self.year) or months_said(cover.period, self.year)
        return told or months_said(PurePosixPath(self.name).stem, self.year)

    def table_of(self, grid: Grid, stream: str, codebook: Codebook) -> Table:
        """A sheet's table, and its questions kept."""
        settled = self.settled
        answers = settled.of(self.agency, stream)
        asked = Asked(answers, settled.time_zone, forgotten=settled.forgotten)
        table = read_table(grid, codebook.stream(stream), codebook, self.name, self.year, asked)
        self.asked.append((grid.name, stream, asked))
        self.notes += [
            (grid.name, None, "", note) for note in self._of_the_past(asked, stream, table)
        ]
        return table

    def _of_the_past(self, asked: Asked, stream: str, table: Table) -> Iterator[str]:
        """Answers that were given about a header which this table does not have."""
        headers = {fold(part) for text, *_ in table.headers for part in str(text).split("\n")}
        headers |= {fold(str(text)) for text, *_ in table.headers}
        used = {question.key for question, _ in asked.answered} | {q.key for q in asked.open}
        for (kind, about), answer in asked.answers.items():
            if kind in ABOUT_A_HEADER and (kind, about) not in used and about not in headers:
                name = question_name(self.agency, stream, kind, about)
                yield say.OF_THE_PAST.format(name=name, kind=kind, answer=answer)


def read_file(
    name: str, content: bytes, digest: str, codebook: Codebook, settled: Settled
) -> Received:
    """All sheets of one file."""
    about = file_name(name, codebook)
    suffix = PurePosixPath(name).suffix.lower()
    file = Received(name, digest, Cover(), about, settled=settled)
    if suffix in workbook.SUFFIXES:
        return _read_workbook(file, content, codebook)
    return _read_csv(file, content, codebook)


def _read_workbook(file: Received, content: bytes, codebook: Codebook) -> Received:
    book = workbook.read_workbook(content, file.name)
    grids = [without_platform(grid) for grid in book.grids]
    file.notes += [("", None, "", note) for note in book.notes]
    covers = [grid for grid in grids if is_cover(grid.name)]
    if covers:
        file.cover = read_cover(covers[0], codebook, file.name)
    file.nil |= file.cover.nil
    file.notes += [(covers[0].name, row, "", text) for row, text in file.cover.unread]
    _name_sender(file, covers[0].name if covers else None, grids, codebook)
    _ask_about_cover(file)
    streams = _streams_of_sheets(
        [grid for grid in grids if not is_cover(grid.name)], file, codebook
    )
    for grid, stream in streams:
        table = file.table_of(grid, stream, codebook)
        _add(file, grid.name, stream, table)
    file.simulated |= file.cover.simulated
    read = {stream for _, stream, _ in file.tables}
    sheet = covers[0].name if covers else ""
    for stream in codebook.streams:
        if stream in file.nil and stream not in read:
            empty = pd.DataFrame(
                {
                    column.name: pd.Series([], dtype="str")
                    for column in codebook.stream(stream).columns
                }
            )
            file.tables.append((sheet, stream, Table(empty, [])))
    if not file.tables:
        raise InputError(
            "no sheet of this workbook is a stream; name each sheet as its stream "
            f"({', '.join(codebook.streams)}), or tick the cover where there was nothing",
            file=file.name,
        )
    return file


def _streams_of_sheets(
    grids: list[Grid], file: Received, codebook: Codebook
) -> list[tuple[Grid, str]]:
    """Each sheet with the stream that it holds; the others are noted."""
    found: list[tuple[Grid, str]] = []
    unnamed: list[Grid] = []
    for grid in grids:
        stream = stream_of_sheet(grid.name, codebook)
        if stream:
            found.append((grid, stream))
        elif not grid.cells.empty:
            unnamed.append(grid)
    visible = {stream for grid, stream in found if not grid.hidden}
    kept = []
    for grid, stream in found:
        if grid.hidden and stream in visible:
            file.notes.append((grid.name, None, "", say.N_HIDDEN_BESIDE.format(stream=stream)))
            continue
        if grid.hidden and not grid.cells.empty:
            file.notes.append((grid.name, None, "", say.N_HIDDEN_SHEET.format()))
        kept.append((grid, stream))
    for grid in unnamed:
        stream = None if grid.hidden else stream_of_headers(grid.cells, file.about.stream, codebook)
        if stream is None:
            word = say.N_HIDDEN_NO_STREAM if grid.hidden else say.N_NO_STREAM
            file.notes.append((grid.name, None, "", word.format()))
        else:
            file.notes.append((grid.name, None, "", say.N_BY_HEADER.format(stream=stream)))
            kept.append((grid, stream))
    return _besides_one_another(kept, codebook)


def _besides_one_another(
    sheets: list[tuple[Grid, str]], codebook: Codebook
) -> list[tuple[Grid, str]]:
    """Sheets that may say again what another does: a copy, or one of another name than its stream."""
    names = {grid.name for grid, _ in sheets}
    named = {stream: grid.name for grid, stream in sheets if stream_of_sheet(grid.name, codebook)}
    found = []
    for grid, stream in sheets:
        copied = _COPY.fullmatch(grid.name)
        other = copied[1] if copied and copied[1] in names else ""
        if not other and stream_of_sheet(grid.name, codebook) is None:
            other = named.get(stream, "")
        found.append((replace(grid, besides=other), stream))
    return found


def _read_csv(file: Received, content: bytes, codebook: Codebook) -> Received:
    name = PurePosixPath(file.name)
    grid = without_platform(delimited.read_delimited(content, file.name, name.stem))
    stream = file.about.stream or stream_of_headers(grid.cells, None, codebook)
    if stream is None:
        raise InputError(
            "the name does not say which stream the file holds; call it "
            "AGENCY_YEAR_stream.csv, such as DHS_2024_victims.csv",
            file=file.name,
        )
    said = title_answers(_first_lines(grid))
    agency = agency_of(said["agency"], codebook) if "agency" in said else None
    year = year_of(said["year"], file.name) if years_said(said.get("year", "")) else None
    file.cover = Cover(agency, year, covers=said.get("covers", ""), period=said.get("year", ""))
    _name_sender(file, None, [grid], codebook)
    file.read_as = grid.read_as
    table = file.table_of(grid, stream, codebook)
    if "nil" in said and codebook.code_of("yes_no", said["nil"]) == "yes":
        file.nil.add(stream)
    _add(file, grid.name, stream, table)
    return file


def _add(file: Received, sheet: str, stream: str, table: Table) -> None:
    file.tables.append((sheet, stream, table))
    file.simulated |= any(is_simulated(text) for text in table.titles)
    file.notes += [(sheet, row, column, note) for row, column, note in table.notes]
    if stream in file.nil and len(table.rows):
        file.notes.append((sheet, None, "", say.N_IN_SPITE.format()))


def _name_sender(file: Received, cover: str | None, grids: list[Grid], codebook: Codebook) -> None:
    """Agency and year: the cover's, else the name's, else what stands above the tables."""
    agency = file.cover.agency or file.about.agency
    year = file.cover.year or file.about.year
    titles = _titles(grids) if not (agency and year) else []
    agencies = {found for _, text in titles if (found := agency_of(text, codebook))}
    years = sorted({int(found) for _, text in titles for found in YEAR.findall(text)})
    if not agency and len(agencies) == 1:
        (agency,) = agencies
        file.notes.append((cover or "", None, "", say.N_AGENCY_ABOVE.format(agency=agency)))
    if not year and len(years) == 1:
        (year,) = years
        file.notes.append((cover or "", None, "", say.N_YEAR_ABOVE.format(year=year)))
    missing = [word for word, value in (("agency", agency), ("year", year)) if not value]
    if missing:
        where = f"the sheet {cover}" if cover else "a sheet Cover"
        several = f" (its sheets name {', '.join(map(str, years))})" if len(years) > 1 else ""
        raise InputError(
            f"it is not said which {' and '.join(missing)} the file is from{several}; fill in "
            f"{where}, or call the file AGENCY_YEAR, such as DHS_2024, each year in its own file",
            file=file.name,
        )
    assert agency is not None and year is not None
    file.agency, file.year = agency, year
    if file.cover.agency and file.about.agency and file.cover.agency != file.about.agency:
        text = say.N_TWO_AGENCIES.format(cover=file.cover.agency, name=file.about.agency)
        file.notes.append((cover or "", None, "", text))
    if file.cover.year and file.about.year and file.cover.year != file.about.year:
        _settle_year(file, cover, grids)


def _ask_about_cover(file: Received) -> None:
    """Ask about each text of the cover that says more of the figures: planned, in thousands, draft."""
    for text in file.cover.beside:
        if len(words(text)) <= LONGEST_LINE and says_beside(text):
            asked = Asked(file.settled.of(file.agency, ""))
            question = say.SAYS_BESIDE.format(title=repr(text), year=file.year)
            asked.ask("title", text, question, (Choice(COUNT, say.COUNT_THEM),))
            file.of_the_file.open += asked.open
            file.of_the_file.answered += asked.answered


def _settle_year(file: Received, cover: str | None, grids: list[Grid]) -> None:
    """Cover and name say two years: the rows' own dates settle it, or it is asked.

    Last year's form is used again, or a return for last year is named by the year it was sent.
    """
    said, named = file.cover.year, file.about.year
    assert said is not None and named is not None
    told = _years_of_rows(grids) & {said, named}
    if len(told) == 1:
        (file.year,) = told
        note = say.N_TWO_YEARS.format(cover=said, name=named, year=file.year)
        file.notes.append((cover or "", None, "", note))
        return
    file.of_the_file = Asked(file.settled.of(file.agency, ""))
    answer = file.of_the_file.ask(
        "year of the return",
        f"{said} {named}",
        say.YEAR_CONFLICT.format(cover=said, name=named),
        [Choice(str(year), say.FOR_YEAR.format(year=year)) for year in (said, named)],
    )
    if answer:
        file.year = int(answer)
    note = say.N_YEAR_ASKED.format(cover=said, name=named)
    file.notes.append((cover or "", None, "", note))


def _years_of_rows(grids: list[Grid]) -> set[int]:
    """Years that months and years in the sheets' cells name."""
    found = set()
    for grid in grids:
        if is_cover(grid.name):
            continue
        for position in grid.cells:
            for text in grid.cells[position].dropna().unique():
                if YEAR.fullmatch(str(text)):
                    found.add(int(text))
                # A figure alone may be the number of a day, as Excel counts them: 45000.
                elif YEAR.search(str(text)) and (month := month_of(str(text))):
                    found.add(int(month[:4]))
    return found


def _titles(grids: list[Grid]) -> list[tuple[str, str]]:
    """Names of sheets, and the lines above their tables: rows of one or two cells at the top."""
    found = []
    for grid in grids:
        if is_cover(grid.name) or grid.hidden:
            continue
        found.append((grid.name, grid.name))
        for row in grid.cells.head(10).itertuples(index=False):
            texts = [text for text in row if isinstance(text, str)]
            if len(texts) > 2:
                break
            found += [(grid.name, text) for text in texts]
    return found


def _first_lines(grid: Grid) -> list[str]:
    return [
        str(text)
        for row in grid.cells.head(10).itertuples(index=False)
        for text in row
        if isinstance(text, str)
    ]
