"""What is found of one sheet while it is read, whatever the format of its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from atips_analysis.intake.marks import Marks, Place
from atips_analysis.intake.number_format import hides_the_year, is_date, shown
from atips_analysis.intake.xlsx_styles import Strings, Style


class Gathered:
    """What is found of a sheet while it is read, for `Marks`."""

    def __init__(self) -> None:
        self.rows = 0  # the last one that holds anything
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.filtered = False
        self.struck: set[Place] = set()
        self.colours: dict[Place, str] = {}
        self.raised: dict[Place, tuple[str, str]] = {}
        self.unread: dict[Place, str] = {}
        self.shown: dict[Place, str] = {}
        self.yearless: set[Place] = set()
        self.by_rule: set[int] = set()
        self.merges: list[tuple[Place, Place]] = []

    def string(self, place: Place, number: int, strings: Strings) -> None:
        """Take a shared string with raised or struck runs."""
        if number in strings.raised:
            self.raised[place] = strings.raised[number]
        if number in strings.struck:
            self.struck.add(place)

    def format(self, place: Place, how: Style, number: float | None) -> None:
        """Take a cell's format, and what it shows of the cell's number, if it holds one."""
        if how.struck:
            self.struck.add(place)
        if how.colour:
            self.colours[place] = how.colour
        if not how.code or number is None:
            return
        if is_date(how.code):
            if hides_the_year(how.code):
                self.yearless.add(place)
        elif (text := shown(number, how.code)) is not None:
            self.shown[place] = text

    def rule(self, areas: str, place_of: Callable[[str], Place | None]) -> None:
        """Take the areas ("A1:B4 D2") of a rule that strikes through or hides."""
        for area in areas.split():
            first, _, last = area.partition(":")
            top, bottom = place_of(first), place_of(last or first)
            if top and bottom:
                self.by_rule |= set(range(top[0], min(bottom[0], self.rows) + 1))

    def marks(
        self, comments: Mapping[Place, str], totals_rows: Iterable[int], since_1904: bool
    ) -> Marks:
        """All of it, with what other parts of the file say of the sheet."""
        return Marks(
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            self.filtered,
            frozenset(self.struck),
            self.colours,
            comments,
            self.raised,
            self.unread,
            self.shown,
            frozenset(self.yearless),
            frozenset(totals_rows),
            since_1904,
            frozenset(self.by_rule),
            tuple(self.merges),
        )
