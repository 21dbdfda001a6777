"""Quarters add up to their year: what a bulletin prints may not open what the year hides."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import dimensions
from atips_analysis.disclosure import part_years_released
from atips_analysis.disclosure.cells import cell_key
from atips_analysis.disclosure.indicator_sums import cells_of
from atips_analysis.disclosure.part_years import SEGMENT, protect_beside, segments_of
from atips_analysis.disclosure.releases import Released, attack_releases, from_json, to_json
from atips_analysis.disclosure.suppression import Aim
from atips_analysis.errors import InputError
from atips_analysis.indicators import parse_period
from atips_analysis.indicators.broken_down import BEHIND
from atips_analysis.indicators.place import narrow, wide_columns
from atips_analysis.project import Project, find_project

pytestmark = pytest.mark.usefixtures("cases_and_reports_as_persons")

PROJECT = find_project(Path(__file__).parent)
QUARTERS = ("2030-Q1", "2030-Q2", "2030-Q3", "2030-Q4")
HALVES = ("2030-H1", "2030-H2")


def tidy(
    counts: dict[str, int], *, hidden: tuple[str, ...] = (), note: str = "", **place: str
) -> pd.DataFrame:
    """Reports received (not in the register of public figures for 2030), a row a period."""
    rows = []
    for name, count in counts.items():
        period = parse_period(name)
        rows.append(
            dict.fromkeys(dimensions(), "Total")
            | {
                "indicator_id": "PREV-09",
                "unit_of_count": "REPORT",
                "statistic": "count",
                "period": name,
                "period_start": period.start_date,
                "period_end": period.end_date,
                "value": None if name in hidden else count,
                "status": "C" if name in hidden else "OK" if count else "Z",
                "source": "simulated",
                "vintage": "0123456789ab",
                "note": note,
            }
            | place
        )
    table = pd.DataFrame(rows, columns=list(wide_columns()))
    numbers = ["value", "numerator", "denominator", "ci_low", "ci_high"]
    table[numbers] = table[numbers].astype("Float64")
    texts = ["method", "note"]
    table[texts] = table[texts].fillna("")
    return narrow(table)


def shown(table: pd.DataFrame) -> dict[str, int | None]:
    return {
        str(row.period): None if row.status == "C" else int(row.value) for row in table.itertuples()
    }


def periods(quarters: tuple[int, ...]) -> dict[str, int]:
    first, second, third, fourth = quarters
    halves = (first + second, third + fourth)
    return dict(zip(QUARTERS, quarters, strict=True)) | dict(zip(HALVES, halves, strict=True))


def beside(year: pd.DataFrame, parts: pd.DataFrame, standing: pd.DataFrame) -> pd.DataFrame:
    return protect_beside(pd.concat([year, parts]), standing, PROJECT).table


def protected(quarters: tuple[int, ...], *, year_hidden: bool = False) -> dict[str, int | None]:
    year = {"2030": sum(quarters)}
    published = tidy(year, hidden=("2030",) if year_hidden else ())
    return shown(beside(tidy(year), tidy(periods(quarters)), published))


def test_a_small_quarter_is_hidden_and_another_with_it_for_the_year_is_public():
    printed = protected((9, 3, 8, 12))
    assert printed["2030-Q2"] is None
    assert sum(printed[name] is None for name in QUARTERS) >= 2


def test_a_year_that_is_hidden_is_not_opened_by_its_quarters():
    printed = protected((2, 0, 0, 1), year_hidden=True)
    assert printed["2030-Q1"] is None and printed["2030-Q4"] is None
    assert printed["2030-Q2"] == printed["2030-Q3"] == 0


def test_a_run_of_years_that_printed_years_tell_is_told_too():
    years = tidy({"2029": 0, "2030": 3})
    both = pd.concat([years, tidy({"2029-2030": 3})])
    assert shown(protect_beside(both, years, PROJECT, aim=None).table) == {"2029-2030": 3}


def test_a_cell_bears_the_name_that_it_has_in_a_published_table_where_more_stands_behind_it():
    """Else what an answer tells of a cell and what a release prints of it are two unknowns."""
    printed = tidy({"2030": 2}, indicator_id="PROT-09", unit_of_count="VICTIM")
    of_services = {"unit_of_count": "SERVICE", "service_type": "REPATRIATION"}
    services = tidy({"2030": 2}, note=BEHIND, indicator_id="PROT-06", **of_services)
    whole = cells_of(pd.concat([printed, services]))
    assert whole.rows == cells_of(printed).rows and len(whole.counts) == 1


def test_zeros_are_shown():
    assert protected((0, 9, 7, 8)) == periods((0, 9, 7, 8))


def consistent(printed: dict[str, int | None], year: int | None) -> list[dict[str, int]]:
    """All counts that agree with what is printed (hidden ones are at least 1), up to 12 a quarter."""
    values = [
        range(1 if name in printed else 0, 13) if printed.get(name) is None else (printed[name],)
        for name in QUARTERS
    ]
    found = [periods(quarters) for quarters in product(*values)]
    return [
        counts
        for counts in found
        if year in (None, sum(counts[name] for name in QUARTERS))
        and all(
            count >= 1 if printed[name] is None else count == printed[name]
            for name, count in counts.items()
            if name in printed
        )
    ]


@pytest.mark.parametrize(
    "quarters", [(0, 0, 1, 4), (0, 0, 0, 1), (1, 1, 1, 6), (2, 7, 0, 3), (5, 4, 5, 6), (1, 0, 9, 5)]
)
def test_no_hidden_quarter_or_half_is_known_to_be_small(quarters):
    year = sum(quarters)
    small = 1 <= year < 5
    printed = protected(quarters, year_hidden=small)
    possible = consistent(printed, None if small else year)
    for name, count in printed.items():
        if count is None:
            values = {found[name] for found in possible}
            left = year if small else min(5, year - 1)  # the year's printed total leaves no more
            assert len(values) > 1 and max(values) >= left, (name, printed)


def withstanding(agencies: tuple[str, ...]) -> Project:
    """The project, whose Council says that some agencies are to be withstood."""
    project = replace(PROJECT)
    disclosure = PROJECT.profile["disclosure"] | {"withstood_agencies": list(agencies)}
    project.__dict__["profile"] = PROJECT.profile | {"disclosure": disclosure}
    return project


@pytest.mark.parametrize("aim", [Aim(), None])
def test_an_agency_that_is_withstood_is_told_no_small_count_of_others_by_a_quarter(aim):
    counts, own = periods((9, 13, 8, 12)), periods((7, 5, 2, 5))
    year = tidy({"2030": 42})
    table = pd.concat([year, tidy(counts)])
    known = [own.get(str(period), 19) for period in table["period"]]
    places = pd.MultiIndex.from_product([table.index, ["value"]])

    def printed(*agencies: str) -> dict[str, int | None]:
        numbers = pd.DataFrame({"DHS": known}, index=places)
        project = withstanding(agencies)
        return shown(protect_beside(table, year, project, aim=aim, own=numbers).table)

    assert printed() == counts == printed("IMM")
    told = printed("DHS")
    assert told["2030-Q1"] is None
    left = [  # what the agency can take the quarters to be: none is less than its own part
        found
        for found in consistent(told, 42)
        if all(found[name] >= count for name, count in own.items())
    ]
    for name in counts:
        others = {found[name] - own[name] for found in left}
        assert len(others) > 1 or not 1 <= others.pop() < 5, (name, told)


def test_a_measure_that_no_pattern_protects_is_given_in_ranges_alone():
    assert set(protected((1, 1, 1, 1), year_hidden=True).values()) == {None}


def test_parts_of_a_quarter_that_stands_are_not_told_to_be_small():
    """Hidden, each of three would be at least 1, and of six then 4 at most."""
    months = {"2030-10..2030-10": 2, "2030-11..2030-11": 3, "2030-12..2030-12": 1}
    standing = tidy({"2030": 30, "2030-Q4": 6})
    told = beside(standing, tidy(months), standing)
    assert told["status"].eq("C").all() and told["high"].ge(5).all()


def test_segments_are_the_pieces_between_the_months_of_all_periods():
    asked = [parse_period(name) for name in (*QUARTERS, *HALVES, "2030-02..2030-05")]
    assert [piece.name for piece in segments_of(asked)] == [
        "2030-01..2030-01",
        "2030-02..2030-03",
        "2030-04..2030-05",
        "2030-06..2030-06",
        "2030-Q3",
        "2030-Q4",
    ]


def test_a_range_does_not_open_the_month_by_which_it_exceeds_a_quarter():
    quarters = (9, 12, 8, 12)
    parts = pd.concat(
        [
            tidy(periods(quarters) | {"2030-01..2030-04": 11}),
            tidy({"2030-04..2030-04": 2, "2030-05..2030-06": 10}, note=SEGMENT),
        ]
    )
    year = tidy({"2030": sum(quarters)})
    printed = shown(beside(year, parts, year))
    assert set(printed) == {*QUARTERS, *HALVES, "2030-01..2030-04"}
    assert None in (printed["2030-01..2030-04"], printed["2030-Q1"])


def test_published_tables_of_another_edition_are_refused():
    with pytest.raises(InputError, match="not made from this edition"):
        beside(tidy({"2030": 30}), tidy(periods((9, 7, 6, 8))), tidy({"2030": 31}))


@pytest.fixture
def bulletin_of_quarters(monkeypatch):
    """A bulletin of a year of 24 that hides its second quarter and shows the other three."""
    raw = tidy({"2030-Q1": 9, "2030-Q2": 3, "2030-Q3": 12, "2030-Q4": 0})
    monkeypatch.setattr(part_years_released, "_raw_parts", lambda *_: raw)
    public = tidy({"2030-Q1": 9, "2030-Q2": 3, "2030-Q3": 12, "2030-Q4": 0}, hidden=("2030-Q2",))

    class Bank:
        edition = "0123456789ab"

    def released(table):
        found, counts = part_years_released.released_bulletins(
            {"bulletin": table}, tidy({"2030": 24}), Bank(), population=pd.DataFrame()
        )
        return found["bulletin"], counts

    return public, released


def test_a_bulletin_is_a_release_that_is_attacked_with_the_table_of_its_year(bulletin_of_quarters):
    public, released = bulletin_of_quarters
    bulletin, counts = released(public)
    truth = {(bulletin.edition, key): count for key, count in counts.items()}
    second = cell_key("PREV-09 REPORT", "2030-Q2", {})
    assert bulletin.shown[second] is None and counts[second] == 3
    assert bulletin.places[second] == ((public.index[1], "value"),)
    assert attack_releases([bulletin], counts=truth).safe
    year = Released(bulletin.edition, {cell_key("PREV-09 REPORT", "2030", {}): 24}, ())
    report = attack_releases([year, bulletin], counts=truth)
    assert list(report.opened["key"]) == [second]


def test_a_bulletin_in_the_ledger_reads_as_it_was_written(bulletin_of_quarters):
    public, released = bulletin_of_quarters
    bulletin, _ = released(public)
    again = from_json(to_json(bulletin))
    assert (again.shown, again.places, again.unpublished) == (
        bulletin.shown,
        bulletin.places,
        bulletin.unpublished,
    )


def test_a_bulletin_that_prints_another_number_is_not_released(bulletin_of_quarters):
    public, released = bulletin_of_quarters
    public.loc[public.index[0], "value"] = 10
    with pytest.raises(InputError, match="not made from this edition"):
        released(public)
