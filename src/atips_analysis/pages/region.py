"""The regional table of several countries' packs, as the Coalition's notebook reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.files import read_json
from atips_analysis.framework import Indicator, load_indicators
from atips_analysis.pages.numbers import Cell, hiding_said
from atips_analysis.pages.text import join_words
from atips_analysis.pages.tidy import STATISTICS, Tidy
from atips_analysis.project import Project, find_project
from atips_analysis.words import by_language, in_language, translator
from atips_analysis.words.catalogues import SOURCE

AREA = "ref_area"
"""The column that names the country of a row by its code (ISO 3166-1, three letters)."""
REGION = "REGION"
"""What stands in that column for a sum over countries."""
TABLE, ABOUT = "coalition.csv", "coalition.json"
LAST = Path("data") / "work" / "coalition" / "public"
"""Below the folder of a project: what `atips coalition` made last."""
NUMBERS = ("value", "numerator", "denominator", "ci_low", "ci_high", "low", "high")


@dataclass(frozen=True)
class Region:
    """The packs of a region side by side, with the words that go with them.

    `table` is the regional table (wide, with `ref_area`), `about` says of which packs it was made,
    what was not added up and why, and what the attack was made on.
    """

    table: pd.DataFrame
    about: Mapping[str, Any]
    indicators: tuple[Indicator, ...]
    project: Project
    lang: str = SOURCE
    _own: dict[str, Tidy] = field(default_factory=dict, repr=False)

    @property
    def simulated(self) -> bool:
        return bool(self.about["simulated"])

    @property
    def year(self) -> int:
        """The year that every pack is of."""
        return int(self.about["year"])

    @property
    def packs(self) -> list[Mapping[str, Any]]:
        """What is told of each pack, in the order of the countries' names."""
        return sorted(self.about["packs"], key=lambda pack: self.name(pack["area"]))

    @property
    def countries(self) -> list[str]:
        """The countries' codes, in the order of their names."""
        return [pack["area"] for pack in self.packs]

    @cached_property
    def years(self) -> list[int]:
        """The single years of which every pack has numbers."""
        of = [
            {int(period) for period in set(own["period"]) if str(period).isdigit()}
            for area, own in self.table.groupby(AREA)
            if area != REGION
        ]
        return sorted(set.intersection(*of))

    def name(self, area: str) -> str:
        """A country's name, as its pack has it."""
        names = next(pack["names"] for pack in self.about["packs"] if pack["area"] == area)
        return str(names.get(self.lang) or names[SOURCE])

    def named(self, areas: list[str] | None = None) -> str:
        """Countries in a sentence; all of them where none are given."""
        wanted = self.countries if areas is None else areas
        return join_words(sorted(self.name(area) for area in wanted), self.lang)

    @property
    def members_without(self) -> list[str]:
        """Names of members of the Coalition of which no pack is here."""
        members = self.project.profile["coalition"]["members"]
        known = load_codebook(self.project).codelist("country_iso3")
        return sorted(
            known.label(code, self.lang) for code in members if code not in self.countries
        )

    @property
    def coalition(self) -> str:
        """The Coalition's name."""
        words = by_language(self.project.profile["coalition"], "name")
        return str(in_language(words, self.lang, "name", "data/council/profile.toml"))

    @property
    def hiding_said(self) -> str:
        """Which counts are hidden; a sentence a threshold where countries have several."""
        own: dict[int, list[str]] = {}
        for pack in self.packs:
            own.setdefault(int(pack["threshold"]), []).append(pack["area"])
        if len(own) == 1:
            return hiding_said(next(iter(own)), self.lang)
        _ = translator(self.lang)
        return " ".join(
            _(
                "{countries}: {rule}",
                countries=self.named(areas),
                rule=hiding_said(least, self.lang),
            )
            for least, areas in sorted(own.items())
        )

    def indicator(self, indicator_id: str) -> Indicator:
        """An indicator of the register, by its code."""
        return self.of(REGION).indicator(indicator_id)

    @property
    def simulated_box(self) -> str:
        """The box that must be read where records are simulated; nothing where they are real."""
        if not self.simulated:
            return ""
        _ = translator(self.lang)
        title = _("Simulated records")
        said = _(
            "The records behind every pack of this report were invented so that the method can be "
            "tried and taught. Nothing about any country can be learnt from them."
        )
        return f'::: {{.callout-warning title="{title}"}}\n{said}\n:::'

    @property
    def source_line(self) -> str:
        """Where the numbers come from, for the line below a table."""
        _ = translator(self.lang)
        if self.simulated:
            return _("Source: sealed packs of the countries named (simulated records)")
        return _("Source: sealed packs of the countries named")

    def of(self, area: str) -> Tidy:
        """The rows of a country, or of the sums (`REGION`)."""
        if area not in self._own:
            rows = self.table[self.table[AREA] == area].drop(columns=AREA)
            self._own[area] = Tidy(rows, self.indicators, self.about, self.lang)
        return self._own[area]

    def cell(self, area: str, indicator_id: str, period: int | str, unit: str, **what: str) -> Cell:
        """A country's value with its status; of the region its sum, or nothing where none is made."""
        if area != REGION:
            return self.of(area).cell(indicator_id, period, unit, **what)
        rows = self.of(REGION).rows(indicator_id, period, unit, **what)
        return Cell.of(rows.iloc[0].to_dict()) if len(rows) == 1 else Cell(None, "OK")

    def beside(self, columns: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
        """A row a country, and one of the sums, blank where none is made; a column a count.

        Parameters
        ----------
        columns : mapping
            By the column's head: indicator_id, period, unit, and statistic or categories.
        """
        _ = translator(self.lang)
        rows = [
            [self.name(area), *(self.cell(area, **what) for what in columns.values())]
            for area in self.countries
        ]
        rows.append([_("Added up"), *(self.cell(REGION, **what) for what in columns.values())])
        return pd.DataFrame(rows, columns=[_("Country"), *columns])

    def everything(self, area_of_priority: str) -> pd.DataFrame:
        """Each total of the year, in every unit and statistic: a column a country, and the sum."""
        _ = translator(self.lang)
        units = load_codebook(self.project).codelist("unit_of_count")
        rows = []
        for indicator in self.indicators:
            if indicator.priority_area != area_of_priority:
                continue
            for unit, statistic in self._totals(indicator.id):
                what = {"period": self.year, "unit": unit, "statistic": statistic}
                areas = [*self.countries, REGION]
                cells = [self.cell(area, indicator.id, **what) for area in areas]  # type: ignore[arg-type]
                kind = _.pgettext("statistic", STATISTICS[statistic]).lower()
                name = (
                    f"{indicator.name(self.lang)} ({units.label(unit, self.lang).lower()}, {kind})"
                )
                rows.append([name, *cells])
        heads = [*self.countries, _("Added up")]
        return pd.DataFrame(rows, columns=[_("Indicator"), *heads])

    def _totals(self, indicator_id: str) -> list[tuple[str, str]]:
        """Units and statistics of an indicator's totals of the year, in any country."""
        found: dict[tuple[str, str], None] = {}
        for area in self.countries:
            rows = self.of(area).rows(indicator_id, self.year)
            for unit, statistic in zip(rows["unit_of_count"], rows["statistic"], strict=True):
                if statistic:
                    found[unit, statistic] = None
        return list(found)

    def categories(self, indicator_id: str, dimension: str, unit: str) -> list[str]:
        """The categories of a breakdown of the year that stand in any pack, in their order."""
        found: dict[str, None] = {}
        for area in self.countries:
            rows = self.of(area).rows(indicator_id, self.year, unit, "count", **{dimension: "*"})
            found |= dict.fromkeys(rows[dimension])
        return self.of(self.countries[0]).in_order(dimension, list(found))


def open_region(
    inputs: Path | str = LAST, *, lang: str = SOURCE, project: Path | str | None = None
) -> Region:
    """What `atips coalition` made of several packs; the Coalition's notebook opens with it.

    Raises
    ------
    InputError
        If it has made nothing yet.
    """
    from IPython.display import Markdown, display

    house = find_project(None if project is None else Path(project))
    folder = next(
        (one for one in (Path(inputs), house.root / inputs) if (one / ABOUT).is_file()), None
    )
    if folder is None:
        raise InputError("there is no regional table yet; run atips coalition PACK.zip… first")
    region = read_region(folder, house, lang)
    if region.simulated:
        display(Markdown("---\nsimulated: true\n---"))
    return region


def read_region(folder: Path, house: Project, lang: str = SOURCE) -> Region:
    """The regional table in a folder, outside of a notebook."""
    table = pd.read_csv(folder / TABLE, dtype=str, keep_default_na=False, encoding="utf-8")
    for name in NUMBERS:
        table[name] = pd.to_numeric(table[name].replace("", None)).astype("Float64")
    about = read_json(folder / ABOUT)
    return Region(table, about, load_indicators(house), house, lang)
