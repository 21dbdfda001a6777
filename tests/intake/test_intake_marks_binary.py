"""Records of an xls ([MS-XLS]) and of an xlsb ([MS-XLSB]), each by itself, and what they carry."""

from __future__ import annotations

import struct

import pytest

from atips_analysis.intake import marks_xls, marks_xlsb
from atips_analysis.intake.marks import Marks
from atips_analysis.intake.xlsx_styles import PLAIN_STYLE, Strings, Style

STYLES = [
    PLAIN_STYLE,
    Style(struck=True, plain=False),
    Style(colour="yellow", plain=False),
    Style(code='[<5]"<5";0', plain=False),
    Style(code="d-mmm", plain=False),
]
A1, B2 = (1, 0), (2, 1)


def compare(found: Marks, carries: dict[str, object]) -> None:
    plain = Marks()
    for name in Marks.__dataclass_fields__:
        said, wanted = getattr(found, name), carries.get(name, getattr(plain, name))
        assert said == (frozenset(wanted) if isinstance(said, frozenset) else wanted), name


# xls


def old(*records: tuple[int, bytes]) -> Marks:
    book = b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records)
    return marks_xls._marks(book + struct.pack("<HH", 0x0A, 0), 0, STYLES, False)


def at(row: int, column: int, style: int = 0) -> bytes:
    return struct.pack("<HHH", row, column, style)


def real(number: float) -> bytes:
    return struct.pack("<d", number)


def small(number: int) -> bytes:
    return struct.pack("<i", number << 2 | 2)


def rule(parts: int, more: int = 0, form: bytes = b"", font: bytes = b"") -> bytes:
    return bytes(6) + struct.pack("<IH", parts, more) + form + font


def font(how: int = 0, ink: int = 0xFFFFFFFF, kept: int = 0) -> bytes:
    body = bytearray(118)
    for place, value in ((68, how), (80, ink), (88, kept)):
        struct.pack_into("<I", body, place, value)
    return bytes(body)


AREA = (0x1B0, bytes(12) + struct.pack("<HHHHH", 1, 0, 1, 0, 5))
CELLS = [(0x203, at(row, 0) + real(1)) for row in range(3)]


@pytest.mark.parametrize(("records", "carries"), [
    ([(0x203, at(0, 0) + real(3))], {}),
    ([(0x203, at(1, 1, 1) + real(3))], {"struck": {B2}}),
    ([(0x203, at(1, 1, 9) + real(3))], {}),
    ([(0x204, at(1, 1, 2) + bytes(4))], {"colours": {B2: "yellow"}}),
    ([(0x203, at(1, 1, 3) + real(3))], {"shown": {B2: "<5"}}),
    ([(0x203, at(1, 1, 3) + real(7))], {}),
    ([(0x27E, at(1, 1, 3) + small(3))], {"shown": {B2: "<5"}}),
    ([(0xFD, at(1, 1, 3) + small(3))], {}),
    ([(0x06, at(1, 1, 3) + real(3) + bytes(8))], {"shown": {B2: "<5"}}),
    ([(0x203, at(1, 1, 4) + real(45000))], {"yearless": {B2}}),
    (
        [(0xBD, struct.pack("<HH", 1, 0) + b"".join(
            struct.pack("<H", style) + small(3) for style in (0, 1, 3)
        ) + struct.pack("<H", 2))],
        {"struck": {B2}, "shown": {(2, 2): "<5"}},
    ),
    ([(0x205, at(1, 1) + b"\x2a\x01")], {"unread": {B2: "#N/A"}}),
    ([(0x205, at(1, 1) + b"\x01\x00")], {}),
    ([(0x06, at(1, 1) + b"\x02\x00\x07\x00\x00\x00\xff\xff")], {"unread": {B2: "#DIV/0!"}}),
    ([(0x208, struct.pack("<H", 1) + bytes(10) + struct.pack("<I", 0x20))], {"hidden_rows": {2}}),
    ([(0x208, struct.pack("<H", 1) + bytes(10) + struct.pack("<I", 0x40))], {}),
    ([(0x7D, struct.pack("<HHHHH", 1, 2, 0, 0, 1))], {"hidden_columns": {1, 2}}),
    ([(0x7D, struct.pack("<HHHHH", 1, 2, 0, 0, 2))], {}),
    ([(0x1C, struct.pack("<HH", 1, 1))], {"comments": {B2: ""}}),
    ([(0x9E, b"")], {"filtered": True}),
    ([*CELLS, AREA, (0x1B1, rule(1 << 26, font=font(0x80)))], {"by_rule": {1, 2}}),
    ([*CELLS[:1], AREA, (0x1B1, rule(1 << 26, font=font(0x80)))], {"by_rule": {1}}),
    ([*CELLS[:1], (0x7D, struct.pack("<HHHHH", 9, 9, 0, 0, 1)), AREA,
      (0x1B1, rule(1 << 26, font=font(0x80)))], {"by_rule": {1}, "hidden_columns": {9}}),
    ([*CELLS, AREA, (0x1B1, rule(0))], {}),
    ([(0x0A, b""), (0x9E, b"")], {}),
])  # fmt: skip
def test_a_record_of_an_xls_carries_what_its_bytes_say(records, carries):
    compare(old(*records), carries)


NOTHING = struct.pack("<H", 8) + struct.pack("<HB", 3, 0) + b";;;"
FIGURE = struct.pack("<H", 6) + struct.pack("<HB", 1, 0) + b"0"


@pytest.mark.parametrize(("body", "hides"), [
    (rule(1 << 26, font=font()), False),
    (rule(1 << 26, font=font(0x80)), True),
    (rule(1 << 26, font=font(0x80, kept=0x80)), False),
    (rule(1 << 26, font=font(0xFFFFFF7F)), False),
    (rule(1 << 26, font=font(0x80, kept=0xFFFFFF7F)), True),
    (rule(1 << 26, font=font(ink=9)), True),
    (rule(1 << 26, font=font(ink=1)), True),
    (rule(1 << 26, font=font(ink=10)), False),
    (rule(1 << 25, 1, NOTHING), True),
    (rule(1 << 25, 1, FIGURE), False),
    (rule(1 << 25 | 1 << 26, 1, FIGURE, font(0x80)), True),
    (rule(1 << 25 | 1 << 26, 0, bytes(2), font(0x80)), True),
    (rule(1 << 25 | 1 << 26, 0, bytes(2), font()), False),
    (rule(1 << 27, font=font(0x80)), False),
])  # fmt: skip
def test_a_rule_of_an_xls_hides_by_its_font_or_its_format_of_numbers(body, hides):
    assert marks_xls._hides(body) == hides


def test_a_table_of_sectors_that_goes_round_in_a_circle_is_read_to_the_files_end():
    content = bytearray(2048)
    content[0x4C : 0x4C + 4 * 109] = b"\xff" * 4 * 109
    struct.pack_into("<II", content, 0x44, 0, 0xFFFFFFFF)
    content[512:1024] = b"\xff" * 508 + struct.pack("<I", 0)
    assert marks_xls._table(bytes(content), 512) == []
    struct.pack_into("<II", content, 512, 1, 2)
    assert len(marks_xls._table(bytes(content), 512)) == 4 * 2 * 128


# xlsb


def record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    assert len(body) < 128
    return head + bytes([len(body)]) + body


def text(said: str) -> bytes:
    return struct.pack("<I", len(said)) + said.encode("utf-16-le")


BOOK = marks_xlsb._Book(styles=STYLES, rules={3}, strings=Strings({1: ("12", "1")}, {2}))


def new(*records: tuple[int, bytes]) -> Marks:
    sheet = marks_xlsb._Sheet(BOOK)
    for kind, body in records:
        sheet.take(kind, body)
    return sheet.marks({}, (), False)


def row(number: int, height: int = 300, how: int = 0) -> tuple[int, bytes]:
    return 0, struct.pack("<IIHBBBI", number, 0, height, 0, how, 0, 0)


def cell(style: int, value: bytes = b"") -> bytes:
    return struct.pack("<II", 1, style) + value


RULED = (461, struct.pack("<III", 1, 0, 1) + struct.pack("<IIII", 1, 2, 0, 5))


@pytest.mark.parametrize(("records", "carries"), [
    ([row(1), (5, cell(0, real(3)))], {}),
    ([row(1), (5, cell(1, real(3)))], {"struck": {B2}}),
    ([row(1), (5, cell(0x7F000001, real(3)))], {"struck": {B2}}),
    ([row(1), (5, cell(9, real(3)))], {}),
    ([row(1), (6, cell(2, text("x")))], {"colours": {B2: "yellow"}}),
    ([row(1), (5, cell(3, real(3)))], {"shown": {B2: "<5"}}),
    ([row(1), (9, cell(3, real(3)))], {"shown": {B2: "<5"}}),
    ([row(1), (2, cell(3, small(3)))], {"shown": {B2: "<5"}}),
    ([row(1), (6, cell(3, text("3")))], {}),
    ([row(1), (5, cell(3, real(7)))], {}),
    ([row(1), (5, cell(4, real(45000)))], {"yearless": {B2}}),
    ([row(1), (3, cell(0, b"\x2a"))], {"unread": {B2: "#N/A"}}),
    ([row(1), (11, cell(0, b"\x99"))], {"unread": {B2: "#VALUE!"}}),
    ([row(1), (7, cell(0, struct.pack("<I", 1)))], {"raised": {B2: ("12", "1")}}),
    ([row(1), (7, cell(0, struct.pack("<I", 2)))], {"struck": {B2}}),
    ([row(1), (7, cell(0, struct.pack("<I", 3)))], {}),
    ([row(1, how=0x10)], {"hidden_rows": {2}}), ([row(1, how=0x20)], {}),
    ([row(1, 59)], {"hidden_rows": {2}}), ([row(1, 60)], {}),
    ([(60, struct.pack("<IIIIH", 1, 2, 0, 0, 1))], {"hidden_columns": {1, 2}}),
    ([(60, struct.pack("<IIIIH", 1, 2, 0, 0, 2))], {}),
    ([(163, b"")], {"filtered": True}),
    ([(176, struct.pack("<4I", 1, 2, 3, 4))], {"merges": (((2, 3), (3, 4)),)}),
    ([row(2), (5, cell(0, real(1))), RULED, (463, struct.pack("<4I", 2, 0, 3, 0))],
     {"by_rule": {2, 3}}),
    ([row(1), (5, cell(0, real(1))), RULED, (463, struct.pack("<4I", 2, 0, 3, 0))],
     {"by_rule": {2}}),
    ([row(2), (5, cell(0, real(1))), RULED, (463, struct.pack("<4I", 2, 0, 2, 0))], {}),
    ([(1, b""), (12, cell(1))], {}),
])  # fmt: skip
def test_a_record_of_an_xlsb_carries_what_its_bytes_say(records, carries):
    compare(new(*records), carries)


def colour(kind: int, index: int = 0, tint: int = 0, rgb: str = "000000") -> bytes:
    return bytes([kind << 1 | 1, index]) + struct.pack("<h", tint) + bytes.fromhex(rgb) + b"\xff"


@pytest.mark.parametrize(("body", "said"), [
    (colour(2, rgb="ffff00"), {"rgb": "ffff00"}), (colour(0), {}),
    (colour(1, 9), {"indexed": "9", "tint": "0"}), (colour(3, 4, -5), {"theme": "4", "tint": "-5"}),
    (colour(5, 1), {"other": "1", "tint": "0"}),
])  # fmt: skip
def test_a_colour_of_an_xlsb_has_the_attributes_of_an_xlsx(body, said):
    assert marks_xlsb._colour(b"\x00" + body, 1) == said


def property_(kind: int, value: bytes) -> bytes:
    return struct.pack("<HH", kind, 4 + len(value)) + value


def hiding(*properties: bytes) -> bytes:
    return bytes(4) + struct.pack("<H", len(properties)) + b"".join(properties)


BOLD = property_(0x19, b"\x01\x00")


@pytest.mark.parametrize(("body", "hides"), [
    (hiding(), False), (hiding(BOLD), False), (hiding(property_(0x1D, b"\x01")), True),
    (hiding(property_(0x1D, b"\x00")), False), (hiding(BOLD, property_(0x1D, b"\x01")), True),
    (hiding(property_(0x05, colour(2, rgb="ffffff"))), True),
    (hiding(property_(0x05, colour(2, rgb="ff0000"))), False),
    (hiding(property_(0x26, struct.pack("<HH", 164, 3) + ";;;".encode("utf-16-le"))), True),
    (hiding(property_(0x26, struct.pack("<HH", 164, 1) + "0".encode("utf-16-le"))), False),
])  # fmt: skip
def test_a_rule_of_an_xlsb_hides_by_its_font_or_its_format_of_numbers(body, hides):
    assert marks_xlsb._hides(body) == hides


FONTS = [
    marks_xlsb._Font(False, "", False, False),
    marks_xlsb._Font(True, "", False, False),
    marks_xlsb._Font(False, "", False, True),
]


@pytest.mark.parametrize(("said", "runs", "raised", "struck"), [
    ("121", [(2, 2)], ("12", "1"), False), ("121", [(2, 0)], None, False),
    ("121", [(0, 2), (1, 0)], ("21", "1"), False), ("12 ", [(2, 2)], None, False),
    ("121", [(0, 1)], None, True), ("12 ", [(2, 1)], None, False), ("121", [], None, False),
    ("121", [(0, 1), (1, 2)], ("1", "21"), True),
])  # fmt: skip
def test_a_shared_string_of_an_xlsb_has_runs_that_are_raised_or_struck(said, runs, raised, struck):
    book = marks_xlsb._Book(fonts=FONTS)
    rich = b"\x01" + text(said) + struct.pack("<I", len(runs))
    rich += b"".join(struct.pack("<HH", *run) for run in runs)
    plain = b"\x00" + text("first")
    marks_xlsb._read_strings(record(159) + record(19, plain) + record(19, rich), book)
    assert book.strings.raised == ({1: raised} if raised else {})
    assert book.strings.struck == ({1} if struck else set())


def comment(author: int, *said: str) -> bytes:
    place = struct.pack("<IIIII", author, 1, 1, 1, 1) + bytes(16)
    return record(635, place) + b"".join(record(637, b"\x00" + text(one)) for one in said)


@pytest.mark.parametrize(("comments", "found"), [
    (comment(0, " of 2023 "), {B2: "of 2023"}), (comment(1, "our own"), {}),
    (comment(2, "by nobody"), {B2: "by nobody"}), (comment(0), {B2: ""}),
])  # fmt: skip
def test_comments_of_an_xlsb_are_those_that_people_wrote(comments, found):
    authors = record(632, text("Ana")) + record(632, text("atips check"))
    assert marks_xlsb._comments(record(628) + authors + comments) == found


@pytest.mark.parametrize(("count", "rows"), [(0, set()), (1, {5}), (2, {4, 5})])
def test_the_totals_rows_of_a_table_of_an_xlsb_are_its_last(count, rows):
    body = struct.pack("<4I", 0, 4, 0, 1) + bytes(12) + struct.pack("<I", count)
    assert marks_xlsb._totals_rows(record(1) + record(343, body)) == rows
    assert marks_xlsb._totals_rows(record(1)) == set()


@pytest.mark.parametrize(("body", "said", "end"), [
    (text("ab"), "ab", 8), (b"\xff\xff\xff\xff", "", 4), (text(""), "", 4),
])  # fmt: skip
def test_a_text_of_an_xlsb_ends_after_its_letters(body, said, end):
    assert marks_xlsb._text(b"\x00" + body, 1) == (said, end + 1)


@pytest.mark.parametrize("length", [0, 1, 127, 128, 20_000])
def test_a_record_of_an_xlsb_has_a_length_of_seven_bits_a_byte(length):
    low, left = b"", length
    while True:
        left, rest = left >> 7, left & 0x7F
        low += bytes([rest | (0x80 if left else 0)])
        if not left:
            break
    part = b"\x05" + low + b"x" * length + b"\xf3\x04\x00"
    assert [(kind, len(body)) for kind, body in marks_xlsb._records(part)] == [
        (5, length),
        (627, 0),
    ]
