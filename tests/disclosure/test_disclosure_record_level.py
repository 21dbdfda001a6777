"""What anonymised rows would be at this size."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from atips_analysis.disclosure.record_level import shares_left
from atips_analysis.statistics.privacy_noise import (
    gaussian_scale,
    laplace_difference_beyond,
    laplace_reach,
)


def victims(*groups):
    rows = [group[:-1] for group in groups for _ in range(group[-1])]
    return pd.DataFrame(rows, columns=["identified_year", "sex"])


def test_a_group_of_eleven_stays_and_a_group_of_ten_goes():
    (by_year, by_sex) = shares_left(
        victims((2024, "F", 11), (2024, "M", 10)), characteristics=("identified_year", "sex")
    )
    assert by_year["percent_left"] == 100
    assert by_sex["percent_left"] == 50  # 11 of 21, told in tens


def test_no_count_of_persons_can_be_read_off_a_share():
    steps = shares_left(victims((2024, "F", 97), (2024, "M", 3)), characteristics=("sex",))
    assert steps == [{"characteristics": ["sex"], "percent_left": 90}]


def test_no_records_leave_no_share():
    assert {
        step["percent_left"]
        for step in shares_left(victims(), characteristics=("identified_year", "sex"))
    } == {0}


def test_laplace_noise_of_scale_one_stays_within_three_in_nineteen_of_twenty_cases():
    assert laplace_reach(1.0) == pytest.approx(math.log(20))


def test_the_difference_of_two_noisy_counts_agrees_with_a_simulation():
    draws = np.random.default_rng(1).laplace(size=(2, 200_000))
    share = float((draws[0] - draws[1] > 2).mean())
    assert laplace_difference_beyond(2, 1.0) == pytest.approx(share, abs=0.004)


def test_the_analytic_gaussian_needs_less_noise_than_the_classical_bound():
    classical = math.sqrt(2 * math.log(1.25 / 1e-5))  # Dwork and Roth 2014, theorem A.1
    assert gaussian_scale(1.0, 1e-5) < classical
    assert gaussian_scale(0.5, 1e-5) > gaussian_scale(1.0, 1e-5)
