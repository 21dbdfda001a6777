"""External series: kept apart by source, vintage and victim status; hidden stays hidden."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.project import find_project
from atips_analysis.published import external
from atips_analysis.published.sources import load_population
from atips_analysis.statistics import annual_change

PROJECT = find_project(Path(__file__).parent)


@pytest.fixture(scope="module")
def series() -> pd.DataFrame:
    return external.external_series(PROJECT)


@pytest.fixture(scope="module")
def victims(series: pd.DataFrame) -> pd.DataFrame:
    return external.victim_counts(series)


def test_all_rows_of_both_unodc_vintages_and_all_66_figures_of_the_council_are_there(
    series: pd.DataFrame,
) -> None:
    assert series["source_id"].value_counts()[
        ["UNODC-GLOTIP-2025", "UNODC-GLOTIP-2023"]
    ].tolist() == [
        540,
        449,
    ]
    council = series[series["source"] == "published"]
    assert len(council) == 66
    assert int((council["status"] == "M").sum()) == 8


def test_what_others_published_is_never_called_the_register(series: pd.DataFrame) -> None:
    assert set(series["source"]) == {"external", "published"}


def test_less_than_five_is_0_to_4_in_the_file_of_2023_and_1_to_4_in_that_of_2025(
    series: pd.DataFrame,
) -> None:
    hidden = series[series["printed"] == "<5"]
    assert set(hidden["status"]) == {"C"}
    assert hidden["value"].isna().all()
    assert hidden.loc[hidden["vintage"] == "2023-05-30", "low"].unique().tolist() == [0]
    assert hidden.loc[hidden["vintage"] == "2025-10-28", "low"].unique().tolist() == [1]
    assert hidden["high"].unique().tolist() == [4]


def test_potential_victims_2017_to_2020_are_17_17_24_20(victims: pd.DataFrame) -> None:
    potential = victims[victims["status_of_victim"] == "POTENTIAL"].set_index("period")["value"]
    assert potential["2017":"2020"].tolist() == [17, 17, 24, 20]


def test_potential_victims_end_where_confirmed_ones_begin_and_share_no_series(
    victims: pd.DataFrame,
) -> None:
    us = victims[victims["series"].str.startswith("us-")]
    assert us.groupby("series")["status_of_victim"].nunique().max() == 1
    assert us.loc[us["status_of_victim"] == "POTENTIAL", "period"].max() == "2020"


def test_unodc_shows_11_11_hidden_hidden_5_7_for_2017_to_2022(victims: pd.DataFrame) -> None:
    newest = victims[victims["vintage"] == "2025-10-28"]
    assert newest["printed"].tolist() == ["11", "11", "<5", "<5", "5", "7"]


def test_nine_confirmed_of_2018_are_two_printed_forms_added_and_say_so(
    victims: pd.DataFrame,
) -> None:
    row = victims[(victims["period"] == "2018") & (victims["source_id"] == "TIP-2019")]
    confirmed = row[row["status_of_victim"] == "CONFIRMED"].iloc[0]
    assert confirmed["value"] == 9
    assert confirmed["note"] == "the two forms printed, added"
    assert confirmed["printed"] == "8 + 1", "a sum is no printed figure"


def test_a_hidden_count_has_no_rate(victims: pd.DataFrame) -> None:
    rates = external.rates_per_100000(victims, load_population(PROJECT))
    hidden = rates[rates["status"] == "C"]
    assert len(hidden)
    assert hidden["value"].isna().all()


def test_seven_detected_in_2022_are_1_74_per_100000_without_an_interval(
    victims: pd.DataFrame,
) -> None:
    rates = external.rates_per_100000(victims, load_population(PROJECT))
    row = rates[(rates["period"] == "2022") & (rates["vintage"] == "2025-10-28")].iloc[0]
    # Population 402,733 (World Bank). No publisher prints how persons come by case.
    assert row["value"] == pytest.approx(7 / 4.02733)
    assert "ci_low" not in rates or pd.isna(row["ci_low"])


def test_both_accounts_of_the_convictions_of_2024_are_shown(series: pd.DataFrame) -> None:
    found = external.convictions(series)
    of_2024 = found[found["period"] == "2024"].set_index("source_id")["value"]
    assert of_2024.to_dict() == {"ATIPS-2024": 2, "GREATERBELIZE-2025": 0}


def test_labour_inspections_have_a_row_every_year_and_no_zero_where_nothing_is_in_print(
    series: pd.DataFrame,
) -> None:
    found = external.labour_inspections(series).set_index("year")
    assert found["value"].dropna().to_dict() == {
        2018: 970,
        2019: 1020,
        2020: 301,
        2021: 584,
        2022: 831,
        2024: 834,
    }
    assert found.index[found["status"] == "M"].tolist() == [2016, 2017, 2023]


def test_potential_victims_2016_to_2020_show_no_trend(victims: pd.DataFrame) -> None:
    own = victims[
        (victims["status_of_victim"] == "POTENTIAL") & victims["period"].between("2016", "2020")
    ]
    change = annual_change(own["period"].astype(int).tolist(), own["value"].tolist())
    assert change.ratio == pytest.approx(1.137, abs=5e-4)
    assert change.interval == pytest.approx((0.981, 1.318), abs=5e-4)


def test_periods_that_are_not_calendar_years_keep_their_days(series: pd.DataFrame) -> None:
    other = series[~series["period"].str.fullmatch(r"\d{4}")]
    assert other["period"].str.contains(" to ").all()
    assert "2023-04-01 to 2024-03-31" in set(other["period"])


def test_the_newest_number_of_a_year_is_that_of_the_latest_report_and_of_the_newest_file(
    victims: pd.DataFrame,
) -> None:
    newest = external.newest(victims)
    assert not newest.duplicated(["series", "period"]).any()
    of_2014 = newest[(newest["period"] == "2014") & (newest["series"] == "us-victims_identified")]
    assert of_2014[["printed", "source_id"]].iloc[0].tolist() == ["10", "TIP-2017"]
    unodc = newest[newest["series"] == "unodc-detected-victims"]
    assert set(unodc["vintage"]) == {"2025-10-28"}
