"""CSV files of any usual delimiter and encoding, as a grid."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO, StringIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
from charset_normalizer import from_bytes

from atips_analysis.errors import InputError
from atips_analysis.intake import receipt_words as say
from atips_analysis.intake.grid import CONTROLS, Grid, grid_of, tidy
from atips_analysis.intake.limits import MIB
from atips_analysis.words.said import Message

SUFFIXES = (".csv", ".tsv", ".txt")
DELIMITERS = (",", ";", "\t", "|")
NAMES = {
    ",": Message("comma"),
    ";": Message("semicolon"),
    "\t": Message("tab"),
    "|": Message("bar"),
}
SAMPLE_LINES = 50
LONGEST_FIELD = 131_072  # four times what a cell of Excel holds
FAST_FROM = MIB // 4  # below that, the plain reader is quick enough and forgives more
# Encodings of text in English and Spanish that are no UTF, the likeliest first.
OLD_ENCODINGS = ["cp1252", "mac_roman", "cp850", "cp437", "latin_1"]
MOST_LINES_NAMED = 5


def read_delimited(content: bytes, file: str, name: str) -> Grid:
    """A CSV file as one grid; a record is a row, as in Excel, also when it spans lines.

    Raises InputError if it is no text, a quotation mark is not closed, or it has more columns than
    a sheet.
    """
    text, encoding, notes = decode(content, file)
    delimiter = delimiter_of(text)
    _refuse_open_quote(text, delimiter, file)
    grid = _fast(text, delimiter, name) if len(content) >= FAST_FROM else None
    if grid is None:
        widths: list[int] = []
        grid = grid_of(name, _measured(_records(text, delimiter, file), widths))
        grid = replace(grid, narrower=_narrower(widths))
    if '="' in text:
        grid = replace(grid, cells=_without_formulas(grid.cells))
    read_as = say.READ_AS.format(encoding=encoding, delimiter=NAMES.get(delimiter, repr(delimiter)))
    return replace(grid, read_as=read_as, delimiter=delimiter, notes=(*grid.notes, *notes))


def _refuse_open_quote(text: str, delimiter: str, file: str) -> None:
    """A quotation mark that is not closed makes one cell of all the records that follow.

    Python's own reader, in strict mode, says when the file ends inside a quotation, or when a
    closing mark is followed by anything but the delimiter. Where the marks pair by chance, the
    record that swallowed others is narrower than the header and holds whole records.
    """
    if '"' not in text:
        return
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    csv.field_size_limit(LONGEST_FIELD)
    row, began, ended, width = 0, 1, 0, 0
    try:
        for row, record in enumerate(reader, start=1):
            began, ended = ended + 1, reader.line_num
            if ended > began and _swallowed(record, delimiter, width):
                raise _open_quote(file, row, began)
            width = max(width, len(record)) if row <= SAMPLE_LINES else width
    except csv.Error as error:
        raise _open_quote(file, row + 1, ended + 1) from error


def _swallowed(record: list[str], delimiter: str, width: int) -> bool:
    """Whether a record that lacks columns holds whole records in one of its cells."""
    if len(record) >= width:
        return False
    return any(
        line.count(delimiter) + len(record) >= width - 1 and line.count(delimiter) > 1
        for cell in record
        for line in cell.split("\n")[1:]
    )


def _open_quote(file: str, row: int, line: int) -> InputError:
    return InputError(
        f"a quotation mark is not closed (line {line} of the file), and the lines below it run "
        "together; correct it, or save the file again as CSV UTF-8",
        file=file,
        row=row,
    )


def _without_formulas(cells: pd.DataFrame) -> pd.DataFrame:
    """="2024-02" is how some programs keep Excel from changing a text: the text is meant."""
    return cells.apply(lambda column: column.str.replace(r'^="([^"]*)"$', r"\1", regex=True))


def decode(content: bytes, file: str) -> tuple[str, str, list[tuple[int, str]]]:
    """Text of the bytes, the name of their encoding, and lines that are of another one.

    By byte-order mark, else UTF-8, else UTF-16 by its zeros, else what charset-normalizer finds
    likeliest of the old encodings. A file in UTF-8 with a few lines in another is read line by line.
    """
    marks = (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    )
    encoding = next((name for mark, name in marks if content.startswith(mark)), None)
    sample = content[:4096]
    if encoding is None and b"\x00" in sample:
        odd, even = sample[1::2].count(0), sample[0::2].count(0)
        if max(odd, even) < len(sample) // 4:
            raise _no_text(file)
        encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        name = encoding or "utf-8"
        return content.decode(name), name.removesuffix("-sig").upper(), []
    except UnicodeDecodeError:
        if encoding and encoding != "utf-8-sig":
            raise _no_text(file) from None
    return _mixed(content) or _old(content)


def _mixed(content: bytes) -> tuple[str, str, list[tuple[int, str]]] | None:
    """UTF-8 with some lines of another encoding; None when most lines beyond ASCII are not UTF-8."""
    lines, other, beyond = content.split(b"\n"), [], 0
    texts = []
    for number, line in enumerate(lines, start=1):
        try:
            texts.append(line.decode("utf-8"))
            beyond += not line.isascii()
        except UnicodeDecodeError:
            texts.append(line.decode("cp1252", "replace"))
            other.append(number)
    if not beyond or len(other) > beyond:
        return None
    named = ", ".join(map(str, other[:MOST_LINES_NAMED]))
    more = " …" if len(other) > MOST_LINES_NAMED else ""
    note = say.N_OTHER_LETTERS.format(lines=f"{named}{more}")
    return "\n".join(texts).removeprefix("\ufeff"), "UTF-8", [(other[0], note)]


def _old(content: bytes) -> tuple[str, str, list[tuple[int, str]]]:
    """Text in one of the encodings from before UTF-8."""
    found = from_bytes(content[:MIB], cp_isolation=OLD_ENCODINGS).best()
    guess = found.encoding if found is not None else "cp1252"
    # What fits Windows is from Windows, unless the text would hold signs that nobody writes.
    for name in ("cp1252", guess, "latin_1"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "cp1252" and _odd(text) > _odd(content.decode(guess)):
            continue
        return text, name.upper().replace("_", "-"), []
    return content.decode("latin-1"), "LATIN-1", []


def _odd(text: str) -> int:
    """Signs beyond ASCII that are no letters of English or Spanish, nor their punctuation."""
    usual = "áéíóúüñÁÉÍÓÚÜÑ¿¡ºª°–—‘’“”…€£×·§©®½¼¾"
    return sum(not letter.isascii() and letter not in usual for letter in text)


def delimiter_of(text: str) -> str:
    """The delimiter that parts most lines of the beginning into the same number of fields > 1."""
    lines = text[: 1 << 16].splitlines()[: SAMPLE_LINES + 1]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0].strip()[4]
    scores = {}
    for delimiter in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines[:SAMPLE_LINES], delimiter=delimiter)]
        parted = Counter(width for width in widths if width > 1)
        width, number = max(parted.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        scores[delimiter] = (number, width)
    best = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    return best if scores[best][0] else ","


def _measured(records: Iterator[list[str]], widths: list[int]) -> Iterator[list[str]]:
    for record in records:
        widths.append(len(record))
        yield record


def _narrower(widths: list[int]) -> frozenset[int]:
    """Records with fewer cells than most have; one alone is a title or a remark.

    A cell that is left out moves those behind it to the left. Programs that leave out blanks at
    the end of a line do it in most lines, or in none.
    """
    records = Counter(width for width in widths if width > 1)
    usual = max(records, key=lambda width: (records[width], width), default=0)
    return frozenset(row for row, width in enumerate(widths, 1) if 1 < width < usual)


def _records(text: str, delimiter: str, file: str) -> Iterator[list[str]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    csv.field_size_limit(LONGEST_FIELD)
    row = 0
    try:
        for row, record in enumerate(reader, start=1):
            if row == 1 and len(record) <= 2 and record and record[0].lower().startswith("sep="):
                yield []
            else:
                yield record
    except csv.Error as error:
        raise InputError(
            f"the record cannot be read ({error}); look for a quotation mark that is not closed",
            file=file,
            row=row + 1,
        ) from error


def _fast(text: str, delimiter: str, name: str) -> Grid | None:
    """Large files with records of one width, read by Arrow; None when they are not so."""
    lead, width = _lead(text, delimiter)
    if width < 2:
        return None
    names = [str(position) for position in range(width)]
    try:
        table = pyarrow.csv.read_csv(
            BytesIO(text.encode("utf-8")),
            read_options=pyarrow.csv.ReadOptions(column_names=names, skip_rows=lead),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    cells = table.to_pandas(types_mapper=lambda kind: pd.StringDtype(na_value=np.nan))
    cells.columns = range(width)
    cells.index = pd.Index(np.arange(lead + 1, lead + 1 + len(cells)), name="row")
    head = grid_of(name, csv.reader(text.splitlines()[:lead], delimiter=delimiter))
    cells, cleared = tidy(cells, bool(CONTROLS.search(text)))
    cells = cells.dropna(how="all")
    both = pd.concat([head.cells, cells]) if len(head.cells) else cells
    return Grid(name, both, controls=head.controls + cleared)


def _lead(text: str, delimiter: str) -> tuple[int, int]:
    """How many lines stand before the first of full width, and that width."""
    sample = text[: 1 << 16]
    lines = sample.splitlines()[:SAMPLE_LINES]
    if '"' in sample.split("\n", 1)[0]:
        return 0, 0 if not lines else len(next(csv.reader(lines[:1], delimiter=delimiter)))
    widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
    if len(widths) != len(lines) or not widths:
        return 0, 0
    width = max(widths)
    return widths.index(width), width


def _no_text(file: str) -> InputError:
    return InputError(
        "the file is not text, though its name says CSV; save it in Excel as CSV UTF-8", file=file
    )
