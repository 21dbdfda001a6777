"""Where an OpenDocument sheet says that a row is struck through or hidden, by whatever way."""

from __future__ import annotations

import io
import zipfile

import pytest

from atips_analysis.intake.marks import Marks
from atips_analysis.intake.marks_ods import marks_of_ods

SPACES = (
    " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in {
            "office": "office",
            "table": "table",
            "style": "style",
            "text": "text",
            "fo": "xsl-fo-compatible",
        }.items()
    )
    + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
STRIKES = '<style:text-properties style:text-line-through-style="solid"/>'
NAMED = (
    f'<style:style style:name="Withdrawn">{STRIKES}</style:style>'
    '<style:style style:name="Unseen"><style:text-properties fo:color="#ffffff"/></style:style>'
    '<style:style style:name="Loud"><style:table-cell-properties fo:background-color="#ffff00"/>'
    "</style:style>"
)
CELL = '<table:table-cell office:value-type="string"{style}><text:p>x</text:p></table:table-cell>'


def of(style: str) -> str:
    return CELL.format(style=f' table:style-name="{style}"')


def rows(*cells: str) -> str:
    return "".join(f"<table:table-row>{cell}</table:table-row>" for cell in cells)


def read(table: str, automatic: str = "") -> Marks:
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{automatic}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    named = f"<office:document-styles {SPACES}><office:styles>{NAMED}</office:styles></office:document-styles>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("content.xml", content)
        archive.writestr("styles.xml", named)
    with zipfile.ZipFile(stream) as archive:
        return marks_of_ods(archive, "x.ods")["S"]


PLAIN = CELL.format(style="")
OWN = '<style:style style:name="c1" style:parent-style-name="Withdrawn">{}</style:style>'


@pytest.mark.parametrize(
    ("table", "automatic"),
    [
        pytest.param(rows(PLAIN, of("Withdrawn")), "", id="a named style"),
        pytest.param(rows(PLAIN, of("c1")), OWN.format(""), id="a style built on a named one"),
        pytest.param(
            f"{rows(PLAIN)}<table:table-row table:default-cell-style-name='Withdrawn'>{PLAIN}"
            "</table:table-row>",
            "",
            id="the style of a row",
        ),
    ],
)
def test_a_row_is_struck_through_by_whatever_style_says_so(table: str, automatic: str) -> None:
    assert read(table, automatic).struck == {(2, 0)}


def test_the_style_of_a_column_counts_where_the_cell_has_none() -> None:
    columns = (
        '<table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:default-cell-style-name="Withdrawn"/>'
    )
    assert read(columns + rows(PLAIN * 3)).struck == {(1, 2)}


def test_a_style_that_says_no_line_is_not_struck_through_whatever_it_builds_on() -> None:
    none = OWN.format('<style:text-properties style:text-line-through-style="none"/>')
    assert read(rows(of("c1")), none).struck == frozenset()


def test_a_colour_comes_from_the_style_that_a_style_builds_on() -> None:
    loud = '<style:style style:name="c1" style:parent-style-name="Loud"/>'
    assert read(rows(of("c1")), loud).colours == {(1, 0): "yellow"}


def test_rows_that_say_the_same_and_are_written_as_one_are_all_struck_through() -> None:
    repeated = (
        f'<table:table-row table:number-rows-repeated="3">{of("Withdrawn")}</table:table-row>'
    )
    assert read(repeated + rows(PLAIN)).struck == {(1, 0), (2, 0), (3, 0)}


def test_a_formula_that_was_never_worked_out_is_named_without_its_language() -> None:
    cell = '<table:table-cell table:formula="of:=SUM([.A1:.A2])"/>'
    assert read(rows(cell)).unread == {(1, 0): "=SUM([.A1:.A2])"}


def test_a_part_that_declares_a_document_type_is_not_read() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("content.xml", "<!DOCTYPE x><x/>")
    with zipfile.ZipFile(stream) as archive, pytest.raises(ValueError, match="DTDForbidden"):
        marks_of_ods(archive, "x.ods")


@pytest.mark.parametrize(
    ("style", "ruled"), [("Withdrawn", {2, 3}), ("Unseen", {2, 3}), ("Loud", set())]
)
def test_a_rule_that_may_strike_through_or_hide_names_its_rows(style: str, ruled: set[int]) -> None:
    rule = (
        "<calcext:conditional-formats><calcext:conditional-format "
        "calcext:target-range-address=\"$'S'.A2:$'S'.C90\"><calcext:condition "
        f'calcext:apply-style-name="{style}" calcext:value="=1"/></calcext:conditional-format>'
        "</calcext:conditional-formats>"
    )
    assert read(rows(PLAIN, PLAIN, PLAIN) + rule).by_rule == ruled


def test_a_rule_that_a_style_carries_is_a_rule_too() -> None:
    mapped = (
        '<style:style style:name="c1"><style:map style:condition="cell-content()=1" '
        'style:apply-style-name="Withdrawn"/></style:style>'
    )
    assert read(rows(PLAIN, of("c1")), mapped).by_rule == {2}
