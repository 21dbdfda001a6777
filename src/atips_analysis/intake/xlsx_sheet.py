"""One sheet of an xlsx: what its cells, rows and columns carry besides values."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import IO
from xml.parsers import expat

from atips_analysis.intake.gathered_marks import Gathered
from atips_analysis.intake.limits import MOST_COLUMNS
from atips_analysis.intake.marks import Place
from atips_analysis.intake.xlsx_package import column_of, is_true, number_of, place_of
from atips_analysis.intake.xlsx_styles import PLAIN_STYLE, Strings, Style

LEAST_HEIGHT = 3  # points of a row: a row of text takes twelve and more
CELL = 1 << 16  # more bytes than a cell of Excel takes, text and all


class SheetMarks(Gathered):
    """One sheet while its part is read.

    Read by expat itself, and text only where it matters: a form of many rows is mostly cells that
    carry nothing but their value, and each costs no more than being passed over.
    """

    def __init__(
        self, styles: list[Style], strings: Strings, rules: Set[int] = frozenset()
    ) -> None:
        super().__init__()
        self.styles, self.strings, self.rules = styles, strings, rules
        self.ruled = ""
        self.columns = 0
        self.row, self.column = 0, -1
        self.shared: dict[str, str] = {}
        self.kind, self.style = "n", PLAIN_STYLE
        self.holds = self.in_cell = False
        self.formula: str | None = None
        self.shared_number = ""
        self.value = ""
        self.runs: list[list[str]] = []
        self.locals: dict[str, str] = {}
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self._begin_row,
            "c": self._begin_cell,
            "v": self._begin_value,
            "f": self._begin_formula,
            "is": self._begin_inline,
            "r": self._begin_run,
            "t": self._begin_text,
            "vertAlign": self._raise,
            "strike": self._strike,
            "col": self._col,
            "filterColumn": self._filter,
            "conditionalFormatting": self._ruled,
            "cfRule": self._rule,
        }
        self.telling_text = bool(strings.raised or strings.struck)

    def read(self, stream: IO[bytes], until: int) -> None:
        """Read the part, up to the cell in which byte `until` stands.

        Raises ValueError if it is no XML, or declares a document type.
        """
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = _refuse_document_type
        try:
            with stream:
                while until > -CELL and (chunk := stream.read(min(1 << 20, until + CELL))):
                    self.parser.Parse(chunk)
                    until -= len(chunk)
        except expat.ExpatError as error:
            raise ValueError("no XML") from error
        self._end_cell()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self.locals.get(name)
        if local is None:
            local = self.locals[name] = name.rpartition("}")[2]
        begin = self.starts.get(local)
        if begin is not None:
            begin(attributes)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._end_cell()
        self.row = number_of(attributes.get("r", ""), self.row + 1)
        self.column = -1
        if is_true(attributes.get("hidden")) or _small(attributes.get("ht"), LEAST_HEIGHT):
            self.hidden_rows.add(self.row)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if self.in_cell:
            self._end_cell()
        self.in_cell, self.holds = True, False
        self.column = column_of(attributes.get("r"), self.column)
        self.kind = attributes.get("t", "n")
        style = number_of(attributes.get("s", ""))
        self.style = self.styles[style] if 0 <= style < len(self.styles) else PLAIN_STYLE

    def _begin_value(self, attributes: dict[str, str]) -> None:
        self.holds = True
        if self.kind == "e" or self.style.code or (self.kind == "s" and self.telling_text):
            self._listen(self._hear_value)

    def _begin_formula(self, attributes: dict[str, str]) -> None:
        self.formula = ""
        self.shared_number = attributes.get("si", "")
        self._listen(self._hear_formula)

    def _begin_inline(self, attributes: dict[str, str]) -> None:
        self.holds, self.runs = True, [["", "", ""]]

    def _begin_run(self, attributes: dict[str, str]) -> None:
        self.runs.append(["", "", ""])

    def _begin_text(self, attributes: dict[str, str]) -> None:
        if self.runs:
            self._listen(self._hear_run)

    def _raise(self, attributes: dict[str, str]) -> None:
        if self.runs and attributes.get("val") in ("superscript", "subscript"):
            self.runs[-1][1] = "raised"

    def _strike(self, attributes: dict[str, str]) -> None:
        if self.runs and attributes.get("val") not in ("0", "false"):
            self.runs[-1][2] = "struck"

    def _col(self, attributes: dict[str, str]) -> None:
        if is_true(attributes.get("hidden")) or _small(attributes.get("width"), 1):
            first, last = (number_of(attributes.get(name, ""), 1) for name in ("min", "max"))
            self.hidden_columns |= set(range(first - 1, min(last, MOST_COLUMNS)))

    def _filter(self, attributes: dict[str, str]) -> None:
        self.filtered = True

    def _ruled(self, attributes: dict[str, str]) -> None:
        self._end_cell()
        self.ruled = attributes.get("sqref", "")

    def _rule(self, attributes: dict[str, str]) -> None:
        """Rows of the areas of a rule whose format strikes through or hides."""
        if number_of(attributes.get("dxfId", "")) in self.rules:
            self.rule(self.ruled, place_of)

    def _listen(self, hear: Callable[[str], None]) -> None:
        """Hear the text of this element, up to its end."""
        self.parser.CharacterDataHandler = hear
        self.parser.EndElementHandler = self._deaf

    def _deaf(self, name: str) -> None:
        self.parser.CharacterDataHandler = None
        self.parser.EndElementHandler = None

    def _hear_value(self, text: str) -> None:
        self.value += text

    def _hear_formula(self, text: str) -> None:
        self.formula = (self.formula or "") + text

    def _hear_run(self, text: str) -> None:
        self.runs[-1][0] += text

    def _end_cell(self) -> None:
        """Take what the last cell carries, once all of it was read."""
        if not self.in_cell:
            return
        place = (self.row, self.column)
        if self.formula is not None:
            self._take_formula(place)
        if self.holds:
            self.columns, self.rows = max(self.columns, self.column + 1), max(self.rows, self.row)
            if self.kind == "e":
                self.unread[place] = self.value or "#VALUE!"
            if self.kind == "s" and self.value.isdecimal():
                self.string(place, int(self.value), self.strings)
            if self.runs:
                self._take_runs(place)
            if not self.style.plain:
                self.format(place, self.style, self._number())
        self.in_cell, self.formula, self.value, self.runs = False, None, "", []

    def _take_formula(self, place: Place) -> None:
        if self.shared_number and self.formula:
            self.shared[self.shared_number] = self.formula
        if not self.holds:
            text = self.formula or self.shared.get(self.shared_number, "")
            self.unread[place] = "=" + (text or "...")

    def _take_runs(self, place: Place) -> None:
        off = "".join(text for text, up, _ in self.runs if up)
        if off.strip():
            self.raised[place] = ("".join(text for text, up, _ in self.runs if not up), off)
        if any(text.strip() and struck for text, _, struck in self.runs):
            self.struck.add(place)

    def _number(self) -> float | None:
        try:
            return float(self.value) if self.kind == "n" and self.value else None
        except ValueError:
            return None


def _small(size: str | None, least: float) -> bool:
    """Whether a height or width is so small that nobody sees what is in it."""
    try:
        return size is not None and float(size) < least
    except ValueError:
        return False


def _refuse_document_type(*declaration: object) -> None:
    raise ValueError("a document type is declared")
