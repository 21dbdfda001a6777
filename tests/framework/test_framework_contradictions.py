"""Checks of published sources find what stands in them, and nothing in sound tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from atips_analysis.project import find_project
from atips_analysis.published import contradictions as found_by
from atips_analysis.published.sources import (
    describes_single_persons,
    load_council_figures,
    load_labour_enforcement,
    load_unodc,
    load_us_reports,
    periods_in_months,
)
from atips_analysis.published.vintages import (
    categories_renamed,
    count_differences,
    vintage_differences,
)

PROJECT = find_project(Path(__file__).parent)
UNODC = load_unodc(PROJECT)
US = load_us_reports(PROJECT)
COUNCIL = load_council_figures(PROJECT)


def _texts(frame: pd.DataFrame) -> str:
    return " | ".join(frame["found"])


def test_2022_has_no_one_convicted_in_total_and_five_own_nationals_convicted() -> None:
    text = _texts(found_by.totals_that_do_not_add_up(UNODC))
    assert "Persons convicted 2022: the total is 0" in text
    assert "Own country nationals: 5" in text


def test_all_86_cells_common_to_2017_and_2018_print_the_same() -> None:
    found = found_by.years_repeated(UNODC)
    newest = found[found["where"] == "file of 2025-10-28"]
    assert len(newest) == 1
    assert newest["found"].iloc[0].startswith("all 86 cells common to 2017 and 2018")


def test_three_keys_of_the_newest_vintage_stand_twice_with_conflicting_values() -> None:
    found = found_by.keys_that_stand_twice(UNODC).set_index("where")["found"]
    assert "3 of them with conflicting values" in found["file of 2025-10-28"]
    assert "their values agree" in found["file of 2023-05-30"]


def test_offences_repeat_the_number_of_victims_in_every_year() -> None:
    text = _texts(found_by.indicators_that_are_the_same(UNODC))
    assert "Detected trafficking victims and Offences of trafficking in persons" in text
    assert "all 6 years" in text


def test_one_thing_with_two_values_is_found_for_police_liquor_boards_convictions_and_victims() -> (
    None
):
    text = _texts(found_by.one_thing_two_values(COUNCIL, US, UNODC))
    for pair in (("631", "500"), ("105", "120"), ("2 (Persons convicted", "0 (convictions")):
        assert all(part in text for part in pair)
    assert "victims identified or supported, 2024: 16" in text
    assert "victims identified or supported, 2021: 3" in text


def test_a_hidden_count_contradicts_nothing_that_lies_in_its_range() -> None:
    unodc = pd.DataFrame(
        {
            "vintage": "2025-10-28",
            "source_id": "UNODC-GLOTIP-2025",
            "indicator": "Persons convicted",
            "dimension": "Total",
            "category": "Total",
            "sex": "Total",
            "age": "Total",
            "year": 2024,
            "printed": "<5",
            "value": float("nan"),
            "low": 1,
            "high": 4,
        },
        index=[0],
    )
    council = COUNCIL[COUNCIL["figure_id"] == "PRS-05"]
    assert found_by.one_thing_two_values(council, US.iloc[:0], unodc).empty


def test_seven_victims_are_given_to_2014_and_then_to_2015() -> None:
    text = _texts(found_by.values_given_to_another_year(US))
    assert "7 for 2014 in the report of 2016" in text
    assert "7 for 2015 and 10 for 2014" in text


def test_a_conviction_of_early_2016_is_not_in_the_count_of_2016() -> None:
    assert "convictions: 1 from 2016-01-01 to 2016-03-31, but 0" in _texts(
        found_by.parts_longer_than_the_whole(US)
    )


def test_nationality_of_potential_victims_of_2018_adds_to_15_of_17() -> None:
    found = found_by.parts_that_miss_the_total(US)
    assert found["found"].tolist() == [
        "potential victims of 2018: nationality adds to at least 15 of 17"
    ]


def test_seven_potential_victims_were_later_found_not_to_be_victims() -> None:
    found = found_by.counts_taken_back(US)["found"]
    assert len(found) == 1
    assert found.iloc[0].startswith("7 persons counted as potential victims from 2019-04-01")


def test_victim_status_breaks_between_2020_and_2021() -> None:
    assert found_by.status_breaks(US)["where"].tolist() == ["2020 and 2021"]


def test_834_is_printed_for_teachers_and_for_labour_inspections() -> None:
    text = _texts(found_by.same_number_for_different_things(COUNCIL))
    assert "834 is printed for 2 things" in text
    assert "Teachers" in text
    assert "Labour inspections" in text


def test_1669_sessions_would_be_more_than_four_a_day() -> None:
    text = _texts(found_by.units_that_do_not_fit(COUNCIL))
    assert "make 1,669, or 4.6 a day" in text


def test_a_table_of_the_2024_report_is_dated_2023() -> None:
    found = found_by.years_that_do_not_match(COUNCIL)
    assert found["where"].tolist() == ["PAR-05, Council Partners table"]


def test_labour_inspections_have_no_figure_for_2016_2017_and_2023() -> None:
    found = found_by.years_without_a_figure(load_labour_enforcement(PROJECT), COUNCIL)
    assert found["where"].tolist() == ["2016, 2017, 2023"]


def test_fiscal_and_calendar_periods_of_convictions_overlap() -> None:
    text = _texts(found_by.periods_that_overlap(US))
    assert "2023-04-01 to 2024-03-31 and 2024-01-01 to 2024-12-31" in text


def test_two_texts_of_the_council_do_not_name_the_same_committee_members() -> None:
    assert len(found_by.committees_named_differently(PROJECT.profile)) == 3


def test_guatemala_became_belize_between_the_vintages() -> None:
    found = [text for text, _, _ in categories_renamed(UNODC)]
    assert len(found) == 3
    assert all("Guatemala in the older file, Belize in the newer one" in text for text in found)


def test_zeros_that_the_newer_vintage_shows_are_no_change_of_a_number() -> None:
    differences = vintage_differences(UNODC)
    assert set(differences["change"]) == {"added", "removed", "zero now shown"}
    counts = count_differences(differences)
    assert counts[["added", "removed", "zero now shown"]].to_numpy().sum() == len(differences)


def test_a_sound_table_gives_no_finding() -> None:
    sound = UNODC[
        (UNODC["vintage"] == "2025-10-28")
        & (UNODC["year"] == 2021)
        & (UNODC["indicator"] == "Persons prosecuted")
    ]
    assert found_by.totals_that_do_not_add_up(sound).empty
    assert found_by.keys_that_stand_twice(sound).empty
    assert found_by.years_repeated(sound).empty


def test_every_finding_says_what_where_and_in_which_source() -> None:
    found = found_by.find_contradictions(PROJECT)
    assert len(found) > 20
    for column in ("check", "found", "where", "sources"):
        assert found[column].str.len().gt(0).all()


def test_every_finding_lies_in_the_texts_of_one_publisher_or_between_several() -> None:
    found = found_by.find_contradictions(PROJECT)
    assert set(found["within"]) == {"several", "UNODC", "US", "Council"}
    within = found.set_index("sources")["within"]
    assert within["UNODC-GLOTIP-2023, UNODC-GLOTIP-2025"].unique().tolist() == ["UNODC"]
    assert within["ATIPS-2024, ATIPS-ABOUT"].unique().tolist() == ["Council"]
    assert within["TIP-2022, UNODC-GLOTIP-2025"] == "several"
    assert within["ATIPS-2024, GREATERBELIZE-2025"].unique().tolist() == ["several"]


def test_a_period_is_named_by_its_months_and_a_single_day_is_left_alone() -> None:
    text = "convictions: 1 from 2016-01-01 to 2016-03-31 (file of 2025-10-28)"
    assert periods_in_months(text) == (
        "convictions: 1 from Jan 2016 to Mar 2016 (file of 2025-10-28)"
    )


def test_figures_that_describe_single_persons_are_told_from_counts() -> None:
    single = COUNCIL[describes_single_persons(COUNCIL)]
    assert len(single) == 9
    assert single["value"].lt(6).all()
    assert single["statement"].str.contains("Guatemalan").any()
    assert "PRS-05" not in set(single["figure_id"]), "two persons convicted are a count"
