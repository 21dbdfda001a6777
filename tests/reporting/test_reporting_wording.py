"""The style guide for words about change: what is said, what is not, and what always is."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
from atips_analysis.pages.wording import (
    change_sentence,
    compare,
    comparisons_sentence,
    expected_false_alarms,
    follow,
    trend_sentence,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from atips_analysis.errors import InputError
from atips_analysis.statistics import Verdict

POTENTIAL = "Potential victims"
REPORTS = "US Trafficking in Persons Reports"
POPULATION = "the population"
LANGUAGES = ["en", "es"]
WORDS_OF_CHANGE = re.compile(
    r"trend|increas|decreas|upward|downward|rise|rose|fell|grew|tendencia|aument|disminu|alza|baja",
    re.IGNORECASE,
)
quickly = settings(max_examples=60, deadline=None)


def years_2019_and_2020(counts, **more):
    return compare(POTENTIAL, "VICTIM", ("2019", "2020"), counts, REPORTS, **more)


def potential_victims(counts, first=2016, **more):
    years = range(first, first + len(counts))
    return follow(POTENTIAL, "VICTIM", years, counts, REPORTS, **more)


def spanish(of):
    """The same comparison with its words in Spanish."""
    return replace(of, subject="Víctimas potenciales", source="Informes TIP de los Estados Unidos")


def test_two_counts_that_chance_can_explain_are_no_evidence_of_change():
    assert change_sentence(years_2019_and_2020((12, 17))) == (
        "Potential victims: 12 in 2019 and 17 in 2020; numbers of this size are no evidence of "
        "change, nor that nothing changed (ratio 1.42, 95 % interval 0.64 to 3.25; unit of "
        "count: victim; source: US Trafficking in Persons Reports)."
    )
    assert change_sentence(spanish(years_2019_and_2020((12, 17))), "es") == (
        "Víctimas potenciales: 12 en 2019 y 17 en 2020; números de este tamaño no demuestran un "
        "cambio, ni que nada haya cambiado (razón 1.42, intervalo de 95 %: 0.64 a 3.25; unidad "
        "de conteo: víctima; fuente: Informes TIP de los Estados Unidos)."
    )


def test_an_increase_is_named_when_its_interval_lies_above_one():
    sentence = change_sentence(years_2019_and_2020((12, 40)))
    assert "12 in 2019 and 40 in 2020, an increase (ratio 3.33, 95 % interval 1.71" in sentence
    assert ", un aumento (razón 3.33" in change_sentence(
        spanish(years_2019_and_2020((12, 40))), "es"
    )


def test_a_decrease_is_named_when_its_interval_lies_below_one():
    sentence = change_sentence(years_2019_and_2020((40, 12)))
    assert "40 in 2019 and 12 in 2020, a decrease (ratio 0.30" in sentence
    assert ", una disminución (razón 0.30" in change_sentence(
        spanish(years_2019_and_2020((40, 12))), "es"
    )


def test_from_none_to_nine_is_an_increase_with_a_bound_and_no_ratio():
    sentence = change_sentence(years_2019_and_2020((0, 9)))
    assert "an increase (95 % interval of the ratio: 1.97 or more;" in sentence
    assert "95 % interval of the ratio: 0.51 or less" in change_sentence(
        years_2019_and_2020((9, 0))
    )


def test_none_and_none_are_too_few_to_compare():
    assert "too few data to compare" in change_sentence(years_2019_and_2020((0, 0)))
    assert "datos insuficientes" in change_sentence(spanish(years_2019_and_2020((0, 0))), "es")


@pytest.mark.parametrize("missing", [None, pd.NA, float("nan")])
def test_a_figure_that_is_missing_or_hidden_is_not_compared_and_not_zero(missing):
    for counts in ((missing, 17), (17, missing)):
        sentence = change_sentence(years_2019_and_2020(counts))
        assert "not available or not published" in sentence
        assert "17" not in sentence and " 0 " not in sentence


def test_potential_victims_2016_to_2020_are_no_trend():
    series = potential_victims([12, 17, 17, 24, 20])
    assert trend_sentence(series) == (
        "Potential victims, 2016 to 2020 (12, 17, 17, 24, 20): no evidence of change over 5 "
        "years, nor that nothing changed (ratio 1.137 a year, 95 % interval 0.981 to 1.318; "
        "unit of count: victim; source: US Trafficking in Persons Reports)."
    )
    assert "sin evidencia de cambio en 5 años" in trend_sentence(spanish(series), "es")


def test_a_trend_is_named_with_its_direction_when_the_yearly_interval_excludes_one():
    up, down = potential_victims([12, 17, 30, 44, 50]), potential_victims([50, 30, 20, 10, 5])
    assert ": an upward trend over 5 years (ratio 1.426 a year" in trend_sentence(up)
    assert ": una tendencia al alza en 5 años" in trend_sentence(spanish(up), "es")
    assert ": a downward trend over 5 years" in trend_sentence(down)
    assert ": una tendencia a la baja en 5 años" in trend_sentence(spanish(down), "es")


def test_labour_inspections_that_scatter_say_that_their_interval_was_widened():
    series = follow(
        "Labour inspections",
        "INSPECTION",
        range(2018, 2023),
        [970, 1020, 301, 584, 831],
        "US Department of Labor",
    )
    sentence = trend_sentence(series)
    assert "no evidence of change" in sentence and "interval widened" in sentence
    assert "unit of count: inspection" in sentence and "970, 1,020, 301" in sentence
    assert "intervalo ampliado" in trend_sentence(spanish(series), "es")


def test_missing_years_are_shown_as_not_available_and_counted_out():
    sentence = trend_sentence(potential_victims([12, None, 17, 20]))
    assert "(12, not available, 17, 20)" in sentence and "over 3 years" in sentence
    few = trend_sentence(potential_victims([12, None, 17]))
    assert "too few data" in few and "years with a figure: 2" in few


def test_rates_say_what_they_are_relative_to():
    sentence = change_sentence(
        years_2019_and_2020((12, 40), exposures=(390_000, 400_000), relative_to=POPULATION)
    )
    assert "an increase relative to the population (ratio 3.25" in sentence
    with pytest.raises(InputError, match="relative to"):
        years_2019_and_2020((12, 40), exposures=(390_000, 400_000))
    with pytest.raises(InputError, match="relative to"):
        potential_victims([12, 17, 20], exposures=[1, 2, 3])


def test_detection_says_nothing_of_how_common_trafficking_is():
    for counts in ((12, 17), (12, 40), (40, 12)):
        comparison = years_2019_and_2020(counts, detection=True)
        assert "neither better nor worse" in change_sentence(comparison)
        assert "no es mejor ni peor" in change_sentence(spanish(comparison), "es")


def test_an_interval_that_just_excludes_one_is_not_printed_as_one():
    sentence = change_sentence(years_2019_and_2020((1_000_000, 1_003_000)))
    assert "an increase" in sentence and "interval 1.00 " not in sentence
    assert "95 % interval 1.0002 to 1.01" in sentence


@pytest.mark.parametrize("language", LANGUAGES)
@quickly
@given(earlier=st.integers(0, 400), later=st.integers(0, 400))
def test_words_of_change_stand_exactly_when_the_interval_excludes_one(language, earlier, later):
    comparison = years_2019_and_2020((earlier, later))
    comparison = spanish(comparison) if language == "es" else comparison
    low, high = comparison.ratio.interval
    named = bool(WORDS_OF_CHANGE.search(change_sentence(comparison, language)))
    assert named == (low > 1 or high < 1)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40, deadline=None)
@given(counts=st.lists(st.integers(0, 60), min_size=2, max_size=7))
def test_words_of_trend_stand_exactly_when_the_yearly_interval_excludes_one(language, counts):
    series = potential_victims(counts)
    series = spanish(series) if language == "es" else series
    named = bool(WORDS_OF_CHANGE.search(trend_sentence(series, language)))
    assert named == (series.change.verdict in (Verdict.INCREASE, Verdict.DECREASE))


@pytest.mark.parametrize("counts", [(12, 17), (12, 40), (40, 12), (0, 0), (None, 3), (0, 9)])
def test_every_sentence_names_unit_period_and_source(counts):
    english = change_sentence(years_2019_and_2020(counts))
    in_spanish = change_sentence(spanish(years_2019_and_2020(counts)), "es")
    for part in ("unit of count: victim", "2019", "2020", "source: US Trafficking"):
        assert part in english
    for part in ("unidad de conteo: víctima", "2019", "2020", "fuente: Informes TIP"):
        assert part in in_spanish
    series = trend_sentence(potential_victims([1 if count is None else count for count in counts]))
    for part in ("unit of count: victim", "2016 to 2017", "source: US Trafficking"):
        assert part in series


@pytest.mark.parametrize(
    ("subject", "unit", "periods", "source"),
    [
        ("", "VICTIM", ("2019", "2020"), REPORTS),
        (POTENTIAL, "", ("2019", "2020"), REPORTS),
        (POTENTIAL, "PERSONS", ("2019", "2020"), REPORTS),
        (POTENTIAL, "VICTIM", ("2019", ""), REPORTS),
        (POTENTIAL, "VICTIM", ("2019", "2020"), " "),
    ],
)
def test_a_comparison_without_subject_unit_period_or_source_cannot_be_said(
    subject, unit, periods, source
):
    with pytest.raises(InputError):
        compare(subject, unit, periods, (12, 17), source)


@pytest.mark.parametrize("wrong", ["Víctimas de tráfico", "Tráfico de personas"])
def test_trafficking_is_trata_and_never_trafico(wrong):
    comparison = spanish(years_2019_and_2020((1, 2)))
    with pytest.raises(InputError, match="trata"):
        change_sentence(replace(comparison, subject=wrong), "es")
    assert change_sentence(replace(comparison, subject="Tráfico ilícito de migrantes"), "es")


@pytest.mark.parametrize("wrong", ["Increase of victims", "Rising arrests", "Trend of cases"])
def test_a_subject_does_not_judge(wrong):
    with pytest.raises(InputError, match="how it changed"):
        change_sentence(replace(years_2019_and_2020((1, 2)), subject=wrong))


def test_a_subject_does_not_judge_in_spanish_either():
    comparison = replace(spanish(years_2019_and_2020((1, 2))), subject="Aumento de víctimas")
    with pytest.raises(InputError, match="how it changed"):
        change_sentence(comparison, "es")


def test_a_language_that_is_not_spoken_is_refused():
    with pytest.raises(InputError, match="en, es"):
        change_sentence(years_2019_and_2020((12, 17)), "fr")


def test_forty_three_indicators_let_about_two_false_alarms_expect():
    assert expected_false_alarms(43) == pytest.approx(2.15)
    assert comparisons_sentence(43) == (
        "This report makes 43 comparisons, each at 95 % confidence. If nothing at all had "
        "changed, up to about 2 of them would still be expected to look like a change, by chance."
    )
    assert "hace 43 comparaciones" in comparisons_sentence(43, language="es")
    assert "hasta cerca de 2 parecieran un cambio" in comparisons_sentence(43, language="es")


def test_no_comparison_and_one_comparison_have_their_own_words():
    assert comparisons_sentence(0) == "This report makes no comparisons."
    assert "1 comparison, at 95 % confidence" in comparisons_sentence(1)
    assert "about 0.05" in comparisons_sentence(1)
    assert "with a probability of up to 50 %" in comparisons_sentence(10)
    assert "with a probability of up to 43 %" in comparisons_sentence(43, confidence=0.99)
    with pytest.raises(InputError):
        expected_false_alarms(-1)
