"""Aggregates of research: cohorts of every run of years, means of control by a characteristic."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.databank import DataBank
from atips_analysis.disclosure import Relation, Release, cell_key
from atips_analysis.disclosure.research_tables_cohorts import (
    STAGES,
    _opened,
    attrition,
    runs_of_years,
)
from atips_analysis.disclosure.research_tables_means import (
    WITH,
    _opens,
    _status,
    means_cells,
)
from atips_analysis.indicators.rows import rows_of


@pytest.fixture(scope="module")
def public(reports: Path) -> dict:
    return json.loads((reports / "2024-simulated" / "research.json").read_text(encoding="utf-8"))


def test_every_run_of_two_years_or_more_has_its_cohort_the_longest_first(public: dict) -> None:
    assert runs_of_years("2021-2023") == ("2021-2023", "2022-2023", "2021-2022")
    opened = {row["years"]: row["value"] for row in public["attrition"] if row["code"] == "OPENED"}
    assert opened["2021-2024"] == 48 and opened["2022-2023"] == 24
    assert len(opened) == 5 and "2021-2023" not in opened, "the table of indicators tells of it"


def test_a_time_stands_only_beside_the_number_of_cases_that_it_is_of(public: dict) -> None:
    known = {(row["years"], row["code"]) for row in public["attrition"] if row["status"] != "C"}
    for row in public["durations"]:
        if row["status"] == "OK":
            assert (row["years"], "CHARGED") in known
    steps = {(row["years"], row["step"]): row for row in public["durations"]}
    assert steps["2021-2024", "opened to first charge"]["status"] == "OK"
    assert steps["2021-2024", "first charge to disposal"]["status"] == "NAP"  # none is over


def cases(charged: int) -> pd.DataFrame:
    reached = [n < charged for n in range(10)]
    return pd.DataFrame({stage.lower(): reached for stage in STAGES})


YEARLY = {2021: cases(6), 2022: cases(6), 2023: cases(6), 2024: cases(1)}


def published(*more: tuple[str, int]) -> Release:
    """A table with the cases opened each year, and pooled cases charged."""
    opened = {cell_key("PROS-01 CASE", str(year), {"carried_over": "NO"}): 10 for year in YEARLY}
    cells, relations, unseen = dict(opened), [], set()
    for run, count in more:
        key = cell_key("PROS-08 CASE percent numerator", run, {"stage": "CHARGED"})
        first, last = map(int, run.split("-"))
        parts = tuple(
            cell_key("PROS-08 CASE percent numerator", str(year), {"stage": "CHARGED"})
            for year in range(first, last + 1)
        )
        cells[key] = count
        relations.append(Relation(key, parts))
        unseen |= set(parts)
    return Release("e", cells, tuple(relations), frozenset(unseen))


def test_pooled_cohorts_less_a_published_baseline_open_no_small_count_of_one_year() -> None:
    baseline = published(("2021-2023", 18))
    assert _opened(baseline, YEARLY, {"2021-2024": ["CHARGED"]}, 5), "19 less 18 is one person"
    assert not _opened(baseline, YEARLY, {"2021-2024": []}, 5)


def test_two_runs_of_years_that_differ_by_one_year_open_that_year() -> None:
    alone = published()
    assert not _opened(alone, YEARLY, {"2021-2024": ["CHARGED"]}, 5)
    both = {"2021-2024": ["CHARGED"], "2021-2023": ["CHARGED"]}
    key = cell_key("PROS-08 CASE percent numerator", "2024", {"stage": "CHARGED"})
    assert key in _opened(alone, YEARLY, both, 5)


def test_of_overlapping_runs_those_that_would_open_a_year_are_hidden(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from types import SimpleNamespace

    from atips_analysis.disclosure import research_tables_cohorts as room

    monkeypatch.setattr(room, "cohort", lambda rows, period: YEARLY[period.years[0]])
    nothing = pd.DataFrame(columns=["indicator_id", "period"])
    protected = SimpleNamespace(release=published(), table=nothing)
    rows = attrition(None, "2021-2024", protected, 5)  # type: ignore[arg-type]
    told = {(row["years"], row["code"]): row["status"] for row in rows}
    assert told["2021-2024", "CHARGED"] == "OK"
    assert told["2021-2023", "CHARGED"] == "C", "less it, the year 2024 with its one case is open"


def test_means_are_shown_for_the_pooled_years_of_the_table_alone_and_crossed(public: dict) -> None:
    rows = public["means"]
    assert {row["years"] for row in rows} == {"2021-2023"}
    value = {(row["code"], row["category"]): row["value"] for row in rows}
    # Every second victim is a child, and every other one has debt bondage: none has both.
    assert (value["THREATS", "CHILD"], value["THREATS", "ADULT"]) == (24, 22)
    assert (value["DEBT", "CHILD"], value["DEBT", "ADULT"]) == (0, 22)
    assert value["DEBT", "Total"] == 22


def test_means_add_up_over_each_characteristic(bank: DataBank) -> None:
    cells = means_cells(rows_of(bank), "2021-2023")
    for relation in cells.relations:
        assert cells.counts[relation.total] == sum(cells.counts[part] for part in relation.parts)


def test_a_published_total_that_opens_a_hidden_means_is_noticed(bank: DataBank) -> None:
    from types import SimpleNamespace

    cells = means_cells(rows_of(bank), "2021-2023", ("age_group",))
    margins = {key: cells.counts[key] for key in cells.margins}
    release = Release("e", margins, (), frozenset())
    protected = SimpleNamespace(release=release)
    status = _status(cells, release, 5)
    shown = {key for key, told in status.items() if told != "C"}
    assert not _opens(cells, shown, protected, 5)  # type: ignore[arg-type]
    of_debt = cell_key(WITH, "2021-2023", {"means": "DEBT"})
    cells.counts[of_debt] = cells.counts[cell_key("PROT-01 VICTIM", "2021-2023", {})] - 2
    rest = cell_key("victims without the means", "2021-2023", {"means": "DEBT"})
    cells.counts[rest] = 2
    assert _opens(cells, {of_debt}, protected, 5), "all but two were held by debt"  # type: ignore[arg-type]
