"""Cell formats and shared strings of an xlsx, as far as they can change what a value means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from xml.etree.ElementTree import Element

from atips_analysis.intake.marks import colour_word, format_word, is_white
from atips_analysis.intake.number_format import PERCENT, hides_the_year, is_date, shown
from atips_analysis.intake.xlsx_package import Package, each, local_name

WHITE = {"9", "64", "65"}  # of the indexed colours: white, and the system's own
BUILT_IN_YEARLESS = {16: "d-mmm"}
Part = TypeVar("Part")
LEAST_LETTERS = 4  # points: smaller letters are there for nobody to read


@dataclass(frozen=True)
class Style:
    """A cell format, as far as it can change what a value means."""

    struck: bool = False
    colour: str = ""
    code: str = ""

    plain: bool = True


PLAIN_STYLE = Style()


@dataclass
class Strings:
    """Shared strings with raised or struck runs, by their number."""

    raised: dict[int, tuple[str, str]] = field(default_factory=dict)
    struck: set[int] = field(default_factory=set)


def cell_styles(package: Package, part: str) -> list[Style]:
    """The cell formats, in their order."""
    if part not in package:
        return []
    codes: dict[int, str] = {**PERCENT, **BUILT_IN_YEARLESS}
    fonts: list[tuple[bool, str, bool]] = []
    fills: list[str] = []
    crossed: list[bool] = []
    styles: list[Style] = []
    for element in each(package.open(part), "numFmts", "fonts", "fills", "borders", "cellXfs"):
        name = local_name(element)
        for item in element:
            if name == "numFmts":
                codes[int(item.get("numFmtId", -1))] = str(item.get("formatCode", ""))
            elif name == "fonts":
                fonts.append(_font(item))
            elif name == "fills":
                fills.append(_fill(item))
            elif name == "borders":
                crossed.append(_crossed(item))
            else:
                struck, ink, white = _of(item, "fontId", fonts, (False, "", False))
                struck = struck or _of(item, "borderId", crossed, False)
                code = codes.get(int(item.get("numFmtId", 0)), "")
                fill = _of(item, "fillId", fills, "")
                styles.append(style_of((struck, ink, white), fill, code))
    return styles


def _of(item: Element, name: str, parts: list[Part], usual: Part) -> Part:
    """The part of a cell format that it names by its number."""
    number = int(item.get(name, 0))
    return parts[number] if number < len(parts) else usual


def style_of(font: tuple[bool, str, bool], fill: str, code: str) -> Style:
    """A cell format of a font (struck, colour, white), the colour of a fill and a number format."""
    struck, ink, white = font
    colour = format_word(fill, ink, white)
    telling = code and (hides_the_year(code) or (not is_date(code) and _changes(code)))
    plain = not (struck or colour or telling)
    return Style(struck, colour, code if telling else "", plain)


def _changes(code: str) -> bool:
    """Whether a format ever shows another figure than the one stored."""
    return any(shown(value, code) is not None for value in (1.0, 3.0, 7.0, 12000.0, 0.0, -3.0))


def _font(item: Element) -> tuple[bool, str, bool]:
    """Whether a font strikes through, its colour in a word, and whether nobody sees its letters."""
    struck, colour, white = False, "", False
    for child in item:
        name = local_name(child)
        if name == "strike":
            struck = child.get("val") not in ("0", "false")
        elif name == "color":
            colour, white = colour_of(child), white or is_white_colour(child)
        elif name == "sz":
            white = white or float(child.get("val", "11")) < LEAST_LETTERS
    return struck, colour, white


def _crossed(item: Element) -> bool:
    """Whether a border crosses its cells out, by a line from corner to corner."""
    ways = {item.get("diagonalUp"), item.get("diagonalDown")} - {None, "0", "false"}
    return bool(ways) and any(
        local_name(side) == "diagonal" and side.get("style", "none") != "none" for side in item
    )


def is_white_colour(element: Element | Mapping[str, str]) -> bool:
    """Whether a colour is white: in the theme's usual order, 0 is the light background."""
    return element.get("tint") in (None, "0") and (
        is_white(element.get("rgb", ""))
        or element.get("theme") == "0"
        or element.get("indexed") in ("1", "9")
    )


def hiding_rules(package: Package, part: str) -> set[int]:
    """The numbers of the formats of rules (dxf) that strike through, or hide what a cell holds."""
    found: set[int] = set()
    if part not in package:
        return found
    for group in each(package.open(part), "dxfs"):
        for number, item in enumerate(group):
            for child in item:
                name = local_name(child)
                if name == "font":
                    struck, _, white = _font(child)
                    found |= {number} if struck or white else set()
                elif name == "numFmt" and set(child.get("formatCode", "")) == {";"}:
                    found.add(number)
    return found


def _fill(item: Element) -> str:
    for pattern in item.iter():
        if local_name(pattern) != "patternFill" or pattern.get("patternType", "none") == "none":
            continue
        found = [colour_of(child) for child in pattern if local_name(child) == "fgColor"]
        hatched = pattern.get("patternType") != "solid"
        return next(filter(None, found), "coloured" if hatched else "")
    return ""


def colour_of(element: Element | Mapping[str, str]) -> str:
    """A colour, by its attributes, in a word."""
    if rgb := element.get("rgb"):
        return colour_word(rgb)
    if (indexed := element.get("indexed")) is not None:
        return "" if indexed in WHITE or indexed in ("0", "1", "8") else "coloured"
    if (theme := element.get("theme")) is not None:
        return "" if theme in ("0", "1") else "coloured"
    return ""


def shared_strings(package: Package, part: str) -> Strings:
    """Raised and struck runs among the shared strings, where there are any."""
    found = Strings()
    if part not in package:
        return found
    with package.open(part) as stream:
        tail, telling = b"", False
        while chunk := stream.read(1 << 20):
            text = tail + chunk
            telling = telling or b"vertAlign" in text or b"strike" in text or b"\x00" in text[:4]
            tail = text[-16:]
    if not telling:
        return found
    for number, element in enumerate(each(package.open(part), "si")):
        raised, struck = _runs(element)
        if raised:
            found.raised[number] = raised
        if struck:
            found.struck.add(number)
    return found


def _runs(element: Element) -> tuple[tuple[str, str] | None, bool]:
    """Text on the line and text raised or lowered, if any; whether a run is struck through."""
    line, off, struck = "", "", False
    for run in element:
        name = local_name(run)
        if name == "t":
            line += run.text or ""
        if name != "r":
            continue
        text = "".join(child.text or "" for child in run if local_name(child) == "t")
        marks = {
            local_name(mark): mark.get("val")
            for child in run
            if local_name(child) == "rPr"
            for mark in child
        }
        if "strike" in marks and marks["strike"] not in ("0", "false") and text.strip():
            struck = True
        if marks.get("vertAlign") in ("superscript", "subscript"):
            off += text
        else:
            line += text
    return ((line, off) if off.strip() else None), struck
