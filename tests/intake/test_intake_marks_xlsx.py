"""What the parts of an xlsx say besides values, each element by itself, as the XML has it."""

from __future__ import annotations

import io
import zipfile

import pytest

from atips_analysis.intake.limits import MOST_COLUMNS
from atips_analysis.intake.marks import Marks
from atips_analysis.intake.marks_xlsx import _totals_rows, marks_of_xlsx
from atips_analysis.intake.xlsx_package import Package, column_of, is_true, number_of, place_of
from atips_analysis.intake.xlsx_sheet import SheetMarks
from atips_analysis.intake.xlsx_styles import (
    PLAIN_STYLE,
    Strings,
    Style,
    cell_styles,
    hiding_rules,
    shared_strings,
)

STRUCK, YELLOW, FEW, DAY = (
    Style(struck=True, plain=False),
    Style(colour="yellow", plain=False),
    Style(code='[<5]"<5";0', plain=False),
    Style(code="d-mmm", plain=False),
)
STYLES = [PLAIN_STYLE, STRUCK, YELLOW, FEW, DAY]
STRINGS = Strings({1: ("12", "1")}, {2})


def sheet(xml: str, strings: Strings = STRINGS, before: str = "") -> Marks:
    """What a sheet of these rows carries; rule 3 hides."""
    part = f"<worksheet>{before}<sheetData>{xml}</sheetData></worksheet>"
    reading = SheetMarks(STYLES, strings, {3})
    reading.read(io.BytesIO(part.encode()), len(part))
    return reading.marks({}, (), False)


A1, B2 = (1, 0), (2, 1)


@pytest.mark.parametrize(("xml", "carries"), [
    ('<row r="1"><c r="A1"><v>3</v></c></row>', {}),
    ('<row><c><v>3</v></c></row><row><c/><c s="1"><v>3</v></c></row>', {"struck": {B2}}),
    ('<row r="2"><c r="B2" s="1"><v>3</v></c></row>', {"struck": {B2}}),
    ('<row r="2"><c r="B2" s="1"/></row>', {}),
    ('<row r="2"><c r="B2" s="9"><v>3</v></c></row>', {}),
    ('<row r="2"><c r="B2" s="2"><v>3</v></c></row>', {"colours": {B2: "yellow"}}),
    ('<row r="2"><c r="B2" s="3"><v>3</v></c></row>', {"shown": {B2: "<5"}}),
    ('<row r="2"><c r="B2" s="3"><v>7</v></c></row>', {}),
    ('<row r="2"><c r="B2" s="3"><v>x</v></c></row>', {}),
    ('<row r="2"><c r="B2" s="3" t="s"><v>3</v></c></row>', {}),
    ('<row r="2"><c r="B2" s="4"><v>45000</v></c></row>', {"yearless": {B2}}),
    ('<row r="1" hidden="1"><c r="A1"><v>3</v></c></row>', {"hidden_rows": {1}}),
    ('<row r="1" hidden="0"><c r="A1"><v>3</v></c></row>', {}),
    ('<row r="1" ht="2.9"/><row hidden="true"/>', {"hidden_rows": {1, 2}}),
    ('<row r="1" ht="3"/><row ht="x"/>', {}),
    ('<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>', {"unread": {A1: "#N/A"}}),
    ('<row r="1"><c r="A1" t="e"><v></v></c></row>', {"unread": {A1: "#VALUE!"}}),
    ('<row r="1"><c r="A1"><f>B1+C1</f></c></row>', {"unread": {A1: "=B1+C1"}}),
    ('<row r="1"><c r="A1"><f>B1+C1</f><v>3</v></c></row>', {}),
    ('<row r="1"><c r="A1"><f/></c></row>', {"unread": {A1: "=..."}}),
    (
        '<row r="1"><c r="A1"><f si="0">B1</f><v>1</v></c></row>'
        '<row r="2"><c r="B2"><f si="0"/></c></row>',
        {"unread": {B2: "=B1"}},
    ),
    ('<row r="1"><c r="A1" t="s"><v>1</v></c></row>', {"raised": {A1: ("12", "1")}}),
    ('<row r="1"><c r="A1" t="s"><v>2</v></c></row>', {"struck": {A1}}),
    ('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', {}),
    ('<row r="1"><c r="A1"><v>1</v></c></row>', {}),
    ('<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>', {}),
    (
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>12</t></r><r><rPr>'
        '<vertAlign val="superscript"/></rPr><t>1</t></r></is></c></row>',
        {"raised": {A1: ("12", "1")}},
    ),
    (
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>12</t></r><r><rPr>'
        '<vertAlign val="baseline"/></rPr><t>1</t></r></is></c></row>',
        {},
    ),
    (
        '<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><strike/></rPr><t>12</t></r></is></c></row>',
        {"struck": {A1}},
    ),
    (
        '<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><strike val="0"/></rPr><t>12</t></r></is></c></row>',
        {},
    ),
    (
        '<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><strike/></rPr><t> </t></r></is></c></row>',
        {},
    ),
])  # fmt: skip
def test_a_cell_carries_what_its_elements_say(xml, carries):
    found = sheet(xml)
    plain = Marks()
    for name in Marks.__dataclass_fields__:
        wanted = carries.get(name, getattr(plain, name))
        said = getattr(found, name)
        assert said == (frozenset(wanted) if isinstance(said, frozenset) else wanted), name


@pytest.mark.parametrize(("columns", "hidden"), [
    ('<cols><col min="2" max="3" hidden="1"/></cols>', {1, 2}),
    ('<cols><col min="2" max="3"/></cols>', set()),
    ('<cols><col min="2" max="2" width="0.9"/></cols>', {1}),
    ('<cols><col min="2" max="2" width="1"/></cols>', set()),
    ('<cols><col hidden="1"/></cols>', {0}),
])  # fmt: skip
def test_columns_are_hidden_by_what_their_element_says(columns, hidden):
    assert sheet("", before=columns).hidden_columns == hidden


def test_a_filter_is_one_where_a_column_is_filtered():
    assert not sheet("").filtered
    assert sheet("", before='<autoFilter><filterColumn colId="0"/></autoFilter>').filtered


@pytest.mark.parametrize(("area", "rule", "rows"), [
    ("A2:A3", "3", {2, 3}), ("A2", "3", {2}), ("A1 A3", "3", {1, 3}), ("A2:A99", "3", {2, 3}),
    ("A2", "2", set()), ("A2", "", set()), ("2:3", "3", set()),
])  # fmt: skip
def test_a_rule_that_hides_is_about_the_rows_of_its_area_that_there_are(area, rule, rows):
    cells = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in (1, 2, 3))
    rules = (
        f'<conditionalFormatting sqref="{area}"><cfRule dxfId="{rule}"/></conditionalFormatting>'
    )
    assert sheet(f"{cells}{rules}").by_rule == rows


def package(**parts: str) -> Package:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return Package(zipfile.ZipFile(out))


FORMATS = """<styleSheet>
<numFmts><numFmt numFmtId="164" formatCode="&quot;n/a&quot;"/></numFmts>
<fonts><font/><font><strike/></font><font><strike val="false"/></font>
<font><color rgb="FFFF0000"/></font><font><color theme="0"/></font><font><color theme="1"/></font>
<font><color indexed="9"/></font><font><color theme="0" tint="-0.5"/></font>
<font><sz val="3.5"/><color theme="1"/></font><font><sz val="4"/></font></fonts>
<fills><fill/><fill><patternFill patternType="solid"><fgColor rgb="FFFFFF00"/></patternFill></fill>
<fill><patternFill patternType="gray125"><fgColor rgb="FFFFFF00"/></patternFill></fill>
<fill><patternFill patternType="solid"><bgColor rgb="FFFFFF00"/></patternFill></fill>
<fill><patternFill patternType="solid"><fgColor theme="4"/></patternFill></fill>
<fill><patternFill patternType="solid"><fgColor indexed="64"/></patternFill></fill>
<fill><patternFill patternType="solid"><fgColor indexed="13"/></patternFill></fill>
<fill><patternFill patternType="lightUp"/></fill>
<fill><patternFill patternType="none"><fgColor rgb="FFFFFF00"/></patternFill></fill></fills>
<borders><border/><border diagonalUp="1"><diagonal style="thin"/></border>
<border diagonalDown="1"><left style="thin"/><diagonal/></border>
<border diagonalUp="0"><diagonal style="thin"/></border></borders>
<cellXfs>{cells}</cellXfs></styleSheet>"""


@pytest.mark.parametrize(("cell", "struck", "colour", "code"), [
    ("", False, "", ""), ('fontId="1"', True, "", ""), ('fontId="2"', False, "", ""),
    ('fontId="3"', False, "red letters", ""), ('fontId="4"', False, "white letters", ""),
    ('fontId="5"', False, "", ""), ('fontId="6"', False, "white letters", ""),
    ('fontId="7"', False, "", ""), ('fontId="99"', False, "", ""), ('fillId="1"', False, "yellow", ""),
    ('fillId="2"', False, "yellow", ""), ('fillId="3"', False, "", ""),
    ('fillId="7"', False, "coloured", ""), ('fillId="8"', False, "", ""),
    ('fontId="8"', False, "white letters", ""), ('fontId="9"', False, "", ""),
    ('borderId="1"', True, "", ""), ('borderId="2"', False, "", ""),
    ('borderId="3"', False, "", ""), ('borderId="99"', False, "", ""),
    ('fillId="4"', False, "coloured", ""), ('fillId="5"', False, "", ""),
    ('fillId="6"', False, "coloured", ""), ('fontId="4" fillId="1"', False, "yellow", ""),
    ('fillId="99"', False, "", ""), ('numFmtId="164"', False, "", '"n/a"'),
    ('numFmtId="16"', False, "", "d-mmm"), ('numFmtId="17"', False, "", ""),
    ('numFmtId="9"', False, "", "0%"), ('numFmtId="10"', False, "", "0.00%"),
    ('numFmtId="11"', False, "", ""),
])  # fmt: skip
def test_a_cell_format_is_a_font_a_fill_and_a_format_of_numbers(cell, struck, colour, code):
    styles = cell_styles(package(s_dot_xml=FORMATS.format(cells=f"<xf {cell}/>")), "s.xml")
    assert styles == [Style(struck, colour, code, not (struck or colour or code))]


def test_where_there_are_no_formats_there_are_no_styles_rules_or_strings():
    nothing = package()
    assert cell_styles(nothing, "s.xml") == []
    assert hiding_rules(nothing, "s.xml") == set()
    assert shared_strings(nothing, "s.xml") == Strings()


def test_rules_hide_by_a_struck_or_white_font_or_a_format_that_shows_nothing():
    rules = "".join(f"<dxf>{one}</dxf>" for one in (
        "<font><strike/></font>", "<font><color rgb='FFFF0000'/></font>",
        "<font><color rgb='FFFFFFFF'/></font>", "<numFmt formatCode=';;;'/>",
        "<numFmt formatCode='0;;'/>", "<fill/>",
    ))  # fmt: skip
    part = f"<styleSheet><dxfs>{rules}</dxfs></styleSheet>"
    assert hiding_rules(package(s_dot_xml=part), "s.xml") == {0, 2, 3}


@pytest.mark.parametrize(("runs", "raised", "struck"), [
    ("<t>12</t>", None, False),
    ("<r><t>12</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>1</t></r>", ("12", "1"), False),
    ("<r><t>H</t></r><r><rPr><vertAlign val='subscript'/></rPr><t>2</t></r><r><t>O</t></r>", ("HO", "2"), False),
    ("<r><rPr><vertAlign val='baseline'/></rPr><t>1</t></r>", None, False),
    ("<r><rPr><strike/></rPr><t>1</t></r>", None, True),
    ("<r><rPr><strike val='0'/></rPr><t>1</t></r>", None, False),
    ("<r><rPr><strike/></rPr><t> </t></r>", None, False),
    ("<t>12</t><r><rPr><vertAlign val='superscript'/></rPr><t>1</t></r>", ("12", "1"), False),
])  # fmt: skip
def test_a_shared_string_has_runs_that_are_raised_or_struck(runs, raised, struck):
    part = f"<sst><si><t>first</t></si><si>{runs}</si></sst>"
    found = shared_strings(package(s_dot_xml=part), "s.xml")
    assert found.raised == ({1: raised} if raised else {})
    assert found.struck == ({1} if struck else set())


@pytest.mark.parametrize(("target", "mode", "found"), [
    ("worksheets/sheet1.xml", "", ("worksheet", "xl/worksheets/sheet1.xml")),
    ("/xl/worksheets/sheet1.xml", "", ("worksheet", "xl/worksheets/sheet1.xml")),
    ("..\\\\xl\\\\a.xml", "", ("worksheet", "xl/a.xml")),
    ("http://example.org", "External", None),
])  # fmt: skip
def test_a_part_is_linked_by_its_relation(target, mode, found):
    link = (
        f'<Relationship Id="r1" Type="http://a/b/Worksheet" Target="{target}" TargetMode="{mode}"/>'
    )
    parts = {"xl___rels__workbook_dot_xml_dot_rels": f"<Relationships>{link}</Relationships>"}
    links = package(**parts).links("XL/workbook.xml")
    assert links == ({"r1": found} if found else {})
    assert package().links("xl/workbook.xml") == {}


@pytest.mark.parametrize(("reference", "place"), [
    ("A1", (1, 0)), ("B7", (7, 1)), ("$B$7", (7, 1)), ("AA10", (10, 26)), ("XFD1", (1, 16383)),
    ("A", None), ("7", None), ("", None), ("A1x", None),
])  # fmt: skip
def test_a_reference_names_a_row_and_a_column(reference, place):
    assert place_of(reference) == place


@pytest.mark.parametrize(("text", "true"), [
    ("1", True), ("true", True), ("on", True), ("0", False), ("false", False), (None, False),
])  # fmt: skip
def test_an_attribute_says_yes_in_three_ways(text, true):
    assert is_true(text) == true


def book(date_system: str = "", comments: str = "", kind: str = "comments") -> dict[str, Marks]:
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheet_xml = (
        '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
    )
    parts = {
        "xl/workbook.xml": f'<workbook xmlns:r="{relation}"><workbookPr {date_system}/>'
        '<sheets><sheet name="S" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="r1" Type="{relation}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet_xml,
    }
    if comments:
        parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
            f'<Relationships><Relationship Id="c" Type="{relation}/{kind}" Target="../c.xml"/>'
            "</Relationships>"
        )
        parts["xl/c.xml"] = comments
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return marks_of_xlsx(zipfile.ZipFile(out), "f.xlsx")


@pytest.mark.parametrize(("said", "since_1904"), [
    ("", False), ('date1904="1"', True), ('date1904="true"', True), ('date1904="0"', False),
])  # fmt: skip
def test_the_date_system_is_the_workbooks(said, since_1904):
    assert book(said)["S"].since_1904 == since_1904


COMMENTS = """<comments><authors><author>Ana</author><author>atips check</author></authors>
<commentList><comment ref="A1" authorId="{author}"><text><r><t>of </t></r><r><t>2023</t></r></text></comment>
</commentList></comments>"""
THREADED = '<ThreadedComments><threadedComment ref="A1"><text>of 2023</text></threadedComment></ThreadedComments>'


@pytest.mark.parametrize(("comments", "kind", "said"), [
    (COMMENTS.format(author=0), "comments", {(1, 0): "of 2023"}),
    (COMMENTS.format(author=1), "comments", {}),
    (COMMENTS.format(author=2), "comments", {(1, 0): "of 2023"}),
    (COMMENTS.format(author="x"), "comments", {(1, 0): "of 2023"}),
    (THREADED, "threadedComment", {(1, 0): "of 2023"}),
    (THREADED, "vmlDrawing", {}),
])  # fmt: skip
def test_comments_are_those_that_people_wrote(comments, kind, said):
    assert book(comments=comments, kind=kind)["S"].comments == said


def test_the_totals_row_of_a_table_is_known_by_its_area():
    table = '<table ref="A1:B5" totalsRowCount="{count}"/>'
    for count, rows in (("1", {5}), ("0", set())):
        found = book(comments=table.format(count=count), kind="table")["S"]
        assert found.totals_rows == rows


def test_numbers_and_letters_that_no_sheet_has_cost_nothing():
    """A count of four thousand million rows of totals was a set of so many."""
    table = '<table ref="A1:B{row}" totalsRowCount="{count}"/>'
    for count in ("4000000000", "9" * 5000, "-5", "٣", ""):
        assert len(_totals_rows(io.BytesIO(table.format(row=9, count=count).encode()))) <= 100
    assert _totals_rows(io.BytesIO(table.format(row=9, count=1).encode())) == {9}
    assert place_of("$B$7") == (7, 1) and place_of("XFD1048576") == (1048576, 16383)
    for reference in ("A" * 1_000_000 + "1", "A" + "1" * 5000, "B", "7", "A٣", ""):
        assert place_of(reference) is None
    assert column_of("C", 0) == column_of("C7", 0) == 2
    assert column_of("A" * 1_000_000, 4) == column_of(None, 4) == 5
    sheet = SheetMarks(STYLES, Strings(), {})
    sheet._col({"hidden": "1", "min": "-4000000000", "max": "4000000000"})
    assert len(sheet.hidden_columns) <= MOST_COLUMNS


@pytest.mark.parametrize("digit", ["²", "٣٣", "9" * 5000])
def test_what_is_a_digit_elsewhere_is_no_number_of_an_attribute(digit):
    assert number_of(digit) == -1 and number_of("7") == 7
