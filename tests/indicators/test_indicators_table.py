"""What holds for every indicator: adding up, missing and zero, periods, order of rows."""

from __future__ import annotations

import pandas as pd
import pytest

from atips_analysis.codebook import dimensions
from atips_analysis.errors import InputError
from atips_analysis.framework import load_indicators
from atips_analysis.indicators import compute, measures, parse_period, trace
from atips_analysis.indicators.broken_down import BEHIND
from atips_analysis.indicators.compute import of_nobody
from atips_analysis.indicators.declared import uncollected
from atips_analysis.indicators.place import narrow, row_id, wide, wide_columns
from atips_analysis.project import find_project


@pytest.fixture
def rows(invented):
    """Two years of a few invented rows in most streams."""
    victims = [
        invented.victim(
            f"{n:016x}", identified_year=year, for_=year, status_date=f"{year}-{n % 12 + 1:02d}",
            sex="FMU"[n % 3], age_group=("CHILD", "ADULT", "UNK")[n % 3 - 1],
            form=("SEX_CSEC", "LAB_DOMESTIC", "BEG", "UNKNOWN")[n % 4],
            status=("CONFIRMED", "POTENTIAL")[n % 2], case_id=f"C{year}",
        )
        for year in (2023, 2024)
        for n in range(14)
    ]  # fmt: skip
    services = [
        {
            "victim_id": f"{n:016x}", "service_type": kind, "provider": "DHS", "for_": year,
            "start_month": f"{year}-{n % 12 + 1:02d}", "days_from_identification": n,
        }
        for year in (2023, 2024)
        for n in range(14)
        for kind in ("MEDICAL", "SHELTER")
    ]  # fmt: skip
    trainings = [
        {
            "session_id": f"S{year}{n}", "month": f"{year}-{n + 1:02d}", "audience": "POLICE",
            "topic": "HT101", "facilitator": "HTI", "participants": 20 + n, "women": n, "men": 12,
            "pre_post_pairs": 10, "pre_post_gain": 5 + n % 3, "for_": year,
        }
        for year in (2023, 2024)
        for n in range(5)
    ]  # fmt: skip
    reports = [
        {"month": f"{year}-{n + 1:02d}", "channel": "HOTLINE", "became_case": n % 2 == 0, "n": n + 1, "for_": year}
        for year in (2023, 2024)
        for n in range(6)
    ]  # fmt: skip
    screenings = [
        {"month": f"{year}-03", "agency": "IMM", "citizenship_group": "NCA", "sex": None, "age_group": "A15_17", "outcome": "NO_IND", "n": 9, "for_": year}
        for year in (2023, 2024)
    ]  # fmt: skip
    engagements = [
        {"engagement_id": f"E{n}", "month": f"2024-{n + 1:02d}", "kind": "COUNCIL", "held": n < 3, "quorum": n < 2}
        for n in range(4)
    ]  # fmt: skip
    return invented.bank(
        victims=invented.frame("victims", *victims),
        services=invented.frame("services", *services),
        trainings=invented.frame("trainings", *trainings),
        reports=invented.frame("reports", *reports),
        screenings=invented.frame("screenings", *screenings),
        engagements=invented.frame("engagements", *engagements),
    )


def test_the_table_has_the_columns_of_the_design_and_every_indicator(invented, rows):
    table = invented.table(rows, "2024")
    assert tuple(table.columns) == wide_columns()
    assert set(table["indicator_id"]) == {measure.indicator_id for measure in measures()}
    assert set(table["source"]) == {"simulated"}


def test_parts_add_up_to_their_total(invented, rows):
    table = invented.table(rows, "2023", "2024", "2023-2024")
    counts = table[(table["statistic"] == "count") & table["value"].notna()]
    counts = counts[counts["note"] != BEHIND]
    broken = 0
    for _, group in counts.groupby(["indicator_id", "unit_of_count", "period"]):
        total = group[(group[list(dimensions())] == "Total").all(axis=1)]["value"].iloc[0]
        by = group[list(dimensions())].ne("Total").apply(tuple, axis=1)
        for table_, part in group.groupby(by):
            if any(table_):
                assert part["value"].sum() == total
                broken += 1
    assert broken > 20


def test_pooled_years_are_the_sum_of_their_years(invented, rows):
    table = invented.table(rows, "2023", "2024", "2023-2024")
    additive = {
        (m.indicator_id, m.unit) for m in measures() if m.statistic == "count" and m.additive
    }
    counts = table[table["statistic"].eq("count") & table["value"].notna()]
    years = counts.pivot_table(
        index=["indicator_id", "unit_of_count", *dimensions()], columns="period", values="value"
    ).dropna()
    years = years[[key[:2] in additive for key in years.index]]
    assert len(years) > 20
    assert (years["2023"] + years["2024"] == years["2023-2024"]).all()


@pytest.mark.parametrize("parts", [("H1", "H2"), ("Q1", "Q2", "Q3", "Q4")])
@pytest.mark.parametrize("indicator", ["PREV-01", "PREV-02", "PROT-01", "PREV-09"])
def test_parts_of_a_year_add_up_to_the_year(invented, rows, indicator, parts):
    values = [invented.value(rows, indicator, f"2024-{part}", statistic="count") for part in parts]
    assert sum(values) == invented.value(rows, indicator, "2024", statistic="count")


def test_a_range_of_months_may_cross_the_year(invented, rows):
    assert invented.value(rows, "PREV-01", "2023-04..2024-02") == 4


def test_the_order_of_rows_changes_nothing(invented, rows):
    shuffled = invented.bank(
        **{name: table.sample(frac=1, random_state=7) for name, table in rows.frames.items()}
    )
    before = invented.table(rows, "2023", "2024", "2023-2024")
    after = invented.table(shuffled, "2023", "2024", "2023-2024")
    pd.testing.assert_frame_equal(before, after)


def test_no_return_is_missing_a_nil_return_is_zero_and_what_nobody_sent_is_not_received(invented):
    victims = invented.frame("victims", invented.victim("a" * 16, identified_year=2023, for_=2023))
    rows = invented.bank(victims=victims)
    assert invented.row(rows, "PROT-01", "2023")["status"] == "OK"
    missing = invented.row(rows, "PROT-01", "2024")
    assert missing["status"] == "M" and pd.isna(missing["value"])
    assert missing["note"] == "no return received: victims 2024"
    rows.years["victims"] = frozenset({2023, 2024})
    nil = invented.row(rows, "PROT-01", "2024")
    assert nil["status"] == "Z" and nil["value"] == 0
    never = invented.row(rows, "PREV-09", "2024", statistic="count")
    assert never["status"] == "M" and pd.isna(never["value"])
    assert never["note"] == "no agency has ever sent it"


def test_only_what_the_register_says_nobody_collects_is_not_collected(invented):
    # The return of a single agency: all that others owe is not received.
    rows = invented.bank(victims=invented.frame("victims", invented.victim("a" * 16)))
    project = find_project()
    nobody, register = uncollected(project), [one.id for one in load_indicators(project)]
    table = compute(rows, [parse_period("2024")], register, population=invented.population)
    table = of_nobody(table, nobody)
    status = table.groupby("indicator_id")["status"].agg(set)
    assert {code for code in status.index if status[code] == {"NC"}} == nobody
    assert status["PREV-08"] == {"M"} and status["PART-10"] == {"NC"}


def test_what_nobody_collects_is_counted_when_somebody_sends_it(invented):
    victims = invented.frame("victims", invented.victim("a" * 16))
    rows = invented.bank(victims=victims)
    table = of_nobody(invented.table(rows, "2024"), {"PROT-01"})
    assert "NC" not in set(table.loc[table["indicator_id"] == "PROT-01", "status"])


def test_pooled_years_are_missing_when_one_of_them_is(invented):
    rows = invented.bank(victims=invented.frame("victims", invented.victim("a" * 16)))
    assert invented.row(rows, "PROT-01", "2023-2024")["status"] == "M"


def test_a_stock_is_not_pooled_and_says_so(invented, rows):
    rows.years["cases"] = frozenset({2023, 2024})
    row = invented.row(rows, "PROS-01", "2023-2024")
    assert row["status"] == "NAP" and row["note"].startswith("not pooled")


def test_an_indicator_that_no_stream_feeds_is_not_collected(invented, rows):
    for indicator in ("PREV-04", "PROT-12", "PART-05", "PART-07", "PART-09"):
        row = invented.row(rows, indicator)
        assert row["status"] == "NC" and pd.isna(row["value"])


def test_ages_finer_than_child_and_adult_never_reach_a_table(invented, rows):
    table = invented.table(rows, "2024")
    assert set(table["age_group"]) <= {"Total", "CHILD", "ADULT", "UNK", "ADULT_UNK"}


def test_attendances_split_into_women_men_and_unknown(invented, rows):
    values = {sex: invented.value(rows, "PREV-02", sex=sex) for sex in "FMU"}
    assert values == {"F": 0 + 1 + 2 + 3 + 4, "M": 60, "U": 5 * 8}


def test_a_meeting_counts_as_held_with_its_quorum_only(invented, rows):
    row = invented.row(rows, "PART-01")
    assert (row["numerator"], row["denominator"]) == (2, 4)


def test_reports_that_became_a_case_are_a_share_of_the_reports(invented, rows):
    row = invented.row(rows, "PREV-09", statistic="percent")
    assert (row["numerator"], row["denominator"]) == (1 + 3 + 5, 21)


def test_the_rows_of_a_trace_make_its_value(invented, rows):
    for steps in trace(rows, "PROT-01", parse_period("2024")):
        value = invented.value(rows, "PROT-01", statistic=str(steps["statistic"]))
        assert steps["rows"]["n"].sum() == value
        assert steps["rows"]["key"].is_unique


@pytest.mark.parametrize("name", ["2024-Q5", "24", "2023-2021", "2024-13", "", "2024-H3", "x"])
def test_a_period_that_cannot_be_read_is_refused_with_the_forms_that_can(name):
    with pytest.raises(InputError, match="write a year"):
        parse_period(name)


def test_periods_know_their_first_and_last_day():
    assert (parse_period("2024-Q1").start_date, parse_period("2024-Q1").end_date) == (
        "2024-01-01", "2024-03-31",
    )  # fmt: skip
    assert parse_period("2024-02..2024-02").end_date == "2024-02-29"
    assert parse_period("2021-2023").years == (2021, 2022, 2023)


def test_a_table_written_before_a_dimension_was_added_is_not_broken_down_by_it(
    invented, rows, tmp_path
):
    from atips_analysis.indicators.table import read_table, write_table

    table = narrow(invented.table(rows, "2024"))
    write_table(table, tmp_path / "table.csv")
    file = pd.read_csv(tmp_path / "table.csv", dtype=str, keep_default_na=False)
    older = file[(file["quality"] == "Total") & (file["agency"] == "Total")]
    older.drop(columns=["quality", "agency"]).to_csv(tmp_path / "older.csv", index=False)
    read = read_table(tmp_path / "older.csv")
    assert tuple(wide(read).columns) == wide_columns()
    assert list(read.index) == [row for row in table.index if row in set(read.index)]
    assert len(read) == len(older)


def test_a_row_keeps_its_id_when_a_dimension_is_added_and_loses_it_with_its_place():
    place = {"indicator_id": "PROT-01", "unit_of_count": "VICTIM", "period": "2024", "sex": "F"}
    assert row_id(place | {"new": "Total", "statistic": ""}) == row_id(place)
    others = [place | {"sex": "M"}, place | {"period": "2023"}, place | {"form": "SEX"}]
    assert len({row_id(one) for one in [place, *others]}) == 4


def test_what_goes_into_a_file_comes_back_as_it_was(invented, rows, tmp_path):
    from atips_analysis.indicators.table import read_table, write_table

    crossed = {("PROT-01", "VICTIM", "count"): [("sex", "form")]}
    table = narrow(invented.table(rows, "2023", "2024", "2023-2024", also_by=crossed))
    assert table["by_2"].ne("").any()
    pd.testing.assert_frame_equal(narrow(wide(table)), table)
    write_table(table, tmp_path / "table.csv")
    assert list(read_table(tmp_path / "table.csv").index) == list(table.index)


def test_a_row_by_three_dimensions_or_one_that_stands_twice_is_refused_with_its_line(
    invented, rows, tmp_path
):
    from atips_analysis.indicators.table import read_table

    file = invented.table(rows, "2024")
    file.loc[3, ["sex", "form", "district"]] = ["F", "SEX", "BZ"]
    file.to_csv(tmp_path / "three.csv", index=False)
    with pytest.raises(
        InputError, match=r"three.csv: row 5: is broken down by sex, form, district"
    ):
        read_table(tmp_path / "three.csv")
    file = invented.table(rows, "2024")
    pd.concat([file, file.iloc[[4]]]).to_csv(tmp_path / "twice.csv", index=False)
    with pytest.raises(InputError, match=r"twice.csv: .* stands twice"):
        read_table(tmp_path / "twice.csv")
