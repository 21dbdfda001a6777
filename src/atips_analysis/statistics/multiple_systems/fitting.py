"""Poisson log-linear models, many at once: one table by many models, or many tables by one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

CLOSE_ENOUGH = 1e-11
"""Fitted when no margin is further from the observed one than this share of the total."""

MOST_STEPS = 200
LARGEST_STEP = 5.0
"""Of a logarithm, so that a step from far away does not overflow."""


class Fits(NamedTuple):
    """Fits in a batch of b tables or models.

    coefficients : array (b, parameters); 0 where a parameter is not in the model
    expected : array (b, cells), the fitted counts
    """

    coefficients: np.ndarray
    expected: np.ndarray


class LogLinear:
    """A design matrix, ready to be fitted to many tables or with many of its columns left out."""

    def __init__(self, design: np.ndarray) -> None:
        cells, parameters = design.shape
        self.design = design
        self._products = (design[:, :, None] * design[:, None, :]).reshape(cells, parameters**2)

    def fit(
        self,
        counts: np.ndarray,
        included: np.ndarray | None = None,
        start: np.ndarray | None = None,
    ) -> Fits:
        """The maximum likelihood fits, by Fisher scoring.

        Parameters
        ----------
        counts : array (b, cells), or (cells,) for one table
        included : boolean array (b, parameters), or (parameters,); by default all
        start : coefficients of the same shape, to start from

        Notes
        -----
        McCullagh and Nelder (1989), Generalized Linear Models, section 2.5. Where a model has no
        finite estimate its likelihood still has a limit, which the fit runs up to.
        """
        tables = np.atleast_2d(np.asarray(counts, dtype=float))
        parameters = self.design.shape[1]
        chosen = np.ones(parameters, bool) if included is None else np.asarray(included)
        chosen = np.atleast_2d(chosen)
        size = max(len(tables), len(chosen))
        tables = np.broadcast_to(tables, (size, tables.shape[1]))
        chosen = np.broadcast_to(chosen, (size, parameters))
        coefficients = self._first(tables, chosen) if start is None else np.atleast_2d(start)
        coefficients = np.array(np.broadcast_to(coefficients, (size, parameters)), dtype=float)
        self._climb(tables, chosen, coefficients)
        return Fits(coefficients, np.exp(coefficients @ self.design.T))

    def _first(self, tables: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        weights = (tables + tables.mean(axis=1, keepdims=True)) / 2 + 1e-3
        working = np.log(weights) + (tables - weights) / weights
        return self._solved(weights, (weights * working) @ self.design * chosen, chosen)

    def _climb(self, tables: np.ndarray, chosen: np.ndarray, coefficients: np.ndarray) -> None:
        totals = np.maximum(tables.sum(axis=1), 1.0)
        left = np.arange(len(tables))
        for _ in range(MOST_STEPS):
            expected = np.exp(np.minimum(coefficients[left] @ self.design.T, 700.0))
            slope = (tables[left] - expected) @ self.design * chosen[left]
            far = np.abs(slope).max(axis=1) > CLOSE_ENOUGH * totals[left]
            left, expected, slope = left[far], expected[far], slope[far]
            if not len(left):
                return
            step = self._solved(expected, slope, chosen[left])
            moves = step @ self.design.T
            # Where nobody is the expectation may fall to nothing as fast as it likes.
            reach = np.where(tables[left] > 0, np.abs(moves), moves).max(axis=1, keepdims=True)
            coefficients[left] += step * (LARGEST_STEP / np.maximum(reach, LARGEST_STEP))

    def _solved(self, weights: np.ndarray, right: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        parameters = self.design.shape[1]
        information = (weights @ self._products).reshape(-1, parameters, parameters)
        information *= chosen[:, :, None] & chosen[:, None, :]
        diagonal = np.arange(parameters)
        own = information[:, diagonal, diagonal]
        # Where the estimate runs off to infinity information vanishes, but never to nothing.
        floor = 1e-15 * own.max(axis=1, keepdims=True) + 1e-300
        information[:, diagonal, diagonal] = np.where(chosen, own + floor, 1.0)
        return np.asarray(np.linalg.solve(information, right[:, :, None])[:, :, 0])
