"""Reading the protected tidy table: one value, one breakdown, one series, with their labels."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.codebook import dimensions, load_codebook
from atips_analysis.errors import InputError
from atips_analysis.files import read_json
from atips_analysis.framework import Indicator, load_indicators
from atips_analysis.indicators import wide
from atips_analysis.indicators.compute import is_kept
from atips_analysis.indicators.incomplete import incomplete_of
from atips_analysis.indicators.measure import measures, unit_of
from atips_analysis.indicators.period import parse_period
from atips_analysis.indicators.table import read_table
from atips_analysis.pages.known_names import check_category, check_indicator
from atips_analysis.pages.numbers import (
    NO_BREAK,
    Cell,
    format_interval,
    format_number,
    kept_in_words,
    left_of,
    number_in_words,
)
from atips_analysis.pages.returns import incomplete_in_words
from atips_analysis.project import Project
from atips_analysis.words import NC_, translator

STATISTICS = {
    "count": NC_("statistic", "Count"),
    "percent": NC_("statistic", "Percent"),
    "ratio": NC_("statistic", "Ratio"),
    "rate": NC_("statistic", "Rate per 100,000"),
    "median": NC_("statistic", "Median"),
    "mean": NC_("statistic", "Mean"),
}
"""What a statistic is called."""
NOT_KNOWN = frozenset({"U", "UNK", "UNKNOWN", "NOT_KNOWN", "UNSPECIFIED"})


@dataclass(frozen=True)
class Tidy:
    """The protected tidy table of a build as its file has it, with the words that go with it.

    Everything that a public report says about the register comes from here.
    """

    table: pd.DataFrame
    indicators: tuple[Indicator, ...]
    about: Mapping[str, Any]
    lang: str = "en"

    @cached_property
    def _by_id(self) -> dict[str, Indicator]:
        return {indicator.id: indicator for indicator in self.indicators}

    @cached_property
    def _places(self) -> dict[tuple[str, str], list[tuple[int, str, str, dict[str, str]]]]:
        """Where the rows of an indicator and period stand: unit, statistic, its categories."""
        table, names = self.table, dimensions()
        of: dict[tuple[str, str], list[tuple[int, str, str, dict[str, str]]]] = {}
        lines = table[["indicator_id", "period", "unit_of_count", "statistic", *names]]
        for place, line in enumerate(lines.itertuples(index=False, name=None)):
            code, period, unit, statistic = line[:4]
            own = {
                name: category
                for name, category in zip(names, line[4:], strict=True)
                if category != "Total"
            }
            of.setdefault((code, str(period)), []).append((place, unit, statistic, own))
        return of

    def indicator(self, indicator_id: str) -> Indicator:
        """An indicator of the register.

        Raises
        ------
        InputError
            If there is none of that code; the line says which is meant.
        """
        check_indicator(indicator_id, self._by_id)
        return self._by_id[indicator_id]

    def _check_names(self, indicator_id: str, categories: Mapping[str, str]) -> None:
        """Stop at a name that nothing has: it would read as a true zero, or as hidden."""
        check_indicator(indicator_id, self._by_id)
        for dimension, code in categories.items():
            if (dimension, code) not in self._known:
                there = () if dimension not in dimensions() else set(self.table[dimension])
                check_category(dimension, code, ("*", "Total", *there))
                self._known.add((dimension, code))

    @cached_property
    def _known(self) -> set[tuple[str, str]]:
        """Categories that were asked for before, and are there."""
        return set()

    @property
    def simulated(self) -> bool:
        return bool(self.about["simulated"])

    @property
    def source_line(self) -> str:
        """Where the numbers come from, for the line below a figure or table."""
        _, edition = translator(self.lang), self.about["edition"]
        if self.simulated:
            return _("Source: data bank, edition {edition} (simulated records)", edition=edition)
        return _("Source: data bank, edition {edition} (agencies' records)", edition=edition)

    def rows(
        self,
        indicator_id: str,
        period: str | int,
        unit: str | None = None,
        statistic: str | None = None,
        **categories: str,
    ) -> pd.DataFrame:
        """Rows broken down by exactly the dimensions named; ``"*"`` stands for any category.

        Raises
        ------
        InputError
            If nothing is called like the indicator, a dimension or a category.
        """
        return self.table.iloc[self._found(indicator_id, period, unit, statistic, **categories)]

    def _found(
        self,
        indicator_id: str,
        period: str | int,
        unit: str | None = None,
        statistic: str | None = None,
        **categories: str,
    ) -> list[int]:
        """Where the rows stand that `rows` gives."""
        self._check_names(indicator_id, categories)
        wanted = {name: code for name, code in categories.items() if code != "Total"}
        return [
            place
            for place, own_unit, own_statistic, own in self._places.get(
                (indicator_id, str(period)), ()
            )
            if unit in (None, own_unit)
            and statistic in (None, own_statistic)
            and own.keys() == wanted.keys()
            and all(code in ("*", own[name]) for name, code in wanted.items())
        ]

    @cached_property
    def _figures(self) -> dict[Hashable, list[Any]]:
        """What a cell is read from, by column: a row of the table takes a hundred times as long."""
        named = self.table.columns.intersection(["value", "low", "high", "status", "note"])
        return {name: self.table[name].tolist() for name in named}

    def cell(
        self,
        indicator_id: str,
        period: str | int,
        unit: str | None = None,
        statistic: str | None = None,
        **categories: str,
    ) -> Cell:
        """One value with its status.

        A category that nobody fell in is a true zero where the breakdown is published, and hidden
        where it is not (breakdowns of few persons are left out): of a count, up to what the printed
        parts leave of the whole. One that is published merged with others has no number of its own,
        nor has one of a breakdown that the plan does not publish.
        """
        found = self._found(indicator_id, period, unit, statistic, **categories)
        if len(found) == 1:
            return Cell.of({name: those[found[0]] for name, those in self._figures.items()})
        if len(found) > 1:
            raise ValueError(f"{indicator_id} {period}: name the unit or the statistic")
        whole = self.rows(indicator_id, period, unit, statistic)
        if categories and len(whole) and not _planned(whole, set(categories)):
            return Cell(None, "NAP")
        if categories and len(whole) and whole["status"].isin(["OK", "Z", "PV", "C"]).all():
            status = "PV" if whole["status"].eq("PV").any() else "Z"
            zero = Cell(0.0, status, kept=any(map(is_kept, whole.get("note", ()))))
            if (whole["value"] == 0).fillna(False).all():
                return zero
            any_category = dict.fromkeys(categories, "*")
            parts = self.rows(indicator_id, period, unit, statistic, **any_category)
            if any(_is_merged(name, code, parts) for name, code in categories.items()):
                return Cell(None, "NAP")
            if _is_whole(parts, whole):
                return zero
            counted = whole["statistic"].eq("count").all()
            whole_cell, *printed = _cells(pd.concat([whole, parts]))
            return left_of(whole_cell, printed) if counted else Cell(None, "C")
        return Cell(None, "NF" if len(whole) == 0 else str(whole.iloc[0]["status"]))

    def number(self, indicator_id: str, period: str | int, **what: Any) -> str:
        """A value as words in a sentence: the number, or that it is hidden or not known."""
        cell = self.cell(indicator_id, period, **what)
        if cell.value is not None:
            return number_in_words(cell, self.lang)
        return number_kept_back(cell, self.lang)

    def counted(
        self, indicator_id: str, period: str | int, one: str, many: str, **what: Any
    ) -> str:
        """A count with what it counts, for a sentence: 18 cases; a hidden number of cases."""
        return counted_cell(self.cell(indicator_id, period, **what), one, many, self.lang)

    def breakdown(
        self,
        indicator_id: str,
        period: str | int,
        dimension: str,
        unit: str | None = None,
        statistic: str | None = None,
        *,
        largest_first: bool = True,
    ) -> pd.DataFrame:
        """code, label, cell: one row a category, hidden ones among them."""
        rows = self.rows(indicator_id, period, unit, statistic, **{dimension: "*"})
        table = pd.DataFrame(
            {
                "code": list(rows[dimension]),
                "label": [self.label(dimension, code) for code in rows[dimension]],
                "cell": _cells(rows),
            }
        )
        if largest_first and len(table):
            size = [-1.0 if cell.value is None else cell.value for cell in table["cell"]]
            order = pd.Series(size).sort_values(ascending=False, kind="stable").index
            table = table.iloc[order].reset_index(drop=True)
        return table

    def incomplete(self, indicator_id: str, period: str | int) -> str:
        """Of how many months a figure is and who has not sent the others; blank where all is there."""
        for note in self.rows(indicator_id, period)["note"]:
            lack = incomplete_of(str(note))
            if lack is not None:
                return incomplete_in_words(lack, self.lang)
        return ""

    def across(
        self, indicator_id: str, periods: Sequence[str | int], dimension: str, **what: Any
    ) -> pd.DataFrame:
        """A table with a row a category (and the total) and a column a period, cells inside."""
        codes: list[str] = []
        for period in periods:
            rows = self.rows(indicator_id, period, **what, **{dimension: "*"})
            codes += [code for code in rows[dimension] if code not in codes]
        codes = self.in_order(dimension, codes)
        lines = [
            [self.label(dimension, code)]
            + [self.cell(indicator_id, period, **what, **{dimension: code}) for period in periods]
            for code in codes
        ]
        _ = translator(self.lang)
        total = _("Total")
        lines.append([total] + [self.cell(indicator_id, period, **what) for period in periods])
        return pd.DataFrame(lines, columns=["", *[str(period) for period in periods]])

    def in_order(self, dimension: str, codes: Sequence[str]) -> list[str]:
        """Categories as their code list orders them, then our own; what is not known stands last."""
        place = {code: at for at, code in enumerate(load_codebook().dimension(dimension).order)}
        return sorted(codes, key=lambda code: (code in NOT_KNOWN, place.get(code, len(place))))

    def label(self, dimension: str, code: str) -> str:
        """What a category is called in the report's language."""
        return load_codebook().dimension(dimension).category(code, self.lang)

    def unit_label(self, indicator_id: str, unit: str | None = None) -> str:
        code = unit or unit_of(indicator_id)
        return load_codebook().codelist("unit_of_count").label(code, self.lang)

    def counted_unit(self, count: float, unit: str) -> str:
        """The unit of count behind a number in a sentence: case, or cases."""
        if count == 1:
            return load_codebook().codelist("unit_of_count").label(unit, self.lang).lower()
        return self.units(unit)

    def units(self, unit: str) -> str:
        """A unit of count in the plural, as tables of several say it: cases."""
        units = load_codebook().codelist("unit_of_count").table.set_index("code")
        return str(units.loc[unit, f"plural_{self.lang}"])


def _cells(rows: pd.DataFrame) -> list[Cell]:
    return [Cell.of(row) for row in rows.to_dict("records")]


def _is_whole(parts: pd.DataFrame, total: pd.DataFrame) -> bool:
    """Whether a breakdown is published, and not only a part of it that others have published.

    The parts of a whole one add up to the total where none of them is hidden.
    """
    if len(parts) == 0 or parts["status"].eq("C").any() or len(total) != 1:
        return len(parts) > 0
    value = total["value"].iloc[0]
    return bool(pd.notna(value) and parts["value"].sum() >= value)


def _planned(whole: pd.DataFrame, by: set[str]) -> bool:
    """Whether the plan publishes a breakdown of a total; of what no measure gives nobody knows."""
    row = whole.iloc[0]
    place = row["indicator_id"], row["unit_of_count"], row["statistic"]
    years = len(parse_period(str(row["period"])).years)
    own = next((one for one in measures(row["indicator_id"]) if one.place == place), None)
    return own is None or any(set(table.by) == by and table.holds(years) for table in own.planned)


def _is_merged(dimension: str, code: str, parts: pd.DataFrame) -> bool:
    """Whether a breakdown is published with a category that holds others besides this one."""
    return bool(load_codebook().dimension(dimension).holding(code, parts[dimension].unique()))


def number_kept_back(cell: Cell, lang: str = "en") -> str:
    """What stands in a sentence for a number that is hidden, or not known."""
    _ = translator(lang)
    if ends := cell.hidden_range:
        return kept_in_words(format_interval(*ends, lang, decimals=0), cell, lang)
    if cell.status == "C":
        return _("a number that is hidden for protection")
    return _("a number that is not known")


def counted_cell(cell: Cell, one: str, many: str, lang: str = "en") -> str:
    """A number with what it counts, or the words for a number that cannot be said."""
    _ = translator(lang)
    if ends := cell.hidden_range:
        words = f"{format_interval(*ends, lang, decimals=0)}{NO_BREAK}{many}"
        return kept_in_words(words, cell, lang)
    if cell.value is None and cell.status == "C":
        return _("a hidden number of {many}", many=many)
    if cell.value is None:
        return _("an unknown number of {many}", many=many)
    number = format_number(cell.value, lang)
    if cell.value == 0 and cell.status == "Z":
        number = _.pgettext("none of what is counted", "no")
    words = f"{number}{NO_BREAK}{one if cell.value == 1 and cell.status != 'R' else many}"
    return kept_in_words(words, cell, lang)


def open_tidy(inputs: Path, project: Project, lang: str = "en") -> Tidy:
    """The tidy table in the public side of a build, ready to be read from.

    Raises
    ------
    InputError
        If the folder holds no build.
    """
    about = inputs / "build.json"
    if not about.is_file():
        raise InputError(
            "this is not the public side of a build; run atips build, and leave inputs out",
            file=inputs.name,
        )
    return Tidy(
        wide(read_table(inputs / "indicators.csv")),
        load_indicators(project),
        read_json(about),
        lang,
    )
