"""The protected side of a build, as a notebook reads it: frames and words from one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.files import read_json
from atips_analysis.framework import load_indicators
from atips_analysis.indicators import wide, years_of
from atips_analysis.indicators.table import read_table
from atips_analysis.pages.last_build import POINTER, public_side
from atips_analysis.pages.numbers import Cell, hiding_said
from atips_analysis.pages.statement_words import Said
from atips_analysis.pages.tidy import Tidy
from atips_analysis.project import Project, find_project
from atips_analysis.published.origins import Origin, Place, load_origins
from atips_analysis.statements import Statement, Statements, read_statements
from atips_analysis.statements.wording import comparisons_said
from atips_analysis.words import by_language, in_language


@dataclass(frozen=True)
class Edition(Tidy):
    """The protected table of a build with the words that go with it.

    Everything that a page says about the register comes from here. `year` and `baseline` are
    those of the page; `folder` is the public side of the build.
    """

    project: Project = field(default=Project(Path()))
    folder: Path = Path()
    year: int = 0
    baseline: str = ""

    @property
    def baseline_years(self) -> list[int]:
        """The single years of the baseline."""
        return [period.years[0] for period in years_of(self.baseline)]

    @property
    def years(self) -> list[int]:
        """The baseline's years and all up to the year of the page."""
        return list(range(self.baseline_years[0], self.year + 1))

    @property
    def known_years(self) -> list[int]:
        """The single years that the table holds."""
        return sorted(int(period) for period in set(self.table["period"]) if str(period).isdigit())

    @property
    def threshold(self) -> int:
        """The smallest count of persons that is shown, but for zero."""
        return int(self.project.profile["disclosure"]["threshold"])

    @property
    def hiding_said(self) -> str:
        """Which counts are hidden, and which are shown all the same: `numbers.hiding_said`."""
        return hiding_said(self.threshold, self.lang)

    @property
    def country(self) -> str:
        """The country's name."""
        return self._profile_words("country", "name")

    @property
    def council(self) -> str:
        """The council's name."""
        return self._profile_words("council", "name")

    def _profile_words(self, table: str, name: str) -> str:
        words = by_language(self.project.profile[table], name)
        return str(in_language(words, self.lang, name, "data/council/profile.toml"))

    def content(self, name: str) -> Any:
        """A file of protected aggregates that are no indicators: "quality", "research", …

        Raises
        ------
        InputError
            If the build has none of that name.
        """
        file = self.folder / f"{name}.json"
        if not file.is_file():
            raise InputError(f"the build holds no {name}.json; run atips build again")
        return read_json(file)

    @cached_property
    def statements(self) -> Statements:
        """What the edition says of its series, decided once for all pages."""
        return read_statements(self.folder)

    @cached_property
    def origins(self) -> Mapping[Place, Origin]:
        """Where totals of simulated records come from: the register, read once for an edition."""
        return load_origins(self.project)

    def statement(self, id: str) -> Statement:
        """What the edition says of a series, with the numbers behind it.

        Raises
        ------
        InputError
            If nothing is declared under that name.
        """
        return self.statements.of(id)

    def said(self, id: str, form: str = "in_full") -> Said:
        """The words of a statement, marked as the edition's: for a sentence, or a table's cell.

        Parameters
        ----------
        id : str
            Of the register of statements, such as ``PROT-01``.
        form : str
            "in_full", a sentence of its own, "as_title", for a chart, or "in_short", for a cell.
        """
        return Said(self.statement(id).said[self.lang][form], id)

    def comparisons_said(self) -> str:
        """How many comparisons the edition makes, and how sure they are together."""
        of_others = sum(one.tested and not one.indicator_id for one in self.statements.all)
        made, sure = self.statements.comparisons, self.statements.confidence
        return comparisons_said(made, sure, self.lang, of_others)

    def counts(
        self,
        indicator_id: str,
        by: str | None = None,
        periods: Sequence[int | str] | None = None,
        *,
        unit: str | None = None,
        statistic: str = "count",
    ) -> pd.DataFrame:
        """An indicator's values, a row a period and category.

        Returns
        -------
        DataFrame
            period, and where it is broken down code and the dimension's label, in the order of
            its code list; value (missing where hidden), status, ci_low, ci_high, and `cell`,
            which tables show with its mark.
        """
        rows = []
        for period in periods if periods is not None else self.years:
            what = {} if by is None else {by: "*"}
            for row in self.rows(indicator_id, period, unit, statistic, **what).to_dict("records"):
                value = None if pd.isna(row["value"]) else float(row["value"])
                named = {} if by is None else {"code": row[by], by: self.label(by, row[by])}
                rows.append(
                    {"period": str(period)}
                    | named
                    | {
                        "value": value,
                        "status": str(row["status"]),
                        "ci_low": row["ci_low"],
                        "ci_high": row["ci_high"],
                        "cell": Cell.of(row),
                    }
                )
        heads = ["period", *([] if by is None else ["code", by])]
        frame = pd.DataFrame(rows, columns=[*heads, "value", "status", "ci_low", "ci_high", "cell"])
        if by is not None:
            ordered = self.in_order(by, list(dict.fromkeys(frame["code"])))
            labels = list(dict.fromkeys(self.label(by, code) for code in ordered))
            frame[by] = pd.Categorical(frame[by], labels, ordered=True)
        return frame.astype({"value": "Float64", "ci_low": "Float64", "ci_high": "Float64"})

    def summed(
        self, indicator_id: str, years: Sequence[int], unit: str | None = None, **categories: str
    ) -> Cell:
        """The sum of yearly counts; hidden or missing as soon as one year is."""
        cells = [self.cell(indicator_id, year, unit, "count", **categories) for year in years]
        for cell in cells:
            if cell.value is None:
                return cell
        whole = sum(float(cell.value or 0) for cell in cells)
        known = {cell.status for cell in cells}
        status = "PV" if "PV" in known else "OK" if whole else "Z"
        return Cell(whole, status, kept=any(cell.kept for cell in cells))

    def series(
        self,
        indicator_id: str,
        years: Sequence[int],
        *,
        unit: str | None = None,
        by: str | None = None,
    ) -> pd.DataFrame:
        """Yearly counts of an indicator as series to follow, a row a series and year.

        A year whose breakdown is published without a category is a true zero of it, as `cell`
        reads it.

        Returns
        -------
        DataFrame
            indicator, series (its code and name, or "of these, …" of a category), year, value
            (missing where hidden), status, cell.
        """
        what: list[dict[str, str]] = [{}]
        if by is not None:
            found = [self.rows(indicator_id, year, unit, "count", **{by: "*"}) for year in years]
            codes = dict.fromkeys(code for rows in found for code in rows[by])
            what = [{by: code} for code in self.in_order(by, list(codes))]
        rows = []
        for chosen in what:
            name = self.indicator(indicator_id).name_en
            if by is not None:
                name = f"of these, {self.label(by, chosen[by]).lower()}"
            for year in years:
                cell = self.cell(indicator_id, year, unit, "count", **chosen)
                rows.append(
                    (indicator_id, f"{indicator_id} {name}", year, cell.value, cell.status, cell)
                )
        heads = ["indicator", "series", "year", "value", "status", "cell"]
        return pd.DataFrame(rows, columns=heads).astype({"value": "Float64"})


def open_edition(
    inputs: Path | str | None = None,
    *,
    year: int | None = None,
    baseline: str | None = None,
    lang: str = "en",
    project: Path | str | None = None,
) -> Edition:
    """The protected side of a build; a notebook opens with it.

    Parameters
    ----------
    inputs : path, optional
        See `last_build.public_side`; the last build where nothing is given.
    year, baseline
        Of the page; those of the build where nothing is given.

    Raises
    ------
    InputError
        If there is no build there.
    """
    from IPython.display import Markdown, display

    house = find_project(None if project is None else Path(project))
    edition = read_edition(public_side(inputs or POINTER, house, year), house, lang)
    edition = replace(edition, year=year or edition.year, baseline=baseline or edition.baseline)
    if edition.simulated:
        display(Markdown("---\nsimulated: true\n---"))
    return edition


def read_edition(folder: Path, house: Project, lang: str = "en") -> Edition:
    """The protected side of a build in a folder, outside of a notebook."""
    about_file = next(
        folder / name for name in ("build.json", "manifest.json") if (folder / name).is_file()
    )
    about = read_json(about_file)
    return Edition(
        wide(read_table(folder / "indicators.csv")),
        load_indicators(house),
        about,
        lang,
        house,
        folder,
        int(about["year"]),
        str(about["baseline"]),
    )
