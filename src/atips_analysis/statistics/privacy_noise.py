"""Noise of differential privacy on a count: how far it moves it, for those who think of using it."""

from __future__ import annotations

import math


def laplace_reach(scale: float, share: float = 0.95) -> float:
    """Half the width that holds `share` of Laplace noise: scale · ln(1 / (1 − share))."""
    return scale * math.log(1 / (1 - share))


def laplace_difference_beyond(distance: float, scale: float) -> float:
    """Probability that the difference of two Laplace noises exceeds `distance`.

    The difference of two independent Laplace variables of scale b has the upper tail
    (2 + d/b) · exp(−d/b) / 4 (Kotz, Kozubowski and Podgórski 2001, section 2.3).
    """
    return (2 + distance / scale) * math.exp(-distance / scale) / 4


def laplace_beyond(distance: float, scale: float) -> float:
    """Probability that Laplace noise moves a count by `distance` or more, either way."""
    return math.exp(-distance / scale)


def gaussian_scale(epsilon: float, delta: float) -> float:
    """Least standard deviation of Gaussian noise that is (ε, δ)-private for a count.

    Balle and Wang 2018, "Improving the Gaussian Mechanism for Differential Privacy", theorem 8,
    with sensitivity 1.
    """
    from scipy.optimize import brentq
    from scipy.stats import norm

    def excess(sigma: float) -> float:
        left = norm.cdf(0.5 / sigma - epsilon * sigma)
        return float(left - math.exp(epsilon) * norm.cdf(-0.5 / sigma - epsilon * sigma) - delta)

    return float(brentq(excess, 0.05, 200.0))
