"""UNODC's shells, filled from protected values only."""

from __future__ import annotations

import pandas as pd
import pytest

from atips_analysis.codebook import dimensions, load_codebook
from atips_analysis.framework.register_files import read_framework_table
from atips_analysis.indicators.glotip import (
    LAYOUT,
    MERGED_WITH,
    glotip_shells,
    in_words_of,
    sdg_16_2_2,
)
from atips_analysis.project import find_project

YEAR = "2024"


def line(indicator: str, unit: str, statistic: str, value, status="OK", **what) -> dict:
    period = what.pop("period", YEAR)
    numerator = what.pop("numerator", pd.NA)
    return {
        "indicator_id": indicator, "unit_of_count": unit, "statistic": statistic, "period": period,
        "value": value, "numerator": numerator, "denominator": pd.NA, "ci_low": pd.NA,
        "ci_high": pd.NA, "method": "", "status": status, "note": "",
    } | {dimension: what.get(dimension, "Total") for dimension in dimensions()}  # fmt: skip


@pytest.fixture
def protected() -> pd.DataFrame:
    return pd.DataFrame(
        [
            line("PROS-01", "CASE", "count", 18),
            line("PROS-01", "CASE", "count", 8, carried_over="NO"),
            line("PROS-01", "CASE", "count", 10, carried_over="YES"),
            line("PROS-02", "SUSPECT", "count", 12),
            line("PROS-02", "SUSPECT", "count", pd.NA, "C", sex="F"),
            line("PROS-02", "SUSPECT", "count", pd.NA, "C", sex="M"),
            line("PROS-04", "CONVICTION_P", "count", 9),
            line("PROS-04", "CONVICTION_P", "count", 5, form="SEX"),
            line("PROS-04", "CONVICTION_P", "count", 0, "Z", form="LAB"),
            line("PROS-04", "CONVICTION_P", "count", pd.NA, "C", form="MIXED"),
            line("PROS-04", "CONVICTION_P", "count", 0, "Z", form="OTHER"),
            line("PROT-02", "VICTIM", "rate", 2.1, numerator=9),
        ]
    )


def cell(shells: pd.DataFrame, table: str, category="Total", sex="Total", age="Total") -> pd.Series:
    rows = shells[
        (shells["table_id"] == table)
        & (shells["Category"] == category)
        & (shells["Sex"] == sex)
        & (shells["Age"] == age)
    ]
    assert len(rows) == 1
    return rows.iloc[0]


def test_every_shell_is_there_with_the_columns_and_words_of_unodcs_file(protected):
    shells = glotip_shells(protected, YEAR)
    layout = read_framework_table(
        find_project().framework / "glotip_public_file_layout.csv", columns=["column"]
    )
    assert list(layout["column"]) == list(LAYOUT)
    assert list(dict.fromkeys(shells["table_id"])) == [f"G{n}" for n in range(1, 12)]
    published = pd.read_csv(
        find_project().published / "unodc_glotip_belize_2025-10-28.csv", keep_default_na=False
    )
    for column in ("Indicator", "Dimension", "Sex", "Age", "Unit of measurement", "Country"):
        ours = set(shells.loc[shells["table_id"] != "G11", column])
        assert ours <= set(published[column]), column


def test_cases_opened_stand_for_offences(protected):
    assert cell(glotip_shells(protected, YEAR), "G1")["txtVALUE"] == "8"


def test_a_hidden_count_stays_hidden_and_says_neither_less_than_five_nor_a_number(protected):
    row = cell(glotip_shells(protected, YEAR), "G2", sex="Female")
    assert row["status"] == "C" and row["txtVALUE"] == "" and pd.isna(row["value"])


def test_a_category_that_nobody_is_in_is_a_true_zero_where_the_table_is_published(protected):
    shells = glotip_shells(protected, YEAR)
    assert cell(shells, "G2", sex="Other")["txtVALUE"] == "0"
    assert cell(shells, "G2", age="Unknown")["status"] == "NAP"


def test_a_sum_with_a_hidden_part_is_hidden(protected):
    shells = glotip_shells(protected, YEAR)
    assert cell(shells, "G6", "Other forms of exploitation")["status"] == "C"
    assert cell(shells, "G6", "Sexual exploitation")["txtVALUE"] == "5"
    assert cell(shells, "G6", "Forced labour")["status"] == "Z"


def test_sex_and_age_together_are_never_filled_in(protected):
    shells = glotip_shells(protected, YEAR)
    both = shells[(shells["Sex"] != "Total") & (shells["Age"] != "Total")]
    assert len(both) and set(both["status"]) == {"NAP"} and both["value"].isna().all()


def test_detected_victims_are_the_confirmed_ones(protected):
    row = cell(glotip_shells(protected, YEAR), "G7")
    assert row["txtVALUE"] == "9" and row["from"] == "PROT-02 VICTIM"


def test_repatriation_by_country_is_not_collected(protected):
    assert cell(glotip_shells(protected, YEAR), "G10")["status"] == "NC"


def test_the_sdg_names_its_denominator_and_hides_with_its_count(protected):
    table = sdg_16_2_2(protected, YEAR)
    assert list(table["dimension"]) == ["total"]
    assert table["value"].iloc[0] == 2.1 and table["numerator"].iloc[0] == 9


def test_a_merged_category_fills_no_cell_and_is_named(protected):
    merged = line("PROS-04", "CONVICTION_P", "count", 5, form="LAB_OTHER")
    kept = protected[~protected["form"].isin(["LAB", "OTHER", "MIXED"])]
    row = cell(
        glotip_shells(pd.concat([kept, pd.DataFrame([merged])]), YEAR), "G6", "Forced labour"
    )
    label = load_codebook().dimension("form").category("LAB_OTHER")
    assert (row["status"], row["txtVALUE"]) == ("NAP", "")
    assert row["note"] == MERGED_WITH.format(label)


@pytest.mark.parametrize(("mixed", "text", "status"), [(0, "0", "Z"), (7, "7", "OK")])
def test_both_forms_together_are_added_to_other_forms(protected, mixed, text, status):
    rows = protected[protected["form"] != "MIXED"]
    added = line(
        "PROS-04", "CONVICTION_P", "count", mixed, "Z" if not mixed else "OK", form="MIXED"
    )
    shells = glotip_shells(pd.concat([rows, pd.DataFrame([added])]), YEAR)
    row = cell(shells, "G6", "Other forms of exploitation")
    assert (row["txtVALUE"], row["status"]) == (text, status)
    assert row["from"] == "PROS-04 CONVICTION_P form=OTHER; PROS-04 CONVICTION_P form=MIXED"


def test_victims_by_citizenship_are_the_confirmed_ones_in_the_groups_that_they_are_published_in():
    own = load_codebook().country
    confirmed = {"status_of_victim": "CONFIRMED"}
    rows = [
        line("PROT-01", "VICTIM", "count", 30),
        line("PROT-01", "VICTIM", "count", 20, **confirmed),
        line("PROT-01", "VICTIM", "count", 12, citizenship_group=own, **confirmed),
        line("PROT-01", "VICTIM", "count", 8, citizenship_group="NCA", **confirmed),
        line("PREV-07", "SCREENING", "count", 50, citizenship_group="CAR"),
        line("PROT-05", "VICTIM", "percent", 50, citizenship_group="SAM"),
    ]
    shells = glotip_shells(pd.DataFrame(rows), YEAR)
    groups = load_codebook().codelist("citizenship_group")
    nationals, neighbours = "Own country nationals", groups.label("NCA", "en")
    by_group = shells[shells["table_id"] == "G9"].set_index("Category")["txtVALUE"]
    assert by_group.to_dict() == {nationals: "12", neighbours: "8"}
    domestic = shells[shells["table_id"] == "G11"]
    assert domestic[["Dimension", "txtVALUE"]].to_numpy().tolist() == [["Total", "12"]]
    spanish = in_words_of(shells, "es")
    own_words = spanish[spanish["table_id"] == "G9"]
    assert list(own_words["Category"]) == ["Nacionales del país", groups.label("NCA", "es")]
    assert set(own_words["Dimension"]) == {"por ciudadanía"}
