"""The country that is simulated: `data/simulator/`, read and checked.

What happens in it is data: who sends what in which words, how many a year, who is charged and what
becomes of it. The simulator knows streams and codes of the codebook, and no country.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from atips_analysis.codebook import Codebook, load_codebook
from atips_analysis.codebook.council import read_table_at
from atips_analysis.errors import InputError
from atips_analysis.example.published import PublishedTotals, read_published_totals
from atips_analysis.project import Project

Row = dict[str, str]

COLUMNS = {
    "totals": "total year value figure",
    "paths": (
        "case_year case_number sex citizenship offence counts contact charged magistrate committed "
        "waiting trial disposed outcome death sentence months"
    ),
    "trainings": (
        "year audience facilitator sender topic attendances figure session_size women_share tests"
    ),
    "awareness": "year channel month theme products figure",
    "engagements": "list year month kind body country people people_figure times times_figure",
}
SECTIONS = frozenset(
    """first_year last_year charge_prefix agencies posts referring nationalities weights
        reports closed one_survivor victims confirmed providers habits returns replaced""".split()
)
AGENCIES = ("immigration", "inspections", "prevention", "foreign_affairs", "partner", "posts")
WEIGHTS = {
    "sources": "referral_source",
    "districts": "district",
    "citizenships": "country_iso3",
    "accused_citizenships": "country_iso3",
    "screened_groups": "citizenship_group",
    "decisions": "status_decision_authority",
    "languages": "language",
}
OF_AN_AGENCY = ("facilitator", "sender", "body")
"""Columns of the tables that name an agency (blank: none)."""


@dataclass(frozen=True)
class Scenario:
    """A country to simulate.

    `said` is `scenario.toml`, `tables` the CSV files beside it, `mistakes` those of
    `mistakes.toml`, `about` the page that explains the example.
    """

    said: Mapping[str, Any]
    tables: Mapping[str, tuple[Row, ...]]
    mistakes: tuple[Mapping[str, Any], ...]
    about: str
    published: PublishedTotals
    codebook: Codebook

    @property
    def first_year(self) -> int:
        return int(self.said["first_year"])

    @property
    def last_year(self) -> int:
        return int(self.said["last_year"])

    @property
    def years(self) -> range:
        return range(self.first_year, self.last_year + 1)

    @property
    def country(self) -> str:
        return self.codebook.country

    def agency(self, role: str) -> str:
        """The agency that has a role, in the officer's room or in the scenario."""
        return str(self.said["agencies"].get(role) or self.codebook.roles.get(role, ""))

    def weights(self, name: str) -> dict[str, float]:
        return dict(self.said["weights"][name])

    @cached_property
    def closed(self) -> dict[tuple[int, int], str]:
        """Case (year, number in the year) to the month in which it was closed without charge."""
        return {
            (int(case.split("-")[0]), int(case.split("-")[1])): str(month)
            for case, month in self.said["closed"].items()
        }

    @property
    def one_survivor(self) -> Mapping[str, Any] | None:
        """The victim of the case in which several are arrested; None where there is none."""
        return self.said.get("one_survivor")

    @cached_property
    def totals(self) -> dict[tuple[str, int], int]:
        return {
            (row["total"], int(row["year"])): self.amount(row, "value")
            for row in self.tables["totals"]
        }

    def total(self, name: str, year: int) -> int:
        """What the rows of a year add up to.

        Raises InputError if `totals.csv` has no such row.
        """
        found = self.optional_total(name, year)
        if found is None:
            raise wrong("totals.csv", f"no row {name} for {year}; add one, with a value")
        return found

    def optional_total(self, name: str, year: int) -> int | None:
        return self.totals.get((name, year))

    def years_of(self, name: str) -> list[int]:
        """The years for which a total is given, as they stand."""
        return [year for total, year in self.totals if total == name]

    def amount(self, row: Row, column: str, figure: str = "figure") -> int:
        """A number of a table: as it stands, or the published figure that it names."""
        if row[column]:
            return int(row[column])
        return self.published.of(row[figure], int(row["year"]))


def read_scenario(project: Project) -> Scenario:
    """The scenario of a project.

    Raises InputError if a file is missing, or an entry names what is not there; one line with the
    file.
    """
    folder, codebook = project.data / "simulator", load_codebook(project)
    said = _toml(folder / "scenario.toml")
    unknown = sorted(set(said) ^ (SECTIONS & set(said)))
    missing = sorted(SECTIONS - set(said) - {"one_survivor", "replaced", "confirmed"})
    if unknown or missing:
        what = f"{unknown[0]} is not known; take it out" if unknown else f"add {missing[0]}"
        raise wrong("scenario.toml", what)
    tables = {
        name: read_table_at(folder / f"{name}.csv", columns.split())
        for name, columns in COLUMNS.items()
    }
    scenario = Scenario(
        said=said,
        tables={name: tuple(table.to_dict("records")) for name, table in tables.items()},
        mistakes=tuple(_toml(folder / "mistakes.toml").get("mistake", ())),
        about=_text(folder / "about.md"),
        published=read_published_totals(project.published),
        codebook=codebook,
    )
    _check_codes(scenario, codebook)
    for name, table in tables.items():
        _check_table(scenario, name, table)
    return scenario


def _check_codes(scenario: Scenario, codebook: Codebook) -> None:
    """Every code of the scenario is one of the codebook's or of the officer's room."""
    agencies = set(codebook.codelist("source_agency").table["code"])
    for role in AGENCIES:
        if scenario.agency(role) not in agencies:
            raise wrong(
                "scenario.toml", f"[agencies] {role}: {scenario.agency(role)!r} is no agency"
            )
    for section in ("habits", "reports"):
        for agency in scenario.said[section]:
            if agency not in agencies:
                raise wrong("scenario.toml", f"[{section}] {agency!r} is no agency; correct it")
    for name, codelist in WEIGHTS.items():
        for code in scenario.said["weights"].get(name, {"": 0}):
            if code not in set(codebook.codelist(codelist).table["code"]):
                raise wrong("scenario.toml", f"[weights] {name}: {code!r} is no code of {codelist}")
    _check_mistakes(scenario, agencies, set(codebook.streams))


def _check_mistakes(scenario: Scenario, agencies: set[str], streams: set[str]) -> None:
    for number, mistake in enumerate(scenario.mistakes, start=1):
        agency, _, stream = mistake["in"]
        if agency not in agencies or stream not in streams:
            raise wrong("mistakes.toml", f"mistake {number}: no {stream} of {agency}; correct `in`")


def _check_table(scenario: Scenario, name: str, table: Any) -> None:
    agencies = set(scenario.codebook.codelist("source_agency").table["code"]) | {""}
    for row, values in zip(table.index, table.to_dict("records"), strict=True):
        for column in OF_AN_AGENCY:
            if values.get(column, "") not in agencies:
                raise wrong(
                    f"{name}.csv", f"{column} {values[column]!r} is no agency; correct it", row
                )
        if name == "paths":
            continue
        for column, figure in (
            ("value", "figure"), ("attendances", "figure"), ("products", "figure"),
            ("times", "times_figure"),
        ):  # fmt: skip
            if column in values:
                _check_amount(scenario, name, values, column, figure, row)


def _check_amount(
    scenario: Scenario, name: str, values: Row, column: str, figure: str, row: int
) -> None:
    try:
        scenario.amount(values, column, figure)
    except (KeyError, ValueError) as error:
        raise wrong(
            f"{name}.csv",
            f"{values[column] or values[figure]!r} is neither a whole number nor a figure that "
            "data/published has for the year; correct it",
            row,
        ) from error


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise wrong(path.name, f"cannot be read as TOML ({error}); correct it") from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise wrong(path.name, "is not there, or no text in UTF-8; restore it") from error


def wrong(file: str, what: str, row: int | None = None) -> InputError:
    """An error about an entry of the scenario."""
    return InputError(what, file=f"data/simulator/{file}", row=row)
