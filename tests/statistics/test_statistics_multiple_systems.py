"""Multiple systems estimation, against what Rcapture and SparseMSE computed."""

from __future__ import annotations

import csv
from dataclasses import asdict
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from atips_analysis.errors import InputError
from atips_analysis.statistics import multiple_systems as mse
from atips_analysis.statistics.multiple_systems.models import design_matrix

A_AND_B, A_AND_C = (("A", "B"),), (("A", "C"),)
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
    candidates = mse.candidate_models(histories)
    of_pairs_that_overlap = [model for model in candidates if ("LA", "GP") not in model.terms]
    assert (len(candidates), len(of_pairs_that_overlap)) == (1024, 512)
    published = "LA:NG NG:GP PFNCA:GP LA:PFNCA GO:GP NG:GO"
    assert set(five_lists.model) == set(published.split())
    assert five_lists.estimate == pytest.approx(11312.99, rel=1e-6)
    assert five_lists.interval == pytest.approx((9889.196, 13063.1), rel=1e-6)


def test_the_choice_by_bic_stands_beside_it_and_is_twice_as_large(five_lists):
    assert list(five_lists.models["chosen_by"][:2]) == ["AIC", "BIC"]
    by_bic = five_lists.models.iloc[1]
    assert by_bic["model"] == "LA:NG, LA:PFNCA, NG:PFNCA, NG:GP, PFNCA:GO"
    assert by_bic["estimate"] == pytest.approx(22991.331, rel=1e-6)
    assert by_bic["aic"] == pytest.approx(131.451, rel=1e-5)
    assert by_bic["bic"] == pytest.approx(196.54, rel=1e-5)


def test_six_lists_are_chosen_stepwise_and_agree_with_rcapture():
    estimate = mse.estimate_without_gate(lists("uk2013_6lists.csv"))
    assert set(estimate.model) == {"PF:NCA", "LA:NG", "NG:GP", "LA:PF", "PF:GP", "GO:GP", "NG:GO"}
    assert estimate.estimate == pytest.approx(11417.99, rel=1e-6)
    assert estimate.interval == pytest.approx((9982.256, 13181.69), rel=1e-6)


@pytest.mark.parametrize("file", ["uk2013_5lists.csv", "uk2013_6lists.csv"])
def test_the_gate_refuses_the_lists_of_the_united_kingdom_with_its_reasons(file):
    estimate = mse.estimate(lists(file))
    assert not estimate.publishable
    assert estimate.estimate is None and estimate.interval is None and estimate.average is None
    assert estimate.models["estimate"].isna().all() and estimate.models["finite"].any()
    assert any("both NG and GP" in reason for reason in estimate.reasons)


def test_models_that_differ_more_than_twofold_are_a_reason(five_lists):
    assert any("twofold" in reason for reason in five_lists.reasons)


def test_no_model_of_pairs_fits_the_killings_in_kosovo():
    # Deviance 39.9 on 5 degrees of freedom: chi-square p = 2e-7.
    estimate = mse.estimate_without_gate(lists("kosovo.csv"))
    assert estimate.estimate == pytest.approx(14341.66, rel=1e-6)
    assert estimate.interval == pytest.approx((12525.19, 16542.84), rel=1e-6)
    assert estimate.fit.deviance == 1 / 500 and estimate.fit.pearson == 1 / 500
    assert any("does not fit" in reason for reason in estimate.reasons)


def test_setting_the_gate_aside_is_never_publishable():
    estimate = mse.estimate_without_gate(lists("plain.csv"))
    assert not estimate.publishable
    assert estimate.reasons == ("not for publication: the gate was set aside to check the method",)
    assert mse.estimate(lists("plain.csv")).publishable


def test_some_models_of_the_artificial_lists_have_no_finite_estimate():
    # Chan, Silverman and Vincent (2021), table 2: no person is on C and any other list.
    histories = lists("artificial_3.csv")
    found = {terms: mse.fit_model(histories, terms) for terms in ((), A_AND_B, A_AND_C)}
    assert mse.estimate_exists(histories, found[()])
    assert not mse.estimate_exists(histories, found[A_AND_B])
    assert not mse.estimate_exists(histories, found[A_AND_C])
    refused = mse.estimate_without_gate(histories, (("A", "B"),))
    assert refused.estimate is None and refused.interval is None
    assert any("no finite estimate" in reason for reason in refused.reasons)


def test_two_lists_are_lincoln_and_petersen():
    histories = independent_lists([200, 300, 100])
    estimate = mse.estimate_without_gate(histories)
    assert estimate.model == ()
    assert estimate.estimate == pytest.approx(300 * 400 / 100, rel=1e-9)
    assert not mse.estimate_exists(histories, mse.fit_model(histories, A_AND_B))


def test_nobody_on_all_three_lists_leaves_the_model_with_every_pair_without_an_estimate():
    # Seven combinations, seven parameters: only the counts themselves show the same margins, and one
    # of them is nothing (Fienberg and Rinaldo 2012). Every pair of lists shares five all the same.
    for on_all, exists in ((0, False), (1, True)):
        histories = independent_lists([10, 10, 5, 10, 5, 5, on_all])
        model = mse.fit_model(histories, histories.pairs())
        assert mse.estimate_exists(histories, model) is exists


def test_a_count_of_ten_thousand_millions_is_read_and_one_more_is_not(tmp_path):
    file = tmp_path / "lists.csv"
    file.write_text(f"A,B,count\n1,0,{10**10}\n0,1,5\n1,1,5\n", encoding="utf-8")
    assert mse.read_lists(file).observed == 10**10 + 10
    file.write_text(f"A,B,count\n1,0,{10**10 + 1}\n0,1,5\n1,1,5\n", encoding="utf-8")
    with pytest.raises(InputError, match="more persons than the world has"):
        mse.read_lists(file)


def test_lists_without_anybody_or_any_overlap_have_no_estimate():
    for counts in ([0, 0, 0], [200, 300, 0], [100, 100, 0, 100, 0, 0, 0]):
        estimate = mse.estimate_without_gate(independent_lists(counts))
        assert estimate.estimate is None and estimate.models.empty
        assert any("no finite estimate" in reason for reason in estimate.reasons)


def test_independent_lists_of_a_known_population_are_counted_right():
    shares = np.array([0.3, 0.4, 0.5])
    expected = [
        round(10_000 * np.prod(np.where(np.array(pattern) == 1, shares, 1 - shares)))
        for pattern in product((0, 1), repeat=3)
        if any(pattern)
    ]
    estimate = mse.estimate(independent_lists(expected))
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
    here, there = mse.estimate_without_gate(histories), mse.estimate_without_gate(renamed)
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
    assert asdict(mse.estimate(lists("plain.csv")))["observed"] == 300


def test_fits_are_those_of_a_generalized_linear_model():
    histories = lists("kosovo.csv")
    for model in mse.candidate_models(histories):
        design = design_matrix(histories, model.terms)
        reference = sm.GLM(histories.counts, design, family=sm.families.Poisson()).fit(tol=1e-12)
        assert model.coefficients == pytest.approx(reference.params, abs=1e-6)
        assert model.deviance == pytest.approx(reference.deviance, abs=1e-6)
        assert model.aic == pytest.approx(reference.aic, abs=1e-6)


def test_models_fitted_together_or_from_a_neighbour_are_those_fitted_alone():
    histories = lists("uk2013_6lists.csv")
    models = [histories.pairs()[:size] for size in (0, 3, 7)]
    together = mse.fit_models(histories, models, near=mse.fit_model(histories, models[1]))
    for terms, model in zip(models, together, strict=True):
        alone = mse.fit_model(histories, terms)
        assert model.deviance == pytest.approx(alone.deviance, rel=1e-9)
        assert model.estimate == pytest.approx(alone.estimate, rel=1e-7)


def test_billions_of_persons_are_counted_like_hundreds():
    few = lists("plain.csv")
    many = few.with_counts(few.counts * 1e7)
    model = mse.fit_model(many, ())
    assert model.estimate == pytest.approx(1e7 * mse.fit_model(few, ()).estimate, rel=1e-9)
    interval = mse.profile_interval(many, model)
    assert interval.low < model.estimate < interval.high < interval.low * 1.001
