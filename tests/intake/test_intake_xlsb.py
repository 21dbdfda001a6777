"""An xlsb is read as an xlsx is: its values, and what it carries besides them."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from atips_analysis.errors import InputError
from atips_analysis.intake import read_submissions
from atips_analysis.intake.settled import Settled
from atips_analysis.intake.workbook import read_workbook

LINES = ["month,inspection_type,sector,district,finding,n"] + [
    f"2024-0{month},ROUTINE,I,CY,NONE,{10 + month}" for month in range(1, 10)
]
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
    'Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
PLAIN, STRUCK, YELLOW, WHITE, NO_YEAR, FEW = range(6)
"""Formats of cells that `workbook` knows."""


def record(kind: int, body: bytes = b"") -> bytes:
    """[MS-XLSB] 2.1.4: a number of one or two bytes, a length of up to four, and what it holds."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, left = b"", len(body)
    while True:
        left, low = left >> 7, left & 0x7F
        length += bytes([low | (0x80 if left else 0)])
        if not left:
            return head + length + body


def text(said: str) -> bytes:
    return struct.pack("<I", len(said)) + said.encode("utf-16-le")


def colour(kind: int, index: int = 0, rgb: str = "000000") -> bytes:
    return bytes([kind << 1 | 1, index, 0, 0]) + bytes.fromhex(rgb) + b"\xff"


def font(struck: bool = False, ink: bytes = colour(0), script: int = 0) -> bytes:
    head = struct.pack("<HHHHBBBB", 220, 8 if struck else 0, 400, script, 0, 0, 0, 0)
    return record(43, head + ink + b"\x00" + text("Calibri"))


def styles() -> bytes:
    fills = [
        struct.pack("<I", n) + colour(2, rgb=c) + bytes(48)
        for n, c in ((0, "000000"), (1, "FFFF00"))
    ]
    cells = [(0, 0, 0), (0, 1, 0), (0, 0, 1), (0, 2, 0), (16, 0, 0), (164, 0, 0)]
    rule = struct.pack("<HHH", 0, 0, 1) + struct.pack("<HHB", 0x1D, 5, 1)
    return b"".join(
        [
            record(44, struct.pack("<H", 164) + text('[<5]"<5";0')),
            *(font(), font(struck=True), font(ink=colour(3, 0)), font(script=1)),
            *(record(45, one) for one in fills),
            record(626, struct.pack("<I", 1)),
            record(47, struct.pack("<HHHHH", 0, 0, 1, 1, 0) + bytes(6)),  # of named styles
            record(627),
            record(617, struct.pack("<I", len(cells))),
            *(record(47, struct.pack("<HHHHH", 0, *one, 0) + bytes(6)) for one in cells),
            record(618),
            record(505, struct.pack("<I", 1)),
            record(507, rule),
            record(506),
        ]
    )  # fmt: skip


def cell(column: int, value: object, style: int = PLAIN) -> bytes:
    head = struct.pack("<II", column, style)
    if isinstance(value, str) and value.startswith("#"):
        return record(3, head + b"\x07")
    if isinstance(value, str):
        return record(6, head + text(value))
    if isinstance(value, tuple):
        return record(7, head + struct.pack("<I", value[0]))
    return record(5, head + struct.pack("<d", value))


def workbook(
    path: Path,
    formats: dict[tuple[int, int], int] | None = None,
    values: dict[tuple[int, int], object] | None = None,
    hidden: tuple[int, ...] = (),
    before: bytes = b"",
    after: bytes = b"",
    comment: tuple[int, int, str] | None = None,
) -> None:
    """The lines above as a binary workbook: places are rows from 1 and columns from 0."""
    formats, values = formats or {}, values or {}
    body = []
    for row, line in enumerate(LINES, start=1):
        how = 0x10 if row in hidden else 0
        body.append(record(0, struct.pack("<IIHBBBI", row - 1, 0, 300, 0, how, 0, 0)))
        for column, said in enumerate(line.split(",")):
            plain: object = float(said) if said.isdecimal() else said
            value = values.get((row, column), plain)
            body.append(cell(column, value, formats.get((row, column), PLAIN)))
    size = struct.pack("<IIII", 0, len(LINES) - 1, 0, 5)
    data = record(145) + b"".join(body) + record(146)
    sheet = record(129) + record(148, size) + before + data + after + record(130)
    rich = b"\x01" + text("121") + struct.pack("<IHH", 1, 2, 3)
    comments = record(632, text("Officer"))
    if comment:
        row, column, said = comment
        place = struct.pack("<IIIII", 0, row - 1, row - 1, column, column) + bytes(16)
        comments += record(635, place) + record(637, b"\x00" + text(said)) + record(636)
    link = '<Relationship Id="{0}" Type="' + RELATIONS + '/{1}" Target="{2}"/>'
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        "{}</Relationships>"
    )
    sheets = record(143) + record(
        156, struct.pack("<II", 0, 1) + text("rId1") + text("Inspections")
    )
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": rels.format(link.format("rId1", "officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": record(131) + record(153, bytes(12)) + sheets + record(144) + record(132),
        "xl/_rels/workbook.bin.rels": rels.format(
            link.format("rId1", "worksheet", "worksheets/sheet1.bin")
            + link.format("rId2", "styles", "styles.bin")
            + link.format("rId3", "sharedStrings", "sharedStrings.bin")
        ),
        "xl/styles.bin": record(278) + styles() + record(279),
        "xl/sharedStrings.bin": record(159, struct.pack("<II", 1, 1)) + record(19, rich) + record(160),
        "xl/worksheets/sheet1.bin": sheet,
        "xl/worksheets/_rels/sheet1.bin.rels": rels.format(
            link.format("rId1", "comments", "../comments1.bin")
        ),
        "xl/comments1.bin": record(628) + comments + record(629),
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


@pytest.fixture
def read(folder, codebook) -> Callable:
    def read(**how):
        workbook(folder / "LABOUR_2024.xlsb", **how)
        return read_submissions(folder, codebook, Settled())

    return read


def _waits(intake) -> dict[str, list[int]]:
    return {kind: sorted(set(rows)) for kind, rows in intake.waiting.groupby("kind")["row"]}


def test_the_values_of_a_binary_workbook_are_read(read):
    intake = read()
    frame = intake.frames["inspections"]
    assert frame["n"].tolist() == [str(10 + month) for month in range(1, 10)]
    assert frame["month"].tolist()[:2] == ["2024-01", "2024-02"]
    assert frame["row"].tolist() == list(range(2, 11))
    assert intake.questions.empty


@pytest.mark.parametrize("last", [4, 5])
def test_columns_that_are_hidden_are_known_up_to_their_last(last, folder):
    columns = record(390) + record(60, struct.pack("<IIIIH", 4, last, 2560, 0, 1)) + record(391)
    path = folder / "LABOUR_2024.xlsb"
    workbook(path, before=columns)
    (grid,) = read_workbook(path.read_bytes(), path.name).grids
    assert grid.marks.hidden_columns == set(range(4, last + 1))


AREA = struct.pack("<III", 1, 0, 1) + struct.pack("<IIII", 5, 6, 0, 5)


@pytest.mark.parametrize(
    ("how", "kind", "rows"),
    [
        ({"hidden": (4,)}, "hidden rows", [4]),
        ({"formats": {(5, 5): STRUCK}}, "struck", [5]),
        ({"formats": {(6, c): YELLOW for c in range(6)}}, "colour", [6]),
        ({"formats": {(7, c): WHITE for c in range(6)}}, "colour", [7]),
        ({"comment": (8, 5, "withdrawn")}, "comment", [8]),
        ({"formats": {(3, 5): FEW}, "values": {(3, 5): 3.0}}, "shown", [3]),
        (
            {"after": record(461, AREA) + record(463, struct.pack("<IIII", 2, 0, 0, 1)) + record(462)},
            "struck",
            [6, 7],
        ),
    ],
    ids=["hidden", "struck", "yellow", "white", "comment", "<5", "by a rule"],
)  # fmt: skip
def test_what_it_carries_besides_values_is_asked_about(how, kind, rows, read):
    assert _waits(read(**how)) == {kind: rows}


def test_a_rule_that_hides_nothing_is_not_asked_about(read):
    rule = record(463, struct.pack("<IIII", 2, 0, 1, 1))
    assert read(after=record(461, AREA) + rule + record(462)).questions.empty


def test_a_raised_digit_is_a_footnote_and_an_error_stays_one(read):
    intake = read(values={(2, 5): (0,), (3, 5): "#DIV/0!"})
    frame = intake.frames["inspections"].set_index("row")
    assert frame.loc[2, "n"] == "12" and frame.loc[3, "n"] == "#DIV/0!"


def test_a_merged_cell_holds_for_all_of_its_rows(read):
    merge = record(177) + record(176, struct.pack("<IIII", 1, 2, 3, 3)) + record(178)
    intake = read(values={(3, 3): ""}, after=merge)
    assert intake.frames["inspections"]["district"].tolist()[:2] == ["CY", "CY"]


def test_what_cannot_be_looked_at_is_asked_about_and_not_passed_over(read, folder, codebook):
    read()
    path = folder / "LABOUR_2024.xlsb"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/comments1.bin"] = record(628) + record(635, b"\x00\x00")
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    intake = read_submissions(folder, codebook, Settled())
    assert _waits(intake) == {"not looked at": list(range(2, 11))}


def test_a_binary_workbook_that_is_cut_off_says_so(read, folder, codebook):
    read()
    path = folder / "LABOUR_2024.xlsb"
    path.write_bytes(path.read_bytes()[:600])
    with pytest.raises(InputError, match=r"LABOUR_2024.xlsb: the workbook is damaged"):
        read_submissions(folder, codebook, Settled())
