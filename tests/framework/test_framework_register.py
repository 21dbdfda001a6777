"""The framework's registers are complete, in two languages, and invent nothing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.framework import (
    Declared,
    find_indicator,
    in_short,
    load_acronyms,
    load_assumptions,
    load_best_practices,
    load_indicators,
    load_objectives,
    load_sources,
    load_targets,
    logframe,
    reference_sheets,
)
from atips_analysis.framework.reference_sheet import load_terms
from atips_analysis.indicators import declared, registered
from atips_analysis.indicators.measure import measures
from atips_analysis.project import Project, find_project
from atips_analysis.published import load_public_figures, register_public_figures

PROJECT = find_project(Path(__file__).parent)


@pytest.fixture
def copy(tmp_path: Path) -> Project:
    shutil.copytree(PROJECT.framework, tmp_path / "data" / "framework")
    shutil.copytree(PROJECT.council, tmp_path / "data" / "council")
    return Project(tmp_path)


def test_every_priority_area_has_indicators_and_an_id_says_its_area() -> None:
    register = load_indicators(PROJECT)
    assert {item.priority_area for item in register} == {"PREV", "PROT", "PROS", "PART"}
    assert all(item.id.startswith(f"{item.priority_area}-") for item in register)


def test_the_register_and_the_code_fit() -> None:
    assert registered(PROJECT) == load_indicators(PROJECT)
    streams = set(load_codebook().streams)
    for name, one in declared().items():
        assert set(one.streams) <= streams, name


def test_the_register_repeats_nothing_that_a_measure_declares() -> None:
    columns = set(pd.read_csv(PROJECT.framework / "indicators.csv", nrows=0).columns)
    assert not columns & {*Declared._fields, "unit_of_count", "streams", "computed", "uncertainty"}


def test_detection_indicators_have_no_good_direction() -> None:
    indicators = load_indicators(PROJECT)
    for name in ("PREV-07", "PROT-01", "PROT-02", "PROS-01", "PROS-02"):
        assert find_indicator(indicators, name).neutral


def test_spanish_never_calls_trafficking_trafico() -> None:
    for item in load_indicators(PROJECT):
        assert "tráfico" not in (item.name("es") + item.definition_in("es")).lower(), item.id


def test_no_indicator_is_exempt_from_the_small_count_rule_because_its_subject_is_public() -> None:
    for item in load_indicators(PROJECT):
        assert "may be shown" not in item.disclosure_rule, item.id


def test_a_sheet_says_of_no_count_that_it_is_hidden_where_none_of_persons_is_counted() -> None:
    of_persons = {one.indicator_id for one in measures() if one.persons}
    for item in load_indicators(PROJECT):
        if item.id in declared():
            hides = not item.disclosure_rule.startswith("none")
            # What is not shown under ten is not hidden for a person's sake alone.
            assert hides is (item.id in of_persons) or "fewer than 10" in item.disclosure_rule


def test_reference_sheet_has_all_fields_and_leaves_to_the_council_what_only_it_can_say() -> None:
    sheet = dict(reference_sheets(PROJECT, declared())["PROS-01"])
    assert len(sheet) == 26
    assert sheet["Code"] == "PROS-01"
    assert sheet["Responsible (role)"] == ""
    assert sheet["Targets 2025-2028"] == "not set by the Council"
    assert sheet["Objective of the Strategy"].startswith("text not available")


def test_there_is_a_reference_sheet_an_indicator_and_a_report_can_give_its_baseline() -> None:
    sheets = reference_sheets(PROJECT, declared(), "es", {"PROS-01": "12 casos (2021-2023)"})
    assert list(sheets) == [item.id for item in load_indicators(PROJECT)]
    assert dict(sheets["PROS-01"])["Línea de base"] == "12 casos (2021-2023)"
    assert dict(sheets["PROT-02"])["Tipo de valor"] == "tasa"


def test_a_word_of_the_register_without_its_row_among_the_terms_is_named(copy: Project) -> None:
    path = copy.framework / "indicators.csv"
    path.write_text(
        path.read_text("utf-8").replace(",attendance register,", ",guest book,"), "utf-8"
    )
    for lang in ("en", "es"):
        with pytest.raises(InputError, match=r"terms.csv: 'guest book' stands in indicators.csv"):
            reference_sheets(copy, declared(), lang)


def test_the_eleven_objectives_are_room_for_text_that_is_not_published() -> None:
    objectives = load_objectives(PROJECT)
    assert len(objectives) == 11
    assert (objectives["text_en"] == "").all()


def test_targets_are_blank_until_the_council_sets_them() -> None:
    targets = load_targets(PROJECT)
    known = {item.id for item in load_indicators(PROJECT)}
    assert set(targets["indicator_id"]) <= known
    assert (targets.groupby("indicator_id")["year"].agg(list).map(tuple).nunique()) == 1
    assert targets["target"].isna().all()


def test_every_published_source_is_rated_for_quality_and_impact() -> None:
    sources = load_sources(PROJECT)
    assert sources["quality"].isin(["high", "medium", "low"]).all()
    second_hand = sources[sources["access_confidence"] == "second_hand"]
    assert not (second_hand["quality"] == "high").any()


def test_assumptions_name_indicators_that_exist() -> None:
    known = {item.id for item in load_indicators(PROJECT)}
    for text in load_assumptions(PROJECT)["applies_to"]:
        assert text.startswith("all") or set(text.split("; ")) <= known


def test_best_practices_leave_cost_blank_where_nobody_has_stated_it() -> None:
    practices = load_best_practices(PROJECT)
    assert (practices["cost"] == "").all()
    assert set(practices["priority_area"]) == {"PREV", "PROT", "PROS", "PART"}


def test_logframe_has_a_row_an_indicator_and_no_invented_target() -> None:
    frame = logframe(PROJECT)
    assert sorted(frame["indicator"]) == sorted(item.id for item in load_indicators(PROJECT))
    assert frame["target"].isna().all()


def test_register_of_public_figures_is_what_the_published_files_say() -> None:
    kept, computed = load_public_figures(PROJECT), register_public_figures(PROJECT)
    pd.testing.assert_frame_equal(kept, computed, check_dtype=False)


def test_a_hidden_public_count_keeps_its_publishers_range_and_has_no_value() -> None:
    figures = load_public_figures(PROJECT)
    hidden = figures[figures["printed"] == "<5"]
    assert hidden["value"].isna().all()
    by_vintage = hidden.groupby("vintage")[["low", "high"]].agg(["min", "max"])
    assert by_vintage.loc["2023-05-30"].tolist() == [0, 0, 4, 4]
    assert by_vintage.loc["2025-10-28"].tolist() == [1, 1, 4, 4]


def test_the_two_sources_on_convictions_of_2024_both_stand_in_the_register() -> None:
    figures = load_public_figures(PROJECT)
    total = figures[
        (figures["indicator_id"] == "PROS-04")
        & (figures["period"] == "2024")
        & (figures["sex"] == "Total")
    ]
    found = dict(zip(total["source_id"], total["value"], strict=True))
    assert found == {"ATIPS-2024": 2, "GREATERBELIZE-2025": 0}


def test_training_figures_of_doubtful_unit_are_no_cell_of_an_indicator() -> None:
    assert not load_public_figures(PROJECT)["indicator_id"].isin(["PREV-01", "PREV-02"]).any()


def test_an_indicator_that_stands_twice_is_refused_with_its_row(copy: Project) -> None:
    path = copy.framework / "indicators.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    again = len(text.splitlines()) + 1
    with pytest.raises(InputError, match=rf"indicators\.csv, row {again}: PREV-01 stands twice"):
        load_indicators(copy)


def test_a_blank_spanish_definition_is_refused_with_its_row(copy: Project) -> None:
    path = copy.framework / "indicators.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.loc[3, "definition_es"] = ""
    table.to_csv(path, index=False)
    with pytest.raises(InputError, match="row 5: definition_es is blank"):
        load_indicators(copy)


def test_a_target_without_who_set_it_is_refused(copy: Project) -> None:
    path = copy.council / "targets.csv"
    said = path.read_text(encoding="utf-8")
    path.write_text(said.replace("PREV-01,2025,,", "PREV-01,2025,5,", 1), encoding="utf-8")
    with pytest.raises(InputError, match="row 3: a target without who set it"):
        load_targets(copy)


def test_a_missing_register_says_what_to_do(copy: Project) -> None:
    (copy.framework / "assumptions.csv").unlink()
    with pytest.raises(InputError, match=r"assumptions\.csv: the file is missing; restore it"):
        load_assumptions(copy)


PRINTED = (
    "unit", "disaggregation", "not_computed",
    "source_agency", "means_of_verification", "frequency", "direction",
    "disclosure_rule", "baseline_status", "data_quality_flag",
)  # fmt: skip
# Names that readers know as they are: of bodies, classifications and laws; all others are codes.
KNOWN_CAPITALS = {"SDG", "ODS", "ISIC", "UNODC", "UNICEF", "RET", "CSEC", "IEC", "NNA"}


def test_what_reports_print_of_an_indicator_holds_no_code_name() -> None:
    for item in load_indicators(PROJECT):
        said = [text for words in item.said.values() for text in words.values()]
        for column, text in [
            *((name, getattr(item, name)) for name in PRINTED),
            *((text, text) for text in said),
        ]:
            words = re.findall(r"\b[A-ZÁÉÍÓÚÑ][A-Z0-9_ÁÉÍÓÚÑ]{2,}\b(?!-\d)", text)
            assert set(words) <= KNOWN_CAPITALS, (item.id, column, words)
            assert "_" not in text, (item.id, column)


def test_reference_sheets_hold_no_code_name_in_either_language() -> None:
    for lang in ("en", "es"):
        for name, sheet in reference_sheets(PROJECT, declared(), lang).items():
            for label, text in sheet:
                assert not re.search(r"\b[A-Z]+_[A-Z_]+\b", text), (name, label, text)


def test_sources_and_limitations_are_in_spanish_too() -> None:
    terms = load_terms(PROJECT.framework, "es")
    for item in load_indicators(PROJECT):
        for part in item.source_agency.split("; "):
            assert part in terms, part
        assert not item.data_quality_flag or item.data_quality_flag in terms


@pytest.mark.parametrize(
    ("indicator", "method"),
    [
        ("PROT-01", "Fay and Feuer's gamma interval, by the edition's design factor"),
        ("PROT-02", "Fay and Feuer's gamma interval of the count, by the edition's design factor"),
        ("PREV-09", "exact Poisson; Clopper-Pearson below 30, else Wilson"),
        ("PROT-07", "log-log interval"),
        ("PREV-01", "none"),
        ("PROT-12", ""),
    ],
)
def test_a_sheet_names_the_intervals_that_are_computed(indicator: str, method: str) -> None:
    assert dict(reference_sheets(PROJECT, declared())[indicator])["Uncertainty"] == method


def test_sources_are_named_without_their_technical_locators():
    assert in_short("UNODC (dataUNODC); copy in GitHub repo x sha256 20") == "UNODC (dataUNODC)"
    labour = "U.S. Department of Labor, ILAB"
    assert in_short(f"{labour} (GitHub Y @b8)") == labour
    report = "2018 Trafficking in Persons Report: Belize"
    assert in_short(report) == report


def test_every_acronym_is_written_out_once_in_both_languages(copy: Project):
    table = load_acronyms(copy)
    assert (table[["acronym", "meaning_en", "meaning_es"]] != "").all(axis=None)
    path = copy.framework / "acronyms.csv"
    path.write_text(path.read_text("utf-8") + "DHS,Another department,Otro departamento\n", "utf-8")
    with pytest.raises(InputError, match="DHS stands twice"):
        load_acronyms(copy)


@pytest.mark.parametrize("lang, nobody", [("en", "not collected yet"), ("es", "no se recopila")])
def test_a_sheet_says_that_nobody_collects_only_what_nothing_is_computed_of(lang, nobody):
    label = {"en": "How it is collected", "es": "Método de recolección"}[lang]
    sheets = reference_sheets(PROJECT, declared(), lang)
    without = {one.id for one in load_indicators(PROJECT) if nobody in dict(sheets[one.id])[label]}
    assert without == {one.id for one in load_indicators(PROJECT) if not one.collected}
    assert "PART-07" in without
