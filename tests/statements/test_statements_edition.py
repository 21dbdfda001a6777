"""What an edition says of its series: decided once, in both languages, and agreed on by pages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.errors import FindingsError, InputError
from atips_analysis.indicators.compute import KEPT
from atips_analysis.indicators.place import TIDY_COLUMNS, by_row_id
from atips_analysis.pages.inline_value import said as inline
from atips_analysis.pages.statement_words import Said
from atips_analysis.pages.tables import plain_table
from atips_analysis.project import find_project
from atips_analysis.statements import (
    check_agreement,
    load_declared,
    read_statements,
    said_on,
    statements_of_edition,
    write_statements,
)
from atips_analysis.statements.agreement import marked
from atips_analysis.statements.wording import caution_said, comparisons_said
from atips_analysis.statistics import ComesAbout, Reason, Verdict

HERE = find_project(Path(__file__).parent)
ABOUT = {
    "year": 2024,
    "baseline": "2021-2023",
    "design_factors": {
        "independent events": 1.0,
        "events by case": 3.0,
        "events by victim": 6.5,
        "participants by session": 2.0,
        "planned work": 1.0,
    },
}
EXAMPLE = {
    ("PROT-01", "VICTIM"): (11, 16, 17, 18),
    ("PROT-06", "SERVICE"): (19, 33, 36, 42),
    ("PROS-02", "SUSPECT"): (9, 7, 9, 7),
    ("PROS-04", "CONVICTION_P"): (None, 0, None, 2),
    ("PREV-09", "REPORT"): (67, 65, 63, 57),
    ("PREV-07", "SCREENING"): (47, 66, 81, 102),
    ("PREV-08", "INSPECTION"): (584, 831, 802, 834),
}
WORDS_OF_CHANGE = re.compile(
    r"trend|increas|decreas|upward|downward|tendencia|aument|disminu|alza|baja", re.IGNORECASE
)


def table_of(counts, statuses=None):
    rows = [
        {
            **dict.fromkeys(TIDY_COLUMNS, ""),
            "indicator_id": code,
            "unit_of_count": unit,
            "statistic": "count",
            "period": str(2021 + at),
            "value": pd.NA if value is None else value,
            "status": (statuses or {}).get((code, 2021 + at), "C" if value is None else "OK"),
        }
        for (code, unit), values in counts.items()
        for at, value in enumerate(values)
    ]
    return by_row_id(pd.DataFrame(rows, columns=list(TIDY_COLUMNS)))


@pytest.fixture(scope="module")
def edition():
    return statements_of_edition(HERE, table_of(EXAMPLE), ABOUT)


def with_series(code, unit, *counts, **about):
    made = statements_of_edition(HERE, table_of({(code, unit): counts}), ABOUT | about)
    return made.of(code)


def test_screenings_of_migrants_are_planned_work_and_have_no_interval_and_no_test(edition):
    one = edition.of("PREV-07")
    assert one.said["en"]["in_full"] == (
        "Screenings of migrants: 102 in 2024; before, 47 (2021), 66 (2022), 81 (2023). This is work that is planned: its "
        "number is decided, not drawn by chance, and no change is tested."
    )
    assert one.said["es"]["in_full"].startswith(
        "Tamizajes de personas migrantes: 102 en 2024; antes, 47 (2021), 66 (2022), 81 (2023)."
    )
    assert (one.low, one.ratio, one.p_value, one.tested) == (None, None, None, False)
    for planned in edition.all:
        if planned.comes_about is ComesAbout.PLANNED:
            assert planned.verdict is Verdict.NOT_TESTED
            assert not WORDS_OF_CHANGE.search(planned.said["en"]["in_full"])


def test_two_counts_that_chance_can_explain_are_no_evidence_of_change(edition):
    said = edition.of("PROT-01").said
    assert (
        "18 in 2024, against 14.7 a year in 2021–2023: no evidence of a change, nor that nothing "
        "changed (ratio 1.23, 95 % interval 0.39 to 3.36)." in said["en"]["in_full"]
    )
    assert "sin evidencia de cambio, ni de que nada haya cambiado" in said["es"]["in_full"]
    assert said["en"]["in_short"] == "no evidence of a change"


def test_no_evidence_goes_with_what_would_have_been_noticed(edition):
    one = edition.of("PREV-09")
    assert (one.noticed_above, one.noticed_below) == (1.8, 0.4)
    assert (
        "Only a count 1.8 times as high or more, or 0.4 times as high or less"
        in (one.said["en"]["in_full"])
    )


def test_a_change_is_named_only_where_the_family_bears_it():
    one = with_series("PREV-09", "REPORT", 50, 52, 48, 150)
    assert one.verdict is Verdict.INCREASE
    assert one.said["en"]["in_short"] == "an increase"
    assert ": an increase (ratio 3.00, 95 % interval" in one.said["en"]["in_full"]
    fewer = with_series("PREV-09", "REPORT", 150, 152, 148, 50)
    assert ": una disminución (razón 0.33" in fewer.said["es"]["in_full"]


def test_a_rise_that_goes_on_is_told_from_a_step():
    one = with_series("PREV-09", "REPORT", 47, 66, 81, 102)
    assert one.reason is Reason.BASELINE_MOVED_TOO
    assert "The earlier years rose too (47, 66, 81)" in one.said["en"]["in_full"]


def test_a_figure_that_is_missing_or_hidden_is_not_compared_and_not_zero(edition):
    one = edition.of("PROS-04")
    assert (one.verdict, one.counts[0], one.ratio) == (Verdict.NOT_KNOWN, None, None)
    assert "are not compared, because a number is hidden or missing" in (one.said["en"]["in_full"])


def test_a_sentence_with_counts_that_are_kept_says_of_which_years_and_comes_back_as_written(
    tmp_path,
):
    table = table_of({("PROT-01", "VICTIM"): (11, 16, 17, 18)})
    table["note"] = [KEPT, KEPT, "", ""]
    made = statements_of_edition(HERE, table, ABOUT)
    one = made.of("PROT-01")
    assert one.kept == (2021, 2022)
    assert one.said["en"]["in_full"].endswith(
        " Figures of 2021, 2022 kept as printed earlier: revised figures follow in the next edition "
        "that can print them."
    )
    assert "2021, 2022 se mantienen" in one.said["es"]["in_full"]
    (tmp_path / "statements.json").write_text(json.dumps(write_statements(made)), encoding="utf-8")
    assert read_statements(tmp_path).of("PROT-01").kept == (2021, 2022)


def test_without_a_design_factor_persons_are_not_compared():
    factors = ABOUT["design_factors"] | {"events by case": None}
    one = with_series("PROT-01", "VICTIM", 11, 16, 17, 60, design_factors=factors)
    assert (one.reason, one.low) == (Reason.CLUSTERS_NOT_KNOWN, None)


def test_an_empty_table_has_a_defined_answer_for_every_series():
    made = statements_of_edition(HERE, table_of({}), ABOUT)
    assert made.of("PROT-01").verdict is Verdict.NOT_KNOWN
    assert all(one.said["en"]["in_full"] and one.said["es"]["in_short"] for one in made.all)


def test_the_number_of_comparisons_is_that_of_the_family_and_is_said_once(edition):
    assert edition.comparisons == sum(one.tested for one in edition.all) == 5
    text = comparisons_said(edition.comparisons, edition.confidence, "en")
    assert "tests 5 changes, which were declared before data were read" in text
    assert "at most 5 %" in text
    assert comparisons_said(0, 0.95, "en") == "This edition tests no change."
    assert "1 cambio" in comparisons_said(1, 0.95, "es")


def test_changes_tested_in_series_of_others_are_told_apart_since_no_table_of_the_register_has_them():
    alone = comparisons_said(5, 0.95, "en")
    assert comparisons_said(5, 0.95, "en", 1) == (
        f"{alone} Of these changes 1 is of a series that others published."
    )
    assert "son de series" in comparisons_said(5, 0.95, "es", 2)


def test_detection_says_nothing_of_how_common_trafficking_is():
    assert "neither better nor worse" in caution_said("en")
    assert "no es mejor ni peor" in caution_said("es")


def test_words_of_change_stand_in_a_sentence_exactly_when_the_verdict_is_a_change(edition):
    for one in edition.all:
        changed = one.verdict in (Verdict.INCREASE, Verdict.DECREASE)
        for lang in ("en", "es"):
            text = one.said[lang]["in_full"].replace("no evidence of a trend", "")
            text = text.replace("sin evidencia de una tendencia", "")
            assert bool(WORDS_OF_CHANGE.search(text)) is changed, text


def test_a_register_is_read_back_as_it_was_written(edition, tmp_path):
    written = write_statements(edition)
    (tmp_path / "statements.json").write_text(json.dumps(written))
    read = read_statements(tmp_path)
    assert write_statements(read) == written
    assert [one.said for one in read.all] == [one.said for one in edition.all]


def test_a_name_that_nothing_has_is_told_with_the_one_that_is_meant(edition):
    with pytest.raises(InputError, match="did you mean PREV-07"):
        edition.of("PREV-7")


def test_without_a_register_the_build_is_to_be_made_again(tmp_path):
    with pytest.raises(InputError, match=r"holds no statements\.json; run atips build again"):
        read_statements(tmp_path)


def test_pages_that_say_what_the_edition_says_agree(edition):
    one = edition.of("PROT-01")
    page = f"{marked(one.said['en']['in_full'], one.id)}\n\n| Victims | {marked('x', 'y')} |"
    assert next(said_on(page)) == ("PROT-01", one.said["en"]["in_full"])
    page = marked(one.said["en"]["in_full"], one.id)
    check_agreement({"annual-report": (page, "en")}, edition)
    check_agreement({"pack-es": (marked(one.said["es"]["in_short"], one.id), "es")}, edition)


def test_the_build_stops_when_two_pages_say_different_things_of_one_series(edition):
    one = edition.of("PREV-07")
    same = marked(one.said["en"]["in_short"], one.id)
    other = marked("an upward trend", one.id)
    with pytest.raises(FindingsError, match="baseline says of PREV-07 “an upward trend”"):
        check_agreement({"annual-report": (same, "en"), "baseline": (other, "en")}, edition)


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "Screenings of migrants show an upward trend."),
        ("en", "| Screenings of migrants | 47 | 66 | 81 | increase |"),
        ("en", "There is no evidence of a change in labour inspections."),
        ("en", "Six counts compared: no evidence of a change in migrants screened."),
        ("es", "Los tamizajes de personas migrantes aumentaron en 2024."),
    ],
)
def test_the_build_stops_at_a_change_that_a_page_says_in_its_own_words(edition, lang, sentence):
    with pytest.raises(FindingsError, match="in its own words"):
        check_agreement({"a-page": (sentence, lang)}, edition)


def test_a_title_of_the_register_may_stand_in_a_picture_where_no_mark_can(edition):
    one = edition.of("PROT-01")
    title = one.said["en"]["as_title"]
    assert title == "Potential and confirmed victims identified: no evidence of a change"
    check_agreement({"brief": (f'![Years](x.svg){{fig-alt="{title}. 2024: 18."}}', "en")}, edition)
    other = title.replace("no evidence of a change", "an increase")
    with pytest.raises(FindingsError, match="in its own words"):
        check_agreement({"brief": (f'![Years](x.svg){{fig-alt="{other}."}}', "en")}, edition)


def test_the_title_of_planned_work_has_its_newest_and_oldest_count_and_nothing_of_change(edition):
    assert edition.of("PREV-07").said["en"]["as_title"] == (
        "Screenings of migrants: 102 in 2024, 47 in 2021"
    )
    assert edition.of("PREV-07").said["es"]["as_title"] == (
        "Tamizajes de personas migrantes: 102 en 2024, 47 en 2021"
    )


def test_words_of_change_about_something_else_are_no_business_of_the_register(edition):
    text = "More prosecutors increase the pace of trials.\nScreenings of migrants: 102.\n"
    check_agreement({"a-page": (text, "en")}, edition)
    check_agreement({"a-page": (f"```\n{text} Labour inspections increase\n```", "en")}, edition)


def test_words_keep_their_mark_in_a_sentence_a_cell_and_a_text(edition):
    one = edition.of("PREV-07")
    said = Said(one.said["en"]["in_short"], one.id)
    mark = "[planned work: not tested]{.statement of=PREV-07}"
    assert inline(said).data == mark
    assert f"It is {said}." == f"It is {mark}."
    frame = pd.DataFrame({"What": ["Screenings"], "Said": [said]}, dtype=object)
    assert mark in plain_table(frame)


def test_words_with_signs_that_markdown_reads_are_read_back_as_they_are():
    said = Said("a [b] *c* ~ d_e | f", "PROT-01")
    assert list(said_on(said.markdown)) == [("PROT-01", "a [b] *c* ~ d_e | f")]


def test_the_family_is_declared_for_indicators_and_published_series_alone():
    declared = load_declared(HERE)
    assert len({one.id for one in declared}) == len(declared)
    assert all(bool(one.indicator_id) != bool(one.series) for one in declared)
    assert {one.subject.keys() >= {"en", "es"} for one in declared} == {True}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"indicator_id": "PROT-99"}, "PROT-99 is not an indicator"),
        ({"indicator_id": ""}, "name an indicator or a published series"),
        ({"compared": "sometimes"}, "use one of baseline, trend"),
        ({"subject_en": "An increase in victims"}, "not how it changed"),
        ({"subject_en": ""}, "subject_en is blank"),
    ],
)
def test_a_declaration_that_cannot_be_is_one_line_with_its_row(tmp_path, change, told):
    framework = tmp_path / "data" / "framework"
    framework.mkdir(parents=True)
    for name in ("indicators.csv", "statements.csv"):
        text = (HERE.framework / name).read_text(encoding="utf-8")
        (framework / name).write_text(text, encoding="utf-8")
    table = pd.read_csv(framework / "statements.csv", dtype=str, keep_default_na=False)
    table.loc[2, list(change)] = list(change.values())
    table.to_csv(framework / "statements.csv", index=False)
    with pytest.raises(InputError) as refused:
        load_declared(replace(HERE, root=tmp_path))
    assert told in str(refused.value) and "row 4" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_line_of_a_page_ends_what_it_says_as_a_full_stop_does(edition):
    check_agreement({"a-page": ("Labour inspections\nMore prosecutors increase", "en")}, edition)
    with pytest.raises(FindingsError, match="in its own words"):
        check_agreement({"a-page": ("More labour inspections increase", "en")}, edition)
