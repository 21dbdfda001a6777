"""Multiple systems estimation, against what Rcapture and SparseMSE computed."""

from __future__ import annotations

import csv
from dataclasses import asdict
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from atips_analysis.statistics import multiple_systems as mse

DATA = Path(__file__).parents[1] / "data" / "mse"


def lists(name):
    return mse.read_lists(DATA / name)


def independent_lists(counts):
    names = tuple("ABCDEFGHIJ"[: int(np.log2(len(counts) + 1))])
    patterns = [pattern for pattern in product((0, 1), repeat=len(names)) if any(pattern)]
    return mse.capture_histories(names, dict(zip(patterns, counts, strict=True)))


def reference_rows():
    with (DATA / "reference_results.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["ci_method"] == "multinomial profile"]
    assert len(rows) == 7
    return rows


@pytest.mark.parametrize("row", reference_rows(), ids=lambda row: f"{row['file']} {row['model']}")
def test_given_models_have_the_estimates_and_profile_intervals_of_rcapture(row):
    histories = lists(row["file"])
    if row["model"] == "main effects":
        terms = ()
    elif row["model"] == "all six pairs":
        terms = histories.pairs()
    else:
        terms = mse.named_terms(row["model"].replace(" ", ","), histories.lists)
    model = mse.fit_model(histories, terms)
    interval = mse.profile_interval(histories, model)
    assert model.estimate == pytest.approx(float(row["estimate"]), rel=1e-4)
    assert interval.low == pytest.approx(float(row["ci_low"]), rel=1e-4)
    assert interval.high == pytest.approx(float(row["ci_high"]), rel=1e-4)
    for field in ("deviance", "aic", "bic"):
        if row[field]:
            assert getattr(model, field) == pytest.approx(float(row[field]), rel=1e-5)


@pytest.fixture(scope="module")
def five_lists():
    return mse.estimate_without_gate(lists("uk2013_5lists.csv"))


def test_the_choice_among_512_models_of_five_lists_is_the_published_one(five_lists):
    histories = lists("uk2013_5lists.csv")
    assert len(mse.candidate_models(histories)) == 512
    published = "LA:NG NG:GP PFNCA:GP LA:PFNCA GO:GP NG:GO"
    assert set(five_lists.model) == set(published.split())
    assert five_lists.estimate == pytest.approx(11312.99, rel=1e-6)
    assert five_lists.interval == pytest.approx((9889.196, 13063.1), rel=1e-6)


def test_the_choice_by_bic_stands_beside_it_and_is_twice_as_large(five_lists):
    by_aic, by_bic = five_lists.alternatives[:2]
    assert (by_aic.chosen_by, by_bic.chosen_by) == ("AIC", "BIC")
    assert set(by_bic.model) == {"LA:NG", "LA:PFNCA", "NG:PFNCA", "NG:GP", "PFNCA:GO"}
    assert by_bic.estimate == pytest.approx(22991.331, rel=1e-6)
    assert by_bic.aic == pytest.approx(131.451, rel=1e-5)
    assert by_bic.bic == pytest.approx(196.54, rel=1e-5)


def test_six_lists_are_chosen_stepwise_and_agree_with_rcapture():
    estimate = mse.estimate_without_gate(lists("uk2013_6lists.csv"))
    assert set(estimate.model) == {"PF:NCA", "LA:NG", "NG:GP", "LA:PF", "PF:GP", "GO:GP", "NG:GO"}
    assert estimate.estimate == pytest.approx(11417.99, rel=1e-6)
    assert estimate.interval == pytest.approx((9982.256, 13181.69), rel=1e-6)


@pytest.mark.parametrize("file", ["uk2013_5lists.csv", "uk2013_6lists.csv"])
def test_the_gate_refuses_the_lists_of_the_united_kingdom_with_its_reasons(file):
    estimate = mse.estimate_population(lists(file))
    assert not estimate.publishable
    assert estimate.estimate is None and estimate.interval is None
    assert all(one.estimate is None for one in estimate.alternatives)
    assert any("both NG and GP" in reason for reason in estimate.reasons)


def test_models_that_differ_more_than_twofold_are_a_reason(five_lists):
    assert any("twofold" in reason for reason in five_lists.reasons)


def test_the_gate_lets_the_killings_in_kosovo_through():
    estimate = mse.estimate_population(lists("kosovo.csv"))
    assert estimate.publishable and estimate.reasons == ()
    assert estimate.estimate == pytest.approx(14341.66, rel=1e-6)
    assert estimate.interval == pytest.approx((12525.19, 16542.84), rel=1e-6)


def test_setting_the_gate_aside_is_never_publishable():
    estimate = mse.estimate_without_gate(lists("kosovo.csv"))
    assert not estimate.publishable
    assert any("not for publication" in reason for reason in estimate.reasons)


def test_a_given_model_that_fits_far_worse_than_the_best_is_refused():
    estimate = mse.estimate_population(lists("kosovo.csv"), terms=())
    assert not estimate.publishable and estimate.estimate is None
    assert any("far worse" in reason for reason in estimate.reasons)


def test_some_models_of_the_artificial_lists_have_no_finite_estimate():
    # Chan, Silverman and Vincent (2021), table 2: no person is on C and any other list.
    histories = lists("artificial_3.csv")
    assert mse.estimate_exists(histories, ())
    assert not mse.estimate_exists(histories, (("A", "B"),))
    assert not mse.estimate_exists(histories, (("A", "C"),))
    refused = mse.estimate_without_gate(histories, (("A", "B"),))
    assert refused.estimate is None and refused.interval is None
    assert any("no finite estimate" in reason for reason in refused.reasons)


def test_two_lists_are_lincoln_and_petersen():
    histories = independent_lists([200, 300, 100])
    estimate = mse.estimate_population(histories)
    assert estimate.publishable and estimate.model == ()
    assert estimate.estimate == pytest.approx(300 * 400 / 100, rel=1e-9)
    assert not mse.estimate_exists(histories, (("A", "B"),))


def test_ninety_nine_persons_are_too_few_and_a_hundred_are_not():
    few = mse.estimate_population(independent_lists([30, 49, 20]))
    assert any("fewer than 100" in reason for reason in few.reasons)
    enough = mse.estimate_population(independent_lists([30, 50, 20]))
    assert enough.publishable


def test_an_overlap_of_four_is_too_small_and_five_is_not():
    refused = mse.estimate_population(independent_lists([200, 300, 4]))
    assert any("fewer than 5" in reason for reason in refused.reasons)
    passed = mse.estimate_population(independent_lists([200, 300, 5]))
    assert not any("fewer than 5" in reason for reason in passed.reasons)


def test_reasons_do_not_tell_a_count_below_five():
    reasons = mse.estimate_population(independent_lists([200, 300, 3])).reasons
    assert reasons and not any("3" in reason for reason in reasons)


def test_lists_without_anybody_or_any_overlap_have_no_estimate():
    for counts in ([0, 0, 0], [200, 300, 0], [100, 100, 0, 100, 0, 0, 0]):
        estimate = mse.estimate_without_gate(independent_lists(counts))
        assert estimate.estimate is None and estimate.alternatives == ()
        assert any("no finite estimate" in reason for reason in estimate.reasons)


def test_independent_lists_of_a_known_population_are_counted_right():
    shares = np.array([0.3, 0.4, 0.5])
    expected = [
        round(10_000 * np.prod(np.where(np.array(pattern) == 1, shares, 1 - shares)))
        for pattern in product((0, 1), repeat=3)
        if any(pattern)
    ]
    estimate = mse.estimate_population(independent_lists(expected))
    assert estimate.publishable
    assert estimate.estimate == pytest.approx(10_000, rel=1e-3)
    assert estimate.interval.low < 10_000 < estimate.interval.high


def test_renaming_and_reordering_the_lists_changes_nothing():
    histories = lists("kosovo.csv")
    order = [2, 0, 3, 1]
    seen = {
        tuple(int(pattern[place]) for place in order): int(count)
        for pattern, count in zip(histories.patterns, histories.counts, strict=True)
    }
    renamed = mse.capture_histories(("W", "X", "Y", "Z"), seen)
    here, there = mse.estimate_population(histories), mse.estimate_population(renamed)
    assert there.estimate == pytest.approx(here.estimate, rel=1e-7)
    assert there.interval == pytest.approx(here.interval, rel=1e-6)


def test_the_interval_holds_the_estimate_and_widens_with_confidence():
    histories = lists("kosovo.csv")
    model = mse.fit_model(histories, ())
    narrow = mse.profile_interval(histories, model, 0.8)
    wide = mse.profile_interval(histories, model, 0.99)
    assert wide.low < narrow.low < model.estimate < narrow.high < wide.high


def test_the_bootstrap_with_models_chosen_anew_is_near_that_of_sparsemse():
    # SparseMSE, 1,000 resamples of its own: 12,596 to 16,527.
    interval = mse.bootstrap_interval(lists("kosovo.csv"), 20)
    assert 11_500 < interval.low < 14_342 < interval.high < 18_500


def test_the_bootstrap_repeats_itself_and_follows_its_seed():
    histories = independent_lists([200, 300, 100])
    assert mse.bootstrap_interval(histories, 40) == mse.bootstrap_interval(histories, 40)
    assert mse.bootstrap_interval(histories, 40) != mse.bootstrap_interval(histories, 40, seed=1)


def test_a_bootstrap_of_lists_without_an_estimate_has_none():
    assert np.isnan(mse.bootstrap_interval(independent_lists([200, 300, 0]), 10)).all()
    with pytest.raises(ValueError, match="at least 10"):
        mse.bootstrap_interval(independent_lists([200, 300, 100]), 5)


def test_an_estimate_is_plain_data():
    assert asdict(mse.estimate_population(independent_lists([200, 300, 100])))["observed"] == 600
